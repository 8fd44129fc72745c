"""Defaults of variables that Terraform refuses, whether anything needs the variable or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.library import findings, read
from tests.verify.library import Library, write

HERE = "may not be used in the default of a variable or in a file of values; a local may use it"
# The rest of a variable block → place and message; "" where neither refuses it.
DEFAULTS = {
    "null": ("default = null\n  nullable = false", "2", 'the default of variable "v" is null, which nullable'),
    "another type": ('type = number\n  default = "x"', "3", 'variable "v" does not take this value: a number is'),
    "part of it": ('type = object({ a = number })\n  default = { a = "x" }', "3", 'variable "v" does not take this'),
    "a variable": ("default = var.v", "2", f"var.v {HERE}"),
    "a function": ("default = tolist([])", "2", f"tolist() {HERE}"),
    "nothing": ("type = string", "", ""),
    "null where it may be": ("type = string\n  default = null", "", ""),
    "a loop": ("default = [for n in [1, 2] : n * 2]", "", ""),
    "converted": ('type = list(number)\n  default = ["1"]', "", ""),
}


@pytest.mark.parametrize(("text", "line", "message"), DEFAULTS.values(), ids=DEFAULTS)
def test_default(text: str, line: str, message: str, tmp_path: Path) -> None:
    """Nothing reads the variable, and a value is given for it."""
    files = {"main.tf": f'variable "v" {{\n  {text}\n}}\n', "terraform.tfvars": "v = 1\n" if line else ""}
    found = findings(read(tmp_path, files), "invalid-expression")
    assert [place for _, place, _ in found] == ([f"main.tf:{line}"] if line else [])
    assert all(text.startswith(f"Terraform refuses this expression: {message}") for _, _, text in found)


@pytest.mark.oracle
@pytest.mark.parametrize(("text", "line", "message"), DEFAULTS.values(), ids=DEFAULTS)
def test_terraform_says_the_same(text: str, line: str, message: str, tmp_path: Path) -> None:
    repository = write(tmp_path, {"main.tf": f'variable "v" {{\n  {text}\n}}\n'})
    assert (Library().run(["init", "-backend=false"], repository, "default").code != 0) is bool(line)


def test_references_in_files_of_values(tmp_path: Path) -> None:
    files = {"main.tf": 'variable "v" {}\noutput "o" { value = var.v }\nmodule "m" {\n  source = "./m"\n  v = var.v\n}\n'}
    files["m/main.tf"] = 'variable "v" {\n  validation {\n    condition = var.v != 1\n    error_message = "No."\n  }\n}\n'
    files["terraform.tfvars"] = "v = local.x\n"
    [(_, place, message)] = findings(read(tmp_path, files), "invalid-expression")
    assert place == "terraform.tfvars:1"
    assert message.endswith(f"local.x {HERE}")
