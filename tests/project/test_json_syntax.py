"""JSON syntax: what Terraform reads as a template there, and what as a text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.project.library import GKE, effective, read, refusals

VARIABLES = {
    "text": {"default": "a${x}b", "description": "${nonsense", "//": "${a comment"},
    "whole": {"default": {"${k}": "%{if}", "l": ["$${z}", "${"]}, "type": "any"},
    "given": {"type": "any"},
    "checked": {
        "default": "ok",
        "validation": {"condition": '${var.checked == "ok"}', "error_message": "It is ${var.checked}."},
    },
}


def _root(variables: dict[str, Any], settings: dict[str, Any]) -> str:
    block = {"source": GKE, "configuration": {"apps": settings, "ops": {}}}
    return json.dumps({"variable": variables, "module": {"gke": block}}, indent=1)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("${var.text}", "a${x}b"),
        ("$${var.text}", "${var.text}"),
        ("${keys(var.whole)[0]}", "${k}"),
        ('${var.whole["$${k}"]}', "%{if}"),
        ("${var.whole.l[0]}", "$${z}"),
        ("${var.whole.l[1]}", "${"),
        ("${var.given.a}", "${var.x}"),
        ("${keys(var.given)[0]}", "$${b}"),
        ("${var.checked}", "ok"),
    ],
)
def test_literal_strings(tmp_path: Path, expression: str, text: str) -> None:
    loaded = read(
        tmp_path,
        {
            "main.tf.json": _root(VARIABLES, {"region": expression}),
            "terraform.tfvars.json": '{"//": "${", "given": {"a": "${var.x}", "$${b}": "%{z"}}',
        },
    )
    assert refusals(loaded) == []
    assert effective(loaded, "region") == {"module.gke": {"apps": text, "ops": text}}


@pytest.mark.parametrize(
    ("name", "text", "line", "key"),
    [
        ("main.tf.json", '{"variable": {"a": {\n"default": 1,\n"default": 2}}}', 3, "default"),
        ("main.tf.json", '{"variable": {"a": {"default": {"x": 1,\n"x": 2}}}}', 2, "x"),
        ("main.tf.json", '{"locals": {"a": [{"x": "${1}",\n"x": 2}]}}', 2, "x"),
        ("main.tf.json", '{"locals": {"a": 1,\n"a": 2}}', 2, "a"),
        ("terraform.tfvars.json", '{"a": 1,\n"a": 2}', 2, "a"),
        ("terraform.tfvars.json", '{"a": {"b": [{"c": 1,\n"c": 2}]}}', 2, "c"),
    ],
)
def test_repeated_keys(tmp_path: Path, name: str, text: str, line: int, key: str) -> None:
    loaded = read(tmp_path, {"variables.tf": "", name: text})
    assert len(loaded.project.problems) == 1
    assert refusals(loaded)[0][0] == f"{name}:{line}"
    assert refusals(loaded)[0][1].startswith(f'"{key}" is already written at {name}:')


def test_two_objects_of_locals(tmp_path: Path) -> None:
    """Blocks may come in as many objects as one likes; only arguments are written once."""
    text = '[{"locals": {"a": "europe"}}, {"locals": {"b": "${local.a}-west1"}}]'
    call = f'module "gke" {{\n  source = "{GKE}"\n  configuration = {{ apps = {{ region = local.b }} }}\n}}\n'
    loaded = read(tmp_path, {"locals.tf.json": text, "main.tf": call})
    assert refusals(loaded) == []
    assert effective(loaded, "region") == {"module.gke": {"apps": "europe-west1"}}
