"""What the text output says of values and places: contrasts, origins, line breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubestack_lint import lint, load
from kubestack_lint.differences import Kind, differences
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.reporters.diff_text import diff_text
from kubestack_lint.reporters.terminal import Terminal, contrasted, table
from kubestack_lint.reporters.why_text import why_text
from kubestack_lint.values.value import string, tuple_of

SOURCE = 'source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.18.1-beta.0"'
BLOCK = f'module "gke" {{\n  {SOURCE}\n  configuration = %s\n}}\n'
# Lists are lists there, and node pools objects.
NESTED = BLOCK.replace("v0.18.1-beta.0", "master")


def _loaded(directory: Path, files: dict[str, str]) -> Inheritance:
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    (inheritance,) = load(directory).inheritances
    return inheritance


def _diff(inheritance: Inheritance, width: int = 200) -> str:
    rows = differences(inheritance, "ops")
    return diff_text([(inheritance, [("ops", "apps", rows)])], Terminal(width))


def _where(text: str, setting: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(setting)).split("changed")[1].strip()


LONG = "a-network-that-has-a-very-long-name-indeed-" * 3


def test_long_elements_that_differ_at_their_end_are_no_other_order(tmp_path: Path) -> None:
    configuration = (
        f'{{\n apps = {{ cluster_node_locations = ["{LONG}1", "b"] }}\n'
        f' ops = {{ cluster_node_locations = ["{LONG}2", "b"] }}\n}}'
    )
    inheritance = _loaded(tmp_path, {"main.tf": NESTED % configuration})
    text = _diff(inheritance)
    assert "another order" not in text
    assert "-1" in text.split("−")[1].split("+")[0]
    assert "-2" in text.split("+")[1]
    setting = inheritance.setting("ops", ("cluster_node_locations",))
    assert setting is not None
    reason = why_text(inheritance, [setting], setting.path, None, Terminal(200))
    wins, loses = (next(line for line in reason.splitlines() if word in line) for word in ("wins", "loses"))
    assert wins.split("ops")[1].split("main.tf")[0] != loses.split("apps")[1].split("main.tf")[0]


@pytest.mark.parametrize(
    ("ops", "said"),
    [('["b", "a", "c"]', "(another order)"), ('["a", "b", "c", "c"]', "(repeated elements)"), ('["a", "b"]', "− c")],
)
def test_what_a_list_gains_and_loses(ops: str, said: str, tmp_path: Path) -> None:
    configuration = (
        f'{{\n apps = {{ cluster_node_locations = ["a", "b", "c"] }}\n ops = {{ cluster_node_locations = {ops} }}\n}}'
    )
    assert said in _diff(_loaded(tmp_path, {"main.tf": NESTED % configuration}))


def test_contrast_shows_where_values_differ() -> None:
    left, right = contrasted(string("x" * 100 + "left" + "y" * 100), string("x" * 100 + "right" + "y" * 100), 40)
    assert "left" in left
    assert "right" in right
    assert len(left) == len(right) == 40
    assert contrasted(string("same"), string("same")) == ("same", "same")
    prefix = tuple(string(f"zone-{number}") for number in range(30))
    left, right = contrasted(tuple_of(prefix), tuple_of((*prefix[:29], string("other"))), 40)
    assert left != right
    assert "other" in right


def test_null_over_an_inherited_object_shows_what_is_inherited(tmp_path: Path) -> None:
    configuration = (
        '{\n apps = {\n  default_node_pool = {\n   labels = { tier = "general" }\n  }\n }\n'
        " ops = {\n  default_node_pool = {\n   labels = null\n  }\n }\n}"
    )
    inheritance = _loaded(tmp_path, {"main.tf": NESTED % configuration})
    (row,) = [row for row in differences(inheritance, "ops") if row.kind is Kind.INEFFECTIVE]
    assert row.path == ("default_node_pool", "labels")
    assert row.inherited is not None
    assert row.inherited.place.line == 6
    assert "general" in _diff(inheritance)


def test_null_by_a_condition_is_no_ineffective_override(tmp_path: Path) -> None:
    configuration = (
        '{\n apps = { region = "europe-west1" }\n'
        ' ops = { region = var.far ? "us-east1" : null }\n dev = { region = null }\n}'
    )
    _loaded(tmp_path, {"main.tf": BLOCK % configuration, "far.tf": 'variable "far" {\n  default = false\n}\n'})
    found = [f for f in lint(load(tmp_path)).findings if f.rule == "ineffective-override"]
    assert [(f.environment, f.span.line) for f in found] == [("dev", 6)]


CLUSTERS = """\
apps:
  region: europe-west1
  labels: &labels {tier: "general"}
  cluster_max_node_count: 9
