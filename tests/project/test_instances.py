"""Findings about a call, which all its instances share."""

from __future__ import annotations

import json
from pathlib import Path

from kubestack_lint.run import lint
from tests.project.library import GKE, RELEASE, effective, findings, read
from tests.verify.library import merge, module

CALL = """
module "gke" {
  source        = "%s"
  for_each      = %s
  configuration = { apps = { region = each.key }, ops = {} }
}
"""


def test_an_unknown_version_is_said_once(tmp_path: Path) -> None:
    text = CALL % (GKE.replace(RELEASE, "v9.9.9"), 'toset(["a", "b", "c"])')
    [(rule, place, message)] = findings(read(tmp_path, {"main.tf": text}), "unknown-version")
    assert (rule, place) == ("unknown-version", "main.tf:3")
    assert message.startswith('module.gke["a"] and 2 more instances cannot be read exactly as written: ')


def test_an_unknown_version_of_varying_instances(tmp_path: Path) -> None:
    text = CALL % (GKE.replace(RELEASE, "v9.9.9"), 'terraform.workspace == "ops" ? toset([]) : toset(["a"])')
    [(_, place, message)] = findings(read(tmp_path, {"main.tf": text}), "unknown-version")
    assert place == "main.tf:3"
    assert message.startswith('module.gke["a"] cannot be read exactly as written: ')


def test_an_unknown_module_is_said_once(tmp_path: Path) -> None:
    text = CALL % ("example.com/modules/cluster", 'toset(["a", "b"])')
    [(_, place, message)] = findings(read(tmp_path, {"main.tf": text}), "unknown-module")
    assert place == "main.tf:3"
    assert message.startswith('module.gke["a"] takes environments but is no module that kslint knows')


def test_keys_are_written_as_terraform_writes_them(tmp_path: Path) -> None:
    """Template signs are escaped, so that the address reads back as itself; outputs are found all the same."""
    pool = """
module "next" {
  source        = "%s"
  configuration = { apps = { region = module.gke["$${a}"].current_config["region"] }, ops = {} }
}
"""
    loaded = read(tmp_path, {"main.tf": CALL % (GKE, 'toset(["$${a}", "%%{b}", "c\\"d"])') + pool % GKE})
    assert effective(loaded, "region") == {
        'module.gke["$${a}"]': {"apps": "${a}", "ops": "${a}"},
        'module.gke["%%{b}"]': {"apps": "%{b}", "ops": "%{b}"},
        'module.gke["c\\"d"]': {"apps": 'c"d', "ops": 'c"d'},
        "module.next": {"apps": "${a}", "ops": "${a}"},
    }


def test_what_init_downloaded_counts_for_every_instance(tmp_path: Path) -> None:
    """The manifest of terraform init knows calls, not instances."""
    files = {
        "main.tf": 'module "eu" {\n  source   = "./m"\n  for_each = toset(["x"])\n}\n',
        "m/main.tf": CALL % (GKE.replace(RELEASE, "feature"), 'toset(["a"])'),
        ".terraform/modules/gke/google/cluster/main.tf": module("map(object({ region = optional(list(string)) }))"),
        ".terraform/modules/gke/common/configuration/outputs.tf": merge("L6"),
        ".terraform/modules/modules.json": json.dumps(
            {"Modules": [{"Key": "eu.gke", "Dir": ".terraform/modules/gke/google/cluster"}]}
        ),
    }
    loaded = read(tmp_path, files)
    [(rule, place, message)] = findings(loaded, "wrong-type")
    assert (rule, place) == ("wrong-type", "m/main.tf:5")
    assert "list of string" in message


def test_a_record_of_downloads_that_nobody_can_read_is_none(tmp_path: Path) -> None:
    record = {".terraform/modules/modules.json": "[" * 100_000}
    loaded = read(tmp_path, {"main.tf": CALL % (GKE.replace(RELEASE, "feature"), 'toset(["a"])'), **record})
    assert [place for _, place, _ in findings(loaded, "unknown-version")] == ["main.tf:3"]


WRAPPED = {
    "main.tf": 'module "outer" {\n  source = "./outer"\n  size   = "lots"\n}\n',
    "outer/main.tf": 'variable "size" {}\nmodule "inner" {\n  source = "../inner"\n  size   = var.size\n}\n',
    "inner/main.tf": f"""variable "size" {{}}
module "gke" {{
  source        = "{GKE.replace(RELEASE, "master")}"
  configuration = {{
    apps = {{ default_node_pool = {{ max_node_count = 3 }} }}
    ops  = {{ default_node_pool = {{ max_node_count = var.size }} }}
  }}
}}
""",
}


def test_findings_say_where_a_value_is_written_and_passed_on(tmp_path: Path) -> None:
    report = lint(read(tmp_path, WRAPPED))
    [finding] = [f for f in report.findings if f.rule == "wrong-type"]
    assert (finding.span.path, finding.span.line) == ("inner/main.tf", 6)
    assert [(f"{label.span.path}:{label.span.line}", label.message) for label in finding.related] == [
        ("inner/main.tf:5", "apps writes a number"),
        ("main.tf:3", "the value comes from here"),
        ("outer/main.tf:2", "called from here"),
        ("main.tf:1", "called from here"),
    ]
    # What Terraform refuses is not what it alone knows.
    assert not [f for f in report.findings if f.rule == "unresolved-value"]


def test_findings_about_several_modules_name_the_calls(tmp_path: Path) -> None:
    files = {**WRAPPED, "inner/main.tf": WRAPPED["inner/main.tf"].replace("master", "v9.9.9")}
    report = lint(read(tmp_path, files))
    [finding] = [f for f in report.findings if f.rule == "unknown-version"]
    assert [f"{label.span.path}:{label.span.line}" for label in finding.related] == ["outer/main.tf:2", "main.tf:1"]
