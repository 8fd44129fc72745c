"""Dockerfile: what can be said of it without a container engine. `make test-full` runs its build steps."""

from __future__ import annotations

import re

from tests.ci.conftest import ROOT

LINES = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text("utf-8")).splitlines()
INSTRUCTIONS = [line.split(" ", 1) for line in LINES if line and not line.startswith("#")]


def _all(name: str) -> list[str]:
    return [rest for word, rest in INSTRUCTIONS if word == name]


def test_it_runs_as_nobody_in_particular() -> None:
    (user,) = _all("USER")
    assert re.fullmatch("[1-9][0-9]*:[1-9][0-9]*", user)
    assert [word for word, _ in INSTRUCTIONS].index("USER") > max(
        index for index, (word, _) in enumerate(INSTRUCTIONS) if word in ("RUN", "COPY")
    )


def test_it_starts_kslint() -> None:
    assert _all("ENTRYPOINT") == ['["kslint"]']
    assert _all("CMD") == ['["lint"]']


def test_both_stages_have_one_python() -> None:
    assert [image.split(" ")[0] for image in _all("FROM")] == ["python:3.12-slim"] * 2


def test_nothing_is_copied_that_the_wheel_does_not_need() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".git", ".venv", "tests"} <= set(ignored)
    # The wheel is built from these.
    assert not {"kubestack_lint", "schemas", "policies", "pyproject.toml", "README.md", "LICENSE"} & set(ignored)