ops:
  cluster_max_node_count: 3
  labels: *labels
"""


@pytest.mark.parametrize("below", ["", "infra/"])
def test_values_from_yaml_stand_in_the_yaml_file(below: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "clusters.yaml").write_text(CLUSTERS)
    reference = "${path.module}/" + ("../" if below else "") + "clusters.yaml"
    inheritance = _loaded(tmp_path / below, {"main.tf": BLOCK % f'yamldecode(file("{reference}"))'})
    setting = inheritance.setting("ops", ("cluster_max_node_count",))
    assert setting is not None
    path = "../clusters.yaml" if below else "clusters.yaml"
    assert [repr(d.value.place) for d in setting.definitions] == [f"{path}:6:3", f"{path}:4:3"]
    assert setting.value.span is not None
    assert setting.value.span.text == "3"
    labels = inheritance.raw["ops"].items["labels"]
    assert labels.span is not None
    assert labels.via is not None
    assert (labels.span.text, labels.via.line) == ("*labels", 3)


def test_values_from_json_stand_in_the_json_file(tmp_path: Path) -> None:
    text = '{"apps": {"region": "europe-west1"},\n "ops": {"region": [ 1.5,\n true]}}'
    inheritance = _loaded(tmp_path, {"c.json": text, "main.tf": BLOCK % 'jsondecode(file("c.json"))'})
    region = inheritance.raw["ops"].items["region"]
    assert repr(region.place) == "c.json:2:10"
    assert [item.span.text for item in region.elements if item.span is not None] == ["1.5", "true"]
    assert [item.place.line for item in region.elements if item.place is not None] == [2, 3]


def test_a_changed_text_has_no_places_in_the_file(tmp_path: Path) -> None:
    call = 'yamldecode(replace(file("clusters.yaml"), "9", "8"))'
    inheritance = _loaded(tmp_path, {"clusters.yaml": CLUSTERS, "main.tf": BLOCK % call})
    setting = inheritance.setting("ops", ("cluster_max_node_count",))
    assert setting is not None
    assert repr(setting.place).startswith("main.tf:3:")


def test_a_wrong_type_in_yaml_is_found_there(tmp_path: Path) -> None:
    module = BLOCK % 'yamldecode(file("c.yaml"))'
    _loaded(tmp_path, {"c.yaml": "apps:\n  region:\n    - 3\nops: {}\n", "main.tf": module})
    (finding,) = [f for f in lint(load(tmp_path)).findings if f.rule == "wrong-type"]
    assert (finding.span.path, finding.span.line) == ("c.yaml", 2)


def test_one_line_for_both_shows_what_it_read(tmp_path: Path) -> None:
    configuration = "{ for name, size in local.sizes : name => { cluster_max_node_count = size } }"
    sizes = "locals {\n  sizes = {\n    apps = 9\n    ops  = 3\n  }\n}\n"
    inheritance = _loaded(tmp_path, {"main.tf": BLOCK % configuration, "sizes.tf": sizes})
    assert _where(_diff(inheritance), "cluster_max_node_count") == "sizes.tf:4 (apps :3)"


def test_one_line_for_both_is_said_once(tmp_path: Path) -> None:
    configuration = '{ for name in ["apps", "ops"] : name => { cluster_max_node_count = name == "ops" ? 1 : 3 } }'
    assert _where(_diff(_loaded(tmp_path, {"main.tf": BLOCK % configuration})), "cluster_max_node_count") == "main.tf:3"


def _cells(rows: list[list[str]], width: int) -> list[str]:
    return table(["setting", "apps", "where"], rows, Terminal(width)).splitlines()


def test_tables_break_where_it_disturbs_least() -> None:
    row = ["default_node_pool.max_node_count", "europe-west1-b", "clusters.tf.json:12 (apps\u00a0settings.tf:15)"]
    lines = _cells([row], 60)
    assert max(map(len, lines)) <= 60
    assert [line.split("  ")[0].strip() for line in lines[1:]] == ["default_node_pool.", "max_node_count"]
    assert "clusters.tf.json:12" in lines[1]
    assert "(apps settings.tf:15)" in lines[2]
    narrow = "\n".join(_cells([row], 50))
    assert "settings.tf:15)" in narrow
    assert "clusters.tf.json:12" in narrow
