"""SARIF before Microsoft's multitool, with its rules for GitHub."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kubestack_lint.cli import sinks
from kubestack_lint.reporters.lint_sarif import lint_sarif
from tests.formats.hostile import report
from tests.full.tools import ROOT, module

GOLDEN = ROOT / "tests" / "formats" / "golden" / "lint.sarif.json"
RULES = ("--rule-kind", "Sarif;Ghas;Gh", "--level", "Error;Warning", "--kind", "Fail", "--log", "ForceOverwrite", "--max-file-size-in-kb", "100000")


def _judged(file: Path, directory: Path) -> list[dict[str, Any]]:
    """What the multitool has to say about a file."""
    tool = module("@microsoft/sarif-multitool-linux") / "Sarif.Multitool"
    # npm gives the bit to what package.json calls a program only.
    tool.chmod(0o755)
    output = directory / "judged.sarif"
    done = subprocess.run(
        [str(tool), "validate", str(file), *RULES, "--output", str(output)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
    )
    assert output.exists(), done.stdout + done.stderr
    (run,) = json.loads(output.read_text("utf-8-sig"))["runs"]
    assert run["invocations"][0]["executionSuccessful"] or run["results"], done.stdout + done.stderr
    found: list[dict[str, Any]] = run["results"]
    return found


def test_every_feature_passes(tmp_path: Path) -> None:
    assert _judged(GOLDEN, tmp_path) == []


@pytest.mark.parametrize("example", ["talk", "multi-cloud"])
def test_what_is_written_today_passes(example: str, tmp_path: Path) -> None:
    file = tmp_path / "lint.sarif"
    command = [
        sys.executable,
        "-m",
        "kubestack_lint",
        "lint",
        f"examples/{example}",
        "--format",
        "sarif",
        "-o",
        str(file),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert _judged(file, tmp_path) == []


@pytest.mark.parametrize("findings", [0, 4, 5_000])
def test_what_no_repository_of_ours_holds_passes(findings: int, tmp_path: Path) -> None:
    """Hostile texts, a finding that is nowhere, one waived, one ignored, one known, a crash."""
    file = tmp_path / "lint.sarif"
    sinks.write(lint_sarif(report(findings)), str(file))
    assert _judged(file, tmp_path) == []


def test_the_judge_judges(tmp_path: Path) -> None:
    document = json.loads(GOLDEN.read_text("utf-8"))
    for result in document["runs"][0]["results"]:
        del result["locations"]
    broken = tmp_path / "broken.sarif"
    broken.write_text(json.dumps(document), "utf-8")
    assert {result["message"]["id"] for result in _judged(broken, tmp_path)} == {"Error_MissingLocationsArray"}
