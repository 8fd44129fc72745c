"""Repositories through Terraform: agreement where kslint is right, and words where it cannot be told."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kubestack_lint import load
from kubestack_lint.verify.judge import Verdict
from kubestack_lint.verify.replay import Settings, verify
from tests.verify.library import (
    VENDORED,
    Library,
    assert_agrees,
    merge,
    module,
    outcomes,
    terraform,
    terraforms,
    write,
)

pytestmark = pytest.mark.oracle

PINNED = "github.com/kbst/terraform-kubestack//google/cluster?ref="
OLD = "v0.9.2-beta.1"
RELEASED = "v0.19.2-beta.0"

TYPED = """
variable "prefix" {
  default = "kb"
}

variable "nobody_sets_it" {
  type = object({ n = number, s = optional(string) })
}

locals {
  zones  = { apps = ["a", "b"], ops = ["a"] }
  broken = file("nowhere")
}

resource "google_project" "main" {}

data "google_zones" "all" {}

module "one" {
  source    = "../vendor/google/cluster"
  providers = { google = google.eu }

  configuration = {
    apps = {
      name    = "${var.prefix}-apps"
      size    = 1.30
      zones   = local.zones.apps
      tags    = { team = "a", cost = google_project.main.number }
      pool    = { machine = "e2", labels = { a = "b" }, disk = "100" }
      scopes  = ["b", "a"]
      taints  = [{ key = "x" }, { key = "y", value = null }]
      dropped = 1
    }
    ops = {
      size  = var.nobody_sets_it.n
      zones = data.google_zones.all.names
      tags = { team = "", more = <<-EOT
        several ${var.prefix}
          lines
      EOT
      }
      pool = { disk = "7.5" }
      spot = "true"
    }
    loc = { name = module.network.id, zones = [for module in ["a"] : module] }
  }

  depends_on = [google_project.main]
}

module "network" {
  source = "terraform-aws-modules/vpc/aws"
}

module "after" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { name = module.one.kubeconfig }, ops = {} }
}
"""
INSTANCES = """
module "many" {
  source                   = "../vendor/google/cluster"
  for_each                 = { "europe-west1" = "eu", "us.east" = "us", "$${a}" = "odd" }
  configuration_base_key   = "prod"
  configuration = {
    prod = { name = each.key, tags = { region = each.value } }
    dev  = { size = length(each.value) }
  }
}

module "counted" {
  source        = "../vendor/google/cluster"
  count         = 2
  configuration = { apps = { name = "c${count.index}" }, ops = {} }
}
"""
WORKSPACE = """
locals {
  sizes = { apps = 5, ops = 1 }
}

module "conditional" {
  source = "../vendor/google/cluster"
  configuration = {
    apps = { name = "a", size = terraform.workspace == "ops" ? 1 : 5 }
    ops  = { name = terraform.workspace, tags = { size = local.sizes[terraform.workspace] } }
  }
}

module "plain" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { name = "a" }, ops = {} }
}
"""
VARYING = """
locals {
  regions = { apps = ["eu", "us"], ops = ["eu"], loc = [] }
}

module "one" {
  source   = "../vendor/google/cluster"
  for_each = toset(local.regions[terraform.workspace])

  configuration = {
    apps = { name = each.key, size = length(local.regions[terraform.workspace]) }
    ops  = { tags = { t = "$${each.key}" } }
    loc  = {}
  }
}

module "counted" {
  source        = "../vendor/google/cluster"
  count         = length(module.one)
  configuration = { apps = { name = "n${count.index}" }, ops = { size = count.index }, loc = {} }
}

module "each" {
  source        = "../vendor/google/cluster"
  for_each      = module.one
  configuration = { apps = { name = each.value.current_config.name }, ops = {}, loc = {} }
}

module "listed" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { zones = [for m in module.one : m.current_config.name] }, ops = {}, loc = {} }
}
"""
WRAPPED = {
    "infra/main.tf": """
