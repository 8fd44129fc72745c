"""schemas/kubestack: the form of the files, well known facts in them, and how versions are read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kubestack_lint.values.declared import parse_type

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import build_schemas  # noqa: E402
from kubestack_schemas import merges  # noqa: E402
from kubestack_schemas.facts import release_order  # noqa: E402

FOLDER = ROOT / "schemas/kubestack"
FACTS = ROOT / "scripts/facts"


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


INDEX = read(FOLDER / "index.json")
COMMITS = read(FOLDER / "commits.json")
VERSIONS = [*INDEX["tags"], *INDEX["branches"].values()]
FILES = {**INDEX["modules"], "catalog": INDEX["catalog"]["file"]}
FRAMEWORK = sorted(INDEX["modules"])


def document(module: str) -> Any:
    return read(FOLDER / FILES[module])


def variant(module: str, version: str) -> Any:
    return next(one for one in document(module)["variants"] if version in one["tags"])


def attribute(module: str, version: str, path: str) -> Any:
    return variant(module, version)["attributes"][path]


def violations(schema: str, instance: Any) -> list[str]:
    contract = read(ROOT / "schemas" / schema)
    Draft202012Validator.check_schema(contract)
    return [error.message for error in Draft202012Validator(contract).iter_errors(instance)]


# The form of the files


def test_the_index_keeps_to_its_schema() -> None:
    assert violations("kubestack-index.schema.json", INDEX) == []


@pytest.mark.parametrize("module", sorted(FILES))
def test_a_module_keeps_to_its_schema(module: str) -> None:
    assert violations("kubestack-module.schema.json", document(module)) == []


def test_the_schemas_refuse_what_they_do_not_describe() -> None:
    broken = document("google/cluster")
    broken["variants"][0]["attributes"]["region"]["condition"] = "true"
    broken["variants"][0]["attributes"]["region"].pop("required")
    broken["variants"][1]["surprise"] = 1
    found = violations("kubestack-module.schema.json", broken)
    assert "'required' is a dependency of 'condition'" in found
    assert any("'surprise' was unexpected" in message for message in found)
    assert violations("kubestack-index.schema.json", {**INDEX, "newest_release": "newest"})


def test_every_file_is_named_in_the_index() -> None:
    named = {*FILES.values(), "index.json", "commits.json"}
    found = sorted(path.name for path in FOLDER.iterdir())
    assert found == sorted(named)
    for module in FILES:
        assert document(module)["module"] == module


@pytest.mark.parametrize("module", sorted(FILES))
def test_every_type_is_a_terraform_type(module: str) -> None:
    for one in document(module)["variants"]:
        typed = [*one.get("arguments", {}).values(), *one.get("attributes", {}).values()]
        for entry in [*typed, one.get("configuration", {"type": "any"})]:
            parse_type(entry["type"])


@pytest.mark.parametrize("module", FRAMEWORK)
def test_every_version_of_a_module_has_exactly_one_variant(module: str) -> None:
    listed = [tag for one in document(module)["variants"] for tag in one["tags"]]
    first, last = VERSIONS.index(listed[0]), VERSIONS.index(listed[-1])
    assert listed == VERSIONS[first : last + 1]


@pytest.mark.parametrize("module", FRAMEWORK)
def test_adjacent_variants_differ(module: str) -> None:
    contents = [{**one, "tags": None} for one in document(module)["variants"]]
    assert all(before != after for before, after in pairwise(contents))


@pytest.mark.parametrize("module", sorted(FILES))
def test_attributes_are_the_ones_of_the_configuration_type(module: str) -> None:
    for one in document(module)["variants"]:
        for path, entry in one.get("attributes", {}).items():
            if "." not in path and "object(" in one["configuration"]["type"]:
                member = f"{path} = optional({entry['type']})"
                assert member in one["configuration"]["type"]


@pytest.mark.parametrize("module", FRAMEWORK)
def test_renames_lead_from_what_was_to_what_is(module: str) -> None:
    for row in document(module).get("renames", []):
        names = "arguments" if row.get("argument") else "attributes"
        before = VERSIONS[VERSIONS.index(row["since"]) - 1]
        assert row["from"] in variant(module, before)[names]
        after = variant(module, row["since"])[names]
        assert row["to"] in after if row["to"] else row["from"] not in after


# Well known facts


def test_the_index_knows_versions_and_their_merge() -> None:
    assert sorted(VERSIONS, key=release_order) == VERSIONS
    assert INDEX["tags"][48] == "v0.19.2-beta.0"
    assert INDEX["newest_release"] == INDEX["tags"][-1]
    assert list(INDEX["merge"]) == VERSIONS
    starts = {generation: tag for tag, generation in reversed(INDEX["merge"].items())}
    assert INDEX["merge"]["master"] == "L6"
    assert {generation: starts[generation] for generation in sorted(starts)[:6]} == {
        "L0": "v0.1.0-alpha.0",
        "L1": "v0.4.0-beta.0",
        "L2": "v0.9.3-beta.0",
        "L3": "v0.13.0-beta.0",
        "L4": "v0.13.0-beta.1",
        "L5": "v0.14.0-beta.0",
    }
    assert INDEX["catalog"]["merge"] == "L5"


def test_a_released_cluster_takes_strings_and_has_defaults() -> None:
    released = variant("google/cluster", "v0.19.2-beta.0")
    assert released["configuration"] == {"type": "map(map(string))", "nullable": True}
    assert released["attributes"]["cluster_min_node_count"]["default"] == "1"
    assert released["attributes"]["region"]["required"] == "Invalid index"
    assert released["attributes"]["cluster_node_locations"]["format"] == "comma-separated string"
    assert "default_node_pool" not in released["attributes"]


def test_an_untyped_map_of_terraform_0_11_is_legacy() -> None:
    untyped = variant("google/cluster", "v0.3.0-beta.0")["configuration"]
    assert untyped == {"type": "map(any)", "legacy": True, "nullable": True}


def test_master_nests_the_node_pool_and_requires_its_size() -> None:
    size = attribute("google/cluster", "master", "default_node_pool.min_node_count")
    assert size == {
        "type": "number",
        "required": "missing required configuration attribute: min_node_count",
    }
    taints = attribute("google/cluster", "master", "default_node_pool.taints")
    assert taints["type"] == "set(object({key = string, value = string, effect = string}))"
    assert attribute("google/cluster", "master", "default_node_pool.taints[].key")["type"] == "string"


def test_what_is_required_only_under_a_condition_says_so() -> None:
    pool = attribute("azurerm/cluster", "master", "default_node_pool.min_count")
    assert pool["condition"] == "default_node_pool.enable_auto_scaling != false"
    node_type = attribute("scaleway/cluster", "master", "default_node_pool.node_type")
    assert node_type["condition"] == "try(length(default_node_pool.zones), 0) > 0"


def test_what_is_only_meant_to_be_required_is_not_required() -> None:
    for path in ("name_prefix", "cluster_min_master_version"):
        entry = attribute("google/cluster", "master", path)
        assert entry["intended"]
        assert "required" not in entry
    assert "required" not in attribute("scaleway/cluster/node-pool", "master", "zones")


def test_every_verified_requirement_of_master_has_its_message() -> None:
    table = read(FACTS / "modules.json")["effective_required_on_master"]
    for module, entry in table.items():
        hard = {path for key in entry if key.startswith("hard") for path in entry[key]}
        attributes = variant(module, "master")["attributes"]
        assert {path for path in attributes if "required" in attributes[path]} == hard


def test_a_cluster_tolerates_what_its_local_variant_reads() -> None:
    local = variant("google/cluster", "v0.19.2-beta.0")["local_attributes"]
    assert local == ["http_port", "https_port", "node_image"]
    assert "local_attributes" not in variant("google/cluster", "master")
    assert "local_attributes" not in variant("google/cluster", "v0.9.4-beta.0")


def test_what_nothing_reads_is_known() -> None:
    def unread(module: str) -> list[str]:
        attributes = variant(module, "master")["attributes"]
        return [path for path, entry in attributes.items() if "never_read" in entry]

    assert unread("google/cluster") == ["default_node_pool.remove_default_node_pool"]
    assert unread("google/cluster/node-pool") == ["guest_accelerator.gpu_partition_size"]
    expected = ["cluster_vpc_subnet_newbits", "default_node_pool.root_device_encrypted"]
    assert unread("aws/cluster") == expected


def test_renames_have_one_row_for_each_old_name() -> None:
    rows = {row["from"]: row for row in document("google/cluster")["renames"]}
    assert rows["cluster_min_node_count"] == {
        "from": "cluster_min_node_count",
        "to": "default_node_pool.min_node_count",
        "since": "master",
    }
    assert rows["cluster_node_locations"]["note"] == "comma string -> list(string)"
    removed = {row["from"]: row for row in document("azurerm/cluster")["renames"]}
    assert removed["agent_pool_profile_os_type"]["to"] is None
    assert removed["manifest_path"]["argument"] is True


def test_modules_come_and_go() -> None:
    lives = {
        module: (document(module)["variants"][0]["tags"][0], document(module)["variants"][-1]["tags"][-1])
        for module in FRAMEWORK
    }
    assert lives["kind/cluster"] == ("v0.2.1-beta.0", "v0.19.2-beta.0")
    assert lives["google/cluster-local"] == ("v0.10.0-beta.0", "v0.19.2-beta.0")
    assert lives["google/cluster/node-pool"] == ("v0.16.0-beta.0", "master")
    for module in ("kustomization/overlay", "scaleway/cluster"):
        first, last = lives[module]
        assert first not in INDEX["tags"][:49]
        assert last == "master"


def test_every_commit_is_listed_once_with_a_generation() -> None:
    listed = [sha for groups in COMMITS.values() for shas in groups.values() for sha in shas]
    assert len(listed) == len(set(listed)) >= 674
    assert all(len(sha) == 12 for sha in listed)
    assert list(COMMITS) == [version for version in VERSIONS if version in COMMITS]
    assert {generation for groups in COMMITS.values() for generation in groups} == {*INDEX["merge"].values()}
    # The commit that brought the nested merge, and the head of master behind it.
    assert {"fe84339", "e70912c"} <= {sha[:7] for sha in COMMITS["master"]["L6"]}


# The script


def test_the_files_are_what_the_script_writes() -> None:
    assert build_schemas.main(["--check"]) == 0


def test_a_changed_missing_or_left_over_file_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "schemas"
    shutil.copytree(FOLDER, output)
    (output / "index.json").write_text("{}", encoding="utf-8")
    (output / "kind-cluster.json").unlink()
    (output / "old.json").write_text("{}", encoding="utf-8")
    assert build_schemas.main(["--check", "--output", str(output)]) == 1
    reported = capsys.readouterr().out.splitlines()
    assert [line.removeprefix(str(output) + os.sep) for line in reported] == [
        "kind-cluster.json: is not what would be written",
        "index.json: is not what would be written",
        "old.json: would be removed",
    ]
    assert build_schemas.main(["--output", str(output)]) == 0
    assert build_schemas.main(["--check", "--output", str(output)]) == 0


LOGIC = 'output "merged" { value = local.merged }\n'

CLUSTER = """
variable "configuration" {
  type = map(object({
    region = optional(string)
    zones  = optional(list(string), ["a"])
    unread = optional(bool)
    default_node_pool = optional(object({
      min_size    = optional(number)
      autoscaling = optional(bool)
      taints      = optional(set(object({ key = string })))
    }))
  }))
  nullable = false
}

