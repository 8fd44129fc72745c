"""for_each and count that ask for the workspace: which environment has which instance."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubestack_lint.reporters.show_json import show_document
from tests.project.library import GKE, effective, findings, read, refusals

CALL = f"""
module "gke" {{
  source   = "{GKE}"
  for_each = %s

  configuration = {{
    apps = {{ region = %s }}
    ops  = {{}}
  }}
}}
"""
REGIONS = 'merge({ eu = "europe-west1" }, terraform.workspace == "apps" ? { us = "us-east1" } : {})'


def test_an_instance_that_one_environment_lacks(tmp_path: Path) -> None:
    loaded = read(tmp_path, {"main.tf": CALL % (REGIONS, "each.value")})
    assert refusals(loaded) == []
    assert effective(loaded, "region") == {
        'module.gke["eu"]': {"apps": "europe-west1", "ops": "europe-west1"},
        'module.gke["us"]': {"apps": "us-east1"},
    }
    eu, us = loaded.inheritances
    assert (eu.block.absent, us.block.environments) == ({}, ("apps",))
    assert {name: (span.line, span.text) for name, span in us.block.absent.items()} == {"ops": (4, "for_each")}
    found = [(d.block.address, d.environment, d.against, d.path, str(d.kind)) for d in loaded.differences]
    assert found == [('module.gke["us"]', "ops", "apps", (), "computed")]
    assert findings(loaded, "workspace-conditional", "unresolved-value") == [
        (
            "workspace-conditional",
            "main.tf:4",
            'module.gke["us"] is made in apps and not in ops: its for_each asks for the workspace',
        )
    ]


def test_an_instance_that_the_base_lacks(tmp_path: Path) -> None:
    condition = 'toset(concat(["a"], terraform.workspace == "ops" ? ["b"] : []))'
    loaded = read(tmp_path, {"main.tf": CALL % (condition, '"europe-${each.key}"')})
    assert refusals(loaded) == []
    assert effective(loaded, "region") == {
        'module.gke["a"]': {"apps": "europe-a", "ops": "europe-a"},
        'module.gke["b"]': {"ops": "europe-b"},
    }
    [difference] = loaded.differences
    assert (difference.environment, difference.against, str(difference.kind)) == ("ops", "apps", "computed")
    assert difference.inherited is None
    assert difference.own is not None
    assert difference.own.place.text == "for_each"
    [finding] = findings(loaded, "workspace-conditional")
    assert finding[1:] == (
        "main.tf:4",
        'module.gke["b"] is made in ops and not in apps: its for_each asks for the workspace',
    )


def test_count(tmp_path: Path) -> None:
    text = CALL.replace("for_each", "count") % ('terraform.workspace == "apps" ? 2 : 1', '"r${count.index}"')
    loaded = read(tmp_path, {"main.tf": text})
    assert refusals(loaded) == []
    assert effective(loaded, "region") == {
        "module.gke[0]": {"apps": "r0", "ops": "r0"},
        "module.gke[1]": {"apps": "r1"},
    }
    [finding] = findings(loaded, "workspace-conditional")
    assert finding[2] == "module.gke[1] is made in apps and not in ops: its count asks for the workspace"


def test_values_that_depend_on_the_workspace(tmp_path: Path) -> None:
    """Known keys: the instances are the same everywhere, what each.value holds is not."""
    regions = '{ a = terraform.workspace == "apps" ? "x1" : "x2", b = "y" }'
    loaded = read(tmp_path, {"main.tf": CALL % (regions, "each.value")})
    assert effective(loaded, "region") == {
        'module.gke["a"]': {"apps": "x1", "ops": "x2"},
        'module.gke["b"]': {"apps": "y", "ops": "y"},
    }
    assert [inheritance.block.computed for inheritance in loaded.inheritances] == [True, False]
    [finding] = findings(loaded, "workspace-conditional", "unresolved-value")
    assert finding[1:] == (
        "main.tf:7",
        'region is "x2" in ops and "x1" in apps, although only apps writes it: the expression asks for the workspace',
    )


def test_a_table_by_workspace_behind_locals_and_variables(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        {
            "main.tf": """
locals {
  tables = {
    apps = { a = { region = "a1", up = true }, b = { region = "b1", up = true } }
    ops  = { a = { region = "a2", up = true }, b = { region = "b2", up = false } }
  }
  here = local.tables[terraform.workspace]
}

