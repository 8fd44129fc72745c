"""Where the judges are that Python's index does not have. One that is missing fails a test, it never skips it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
MODULES = ROOT / ".tools" / "node_modules"


def program(*names: str) -> str:
    """The path of the first of these programs that is there."""
    for name in names:
        found = shutil.which(name)
        if found is not None:
            return found
    pytest.fail(f"{names[0]} is missing; make test-full installs it or says how")


def module(name: str) -> Path:
    """The folder of a package from npm."""
    if not (MODULES / name).is_dir():
        pytest.fail(f"{name} is missing in .tools/; make test-full installs it")
    return MODULES / name