variable "cluster_metadata" {
  type    = map(string)
  default = {
    a = "b"
    c = "d  e"
  }
}

variable "sizes" {
  type = list(number)
  default = [
    1,
    2,
  ]
}

locals {
  cfg = module.configuration.merged[terraform.workspace]
}

resource "google_container_cluster" "current" {
  location   = local.cfg.region
  zones      = try(coalesce(local.cfg.zones, null), ["b", "c"])
  taints     = local.cfg.default_node_pool.taints
  autoscaled = (
    local.cfg.default_node_pool.autoscaling == null ? true : local.cfg.default_node_pool.autoscaling
  )
  min_size   = try(local.cfg.default_node_pool.min_size, null)

  lifecycle {
    precondition {
      condition     = local.cfg.region != null && local.cfg.unread != null
      error_message = "missing required configuration attribute: region"
    }
    precondition {
      condition = (
        try(coalesce(local.cfg.default_node_pool.autoscaling, null), true) == false
        || local.cfg.default_node_pool.min_size != null
      )
      error_message = "missing required configuration attribute: default_node_pool.min_size"
    }
  }
}

output "current_config" {
  value = local.cfg
}
"""

LEGACY_CLUSTER = """
variable "configuration" {
  type = "map"
}

locals {
  cfg    = "${local.workspaces[terraform.workspace]}"
  region = "${lookup(local.cfg, "region")}"
  name   = local.cfg["name"]
  lookup = lookup(local.cfg, "zones", "a,b")
  zones  = split(",", local.lookup)
  pairs  = [for t in split(",", lookup(local.cfg, "labels", "")) : split("=", t)]
}
"""

RELEASE = "v0.90.0-beta.0"


@pytest.fixture
def upstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small terraform-kubestack with one tag, whose merge logic counts as L6."""
    folder = tmp_path / "upstream"
    write(folder / "common/configuration/outputs.tf", LOGIC)
    write(folder / "google/cluster/main.tf", CLUSTER)
    write(folder / "kind/cluster/configuration.tf", LEGACY_CLUSTER)
    write(folder / "google/_modules/gke/main.tf", 'variable "configuration" {}\n')
    git(folder, "init", "--quiet")
    commit(folder, RELEASE)
    blob = git(folder, "rev-parse", "HEAD:common/configuration/outputs.tf").strip()
    monkeypatch.setitem(merges.GENERATIONS, blob, "L6")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of facts and schemas that the script may write to."""
    shutil.copytree(FACTS, tmp_path / "project/facts")
    shutil.copytree(FOLDER, tmp_path / "project/schemas")
    return tmp_path / "project"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@t", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def commit(folder: Path, tag: str) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--no-gpg-sign", "--message", tag)
    git(folder, "tag", tag)


def run(project: Path, *arguments: str) -> int:
    places = ["--facts", str(project / "facts/modules.json"), "--output", str(project / "schemas")]
    return build_schemas.main([*places, *arguments])


def test_one_command_adds_a_release(upstream: Path, project: Path) -> None:
    assert run(project, "--checkout", str(upstream), "--tag", RELEASE, "--check") == 1
    assert run(project, "--checkout", str(upstream), "--tag", RELEASE) == 0
    assert run(project, "--check") == 0
    index = read(project / "schemas/index.json")
    assert index["newest_release"] == index["tags"][-1] == RELEASE
    assert index["merge"][RELEASE] == "L6"
    cluster = read(project / "schemas/google-cluster.json")
    assert [one["tags"] for one in cluster["variants"]][-2:] == [[RELEASE], ["master"]]
    assert violations("kubestack-module.schema.json", cluster) == []
    assert violations("kubestack-index.schema.json", index) == []


def test_a_typed_module_is_read(upstream: Path, project: Path) -> None:
    run(project, "--checkout", str(upstream), "--tag", RELEASE)
    cluster = read(project / "schemas/google-cluster.json")["variants"][-2]
    pool = (
        "object({min_size = optional(number), autoscaling = optional(bool), "
        "taints = optional(set(object({key = string})))})"
    )
    assert cluster == {
        "tags": [RELEASE],
        "configuration": {
            "type": 'map(object({region = optional(string), zones = optional(list(string), ["a"]), '
            f"unread = optional(bool), default_node_pool = optional({pool})}}))",
            "nullable": False,
        },
        "arguments": {
            "cluster_metadata": {
                "type": "map(string)",
                "required": False,
                "default": '{\n    a = "b"\n    c = "d  e"\n  }',
            },
            "sizes": {"type": "list(number)", "required": False, "default": "[ 1, 2, ]"},
        },
        "attributes": {
            "region": {
                "type": "string",
                "required": "missing required configuration attribute: region",
            },
            "zones": {"type": "list(string)", "default": '["b", "c"]'},
            "unread": {"type": "bool", "never_read": True},
            "default_node_pool": {"type": pool},
            "default_node_pool.min_size": {
                "type": "number",
                "required": "missing required configuration attribute: default_node_pool.min_size",
                "condition": "default_node_pool.autoscaling != false",
            },
            "default_node_pool.autoscaling": {"type": "bool", "default": "true"},
            "default_node_pool.taints": {"type": "set(object({key = string}))"},
            "default_node_pool.taints[].key": {"type": "string"},
        },
        "outputs": ["current_config"],
    }


def test_a_module_that_only_looks_keys_up_is_read(upstream: Path, project: Path) -> None:
    run(project, "--checkout", str(upstream), "--tag", RELEASE)
    cluster = read(project / "schemas/kind-cluster.json")["variants"][-1]
    assert cluster == {
        "tags": [RELEASE],
        "configuration": {"type": "map(any)", "legacy": True, "nullable": True},
        "attributes": {
            "region": {"type": "string", "required": "Invalid index"},
            "name": {"type": "string", "required": "Invalid index"},
            "zones": {"type": "string", "default": '"a,b"', "format": "comma-separated string"},
            "labels": {
                "type": "string",
                "default": '""',
                "format": "comma-separated key=value string",
            },
        },
    }


def test_renames_since_master_move_to_the_release_that_brings_them(upstream: Path, project: Path) -> None:
    write(upstream / "google/cluster/main.tf", CLUSTER.replace("min_size", "min_node_count"))
    commit(upstream, "v0.90.1-beta.0")
    run(project, "--checkout", str(upstream), "--tag", "v0.90.1-beta.0")
    renames = read(project / "schemas/google-cluster.json")["renames"]
    since = {row["from"]: row["since"] for row in renames}
    assert since["cluster_min_node_count"] == "v0.90.1-beta.0"
    assert since["cluster_max_node_count"] == "master"


def test_an_unknown_merge_logic_is_refused(
    upstream: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(upstream / "common/configuration/outputs.tf", LOGIC + "# changed\n")
    commit(upstream, "v0.90.1-beta.0")
    with pytest.raises(SystemExit) as exit_:
        run(project, "--checkout", str(upstream), "--tag", "v0.90.1-beta.0")
    assert exit_.value.code == 2
    assert "a merge logic that is not known yet" in capsys.readouterr().err
    assert read(project / "schemas/index.json") == INDEX


def test_a_precondition_that_cannot_be_understood_is_refused(
    upstream: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main = CLUSTER.replace("local.cfg.region != null &&", "local.cfg.region != null ||")
    write(upstream / "google/cluster/main.tf", main)
    commit(upstream, "v0.90.1-beta.0")
    with pytest.raises(SystemExit):
        run(project, "--checkout", str(upstream), "--tag", "v0.90.1-beta.0")
    assert "google/cluster/main.tf:47:23: cannot tell what" in capsys.readouterr().err


def test_commits_are_grouped_by_the_first_version_that_contains_them(upstream: Path, project: Path) -> None:
    write(upstream / "README.md", "later\n")
    commit(upstream, "v0.90.1-beta.0")
    git(upstream, "rm", "--quiet", "README.md")
    git(upstream, "commit", "--quiet", "--no-gpg-sign", "--message", "unreleased")
    run(project, "--checkout", str(upstream), "--tag", RELEASE, "--commits")
    newest_first = git(upstream, "log", "--format=%H").split()
    expected = ["master", "v0.90.1-beta.0", RELEASE]
    assert read(project / "schemas/commits.json") == {
        version: {"L6": [sha[:12]]} for version, sha in zip(expected, newest_first, strict=True)
    }


CHECKOUT = os.environ.get("KUBESTACK_CHECKOUT")


@pytest.mark.skipif(not CHECKOUT, reason="KUBESTACK_CHECKOUT names no checkout of terraform-kubestack")
@pytest.mark.parametrize("tag", INDEX["tags"])
def test_reading_upstream_gives_the_recorded_facts(tag: str) -> None:
    assert build_schemas.main(["--checkout", str(CHECKOUT), "--tag", tag, "--check"]) == 0


@pytest.mark.skipif(not CHECKOUT, reason="KUBESTACK_CHECKOUT names no checkout of terraform-kubestack")
def test_reading_the_recorded_master_gives_the_recorded_facts_and_commits() -> None:
    assert build_schemas.main(["--checkout", str(CHECKOUT), "--commits", "--check"]) == 0