module "clusters" {
  source   = "./modules/clusters"
  clusters = local.here
}
""",
            "modules/clusters/main.tf": 'variable "clusters" {\n  type = map(object({ region = string, up = bool }))\n}\n'
            + CALL % ("{ for name, cluster in var.clusters : name => cluster.region if cluster.up }", "each.value"),
        },
    )
    assert refusals(loaded) == []
    assert effective(loaded, "region") == {
        'module.clusters.module.gke["a"]': {"apps": "a1", "ops": "a2"},
        'module.clusters.module.gke["b"]': {"apps": "b1"},
    }


def test_a_wrapper_with_for_each(tmp_path: Path) -> None:
    """The instance of the local module varies, and all that is below it with it."""
    loaded = read(
        tmp_path,
        {
            "main.tf": """
module "wrapper" {
  source   = "./modules/wrapper"
  for_each = terraform.workspace == "ops" ? toset(["x"]) : toset(["x", "y"])
  region   = "region-${each.key}"
}
""",
            "modules/wrapper/main.tf": 'variable "region" {}\n' + CALL % ('toset(["in"])', "var.region"),
        },
    )
    assert refusals(loaded) == []
    assert effective(loaded, "region") == {
        'module.wrapper["x"].module.gke["in"]': {"apps": "region-x", "ops": "region-x"},
        'module.wrapper["y"].module.gke["in"]': {"apps": "region-y"},
    }
    [finding] = findings(loaded, "workspace-conditional")
    assert finding[1] == "main.tf:4"


@pytest.mark.parametrize("inner", ["each.key", "var.nothing"])
def test_each_of_the_caller_is_not_seen_in_a_module(tmp_path: Path, inner: str) -> None:
    loaded = read(
        tmp_path,
        {
            "main.tf": 'module "m" {\n  source   = "./m"\n  for_each = { a = 1 }\n}\n',
            "m/main.tf": f'module "gke" {{\n  source = "{GKE}"\n  configuration = {{ apps = {{ region = {inner} }} }}\n}}\n',
        },
    )
    [(place, _)] = refusals(loaded)
    assert place == "m/main.tf:3"


def test_environments_that_only_each_value_names(tmp_path: Path) -> None:
    """Nothing but the table names the environments."""
    text = f"""
locals {{
  clusters = {{
    apps = {{ a = {{ region = "a1" }} }}
    ops  = {{ a = {{ region = "a2" }}, b = {{ region = "b2" }} }}
  }}
}}

module "gke" {{
  source                 = "{GKE}"
  for_each               = local.clusters[terraform.workspace]
  configuration_base_key = terraform.workspace
  configuration          = {{ (terraform.workspace) = each.value }}
}}
"""
    loaded = read(tmp_path, {"main.tf": text})
    assert refusals(loaded) == []
    assert effective(loaded, "region") == {
        'module.gke["a"]': {"apps": "a1", "ops": "a2"},
        'module.gke["b"]': {"ops": "b2"},
    }
    assert {i.block.address: sorted(i.block.absent) for i in loaded.inheritances} == {
        'module.gke["a"]': [],
        'module.gke["b"]': ["apps"],
    }


def test_workspaces_that_are_no_environments(tmp_path: Path) -> None:
    """What stands for other workspaces makes no instances of its own, and no errors."""
    text = CALL.replace("    ops  = {}\n", "") % (
        'terraform.workspace == "apps" ? toset(["a"]) : toset(["a", "b"])',
        "{ apps = 1 }[terraform.workspace]",
    )
    loaded = read(tmp_path, {"main.tf": text})
    assert refusals(loaded) == []
    assert effective(loaded, "region") == {'module.gke["a"]': {"apps": "1"}}


def test_an_instance_without_its_environment(tmp_path: Path) -> None:
    """Terraform makes it and finds nothing for it in the map."""
    text = CALL % ('terraform.workspace == "loc" ? toset(["a"]) : toset([])', "each.key")
    more = f'module "other" {{\n  source = "{GKE}"\n  configuration = {{ apps = {{}}, loc = {{}} }}\n}}\n'
    loaded = read(tmp_path, {"main.tf": text + more})
    gke = next(i for i in loaded.inheritances if i.block.address == 'module.gke["a"]')
    assert gke.error is not None
    assert gke.error.rule == "missing-base"


def test_show_names_environments_without_an_instance_in_json(tmp_path: Path) -> None:
    text = """
module "gke" {
  source        = "%s"
  count         = terraform.workspace == "ops" ? 1 : 2
  configuration = { apps = { region = "r" }, ops = {} }
}
"""
    first, second = show_document(read(tmp_path, {"main.tf": text % GKE}).inheritances)["blocks"]
    assert "absent" not in first
    assert (second["address"], list(second["environments"])) == ("module.gke[1]", ["apps"])
    assert second["absent"] == {"ops": {"path": "main.tf", "line": 4, "column": 3}}
