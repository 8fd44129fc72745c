"""The way out that a finding shows: pages pin messages and places, this table what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubestack_lint.rule import all_rules
from kubestack_lint.run import lint, load

SOURCE = "github.com/kbst/terraform-kubestack//{}"
GKE, EKS = "google/cluster?ref=v0.19.2-beta.0", "aws/cluster?ref=master"
OTHERS = "an inherited value cannot be unset: move it out of apps into the environments that want it"


def module(source: str, apps: str, ops: str) -> str:
    return (
        f'module "m" {{\n  source = "{SOURCE.format(source)}"\n  configuration = {{\n'
        f"    apps = {{ {apps} }}\n    ops = {{ {ops} }}\n  }}\n}}\n"
    )


# rule: text of the configuration → the ways out of its findings
CASES = [
    (
        "ineffective-override",
        module("google/cluster?ref=v0.13.0-beta.0", 'region = "a"', 'name_prefix = "b"'),
        ["set it in apps too, or use v0.13.0-beta.1 or later, which repairs this"],
    ),
    (
        "ineffective-override",
        module(EKS, 'cluster_availability_zones = ["a"]', "cluster_availability_zones = null"),
        ["write cluster_availability_zones = [] to clear the list"],
    ),
    (
        "ineffective-override",
        module(EKS, "disable_default_ingress = true", "disable_default_ingress = null"),
        ["write disable_default_ingress = false to turn it off"],
    ),
    (
        "ineffective-override",
        module(EKS, 'cluster_version = "1.30"', "cluster_version = null"),
        [f"{OTHERS}, or set another value in ops"],
    ),
    (
        "ineffective-override",
        module(EKS, "default_node_pool = { min_size = 1 }", "default_node_pool = {}"),
        [OTHERS],
    ),
    *(
        (
            "internal-module-source",
            f'module "m" {{\n  source = "{SOURCE.format(path)}?ref=v0.19.2-beta.0"\n}}\n',
            [f"call {public} instead"],
        )
        for path, public in (
            ("aws/_modules/eks", "aws/cluster"),
            ("google/_modules/gke/node_pool", "google/cluster/node-pool"),
            ("azurerm/_modules/aks/node-pool", "azurerm/cluster/node-pool"),
            ("common/_modules/metadata", "one of the framework's public modules"),
        )
    ),
    (
        # As many at one as at the other: the newer is meant, and 19 is more than 9.
        "module-version-mismatch",
        module("aws/cluster?ref=v0.9.4-beta.0", "", "") + module(GKE, "", "").replace('"m"', '"n"'),
        ["pin one version everywhere: ?ref=v0.19.2-beta.0"],
    ),
    *(
        (
            "unknown-version",
            module(f"google/cluster?ref={ref}", 'region = "a"', ""),
            [f"{first}, run terraform init before kslint, or say with --kubestack-version which version it is like."],
        )
        for ref, first in (
            ("our-branch", "Pin a released tag, such as ?ref=v0.19.2-beta.0"),
            ("v1.0.0", "Upgrade kslint"),
        )
    ),
    (
        # What is in an object that nobody knows is not missing.
        "missing-required-attribute",
        module(EKS, 'base_domain = "a", cluster_availability_zones = ["a"], default_node_pool = random_pet.a.id', ""),
        [],
    ),
    (
        # type is needed wherever the object is written; the object as a whole is not.
        "redundant-override",
        module(
            "google/cluster/node-pool?ref=master",
            'guest_accelerator = { type = "t", count = 1 }',
            'guest_accelerator = { type = "t", count = 1 }',
        ),
        ["delete it from ops, or write the value that ops was meant to have"],
    ),
    (
        "redundant-override",
        module(GKE, 'region = "a"', 'region = "a"'),
        ["delete it from ops, or write the value that ops was meant to have"],
    ),
]


@pytest.mark.parametrize(("rule", "text", "ways"), CASES)
def test_the_way_out(rule: str, text: str, ways: list[str], tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(text)
    assert [finding.remediation for finding in lint(load(tmp_path), [all_rules()[rule]]).findings] == ways


@pytest.mark.parametrize(("ops", "count"), [("zz9.xlarge", 0), ("yy9.large", 1), ("zz9", 0)])
def test_machines_that_are_not_known_have_the_family_of_their_name(ops: str, count: int, tmp_path: Path) -> None:
    apps = 'cluster_instance_type = "zz9.large"'
    (tmp_path / "main.tf").write_text(
        module("aws/cluster?ref=v0.19.2-beta.0", apps, f'cluster_instance_type = "{ops}"')
    )
    assert len(lint(load(tmp_path), [all_rules()["tier-mismatch"]]).findings) == count
