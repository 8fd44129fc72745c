"""What Terraform refuses before it computes anything, or when it checks variables: the same as it does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.project.library import findings, read, refusals
from tests.verify.library import Library, write

RULES = ("invalid-expression", "failed-validation")
VARIABLE = 'variable "v" {\n  default = "a"\n  validation {\n    condition     = %s\n    error_message = %s\n  }\n}\n'
SENSITIVE = VARIABLE.replace('default = "a"', 'default = "hush"\n  sensitive = true')
OUTPUTS = 'variable "a" { default = { k = 1 } }\nlocals { b = { k = 1 } }\noutput "o" {\n  value = %s\n}\n'
MODULE = 'module "m" {\n  source   = "./m"\n  for_each = { x = 1 }\n  in       = %s\n}\n'
# A variable that is validated is computed in any case.
CHECKED = 'variable "in" {\n  validation {\n    condition     = var.in != "no"\n    error_message = "No."\n  }\n}\n'
CONSTANT = "may not be used in the default of a variable or in a file of values; a local may use it"
CALLED = {"m/main.tf": CHECKED}

# What to read → the place and message of kslint; "" where neither refuses it.
REFERENCES: dict[str, tuple[str, str]] = {
    'var["a"]': ("main.tf:4", "var is no object that can be read as a whole or with an index; write var.name"),
    'local["b"]': ("main.tf:4", "local is no object that can be read as a whole or with an index; write local.name"),
    "keys(var)": ("main.tf:4", "var is no object that can be read as a whole or with an index; write var.name"),
    "[for k, v in local : k]": (
        "main.tf:4",
        "local is no object that can be read as a whole or with an index; write local.name",
    ),
    'try(var["a"], 1)': ("main.tf:4", "var is no object that can be read as a whole or with an index; write var.name"),
    'path["module"]': ("main.tf:4", "path is no object that can be read as a whole or with an index; write path.name"),
    "try(path.nothing, 1)": ("main.tf:4", "path has no nothing; there is module, root, cwd"),
    "try(terraform.nothing, 1)": ("main.tf:4", "terraform has no nothing; there is workspace, applying"),
    "try(each.key, 1)": ("main.tf:4", "each.key exists only where for_each is set"),
    "try(count.index, 1)": ("main.tf:4", "count.index exists only where count is set"),
    "try(local.nothing, 1)": ("main.tf:4", 'there is no local "nothing"'),
    "try(data.a_b.c, 1)": ("main.tf:4", 'there is no data "a_b" "c" in this module'),
    "try(data.a_b, 1)": ("main.tf:4", "data needs two names behind it: data.type.name"),
    "try(resource.a_b.c, 1)": ("main.tf:4", 'there is no resource "a_b" "c" in this module'),
    "try(a_b.c, 1)": ("main.tf:4", 'there is no resource "a_b" "c" in this module'),
    "try(nothing, 1)": ("main.tf:4", '"nothing" refers to nothing; a string is written in quotes'),
    "can(nothing.x)": ("main.tf:4", '"nothing" refers to nothing; a string is written in quotes'),
    'var.a["k"]': ("", ""),
    "[for var in [1] : var]": ("", ""),
    '{ for k, v in local.b : k => v }["k"]': ("", ""),
    "path.root": ("", ""),
}
VALIDATIONS: dict[str, tuple[str, str, str]] = {
    "true": ("m/main.tf:4", 'the validation of variable "v" must test var.v in its condition', "invalid-expression"),
    "1 == 2": ("m/main.tf:4", 'the validation of variable "v" must test var.v in its condition', "invalid-expression"),
    "var.other == 1": (
        "m/main.tf:4",
        'the validation of variable "v" must test var.v in its condition',
        "invalid-expression",
    ),
    "local.x == var.v": ("", "", ""),
    "var.v == local.nothing": ("m/main.tf:4", 'there is no local "nothing"', "invalid-expression"),
    "var.v + 1 == 2": ("m/main.tf:4", "", "invalid-expression"),
    'var.v == "a" ? null : true': (
        "m/main.tf:4",
        'the validation of variable "v" fails: its condition is null',
        "invalid-expression",
    ),
    "[var.v]": ("m/main.tf:4", "", "invalid-expression"),
    'var.v == "b"': ("m/main.tf:2", 'variable "v": It is a, not b.', "failed-validation"),
    'tostring(var.v == "a")': ("", "", ""),
    "var.v != timestamp()": ("", "", ""),
}
MESSAGES: dict[str, tuple[str, str]] = {
    'var.v == "a", "${var.v + 1}"': ("m/main.tf:5", 'the error message of variable "v" fails: '),
    'var.v == "a", local.nothing': ("m/main.tf:5", 'there is no local "nothing"'),
    'var.v == "a", 1': ("", ""),
    'var.v == "b", [1]': ("m/main.tf:5", 'the error message of variable "v" is no text: '),
    'var.v == "b", null': ("m/main.tf:2", 'variable "v": the value does not meet its validation'),
    'var.v == "a", null': ("", ""),
}


def _terraform_refuses(directory: Path, files: dict[str, str]) -> bool:
    write(directory, files)
    runner = Library()
    for arguments in (["init", "-backend=false", "-input=false"], ["plan", "-input=false", "-lock=false"]):
        if runner.run(arguments, directory, "default").code != 0:
            return True
    return False


def _agree(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    """What kslint says, where Terraform says that there is something."""
    found = refusals(read(tmp_path / "ours", files))
    assert bool(found) == _terraform_refuses(tmp_path / "theirs", files), found
    return found


@pytest.mark.oracle
@pytest.mark.parametrize("expression", REFERENCES)
def test_references(tmp_path: Path, expression: str) -> None:
    place, message = REFERENCES[expression]
    text = OUTPUTS.replace('output "o" {\n  value', 'module "m" {\n  source = "./m"\n  in    ') % expression
    found = _agree(tmp_path, {"main.tf": text, **CALLED})
    assert found[:1] == ([(place.replace(":4", ":5"), message)] if place else [])


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("count.index", "count.index exists only where count is set"),
        ("try(each.nothing, 1)", "each has no nothing; there is key, value"),
        ("each.key", ""),
        ('each["key"]', "each is no object that can be read as a whole or with an index; write each.name"),
        ('module["m"]', "module is no object that can be read as a whole or with an index; write module.name"),
    ],
)
def test_each(tmp_path: Path, expression: str, message: str) -> None:
    found = _agree(tmp_path, {"main.tf": MODULE % expression, **CALLED})
    assert found[:1] == ([("main.tf:4", message)] if message else [])


@pytest.mark.oracle
@pytest.mark.parametrize("condition", VALIDATIONS)
def test_conditions(tmp_path: Path, condition: str) -> None:
    place, message, rule = VALIDATIONS[condition]
    text = VARIABLE % (condition, '"It is ${var.v}, not b."') + 'variable "other" { default = 1 }\nlocals { x = "a" }\n'
    files = {"main.tf": 'module "m" {\n  source = "./m"\n}\n', "m/main.tf": text}
    found = _agree(tmp_path, files)
    assert [where for where, _ in found] == ([place] if place else [])
    assert not found or found[0][1].endswith(message)
    assert [name for name, _, _ in findings(read(tmp_path / "again", files), *RULES)] == ([rule] if rule else [])


@pytest.mark.oracle
@pytest.mark.parametrize("pair", MESSAGES)
def test_error_messages(tmp_path: Path, pair: str) -> None:
    place, message = MESSAGES[pair]
    files = {"main.tf": 'module "m" {\n  source = "./m"\n}\n', "m/main.tf": VARIABLE % tuple(pair.split(", ", 1))}
    found = _agree(tmp_path, files)
    assert (place, True) in [(where, text.startswith(message)) for where, text in found] if place else not found


@pytest.mark.oracle
def test_a_message_that_would_show_a_secret(tmp_path: Path) -> None:
    files = {"main.tf": SENSITIVE % ('var.v == "b"', '"It is ${var.v}."')}
    found = _agree(tmp_path, files)
    assert ("main.tf:2", 'variable "v": the value does not meet its validation') in found
    assert not any("hush" in message for _, message in found)


@pytest.mark.oracle
@pytest.mark.parametrize("missing", ["condition", "error_message"])
def test_what_a_validation_needs(tmp_path: Path, missing: str) -> None:
    text = "\n".join(line for line in (VARIABLE % ("var.v != null", '"x"')).splitlines() if missing not in line) + "\n"
    found = _agree(tmp_path, {"main.tf": text})
    assert found == [("main.tf:3", f'the validation of variable "v" has no {missing}')]


@pytest.mark.oracle
@pytest.mark.parametrize(("message", "holds"), [("Use ${foo", True), ("Use ${foo", False), ('${1 + "x"}', True)])
def test_messages_of_json_are_taken_for_texts(tmp_path: Path, message: str, holds: bool) -> None:
    condition = '${var.v == "a"}' if holds else '${var.v == "b"}'
    block = {"default": "a", "validation": {"condition": condition, "error_message": message}}
    found = _agree(tmp_path, {"main.tf.json": json.dumps({"variable": {"v": block}})})
    assert len(found) == (0 if holds else 1)


@pytest.mark.oracle
def test_null_for_a_variable_that_takes_none(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n  in     = null\n}\noutput "o" { value = module.m.out }\n',
        "m/main.tf": 'variable "in" {\n  nullable = false\n  validation {\n    condition     = var.in != 2\n'
        '    error_message = "x"\n  }\n}\noutput "out" { value = var.in }\n',
    }
    found = _agree(tmp_path, files)
    assert found == [("main.tf:3", 'variable "in" must not be null: it is declared with nullable = false')]


# What stands in a variable → the line and the message; "" where it may stand there.
DEFAULTS: dict[str, tuple[int, str]] = {
    'default = upper("a")': (2, f"upper() {CONSTANT}"),
    "default = [for x in [1] : abs(x)]": (2, f"abs() {CONSTANT}"),
    "default = local.l": (2, f"local.l {CONSTANT}"),
    "default = { a = terraform.workspace }": (2, f"terraform.workspace {CONSTANT}"),
    'default = "${1 + 1}"': (0, ""),
    "default = [for x in [1] : x if true]": (0, ""),
    "type = number\n  default = []": (3, 'variable "v" does not take this value: number required, but have tuple'),
    "nullable = false\n  default = null": (3, 'the default of variable "v" is null, which nullable = false rules out'),
    "nullable = true\n  default = null": (0, ""),
    'nullable = null\n  default = "a"': (2, "nullable must be true or false, not null"),
    "sensitive = 1": (2, "sensitive must be true or false: bool required, but have number"),
    'nullable = "false"\n  default = "a"': (0, ""),
}


@pytest.mark.oracle
@pytest.mark.parametrize("given", [False, True], ids=["default", "given"])
@pytest.mark.parametrize("arguments", DEFAULTS)
def test_defaults(tmp_path: Path, arguments: str, given: bool) -> None:
    """Terraform refuses a default whether or not anything needs it."""
    line, message = DEFAULTS[arguments]
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n%s}\n' % ("  v = 1\n" if given else ""),
        "m/main.tf": f'variable "v" {{\n  {arguments}\n}}\nlocals {{ l = 1 }}\n',
    }
    assert _agree(tmp_path, files) == ([(f"m/main.tf:{line}", message)] if message else [])


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('upper("a")', f"upper() {CONSTANT}"),
        ("local.l", f"local.l {CONSTANT}"),
        ("a", '"a" refers to nothing; a string is written in quotes'),
        ("[for x in [1] : x + 1][0]", ""),
    ],
)
def test_files_of_values(tmp_path: Path, value: str, message: str) -> None:
    text = 'variable "v" {\n  validation {\n    condition     = var.v != "x"\n    error_message = "x"\n  }\n}\nlocals { l = 1 }\n'
    found = _agree(tmp_path, {"main.tf": text, "terraform.tfvars": f"v = {value}\n"})
    assert found == ([("terraform.tfvars:1", message)] if message else [])
