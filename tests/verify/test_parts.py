"""The parts of a replay, without Terraform."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kubestack_lint import load
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.source import Source
from kubestack_lint.syntax import parse, parse_expression
from kubestack_lint.syntax.references import Reference, references
from kubestack_lint.verify.compare import Theirs, compare
from kubestack_lint.verify.copy import copy_files
from kubestack_lint.verify.judge import steps_of
from kubestack_lint.verify.modules import Git
from kubestack_lint.verify.references import replaced
from kubestack_lint.verify.text import Call, Page, reduced
from tests.verify.library import VENDORED, write


def found(text: str) -> set[str]:
    return {f"{r.root}.{r.name}" for r in references(parse_expression(Source("x", text)))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("var.a", {"var.a"}),
        ('"${local.a}-${data.b.c.d}"', {"local.a", "data.b.c"}),
        ("{ a = x_y.z[each.key].b, (var.k) = 1 }", {"x_y.z", "each.key", "var.k"}),
        ("[for var in local.list : var.name if local.on]", {"local.list", "local.on"}),
        ('"%{ for data in local.list }${data.a.b}%{ endfor }"', {"local.list"}),
        ("module.a[var.k].out", {"module.a", "var.k"}),
        ("f(local.a...)[*].id", {"().f", "local.a"}),
        ("true ? local.a : !local.b", {"local.a", "local.b"}),
    ],
)
def test_references(text: str, expected: set[str]) -> None:
    assert found(text) == expected


def test_the_output_that_is_read() -> None:
    (one,) = references(parse_expression(Source("x", 'module.gke["a"].current_config.region')))
    assert (one.root, one.name, one.output, one.node.span.text) == ("module", "gke", "current_config", "module.gke")


def test_the_outer_one_of_two_changes_counts() -> None:
    assert replaced("a b c d", 2, 7, [(2, 5, "X"), (4, 5, "Y"), (6, 7, "Z")]) == "X Z"


def exchange(reference: Reference) -> str | None:
    return "UNKNOWN" if reference.root == "aws_vpc" else None


PAGE = Page(
    exchange,
    locals=frozenset({"kept"}),
    left_out=frozenset({"gone"}),
    calls={"one": (Call("one"), Call("stub", "../stubs/s0", frozenset({"configuration"})))},
)
NATIVE = """\
terraform {
  required_version = ">= 1"
}
variable "a" {
  default = "x"
}
variable "gone" {}
locals {
  kept = aws_vpc.main.id # why
  left = 1
}
resource "aws_vpc" "main" {}
module "one" {
  source        = "./one"
  providers     = { aws = aws.eu }
  configuration = {
    apps = { id = "${aws_vpc.main.id}-x" }
  }
  other = <<-EOT
    text
  EOT
}
module "two" {
  source = "./two"
}
output "x" {
  value = 1
}
"""
REDUCED = """\
variable "a" {
  default = "x"
}
locals {
  kept = UNKNOWN.id
}
module "one" {
  source        = "./one"
  configuration = {
    apps = { id = "${UNKNOWN.id}-x" }
  }
  other = <<-EOT
    text
  EOT
}
module "stub" {
  source = "../stubs/s0"
  configuration = {
    apps = { id = "${UNKNOWN.id}-x" }
  }
}
"""


def test_native_files_keep_their_words() -> None:
    text = reduced(Source("main.tf", NATIVE), PAGE)
    assert text == REDUCED
    parse(Source("main.tf", text))


def test_json_files_keep_their_words() -> None:
    document: dict[str, Any] = {
        "terraform": {"required_version": ">= 1"},
        "variable": [{"a": {"default": "as it is"}}, {"gone": {}}],
        "locals": {"kept": "${aws_vpc.main.id}", "left": 1},
        "resource": {"aws_vpc": {"main": {}}},
        "module": {"one": [{"source": "./one", "providers": {}, "configuration": {"apps": {"n": "N"}}, "other": None}]},
    }
    text = json.dumps(document).replace('"N"', "1.50")
    assert json.loads(reduced(Source("main.tf.json", text), PAGE), parse_float=str) == [
        {"variable": {"a": {"default": "as it is"}}},
        {"locals": {"kept": "${UNKNOWN.id}"}},
        {"module": {"one": {"source": "./one", "configuration": {"apps": {"n": "1.50"}}, "other": None}}},
        {"module": {"stub": {"source": "../stubs/s0", "configuration": {"apps": {"n": "1.50"}}}}},
    ]


def test_steps_of_an_address() -> None:
    assert steps_of('module.a["x.module.y[0]\\""].module.b-c[3].module.d') == (
        ("a", 'x.module.y[0]"'),
        ("b-c", 3),
        ("d", None),
    )


@pytest.fixture
def inheritance(tmp_path: Path) -> Inheritance:
    text = """
