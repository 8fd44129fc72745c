"""Outputs of Kubestack modules that are pinned on GitHub, instance by instance."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.library import GKE, POOL, effective, findings, read, refusals
from tests.verify.library import VENDORED

CLUSTERS = f"""
module "gke" {{
  source   = "{GKE}"
  for_each = {{ a = "europe-west1", b = "us-east1" }}

  configuration = {{
    apps = {{ region = each.value, name_prefix = "apps-${{each.key}}" }}
    ops  = {{ region = "ops-${{each.key}}" }}
  }}
}}

module "counted" {{
  source = "{GKE}"
  count  = 2

  configuration = {{
    apps = {{ region = "r${{count.index}}" }}
    ops  = {{}}
  }}
}}

module "single" {{
  source = "{GKE}"

  configuration = {{
    apps = {{ region = "europe-north1" }}
    ops  = {{ region = "europe-south1" }}
  }}
}}
"""
PLAIN = f"""
module "pool" {{
  source = "{POOL}"
  configuration = {{
    apps = {{ name = %s }}
    ops  = {{}}
  }}
}}
"""


@pytest.mark.parametrize(
    ("expression", "apps", "ops"),
    [
        ('module.gke["a"].current_config.region', "europe-west1", "ops-a"),
        ('module.gke["b"].current_config["name_prefix"]', "apps-b", "apps-b"),
        ("module.gke.a.current_config.region", "europe-west1", "ops-a"),
        ("module.counted[1].current_config.region", "r1", "r1"),
        ('join(",", module.counted[*].current_config.region)', "r0,r1", "r0,r1"),
        ('join(",", [for m in module.gke : m.current_config.region])', "europe-west1,us-east1", "ops-a,ops-b"),
        ('join(",", values(module.gke)[*].current_config.region)', "europe-west1,us-east1", "ops-a,ops-b"),
        ('join(",", keys(module.gke))', "a,b", "a,b"),
        ("tostring(length(module.counted))", "2", "2"),
        ("module.single.current_config.region", "europe-north1", "europe-south1"),
        ('join(",", keys(module.single))', *["current_config,current_metadata,default_ingress_ip,kubeconfig"] * 2),
        ('can(module.gke["c"]) ? "yes" : "no"', "no", "no"),
    ],
)
def test_current_config(tmp_path: Path, expression: str, apps: str, ops: str) -> None:
    loaded = read(tmp_path, {"main.tf": CLUSTERS + PLAIN % expression})
    assert refusals(loaded) == []
    assert effective(loaded, "name")["module.pool"] == {"apps": apps, "ops": ops}


@pytest.mark.parametrize("expression", ['module.gke["a"].kubeconfig', "module.single.kubeconfig"])
def test_what_only_apply_tells(tmp_path: Path, expression: str) -> None:
    loaded = read(tmp_path, {"main.tf": CLUSTERS + PLAIN % expression})
    assert refusals(loaded) == []
    value = effective(loaded, "name")["module.pool"]["apps"]
    assert isinstance(value, dict)
    assert value["$unknown"].endswith("kubeconfig is known after apply")


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ('module.gke["c"].current_config', 'this object has no attribute "c"'),
        ("module.gke.current_config", 'this object has no attribute "current_config"'),
        ('module.gke["a"].nothing', 'google/cluster has no output "nothing" at v0.19.2-beta.0'),
        ("module.single.nothing", 'google/cluster has no output "nothing" at v0.19.2-beta.0'),
        ("[for m in module.gke : m.nothing][0]", 'this object has no attribute "nothing"'),
    ],
)
def test_what_is_not_there(tmp_path: Path, expression: str, message: str) -> None:
    loaded = read(tmp_path, {"main.tf": CLUSTERS + PLAIN % expression})
    assert message in [text for _, text in refusals(loaded)]


def test_pools_of_every_cluster(tmp_path: Path) -> None:
    pools = f"""
module "pools" {{
  source   = "{POOL}"
  for_each = module.gke

  configuration = {{
    apps = {{ location = each.value.current_config.region, name = "pool-${{each.key}}" }}
    ops  = {{}}
  }}
}}

module "more" {{
  source = "{POOL}"
  count  = length(module.counted)

  configuration = {{
    apps = {{ location = module.counted[count.index].current_config["region"] }}
    ops  = {{}}
  }}
}}

module "keyed" {{
  source   = "{POOL}"
  for_each = toset(["a", "b"])

  configuration = {{
    apps = {{ location = module.gke[each.key].current_config["region"] }}
    ops  = {{}}
  }}
}}
"""
    loaded = read(tmp_path, {"main.tf": CLUSTERS + pools})
    assert refusals(loaded) == []
    found = effective(loaded, "location")
    assert {address: found[address] for address in found if "gke" not in address} == {
        'module.pools["a"]': {"apps": "europe-west1", "ops": "ops-a"},
        'module.pools["b"]': {"apps": "us-east1", "ops": "ops-b"},
        "module.more[0]": {"apps": "r0", "ops": "r0"},
        "module.more[1]": {"apps": "r1", "ops": "r1"},
        'module.keyed["a"]': {"apps": "europe-west1", "ops": "ops-a"},
        'module.keyed["b"]': {"apps": "us-east1", "ops": "ops-b"},
        "module.counted[0]": {},
        "module.counted[1]": {},
        "module.single": {},
    }


def test_outputs_of_instances_apart(tmp_path: Path) -> None:
    """Two instances may need each other's outputs, as long as no single output goes in a circle."""
    module = 'variable "in" {}\noutput "plain" { value = "p" }\noutput "out" { value = "${var.in}!" }\n'
    calls = """
module "one" {
  source   = "./m"
  for_each = { x = 1 }
  in       = module.two["y"].plain
}
module "two" {
  source   = "./m"
  for_each = { y = 1 }
  in       = module.one["x"].out
}
"""
    loaded = read(tmp_path, {"main.tf": calls + PLAIN % 'module.two["y"].out', "m/main.tf": module})
    assert refusals(loaded) == []
    assert effective(loaded, "name")["module.pool"] == {"apps": "p!!", "ops": "p!!"}


LACKING = f"""
module "gke" {{
  source        = "%s"
  configuration = {{ apps = {{ %s = "r" }}, ops = {{}} }}
}}

module "pool" {{
  source           = "{POOL}"
  cluster_metadata = module.gke.current_metadata
  configuration    = {{ apps = {{ location = module.gke.current_config["%s"] }}, ops = {{}}, loc = {{}} }}
}}
"""


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"main.tf": LACKING % (GKE, "region", "region")}, id="a pinned cluster"),
        pytest.param({**VENDORED, "main.tf": LACKING % ("./vendor/google/cluster", "name", "name")}, id="a copy"),
    ],
)
def test_a_cluster_without_an_environment_of_its_pool(files: dict[str, str], tmp_path: Path) -> None:
    """That the environments differ is said once, of the modules and not of the framework's code."""
    loaded = read(tmp_path, files)
    assert refusals(loaded) == []
    [(rule, place, message)] = findings(loaded, "environment-set-mismatch", "unresolved-value", "invalid-expression")
    assert (rule, place) == ("environment-set-mismatch", "main.tf:10")
    assert message.startswith("module.pool has loc, but module.gke does not")