module "platform" {
  source   = "./platform"
  for_each = toset(["x", "y"])
  name     = each.key
}
""",
    "infra/platform/main.tf": """
variable "name" {
  type = string

  validation {
    condition     = length(var.name) > 0
    error_message = "A name is needed."
  }
}

module "inner" {
  source = "./inner"
  settings = {
    apps = { name = var.name, size = module.labels.size, pool = { machine = module.labels.machine } }
    ops  = { tags = { t = "ops" } }
  }
}

module "labels" {
  source = "./labels"
}
""",
    "infra/platform/labels/main.tf": """
resource "google_thing" "x" {}

output "size" {
  value = 4
}

output "machine" {
  value      = google_thing.x.id
  depends_on = [google_thing.x]
}
""",
    "infra/platform/inner/main.tf.json": json.dumps(
        {
            "variable": {"settings": {"type": "any"}},
            "locals": [{"suffix": "-z", "unused": "${nothing_of.that_name}"}],
            "resource": {"google_thing": {"y": {}}},
            "module": {
                "gke": {
                    "source": "../../../vendor/google/cluster",
                    "providers": {"google": "google.eu"},
                    "configuration": {
                        "apps": '${merge(var.settings.apps, { name = "${var.settings.apps.name}${local.suffix}", '
                        "zones = [google_thing.y.id] })}",
                        "ops": "${var.settings.ops}",
                    },
                }
            },
        }
    ),
}
OUTPUTS = f"""
module "one" {{
  source        = "../vendor/google/cluster"
  configuration = {{ apps = {{ name = "a", size = 3, tags = {{ a = "b" }} }}, ops = {{ size = "4" }} }}
}}

module "pinned" {{
  source        = "{PINNED}{RELEASED}"
  configuration = {{ apps = {{ region = "x" }}, ops = {{ region = module.one.current_config.tags.a }} }}
}}

module "pool" {{
  source = "../vendor/google/cluster"
  configuration = {{
    apps = {{ size = module.one.current_config.size, name = module.pinned.current_config["region"] }}
    ops  = {{ zones = [module.one.kubeconfig] }}
  }}
}}
"""
OVERRIDDEN = {
    "infra/main.tf": """
module "one" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { name = "first" }, ops = {} }
}

locals {
  size = 1
}
""",
    "infra/override.tf": """
module "one" {
  configuration = { apps = { name = "second", size = local.size }, ops = {} }
}

locals {
  size = 2
}
""",
}
FILES = {
    "infra/main.tf": """
module "one" {
  source        = "../vendor/google/cluster"
  configuration = yamldecode(file("${path.module}/../environments/all.yaml"))
}

module "listed" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { zones = fileset("${path.module}/../environments", "*.yaml") }, ops = {} }
}
""",
    "environments/all.yaml": "apps: {name: a, size: 3, tags: {k: v}}\nops: {size: '4'}\n",
}
SENSITIVE = """
variable "secret" {
  default   = "hidden"
  sensitive = true
}

module "one" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { name = var.secret, size = 1 }, ops = { tags = { s = var.secret } } }
}
"""


@pytest.mark.parametrize("name", terraforms())
@pytest.mark.parametrize(
    ("files", "addresses"),
    [
        pytest.param({"infra/main.tf": TYPED}, ["module.one", "module.after"], id="typed and unknown"),
        pytest.param(
            {"infra/main.tf": INSTANCES},
            [
                *(f'module.many["{key}"]' for key in ("$${a}", "europe-west1", "us.east")),
                *("module.counted[0]", "module.counted[1]"),
            ],
            id="instances",
        ),
        pytest.param(
            {"infra/main.tf": VARYING},
            [
                *(f"module.{name}" for name in ('one["eu"]', 'one["us"]', "counted[0]", "counted[1]")),
                *('module.each["eu"]', 'module.each["us"]', "module.listed"),
            ],
            id="instances by workspace",
        ),
        pytest.param({"infra/main.tf": WORKSPACE}, ["module.conditional", "module.plain"], id="workspaces"),
        pytest.param(
            WRAPPED, [f'module.platform["{key}"].module.inner.module.gke' for key in "xy"], id="wrapped two deep"
        ),
        pytest.param(OVERRIDDEN, ["module.one"], id="override files"),
        pytest.param(FILES, ["module.one", "module.listed"], id="files"),
        pytest.param({"infra/main.tf": SENSITIVE}, ["module.one"], id="sensitive"),
    ],
)
def test_agrees(name: str, files: Mapping[str, str], addresses: list[str], tmp_path: Path) -> None:
    repository = write(tmp_path / "repository", {**VENDORED, **files})
    assert_agrees(outcomes(repository, terraform(name), tmp_path / "copy", "infra"), *addresses)


@pytest.mark.parametrize("name", terraforms())
def test_directories_behind_links(name: str, tmp_path: Path) -> None:
    """path.module is that of the directory behind a link; dots are taken off before links are followed."""
    call = 'module "%s" {\n  source = "%s"\n}\n'
    text = """
