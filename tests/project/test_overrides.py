"""Override files and `.tofu` files: which files count, and what they change, as Terraform has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.library import effective, findings, read, refusals
from tests.verify.library import VENDORED, Library, assert_agrees, outcomes, write

MODULE = """
module "one" {
  source        = "./vendor/google/cluster"
  configuration = { apps = { name = %s }, ops = {} }
}
"""
TYPES = """
variable "filled" {
  type    = object({ min = number, max = optional(number, 9) })
  default = { min = 1 }
}
variable "text" {
  type    = string
  default = 1.50
}
variable "plain" { default = 5 }
variable "unset" {
  type    = object({ x = optional(number, 1) })
  default = {}
}
variable "given" { type = object({ x = optional(number, 1) }) }
variable "bare" { type = object({ x = number }) }
variable "set" {
  type    = set(string)
  default = ["b", "a", "b"]
}
variable "twice" {
  type    = string
  default = 1.50
}
"""
OTHER_TYPES = """
variable "filled" { type = object({ min = number, max = optional(number, 3) }) }
variable "text" { type = any }
variable "plain" { type = string }
variable "unset" { default = { x = null } }
variable "given" { type = object({ x = optional(number, 2), y = optional(string, "z") }) }
variable "bare" { type = object({ x = number, y = optional(string, "z") }) }
variable "set" { type = list(string) }
variable "twice" { type = number }
"""
NAMES = ("filled", "text", "plain", "unset", "given", "bare", "set", "twice")
EXPECTED = (
    '[{"max":9,"min":1},"1.5","5",{"x":1},{"x":1,"y":null},{"x":1,"y":null},["a","b"],1.5]'
)


def _with_types() -> dict[str, str]:
    listed = "[" + ", ".join(f"var.{name}" for name in NAMES) + "]"
    return {
        **VENDORED,
        "main.tf": MODULE % f"jsonencode({listed})",
        "variables.tf": TYPES,
        "a_override.tf": OTHER_TYPES,
        "b_override.tf": 'variable "twice" { type = any }\n',
        "terraform.tfvars": "given = {}\nbare = { x = 1 }\n",
    }


def test_types_of_variables(tmp_path: Path) -> None:
    """A default keeps what its own file made of it, and the defaults inside of a type stay those of the first."""
    loaded = read(tmp_path, _with_types())
    assert refusals(loaded) == []
    assert effective(loaded, "name")["module.one"]["apps"] == EXPECTED


@pytest.mark.oracle
def test_terraform_agrees_on_types(tmp_path: Path) -> None:
    repository = write(tmp_path / "repository", _with_types())
    assert_agrees(outcomes(repository, Library(), tmp_path / "copy"), "module.one")


COUNTED = {
    **VENDORED,
    "main.tf": MODULE.replace("source", "count = 2\n  source") % '"n"',
    "override.tf": 'module "one" { for_each = toset(["a"]) }\n',
}


def test_count_wins_over_for_each(tmp_path: Path) -> None:
    loaded = read(tmp_path, COUNTED)
    assert [block.address for block in loaded.project.blocks] == ["module.one[0]", "module.one[1]"]


@pytest.mark.oracle
def test_terraform_counts(tmp_path: Path) -> None:
    found = outcomes(write(tmp_path / "repository", COUNTED), Library(), tmp_path / "copy")
    assert_agrees(found, "module.one[0]", "module.one[1]")


# File by file → what kslint says of it.
REFUSED = {
    "a local of its own": (
        {"override.tf": 'locals { x = "y" }\n'},
        ("override.tf:1", 'there is no local "x" that this file could override'),
    ),
    "a variable of its own": (
        {"override.tf": 'variable "x" {}\n'},
        ("override.tf:1", 'there is no variable "x" that this file could override'),
    ),
    "a call of its own": (
        {"some_override.tf.json": '{"module": {"x": {"source": "./m"}}}'},
        ("some_override.tf.json:1", 'there is no module "x" that this file could override'),
    ),
    "validations": (
        {
            "main.tf": 'variable "x" { default = 1 }\n',
            "override.tf": 'variable "x" {\n  validation {\n    condition     = var.x > 0\n'
            '    error_message = "No."\n  }\n}\n',
        },
        ("override.tf:2", 'an override file cannot hold validations, as this one of variable "x"'),
    ),
    "count and for_each": (
        {"main.tf": 'module "m" {\n  source = "./m"\n  count = 1\n  for_each = toset([])\n}\n', "m/main.tf": ""},
        ("main.tf:4", "count and for_each exclude each other in one call"),
    ),
}


@pytest.mark.parametrize(("files", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_terraform_refuses(files: dict[str, str], expected: tuple[str, str], tmp_path: Path) -> None:
    place, message = expected
    loaded = read(tmp_path, files)
    assert refusals(loaded) == [expected]
    assert findings(loaded, "syntax-error") == [("syntax-error", place, message)]


@pytest.mark.oracle
@pytest.mark.parametrize("files", [files for files, _ in REFUSED.values()], ids=REFUSED)
def test_terraform_refuses_it(files: dict[str, str], tmp_path: Path) -> None:
    assert Library().run(["init", "-backend=false"], write(tmp_path, files), "default").code != 0


# Names of files → what `local.x`, which each of them sets to its own name, is.
FILES = {
    "the last override": (("main.tf", "A_override.tf", "a_override.tf", "override.tf"), "override.tf"),
    "JSON comes after": (("main.tf", "a_override.tf", "a_override.tf.json"), "a_override.tf.json"),
    "dots in a name": (("main.tf", "a.b_override.tf"), "a.b_override.tf"),
    "the whole name counts": (("override.prod.tf",), "override.prod.tf"),
    "hidden files": (("main.tf", ".a_override.tf", "a_override.tf~"), "main.tf"),
    "a number sign": (("#main.tf",), "#main.tf"),
}
# Of these, OpenTofu alone can be asked.
TOFU_FILES = {
    "tofu": (("main.tf", "main.tofu"), "main.tofu"),
    "tofu and JSON": (("main.tf.json", "main.tofu.json"), "main.tofu.json"),
    "tofu overrides": (("main.tf", "a_override.tf", "a_override.tofu"), "a_override.tofu"),
}


def _files(names: tuple[str, ...]) -> dict[str, str]:
    texts = {name: f'locals {{ x = "{name}" }}\n' for name in names}
    texts |= {name: f'{{"locals": {{"x": "{name}"}}}}' for name in names if name.endswith(".json")}
    return {**VENDORED, "blocks.tf": MODULE % "local.x", **texts}


@pytest.mark.parametrize(("names", "winner"), [*FILES.values(), *TOFU_FILES.values()], ids=[*FILES, *TOFU_FILES])
def test_which_file_counts(names: tuple[str, ...], winner: str, tmp_path: Path) -> None:
    loaded = read(tmp_path, _files(names))
    assert refusals(loaded) == []
    assert effective(loaded, "name") == {"module.one": {"apps": winner, "ops": winner}}


@pytest.mark.oracle
@pytest.mark.parametrize(("names", "winner"), FILES.values(), ids=FILES)
def test_terraform_reads_the_same_files(names: tuple[str, ...], winner: str, tmp_path: Path) -> None:
    write(tmp_path, {**_files(names), "output.tf": 'output "x" { value = local.x }\n', "blocks.tf": ""})
    assert Library().run(["init", "-backend=false"], tmp_path, "default").code == 0
    plan = Library().run(["plan", "-no-color"], tmp_path, "default")
    assert f'x = "{winner}"' in plan.out


def test_a_tofu_file_leaves_json_of_its_name(tmp_path: Path) -> None:
    """OpenTofu compares whole names: `.tofu` stands for `.tf`, `.tofu.json` for `.tf.json`."""
    loaded = read(tmp_path, _files(("main.tofu", "main.tf.json")))
    assert refusals(loaded) == [("main.tofu:1", 'local "x" is already defined at main.tf.json:1')]
