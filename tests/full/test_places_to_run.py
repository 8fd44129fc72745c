"""Where kslint runs: the action under zizmor, its first step and the Dockerfile's, run as far as they go here."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import yaml

from tests.ci.conftest import ROOT
from tests.full.tools import program


def test_zizmor_has_nothing_to_say_about_the_action() -> None:
    done = subprocess.run(
        [program("zizmor"), "--offline", "--pedantic", "--no-progress", str(ROOT / "action.yml")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_would_have() -> None:
    """The judge judges: an action whose version moves is refused."""
    text = (ROOT / "action.yml").read_text("utf-8")
    moving = re.sub(r"setup-python@[0-9a-f]{40}", "setup-python@main", text)
    assert moving != text
    done = subprocess.run(
        [program("zizmor"), "--offline", "--no-progress", "-"],
        input=moving,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode != 0


def test_pre_commit_accepts_the_manifest() -> None:
    done = subprocess.run(
        [program("pre-commit"), "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _works(kslint: Path) -> None:
    done = subprocess.run(
        [kslint, "lint", ROOT / "examples" / "talk"], capture_output=True, text=True, check=False, cwd="/"
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_the_action_installs_itself(tmp_path: Path) -> None:
    (step,) = [
        s for s in yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"] if s.get("id") == "install"
    ]
    done = subprocess.run(
        ["bash", "-c", step["run"]],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={**os.environ, "RUNNER_TEMP": str(tmp_path), "KSLINT_ACTION": str(ROOT)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    _works(tmp_path / "kslint" / "bin" / "kslint")


def test_the_image_builds_kslint(tmp_path: Path) -> None:
    """The first stage, without its container."""
    lines = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text("utf-8")).split("\nFROM ")[1].splitlines()
    home = tmp_path / "kslint"
    # As in an image, where nothing says what Python is to do with its cache.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    for line in lines:
        if line.startswith("RUN "):
            done = subprocess.run(
                ["sh", "-c", line.removeprefix("RUN ")],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
                timeout=600,
                env={**clean, "KSLINT_HOME": str(home)},
            )
            assert done.returncode == 0, done.stdout + done.stderr
    compiled = list((home / "lib").rglob("kubestack_lint/__pycache__/run.*.pyc"))
    assert compiled
    _works(home / "bin" / "kslint")