module "one" {
  source        = "../../vendor/google/cluster"
  configuration = { apps = { name = path.module, tags = { t = file("${path.module}/text") } }, ops = {} }
}
"""
    files = {
        "infra/main.tf": call % ("direct", "../shared/a b") + call % ("linked", "../link") + call % ("up", "../link/../c"),
        "shared/a b/main.tf": text,
        "shared/a b/text": "ab",
        "c/main.tf": text.replace("../../vendor", "../vendor"),
        "c/text": "c",
    }
    repository = write(tmp_path / "repository", {**VENDORED, **files})
    (repository / "link").symlink_to("shared/a b")
    found = outcomes(repository, terraform(name), tmp_path / "copy", "infra")
    assert_agrees(found, *(f"module.{call}.module.one" for call in ("direct", "linked", "up")))


def test_what_one_block_gets_from_another(checkout: Path, tmp_path: Path) -> None:
    repository = write(tmp_path / "repository", {**VENDORED, "infra/main.tf": OUTPUTS})
    found = outcomes(repository, Library(), tmp_path / "copy", "infra", checkouts=[checkout])
    assert_agrees(found, "module.one", "module.pinned", "module.pool")


def test_an_output_of_a_module_that_is_not_at_hand(tmp_path: Path) -> None:
    repository = write(tmp_path / "repository", {**VENDORED, "infra/main.tf": OUTPUTS})
    found = outcomes(repository, Library(), tmp_path / "copy", "infra")
    missing = "its code is neither downloaded by terraform init nor given by --modules"
    assert found["module.one"].verdict is Verdict.AGREES
    assert found["module.pinned"].reason == missing
    assert found["module.pool"].reason == f"it reads an output of module.pinned: {missing}"


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository like Kubestack's, with a version that merges inline and one with common/configuration."""
    directory = tmp_path_factory.mktemp("checkouts") / "terraform-kubestack"
    directory.mkdir()

    def git(*arguments: str) -> None:
        identity = {f"GIT_{who}_{what}": "x@y.z" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        command = ["git", "-C", str(directory), "-c", "commit.gpgsign=false", *arguments]
        subprocess.run(command, env={**os.environ, **identity}, check=True, capture_output=True)

    def release(tag: str, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / name).write_text(text, encoding="utf-8")
        git("add", "-A")
        git("commit", "-m", tag)
        git("tag", tag)

    git("init", "-q")
    inline = """
variable "configuration" {
  type = map(map(string))
}

locals {
  envs = {
    ops  = merge(var.configuration.apps, var.configuration.ops)
    apps = var.configuration.apps
  }
}
"""
    release(OLD, {"google/cluster/main.tf": inline})
    released = module("map(map(string))", nullable="true")
    release(RELEASED, {"google/cluster/main.tf": released, "common/configuration/main.tf": merge("L5")})
    release("v9.9.9", {"common/configuration/main.tf": "# nothing"})
    return directory


COMMA = {
    "main.tf": f"""
module "gke_zero" {{
  source        = "{PINNED}{RELEASED}"
  configuration = var.clusters["gke_zero"]
}}

module "older" {{
  source        = "{PINNED}{OLD}"
  configuration = var.clusters["gke_zero"]
}}
""",
    "variables.tf": 'variable "clusters" {\n  type = map(map(map(string)))\n}\n',
    "config.auto.tfvars": """
clusters = {
  gke_zero = {
    apps = { zones = "a,b,c", count = 1.30, public = true, empty = "" }
    ops  = { zones = "", count = 1e3 }
  }
}
""",
}


@pytest.mark.parametrize("name", terraforms())
def test_comma_strings_at_pinned_versions(name: str, checkout: Path, tmp_path: Path) -> None:
    repository = write(tmp_path / "repository", COMMA)
    found = outcomes(repository, terraform(name), tmp_path / "copy", checkouts=[checkout])
    assert_agrees(found, "module.gke_zero", "module.older")


def test_values_files(checkout: Path, tmp_path: Path) -> None:
    other = COMMA["config.auto.tfvars"].replace("1e3", "7")
    repository = write(tmp_path / "repository", {**COMMA, "other.tfvars": other})
    found = outcomes(
        repository, Library(), tmp_path / "copy", checkouts=[checkout], var_files=[repository / "other.tfvars"]
    )
    assert_agrees(found, "module.gke_zero", "module.older")


def test_what_init_downloaded(checkout: Path, tmp_path: Path) -> None:
    downloaded = ".terraform/modules/gke_zero"
    source = f"git::https://github.com/kbst/terraform-kubestack.git//google/cluster?ref={RELEASED}"
    entries = [
        {"Key": "", "Source": "", "Dir": "."},
        {"Key": "gke_zero", "Source": source, "Dir": f"{downloaded}/google/cluster"},
    ]
    files = {
        **COMMA,
        f"{downloaded}/google/cluster/main.tf": module("map(map(string))", nullable="true"),
        f"{downloaded}/common/configuration/main.tf": merge("L5"),
        ".terraform/modules/modules.json": json.dumps({"Modules": entries}),
    }
    found = outcomes(write(tmp_path / "repository", files), Library(), tmp_path / "copy")
    assert found["module.gke_zero"].verdict is Verdict.AGREES
    assert found["module.older"].verdict is Verdict.UNVERIFIED
    assert found["module.older"].reason == "its code is neither downloaded by terraform init nor given by --modules"


def test_another_version_was_downloaded(tmp_path: Path) -> None:
    source = "git::https://github.com/kbst/terraform-kubestack.git//google/cluster?ref=v0.18.0-beta.0"
    manifest = json.dumps({"Modules": [{"Key": "gke_zero", "Source": source, "Dir": "."}]})
    repository = write(tmp_path / "repository", {**COMMA, ".terraform/modules/modules.json": manifest})
    found = outcomes(repository, Library(), tmp_path / "copy")["module.gke_zero"]
    assert found.verdict is Verdict.UNVERIFIED
    assert found.reason == f"terraform init downloaded {source} for it; run it again"


WITH_ERRORS = """
variable "small" {
  default = 5

  validation {
    condition     = var.small < 9
    error_message = "Too large."
  }
}

locals {
  typo = local.nothing
}

module "wrong" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { size = "many" }, ops = {} }
}

module "based_on_nothing" {
  source        = "../vendor/google/cluster"
  configuration = { ops = { size = 1 } }
}

module "typo" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { name = local.typo }, ops = {} }
}

module "right" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { size = var.small }, ops = {} }
}
"""


@pytest.mark.parametrize("name", terraforms())
def test_what_kslint_refuses_terraform_must_refuse_too(name: str, tmp_path: Path) -> None:
    repository = write(tmp_path / "repository", {**VENDORED, "infra/main.tf": WITH_ERRORS})
    found = outcomes(repository, terraform(name), tmp_path / "copy", "infra")
    assert {outcome.verdict for outcome in found.values()} == {Verdict.AGREES}
    assert found["module.right"].reason == ""
    assert "both refuse it; Terraform says: Invalid value for input variable" in found["module.wrong"].reason
    assert "both refuse it; Terraform says: Invalid index" in found["module.based_on_nothing"].reason
    assert "both refuse it; Terraform says: Reference to undeclared local value" in found["module.typo"].reason


def test_an_instance_too_many_or_too_few(tmp_path: Path) -> None:
    """What we say about instances of a workspace is compared like any value."""
    repository = write(tmp_path / "repository", {**VENDORED, "infra/main.tf": VARYING})
    loaded = load(repository / "infra")
    one = [i for i in loaded.inheritances if i.block.address.startswith("module.one")]
    eu, us = (
        replace(i, block=replace(i.block, absent=absent))
        for i, absent in zip(one, ({"ops": one[0].block.span}, {}), strict=True)
    )
    us = replace(us, block=replace(us.block, environments=("apps", "ops")))
    settings = Settings(Library(), tmp_path / "copy")
    found = {o.address: o for o in verify(loaded.project, [eu, us], settings)}
    assert {outcome.verdict for outcome in found.values()} == {Verdict.DIFFERS}
    assert [(m.environment, m.ours, m.theirs) for o in found.values() for m in o.mismatches] == [
        ("ops", "no such instance of this call", "an instance of it"),
        ("ops", "an instance of this call", "none"),
    ]


TEMPLATES = """
locals {
  text = templatefile("${path.module}/wrong.tpl", { n = 1 })
}

module "direct" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { name = templatefile("${path.module}/wrong.tpl", { n = 1 }) }, ops = {} }
}

module "through_a_local" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { name = upper(local.text) }, ops = {} }
}

module "right" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { name = templatefile("${path.module}/right.tpl", { n = 1 }) }, ops = {} }
}
"""


def test_errors_inside_of_templates(tmp_path: Path) -> None:
    """They are in no configuration file, and still the fault of the blocks that read them."""
    files = {"infra/main.tf": TEMPLATES, "infra/wrong.tpl": "a ${n.nothing}", "infra/right.tpl": "a ${n}"}
    found = outcomes(write(tmp_path / "repository", {**VENDORED, **files}), Library(), tmp_path / "copy", "infra")
    assert sorted(found) == ["module.direct", "module.right", "module.through_a_local"]
    assert {outcome.verdict for outcome in found.values()} == {Verdict.AGREES}
    assert found["module.right"].reason == ""
    for name in ("module.direct", "module.through_a_local"):
        assert "both refuse it; Terraform says: Error in function call" in found[name].reason


def test_both_refuse_what_a_validation_forbids(tmp_path: Path) -> None:
    files = {**VENDORED, "infra/main.tf": WITH_ERRORS, "infra/terraform.tfvars": "small = 10\n"}
    found = outcomes(write(tmp_path / "repository", files), Library(), tmp_path / "copy", "infra")["module.right"]
    assert found.verdict is Verdict.AGREES
    assert found.reason.startswith("both refuse it; Terraform says: Invalid value for variable: Too large.")


SIMPLE = 'module "m" {{\n  source = "{}"\n  configuration = {{ apps = {{ name = "a" }}, ops = {{}} }}\n}}\n'
UNVERIFIABLE = {
    "unknown instances": (
        'resource "a_b" "c" {}\nmodule "m" {\n  source = "../vendor/google/cluster"\n  for_each = a_b.c.names\n'
        '  configuration = { apps = { name = "x" }, ops = {} }\n}\n',
        "its instances are known only after apply, so Terraform cannot plan it either",
    ),
    "Terraform 0.11": (
        SIMPLE.format(PINNED + "v0.3.0-beta.0"),
        "it is a module for Terraform 0.11, which no current Terraform can read",
    ),
    "no such version": (
        SIMPLE.format(PINNED + "v7"),
        "terraform-kubestack has no version v7; terraform init has not downloaded it",
    ),
    "no such module": (
        SIMPLE.format(PINNED.replace("google/", "azurerm/") + RELEASED),
        f"terraform-kubestack has no azurerm/cluster at {RELEASED}; terraform init has not downloaded it",
    ),
    "no module we know": (
        SIMPLE.format("example.com/a/b/c"),
        "terraform init has not downloaded it",
    ),
    "named after the workspace": (
        'module "m" {\n  source = "../vendor/google/cluster"\n  configuration_base_key = terraform.workspace\n'
        "  configuration = { (terraform.workspace) = { size = 1 } }\n}\n",
        "its environments are named after whatever workspace there is",
    ),
}


@pytest.mark.parametrize(("text", "reason"), UNVERIFIABLE.values(), ids=UNVERIFIABLE.keys())
def test_says_what_cannot_be_verified(text: str, reason: str, checkout: Path, tmp_path: Path) -> None:
    repository = write(tmp_path / "repository", {**VENDORED, "infra/main.tf": text})
    found = outcomes(repository, Library(), tmp_path / "copy", "infra", checkouts=[checkout])
    outcome = next(iter(found.values()))
    assert outcome.verdict is Verdict.UNVERIFIED
    assert outcome.reason == reason


def test_what_depends_on_the_machine_is_not_verified(tmp_path: Path) -> None:
    text = SIMPLE.format("../vendor/google/cluster").replace('"a"', "path.cwd")
    repository = write(tmp_path / "repository", {**VENDORED, "infra/main.tf": text})
    found = outcomes(repository, Library(), tmp_path / "copy", "infra")["module.m"]
    assert (found.verdict, found.reason) == (Verdict.UNVERIFIED, "kslint calls a value unknown that Terraform knows")
    assert [(m.environment, m.path, m.unclaimed) for m in found.mismatches] == [
        ("apps", "name", True),
        ("ops", "name", True),
    ]


def test_kubestack_itself(tmp_path: Path) -> None:
    checkout = os.environ.get("KUBESTACK_CHECKOUT")
    if not checkout:
        pytest.skip("KUBESTACK_CHECKOUT names no checkout of terraform-kubestack")
    cluster = (
        'module "m{index}" {{\n  source = "github.com/kbst/terraform-kubestack//{path}?ref={ref}"\n'
        "  configuration = {{\n    apps = {configuration}\n    ops = {{ {key} = null }}\n  }}\n}}\n"
    )
    stringly = '{ name_prefix = "a", size = 1.30, region = "" }'
    typed = '{ name_prefix = "a", default_node_pool = { disk_size_gb = "100" }, deletion_protection = "false" }'
    pool = '{ name = "a", min_size = 1, max_size = 3, desired_capacity = 2, instance_types = "x", disk_size = 30 }'
    calls = [
        ("google/cluster", "v0.4.0-beta.0", stringly, "name_prefix"),
        ("aws/cluster", "v0.9.2-beta.1", stringly, "name_prefix"),
        ("kind/cluster", "v0.9.4-beta.0", stringly, "size"),
        ("google/cluster", "v0.13.0-beta.1", stringly, "region"),
        ("azurerm/cluster", "v0.19.2-beta.0", stringly, "region"),
        ("aws/cluster/node-pool", "v0.17.1-beta.0", pool, "name"),
        ("google/cluster", "master", typed, "name_prefix"),
    ]
    text = "".join(
        cluster.format(index=index, path=path, ref=ref, configuration=configuration, key=key)
        for index, (path, ref, configuration, key) in enumerate(calls)
    )
    found = outcomes(write(tmp_path / "r", {"main.tf": text}), Library(), tmp_path / "copy", checkouts=[Path(checkout)])
    assert {address: (o.verdict, o.mismatches) for address, o in found.items()} == dict.fromkeys(
        (f"module.m{index}" for index in range(len(calls))), (Verdict.AGREES, ())
    )
    assert found["module.m5"].note == "without its `experiments`, which no current Terraform takes"
