"""Every case of tests/vectors/merge.json: what real Terraform computed, value by value, error by error.

All of them stand in one file that is read the way users' files are, so that
the whole line takes part: source, catalog, evaluation, conversion, merge.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from kubestack_lint import load
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.values.value import plain

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "vectors" / "merge.json").read_text(encoding="utf-8")
)
FRAMEWORK = "github.com/kbst/terraform-kubestack"


def source(vector: dict[str, Any]) -> str:
    """A source address under which kslint finds the declared type and the merge of a vector."""
    declared, tag = vector["declared_type"], vector["tags"][-1] if vector["tags"] else ""
    if declared.startswith("catalog"):
        return "kbst.xyz/catalog/nginx/kustomization"
    if not declared.startswith("map("):
        path, tag = declared.split("@")
    elif vector["logic"] in ("L0", "L1"):
        # Their merges stand inside the cluster modules.
        path = "google/cluster"
    else:
        path = "common/configuration"
    return f"{FRAMEWORK}//{path}?ref={tag}"


def call(index: int, vector: dict[str, Any]) -> str:
    """The vector as a module call."""
    lines = [f'  source = "{source(vector)}"', f"  configuration = {vector['hcl']}"]
    if not vector.get("base_key_omitted") and vector["logic"] not in ("L0", "L1"):
        name = "base_key" if "common/configuration" in source(vector) else "configuration_base_key"
        base = vector["base_key"]
        lines.append(f"  {name} = {'null' if base is None else json.dumps(base)}")
    return "\n".join([f'module "v{index}" {{', *lines, "}\n"])


@cache
def resolved() -> dict[str, Inheritance]:
    """Every vector resolved, by the address of its call."""
    with TemporaryDirectory() as folder:
        text = "".join(call(index, vector) for index, vector in enumerate(VECTORS))
        Path(folder, "main.tf").write_text(text, encoding="utf-8")
        loaded = load(folder)
    assert not loaded.project.problems
    return {inheritance.block.address: inheritance for inheritance in loaded.inheritances}


def exact(data: Any) -> str:
    """JSON text: unlike Python's ==, it tells true from 1 and 1 from "1"."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False)


def test_all_are_there() -> None:
    assert len(VECTORS) == 405
    assert len({vector["name"] for vector in VECTORS}) == 405
    assert len(resolved()) == 405


@pytest.mark.parametrize("index", range(len(VECTORS)), ids=[vector["name"] for vector in VECTORS])
def test_as_terraform(index: int) -> None:
    vector = VECTORS[index]
    inheritance = resolved()[f"module.v{index}"]
    assert inheritance.block.definition.merge == vector["logic"]
    if vector["expected"] is not None:
        _assert_values(vector, inheritance)
    elif "workspace" in vector and inheritance.error is None:
        # Planning a workspace that is no environment fails; for us it is absent.
        assert vector["workspace"] not in inheritance.environments
    else:
        _assert_error(vector, inheritance)
    if "dropped" in vector:
        found = {".".join((item.environment, *map(str, item.path))) for item in inheritance.dropped}
        assert found == set(vector["dropped"])


def _assert_values(vector: dict[str, Any], inheritance: Inheritance) -> None:
    assert inheritance.errors == ()
    got = {name: plain(effective.value) for name, effective in inheritance.environments.items()}
    assert exact(got) == exact(vector["expected"])
    if "expected_current" in vector:
        assert exact(got[vector["workspace"]]) == exact(vector["expected_current"])


def _assert_error(vector: dict[str, Any], inheritance: Inheritance) -> None:
    assert inheritance.error is not None, f"Terraform says: {vector['error']}"
    # Where Terraform names a random one of several errors, any of them will do.
    cores = vector.get("error_contains_any") or [vector["error_contains"]]
    assert any(core in inheritance.error.message for core in cores), inheritance.error.message
    place, block = inheritance.error.span, inheritance.block
    assert place.path == "main.tf" and block.span.start <= place.start <= place.end
    assert place.end <= block.span.source.text.index("\n}\n", block.span.start)
