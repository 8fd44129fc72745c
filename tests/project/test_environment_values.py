"""TF_VAR_ values: a text or an expression, as the type of the variable has it, as Terraform reads `-var` too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kubestack_lint import load
from kubestack_lint.project.load import LoadOptions
from tests.project.library import GKE, effective, refusals

MAIN = 'variable "v" {\n%s}\nmodule "gke_zero" {\n  source = "%s"\n  configuration = { apps = { region = jsonencode(var.v) } }\n}\n'
CASES: list[tuple[str, str, str]] = [
    ("string", '"q"', '"\\"q\\""'),
    ("string", "null", '"null"'),
    ("string", "", '""'),
    ("number", "5", "5"),
    ("bool", "1", "true"),
    ("", "{a=1}", '"{a=1}"'),
    ("any", "{a=1}", '{"a":1}'),
    ("any", "5", "5"),
    ("any", '"a"', '"a"'),
    ("any", "null", "null"),
    ("list(string)", "[1]", '["1"]'),
    ("list(string)", "null", "null"),
    ('object({ a = optional(string, "z") })', "{}", '{"a":"z"}'),
]
REFUSED: list[tuple[str, str, str]] = [
    ("number", "1+1", 'variable "v" does not take this value: a number is required'),
    ("number", "null", 'variable "v" does not take this value: a number is required'),
    ("bool", "", 'variable "v" does not take this value: a bool is required'),
    ("any", "a", '"a" refers to nothing; a string is written in quotes'),
    ("any", "", "the file ends where an expression is expected"),
    ("list(string)", "[upper(1)]", "upper() may not be used in the default of a variable or in a file of values; a local may use it"),
]


def ask(directory: Path, kind: str, text: str) -> Any:
    (directory / "main.tf").write_text(MAIN % (f"  type = {kind}\n" if kind else "", GKE), encoding="utf-8")
    return load(directory, LoadOptions(environment={"TF_VAR_v": text}))


@pytest.mark.parametrize(("kind", "text", "expected"), CASES)
def test_the_type_decides(tmp_path: Path, kind: str, text: str, expected: str) -> None:
    loaded = ask(tmp_path, kind, text)
    assert not refusals(loaded)
    assert effective(loaded, "region")["module.gke_zero"] == {"apps": expected}


@pytest.mark.parametrize(("kind", "text", "message"), REFUSED)
def test_what_does_not_fit_is_said_where_it_is_given(tmp_path: Path, kind: str, text: str, message: str) -> None:
    assert refusals(ask(tmp_path, kind, text)) == [("environment TF_VAR_v:1", message)]