resource "a_b" "c" {}
module "one" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { name = "a", size = 0.1, tags = { k = a_b.c.id }, scopes = ["b", "a"] } }
}
"""
    (one,) = load(write(tmp_path, {**VENDORED, "infra/main.tf": text}) / "infra").inheritances
    return one


def theirs(inheritance: Inheritance) -> dict[str, Any]:
    """What Terraform says when it agrees: value, unknown parts and type of the environment."""
    kind = inheritance.environments["apps"].value.type.json
    names = kind[1]
    value = dict.fromkeys(names) | {"name": "a", "size": Decimal("0.1")}
    value |= {"scopes": ["a", "b"]}
    del value["tags"]
    return {"value": value, "unknown": {"tags": True, "scopes": [False, False]}, "type": kind}


def changed(inheritance: Inheritance, **parts: Any) -> list[tuple[str, str, str]]:
    seen = theirs(inheritance)
    return [(m.path, m.ours, m.theirs) for m in compare(inheritance, "apps", Theirs(**{**seen, **parts}))]


def test_equal(inheritance: Inheritance) -> None:
    assert changed(inheritance) == []


def test_another_value(inheritance: Inheritance) -> None:
    value = theirs(inheritance)["value"]
    assert changed(inheritance, value=value | {"name": "b"}) == [("name", '"a" (string)', '"b" (string)')]
    assert changed(inheritance, value=value | {"scopes": ["a"]}, unknown={"tags": True}) == [
        ("scopes", '["a", "b"] (set(string))', '["a"] (set(string))')
    ]
    assert changed(inheritance, value=value | {"spot": True}) == [("spot", "null (bool)", "true (bool)")]


def test_both_sides_are_written_alike(inheritance: Inheritance) -> None:
    """Template signs in texts are escaped on both sides, or equal texts would look different."""
    value = theirs(inheritance)["value"]
    assert changed(inheritance, value=value | {"name": "a${b}%{c}\n"}) == [
        ("name", '"a" (string)', '"a$${b}%%{c}\\n" (string)')
    ]
    kind = {**theirs(inheritance)["type"][1], "name": ["map", "string"]}
    found = changed(inheritance, value=value | {"name": {"a b": "${"}}, type=["object", kind])
    assert found == [("name", '"a" (string)', '{ "a b" = "$${" } (map(string))')]


def test_another_type(inheritance: Inheritance) -> None:
    kind = theirs(inheritance)["type"]
    names = {**kind[1], "name": "number"}
    assert changed(inheritance, type=["object", names]) == [("name", '"a" (string)', '"a" (number)')]
    assert [path for path, _, _ in changed(inheritance, type=["object", {**kind[1], "more": "bool"}])] == ["more"]
    del names["zones"]
    assert ("zones", "null (list(string))", "nothing") in changed(inheritance, type=["object", names])


def test_unknown_where_we_know_and_the_other_way_round(inheritance: Inheritance) -> None:
    unknown = theirs(inheritance)["unknown"]
    assert changed(inheritance, unknown=unknown | {"name": True}) == [("name", '"a" (string)', "unknown (string)")]
    value = theirs(inheritance)["value"] | {"tags": {"k": "x"}}
    kind = {**theirs(inheritance)["type"][1], "tags": ["map", "string"]}
    (one,) = compare(inheritance, "apps", Theirs(value, {}, ["object", kind]))
    assert (one.path, one.theirs, one.unclaimed) == ("tags", "known (map(string))", True)


def test_copies_only_what_is_in_the_repository(tmp_path: Path) -> None:
    repository = write(tmp_path / "r", {"a/x.yaml": "1", "a/main.tf": "", ".terraform/y": "", "big.bin": ""})
    (tmp_path / "secret").write_text("s", encoding="utf-8")
    (repository / "outside").symlink_to(tmp_path / "secret")
    (repository / "inside").symlink_to(repository / "a" / "x.yaml")
    (repository / "a" / "loop").symlink_to(repository)
    (repository / "big.bin").write_bytes(b"0" * 5_000_000)
    copied = copy_files(repository, tmp_path / "copy")
    files = [path for path in (tmp_path / "copy").rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(tmp_path / "copy")) for path in files) == ["a/x.yaml", "inside"]
    assert copied.left == ["big.bin"]


def test_a_folder_inside_a_repository_is_no_repository(tmp_path: Path) -> None:
    assert not Git(tmp_path).has_tags
