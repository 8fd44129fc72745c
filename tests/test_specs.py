"""Whole runs: every folder of tests/specs is a repository, a command and what it prints.

A spec holds `command` (arguments of kslint, one command a line), `input/` (or
an example named by the arguments) and `expected` (exit code, stdout, stderr).
KSLINT_GOLDEN=write (make golden) rewrites `expected`; read that diff.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SPECS = sorted(path for path in (HERE / "specs").iterdir() if (path / "command").exists())


def _run(arguments: list[str], directory: Path) -> str:
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("TF_VAR_", "KSLINT_", "NO_COLOR", "FORCE_COLOR"))},
        "COLUMNS": "80",
        "PYTHONPATH": str(HERE.parent),
        "TF_VAR_from_environment": "environment",
    }
    done = subprocess.run(
        [sys.executable, "-m", "kubestack_lint", *arguments], cwd=directory, env=environment, capture_output=True, text=True,
        timeout=60, check=False,
    )
    parts = [f"$ kslint {shlex.join(arguments)}\n", done.stdout]
    if done.stderr:
        parts += ["--- stderr\n", done.stderr]
    return "".join([*parts, f"--- exit code {done.returncode}\n"])


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.name)
def test_spec(spec: Path) -> None:
    directory = spec / "input" if (spec / "input").is_dir() else HERE.parent
    commands = [line for line in (spec / "command").read_text("utf-8").splitlines() if line.strip()]
    found = "\n".join(_run(shlex.split(command), directory) for command in commands)
    expected = spec / "expected"
    if os.environ.get("KSLINT_GOLDEN") == "write":
        expected.write_text(found, "utf-8")
    assert "Traceback" not in found
    assert found == expected.read_text("utf-8")


def test_there_are_specs() -> None:
    assert len(SPECS) >= 10
