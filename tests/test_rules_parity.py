"""Size and parity rules: what nodes add up to, and what none of the rules may speak about by default."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kubestack_lint.capacity import Count, nodes, pools
from kubestack_lint.catalog.clouds import cloud_of, clouds, is_zone, region_of
from kubestack_lint.catalog.definitions import definition
from kubestack_lint.catalog.machines import machine
from kubestack_lint.catalog.roles import Role, attribute_for
from kubestack_lint.catalog.versions import index, merge_of
from kubestack_lint.effective import read
from kubestack_lint.finding import Finding, Severity
from kubestack_lint.policy.instance import default_policy
from kubestack_lint.policy.where import Where
from kubestack_lint.rule import Rule, all_rules
from kubestack_lint.run import Loaded, lint, load
from kubestack_lint.values.value import Unknown

EXAMPLES = Path(__file__).parent.parent / "examples"
BY_DEFAULT = (
    "duplicate-zone", "identity-mismatch", "larger-than-base", "malformed-zone", "min-exceeds-max", "region-mismatch",
    "tier-mismatch", "version-skew", "zone-outside-region", "zones-not-subset",
)  # fmt: skip
ASLEEP = (
    "plaintext-secret", "public-endpoint", "shared-identity", "single-zone", "too-many-differences", "too-many-nodes",
    "undeclared-difference", "unprotected-deletion",
)  # fmt: skip

OLD = "github.com/kbst/terraform-kubestack//{}?ref=v0.19.2-beta.0"
MASTER = "github.com/kbst/terraform-kubestack//{}?ref=master"


def module(name: str, source: str, apps: str, ops: str = "", more: str = "") -> str:
    configuration = f"apps = {{\n{apps}\n}}\n    ops = {{\n{ops}\n}}"
    return f'module "{name}" {{\n  source = "{source}"\n  {more}\n  configuration = {{\n    {configuration}\n  }}\n}}\n'


def loaded(directory: Path, text: str) -> Loaded:
    (directory / "clusters.tf").write_text(text, "utf-8")
    return load(directory)


def with_parameters(rule: str, **parameters: Any) -> Rule:
    found = all_rules()[rule]
    return replace(found, check=functools.partial(found.check, **parameters), parameters=())


def found(directory: Path, text: str, *rules: Rule) -> list[Finding]:
    report = lint(loaded(directory, text), rules or [all_rules()[name] for name in BY_DEFAULT])
    assert not report.failures
    return list(report.findings)


def test_no_nodes_are_none_in_however_many_zones(tmp_path: Path) -> None:
    """Zero times an unknown number of zones is zero; one is not known."""
    source = MASTER.format("google/cluster/node-pool")
    unknown = "node_locations = random_shuffle.zones.result"
    for count, expected in (("0", []), ("1", ["unknown"])):
        text = module("pool", source, f"max_node_count = {count}\n{unknown}", "min_node_count = 0")
        text = text.replace("max_node_count", "min_node_count = 0\nmax_node_count")
        rule = with_parameters("too-many-nodes", max=0)
        said = found(tmp_path, text, rule)
        assert ["unknown" if one.unknown else one.message for one in said] == expected * 2, count


@pytest.mark.parametrize(
    ("source", "written", "name", "value"),
    [
        (OLD, 'cluster_disk_type = ""', "cluster_disk_type", ""),
        (OLD, "", "cluster_disk_type", "pd-standard"),
        (MASTER, 'default_node_pool = { disk_type = "" }', "default_node_pool.disk_type", "pd-standard"),
        (MASTER, 'default_node_pool = { disk_type = "pd-ssd" }', "default_node_pool.disk_type", "pd-ssd"),
    ],
)
def test_empty_texts_are_values_until_the_merge_passes_over_them(
    tmp_path: Path, source: str, written: str, name: str, value: str
) -> None:
    (inheritance,) = loaded(tmp_path, module("gke", source.format("google/cluster"), written)).inheritances
    for environment in ("apps", "ops"):
        reading = read(inheritance, environment, name)
        assert reading is not None and reading.value.data == value, environment


def totals(directory: Path, text: str, address: str, environment: str) -> list[str]:
    """min, max and initial of a pool, as the reckoning in words, or why it is unknown."""
    pool = next(pool for pool in pools(loaded(directory, text).project) if pool.block.address == address)
    counts = pool.nodes(environment)
    assert counts is not None
    return [
        count.sum if isinstance(count, Count) else count.because if isinstance(count, Unknown) else "-"
        for count in (counts.min, counts.max, counts.initial)
    ]


def test_rules_that_need_a_decision_sleep() -> None:
    assert all(not all_rules()[name].sleeps for name in BY_DEFAULT)
    assert all(all_rules()[name].sleeps for name in ASLEEP)


# -- silence --------------------------------------------------------------------

LEGITIMATE = {
    "fewer zones": (
        OLD.format("google/cluster"),
        'region = "europe-west1"\ncluster_node_locations = "europe-west1-b,europe-west1-c"',
        'cluster_node_locations = "europe-west1-b"',
    ),
    "a smaller maximum": (
        OLD.format("aws/cluster"),
        "cluster_desired_capacity = 1\ncluster_min_size = 1\ncluster_max_size = 9",
        "cluster_max_size = 3",
    ),
    "another resource group": (OLD.format("azurerm/cluster"), 'resource_group = "apps"', 'resource_group = "ops"'),
    "one replica": ("kbst.xyz/catalog/nginx/kustomization", 'replicas = [{ name = "c", count = 3 }]',
                    'replicas = [{ name = "c", count = 1 }]'),
    "a node image of the local variant": (OLD.format("aws/cluster"), 'name_prefix = "eks"',
                                          'node_image = "kindest/node:v1.27.3"'),
    "other subnets": (
        OLD.format("aws/cluster"), 'cluster_vpc_subnet_newbits = "8"', 'cluster_vpc_subnet_newbits = "4"'
    ),
    "placeholders of a quickstart": (OLD.format("google/cluster"), 'name_prefix = ""\nbase_domain = ""\nregion = ""\n'
                                     'cluster_node_locations = ""', ""),
    "nothing known": (MASTER.format("aws/cluster"), "cluster_availability_zones = data.a.b.names\nname_prefix = var.n\n"
                      "default_node_pool = local.pool", 'name_prefix = "x"'),
}  # fmt: skip


@pytest.mark.parametrize("case", LEGITIMATE)
def test_what_real_repositories_do_rightly_is_no_finding(case: str, tmp_path: Path) -> None:
    source, apps, ops = LEGITIMATE[case]
    more = 'version = "1.3.1-kbst.1"' if "catalog" in source else ""
    assert [finding.message for finding in found(tmp_path, module("zero", source, apps, ops, more))] == []


@pytest.mark.parametrize("example", ["talk", "multi-cloud", "old-layout"])
def test_examples_have_none_of_these_mistakes(example: str) -> None:
    report = lint(load(EXAMPLES / example), [all_rules()[name] for name in BY_DEFAULT])
    assert not report.failures
    assert [finding.message for finding in report.findings] == []


# -- reckoning ------------------------------------------------------------------


def test_the_talk_has_one_node_in_ops() -> None:
    pool = next(iter(pools(load(EXAMPLES / "talk").project)))
    counts = {name: pool.nodes(name) for name in ("apps", "ops")}
    said = {name: count.max.sum for name, count in counts.items() if count and isinstance(count.max, Count)}
    assert said == {"apps": "10 per zone × 3 zones = 30 nodes", "ops": "1 per zone × 1 zone = 1 node"}


def test_flat_names_and_comma_strings_count_as_lists_do(tmp_path: Path) -> None:
    apps = 'cluster_node_locations = "a-b1-a,a-b1-b"\ncluster_max_node_count = "4"'
    text = module("gke", OLD.format("google/cluster"), apps)
    assert totals(tmp_path, text, "module.gke", "ops") == [
        "1 per zone × 2 zones = 2 nodes", "4 per zone × 2 zones = 8 nodes", "1 per zone × 2 zones = 2 nodes"
    ]  # fmt: skip


def test_a_cluster_without_zones_has_three_and_its_node_pools_too(tmp_path: Path) -> None:
    text = module("gke", OLD.format("google/cluster"), 'region = "europe-west1"')
    text += module("pool", OLD.format("google/cluster/node-pool"), "max_node_count = 2", "max_node_count = 1",
                   "cluster_metadata = module.gke.current_metadata")  # fmt: skip
    assert totals(tmp_path, text, "module.pool", "ops")[1] == (
        "1 per zone × 3 zones (none are named, so Google takes 3) = 3 nodes"
    )


def test_a_node_pool_in_one_zone_is_not_spread(tmp_path: Path) -> None:
    text = module("pool", MASTER.format("google/cluster/node-pool"), 'location = "europe-west1-b"\nmax_node_count = 2')
    assert totals(tmp_path, text, "module.pool", "apps")[1] == "2 per zone × 1 zone = 2 nodes"


def test_without_its_cluster_a_node_pool_is_unknown(tmp_path: Path) -> None:
    text = module("pool", MASTER.format("google/cluster/node-pool"), 'location = "europe-west1"\nmax_node_count = 2')
    assert "its cluster, which is not known" in totals(tmp_path, text, "module.pool", "apps")[1]


def test_nodes_of_an_unknown_object_are_unknown(tmp_path: Path) -> None:
    text = 'variable "pool" {\n  type = any\n}\n'
    text += module("eks", MASTER.format("aws/cluster"), "default_node_pool = var.pool")
    assert all("var" in said for said in totals(tmp_path, text, "module.eks", "apps"))


def test_fixed_sizes_stand_for_minimum_and_maximum(tmp_path: Path) -> None:
    apps = "default_node_pool = { enable_auto_scaling = false, node_count = 4 }"
    text = module("aks", MASTER.format("azurerm/cluster"), apps, "default_node_pool = { max_count = 9 }")
    assert totals(tmp_path, text, "module.aks", "ops") == ["4 nodes"] * 3


def test_the_oldest_aks_knows_one_number(tmp_path: Path) -> None:
    source = OLD.format("azurerm/cluster").replace("v0.19.2-beta.0", "v0.2.0-beta.1")
    assert totals(tmp_path, module("aks", source, "agent_pool_profile_count = 4"), "module.aks", "ops") == ["4 nodes"] * 3


@pytest.mark.parametrize("path", ["kind/cluster", "google/cluster-local", "aws/cluster/elb-dns"])
def test_modules_that_make_no_nodes_of_a_cloud_have_none(path: str, tmp_path: Path) -> None:
    text = module("local", OLD.format(path), "extra_nodes = 3\ncluster_max_node_count = 3")
    project = loaded(tmp_path, text)
    assert pools(project.project) == ()
    assert [nodes(inheritance, "apps") for inheritance in project.inheritances] == [None]
    assert not found(tmp_path, text, with_parameters("too-many-nodes", max=0))


def test_an_environment_that_is_not_there_has_no_nodes(tmp_path: Path) -> None:
    text = module("gke", OLD.format("google/cluster"), 'region = "europe-west1"')
    [pool] = pools(loaded(tmp_path, text).project)
    assert pool.nodes("apps") is not None and pool.nodes("qa") is None


def test_a_node_pool_has_the_cluster_of_its_own_root(tmp_path: Path) -> None:
    """Two roots with the same addresses; and a pool that is given something that is no cluster."""
    for root, zones in (("a", "europe-west1-b"), ("b", "europe-west1-b,europe-west1-c")):
        (tmp_path / root).mkdir()
        cluster = module("gke", OLD.format("google/cluster"), f'cluster_node_locations = "{zones}"')
        more = "cluster_metadata = module.{}.current_metadata"
        pool = module("pool", OLD.format("google/cluster/node-pool"), "max_node_count = 2", more=more.format("gke"))
        other = module("other", OLD.format("google/cluster/node-pool"), "max_node_count = 2", more=more.format("pool"))
        (tmp_path / root / "main.tf").write_text(cluster + pool + other, "utf-8")
    project = load(tmp_path).project
    said = {
        (pool.block.root, pool.block.address): count.sum if isinstance(count, Count) else "unknown"
        for pool in pools(project)
        if (counts := pool.nodes("apps")) is not None and (count := counts.max) is not None
    }
    roots = sorted({root for root, _ in said})
    assert [said[root, "module.pool"] for root in roots] == [
        "2 per zone × 1 zone = 2 nodes", "2 per zone × 2 zones = 4 nodes"
    ]  # fmt: skip
    assert [said[root, "module.other"] for root in roots] == ["unknown", "unknown"]


def test_a_policy_about_node_pools_alone_still_knows_their_clusters(tmp_path: Path) -> None:
    cluster = module("gke", OLD.format("google/cluster"), 'cluster_node_locations = "europe-west1-b"')
    given = "cluster_metadata = module.gke.current_metadata"
    pool = module("pool", OLD.format("google/cluster/node-pool"), "max_node_count = 2", more=given)
    rule = with_parameters("too-many-nodes", max=1)
    policy = replace(default_policy(rule), where=Where(module=("google/cluster/node-pool",)))
    findings = lint(loaded(tmp_path, cluster + pool), [policy]).findings
    assert {(finding.address, finding.unknown) for finding in findings} == {("module.pool", False)}
    assert "2 per zone × 1 zone = 2 nodes" in findings[0].message


def test_a_scaleway_pool_without_zones_has_no_nodes(tmp_path: Path) -> None:
    text = module("scw", MASTER.format("scaleway/cluster"), "default_node_pool = { zones = [], max_size = 9 }")
    assert totals(tmp_path, text, "module.scw", "apps")[1] == "9 per zone × 0 zones = 0 nodes"


def test_a_reckoning_names_every_value_that_it_read(tmp_path: Path) -> None:
    zones = 'cluster_node_locations = "r-w1-a"'
    text = module("gke", OLD.format("google/cluster"), "cluster_max_node_count = 2", zones)
    pool = next(iter(pools(loaded(tmp_path, text).project)))
    counts = nodes(pool.inheritance, "ops")
    assert counts is not None and isinstance(counts.max, Count)
    assert [(r.name, r.source) for r in counts.max.readings] == [
        ("cluster_max_node_count", "apps"), ("cluster_node_locations", "ops")
    ]  # fmt: skip


# -- places ---------------------------------------------------------------------


def test_too_many_nodes_shows_the_number_and_the_zones(tmp_path: Path) -> None:
    zones = 'cluster_node_locations = "europe-west1-b,europe-west1-c,europe-west1-d"'
    text = module("gke", OLD.format("google/cluster"), zones, "cluster_max_node_count = 2")
    findings = found(tmp_path, text, with_parameters("too-many-nodes", max=1))
    [apps, ops] = sorted(findings, key=lambda finding: finding.environment or "")
    assert ops.message.startswith("ops of module.gke may have 2 per zone × 3 zones = 6 nodes, at most 1 allowed")
    assert ops.span.text == "cluster_max_node_count"
    assert [(label.span.text, label.message.split(" to ")[0]) for label in ops.related] == [
        ("cluster_node_locations", "apps sets it")
    ]
    assert apps.span.text == "apps", "the default stands where it is left out"


@pytest.mark.parametrize("empty", ['""', "null"])
def test_zones_that_an_environment_empties_are_why_it_is_larger(empty: str, tmp_path: Path) -> None:
    apps = 'region = "europe-west1"\ncluster_node_locations = "europe-west1-b"\ncluster_max_node_count = 2'
    text = module("gke", OLD.format("google/cluster"), apps, f"cluster_node_locations = {empty}")
    findings = found(tmp_path, text, all_rules()["larger-than-base"], with_parameters("too-many-nodes", max=2))
    if empty == "null":  # It inherits.
        assert findings == []
        return
    most = next(one for one in findings if "up to" in one.message)
    assert most.span.text == "cluster_node_locations" and most.span.line == 11
    assert [(label.span.text, label.span.line) for label in most.related] == [("cluster_max_node_count", 8)]
    assert most.remediation == "Name fewer zones, or a smaller number, in ops; apps is what carries the load."
    [many] = [one for one in findings if one.rule == "too-many-nodes"]
    assert "(none are named, so Google takes 3)" in many.message
    assert [(label.span.line, label.message) for label in many.related] == [(11, 'ops sets it to ""')]


def test_zones_that_nobody_writes_have_no_place(tmp_path: Path) -> None:
    text = module("gke", OLD.format("google/cluster"), 'region = "europe-west1"\ncluster_max_node_count = 2')
    apps, ops = found(tmp_path, text, with_parameters("too-many-nodes", max=5))
    assert (apps.related, ops.related) == ((), ())
    assert apps.message.startswith("apps of module.gke may have 2 per zone × 3 zones (none are named, so Google takes 3)")


def test_a_tier_that_only_one_environment_has_shows_both(tmp_path: Path) -> None:
    source = OLD.format("azurerm/cluster")
    text = module("aks", source, 'resource_group = "r"', 'automatic_channel_upgrade = "rapid"')
    [finding] = found(tmp_path, text)
    assert (finding.rule, finding.environment, finding.span.line) == ("tier-mismatch", "ops", 9)
    assert finding.message == 'ops has automatic_channel_upgrade = "rapid", but apps has none'
    assert [(label.span.line, label.message) for label in finding.related] == [
        (5, "apps does not set automatic_channel_upgrade")
    ]
    assert finding.remediation == "Set automatic_channel_upgrade in apps as well, or in neither."
    for other in ("sku_tier = 3", "x = 1"):
        assert not found(tmp_path, module("aks", source, other, "automatic_channel_upgrade = false"))


def test_a_default_that_breaks_a_schema_stands_where_it_is_left_out(tmp_path: Path) -> None:
    text = module("gke", OLD.format("google/cluster"), 'region = "europe-west1"')
    channel = {"properties": {"cluster_release_channel": {"const": "RAPID"}}}
    findings = found(tmp_path, text, with_parameters("schema", schema=channel, defaults=True))
    assert [(one.span.path, one.span.line, one.label) for one in findings] == [
        ("clusters.tf", 5, "apps leaves cluster_release_channel to the module"),
        ("clusters.tf", 8, "ops leaves cluster_release_channel to the module"),
    ]
    assert findings[0].message == 'apps.cluster_release_channel must be "RAPID", it is "STABLE"'


def test_a_zone_in_a_comma_string_has_a_place_of_its_own(tmp_path: Path) -> None:
    zones = 'region = "europe-west1"\ncluster_node_locations = "europe-west1-b,us-east1-c"'
    [finding] = found(tmp_path, module("gke", OLD.format("google/cluster"), zones))
    assert (finding.rule, finding.span.text) == ("zone-outside-region", "us-east1-c")
    assert [label.span.text for label in finding.related] == ["region"]


@pytest.mark.parametrize(
    ("zone", "unknown"), [("europe-west1-a", False), ("europe-west1-e", True), ("europe-west1-b", None)]
)
def test_a_zone_after_the_last_known_one_may_be_new(zone: str, unknown: bool | None, tmp_path: Path) -> None:
    text = module("gke", OLD.format("google/cluster"), f'region = "europe-west1"\ncluster_node_locations = "{zone}"')
    findings = found(tmp_path, text)
    if unknown is None:
        assert findings == []
        return
    [finding] = findings
    assert (finding.rule, finding.unknown, finding.span.text) == ("zone-outside-region", unknown, zone)
    assert finding.severity is (Severity.INFO if unknown else Severity.ERROR)
    assert finding.remediation == (
        "Zones of europe-west1 are europe-west1-b, europe-west1-c and europe-west1-d "
        "(by the 2026 copy of Google's Compute Engine 'Regions and zones' page)."
    )


def eks_versions(base: str, **versions: str | None) -> str:
    written = "\n".join(f"{k} = {{ {f'cluster_version = {v}' if v else ''} }}" for k, v in versions.items())
    source = OLD.format("aws/cluster")
    return (
        f'module "eks" {{\n  source = "{source}"\n  configuration_base_key = "{base}"\n'
        f"  configuration = {{\n{written}\n}}\n}}\n"
    )


OLDER = "Upgrade {} first: set cluster_version to {} or newer."
EQUAL = "Set cluster_version to {}, or let it inherit."


@pytest.mark.parametrize(
    ("direction", "base", "versions", "expected"),
    [
        (
            "ahead",
            "apps",
            {"apps": '"1.34"', "ops": '"1.33"'},
            ("ops runs Kubernetes 1.33, which is older than 1.34 in apps", 6, "older than in apps", [5],
             OLDER.format("ops", "1.34")),
        ),
        (
            "equal",
            "apps",
            {"apps": '"1.34"', "ops": '"1.33"'},
            ("ops runs Kubernetes 1.33, which is older than 1.34 in apps", 6, "older than in apps", [5],
             OLDER.format("ops", "1.34")),
        ),
        (
            "equal",
            "apps",
            {"apps": '"1.34"', "ops": '"1.35"'},
            ("ops runs Kubernetes 1.35, which is newer than 1.34 in apps", 6, "newer than in apps", [5],
             EQUAL.format("1.34")),
        ),
        (  # Whoever asks for equal versions means all of them.
            "equal",
            "default",
            {"default": '"1.34"', "apps": '"1.33"'},
            ("apps runs Kubernetes 1.33, which is older than 1.34 in default", 6, "older than in default", [5],
             OLDER.format("apps", "1.34")),
        ),
        (
            "behind",
            "apps",
            {"apps": '"1.34"', "ops": '"1.35"'},
            ("ops runs Kubernetes 1.35, which is newer than 1.34 in apps", 6, "newer than in apps", [5],
             EQUAL.format("1.34")),
        ),
        (  # Both stand in blocks of their own: the one that rehearses is what has to change.
            "ahead",
            "ops",
            {"ops": '"1.33"', "apps": '"v1.34"'},
            ("ops runs Kubernetes 1.33, which is older than v1.34 in apps", 5, "older than in apps", [6],
             OLDER.format("ops", "v1.34")),
        ),
        ("behind", "apps", {"apps": '"1.34"', "ops": '"1.33"'}, None),
        ("ahead", "apps", {"apps": '"1.34"', "ops": '"1.35"'}, None),
        ("ahead", "apps", {"apps": '"1.34.5"', "ops": '"1.34"'}, None),
        ("ahead", "apps", {"apps": '"1.34"', "ops": '"1"'}, None),
        ("ahead", "apps", {"apps": None, "ops": '"1.35"'}, None),
        ("ahead", "apps", {"apps": "var.x", "ops": '"1.35"'}, None),
        ("ahead", "default", {"default": '"1.34"', "apps": '"1.33"'}, None),
        ("ahead", "apps", {"apps": '"1.34"', "prod": '"1.33"'}, None),
        ("ahead", "live", {"live": '"1.33"', "prod": '"1.34"'}, None),
    ],
)  # fmt: skip
def test_versions_in_the_wrong_order(
    direction: str, base: str, versions: dict[str, str | None], expected: Any, tmp_path: Path
) -> None:
    text = eks_versions(base, **versions) + 'variable "x" {}\n'
    findings = found(tmp_path, text, with_parameters("version-skew", direction=direction))
    if expected is None:
        assert findings == []
        return
    [finding] = findings
    assert (
        finding.message, finding.span.line, finding.label, [label.span.line for label in finding.related],
        finding.remediation,
    ) == expected  # fmt: skip


def test_two_environments_share_beside_the_base(tmp_path: Path) -> None:
    source = OLD.format("google/cluster")
    environments = 'qa = { project_id = "q" }\nops = {}\nz = { project_id = "q" }\napps = { project_id = "p" }'
    text = f'module "gke" {{\n  source = "{source}"\n  configuration = {{\n{environments}\n}}\n}}\n'
    findings = found(tmp_path, text, with_parameters("shared-identity", attributes=["project_id"]))
    assert [(one.environment, one.message, one.span.line, [label.span.line for label in one.related]) for one in findings] == [
        ("z", 'z repeats project_id = "q" of qa, and must have its own', 6, [4]),
        ("ops", 'ops inherits project_id = "p" of apps, and must have its own', 7, []),
    ]


def test_what_the_base_says_is_said_once(tmp_path: Path) -> None:
    pool = "default_node_pool = { min_size = 3, max_size = 1 }"
    findings = found(tmp_path, module("eks", MASTER.format("aws/cluster"), pool))
    assert [(f.rule, f.environment) for f in findings] == [("min-exceeds-max", "apps")]


def test_a_minimum_under_an_inherited_desired_capacity_shows_both_lines(tmp_path: Path) -> None:
    apps = "cluster_desired_capacity = 3\ncluster_min_size = 3\ncluster_max_size = 9"
    findings = found(tmp_path, module("eks", OLD.format("aws/cluster"), apps, "cluster_max_size = 2"))
    [finding] = [f for f in findings if f.rule == "min-exceeds-max"]
    assert finding.span.text == "cluster_max_size" and finding.environment == "ops"
    places = [(label.span.text, label.message) for label in finding.related]
    assert places == [("cluster_min_size", 'apps sets it to "3"')]


def test_a_finding_changes_its_identity_with_the_value(tmp_path: Path) -> None:
    prints = set()
    for size in ("2", "3"):
        text = module("eks", OLD.format("aws/cluster"), "cluster_max_size = 1", f"cluster_max_size = {size}")
        [finding] = [f for f in found(tmp_path, text, all_rules()["larger-than-base"]) if "up to" in f.message]
        prints.add(finding.fingerprint)
    assert len(prints) == 2


def test_secrets_stay_out_of_reports(tmp_path: Path) -> None:
    source = "kbst.xyz/catalog/custom-manifests/kustomization"
    text = module("m", source, 'common_annotations = { db_password = "hunter2" }', more='version = "0.4.0"')
    [finding] = found(tmp_path, text, with_parameters("plaintext-secret", names=["*password*"]))
    assert "hunter2" not in repr((finding.message, finding.label, finding.remediation, finding.related))


def test_the_sum_of_an_environment_names_every_pool(tmp_path: Path) -> None:
    text = module("eks", OLD.format("aws/cluster"), "cluster_max_size = 4")
    text += module("pool", OLD.format("aws/cluster/node-pool"), 'max_size = "3"')
    rule = with_parameters("too-many-nodes", max=6, scope="environment")
    assert {f.message for f in found(tmp_path, text, rule)} == {
        f"all pools of {name} together may have 4 + 3 = 7 nodes, at most 6 allowed" for name in ("apps", "ops")
    }


# -- clouds ---------------------------------------------------------------------


def test_zones_of_every_region_are_zones_of_that_region() -> None:
    for provider, cloud in clouds().items():
        for region in cloud.regions.values():
            assert cloud.is_region(region.name), region.name
            for zone in region.zones:
                assert is_zone(zone, provider), zone
                assert cloud.region_of(zone) in (region.name, None if provider == "azurerm" else region.name)


@pytest.mark.parametrize(
    ("zone", "region"),
    [("europe-west1-b", "europe-west1"), ("eu-west-1a", "eu-west-1"), ("nl-ams-1", "nl-ams"), ("1", None), ("x", None)],
)
def test_region_of_a_zone_by_its_name(zone: str, region: str | None) -> None:
    assert region_of(zone) == region


def test_zones_of_googles_series() -> None:
    zones = {zone for region in clouds()["google"].regions.values() for zone in region.zones}
    offered = {name: machine(name) for name in ("e2-medium", "n4-standard-2", "t2a-standard-4", "custom-2-4096")}
    assert all(found is not None and found.zones and set(found.zones) <= zones for found in offered.values())
    both = [set(found.zones or ()) for found in (offered["e2-medium"], offered["n4-standard-2"]) if found is not None]
    # What the constraint google-machine-series-not-in-zone takes for all zones that we know.
    assert both[0] | both[1] == zones
    arm, custom = offered["t2a-standard-4"], offered["custom-2-4096"]
    assert arm is not None and arm.zones is not None and custom is not None and custom.zones is not None
    assert arm.zones == (
        "asia-southeast1-b", "asia-southeast1-c", "europe-west4-a", "europe-west4-b", "europe-west4-c",
        "us-central1-a", "us-central1-b", "us-central1-f",
    )  # fmt: skip
    assert "me-west1-b" in custom.zones and "africa-south1-a" not in custom.zones


def test_providers_without_zones_are_no_cloud() -> None:
    assert cloud_of("kind") is None
    assert not is_zone("europe-west1-b", "kind")


# The oldest modules lack some; newer ones have all.
@pytest.mark.parametrize("version", ["v0.19.2-beta.0", "master"])
@pytest.mark.parametrize("path", ["google/cluster", "google/cluster/node-pool", "aws/cluster", "aws/cluster/node-pool",
                                  "azurerm/cluster", "azurerm/cluster/node-pool"])  # fmt: skip
def test_every_module_has_names_for_size_zones_and_machines(path: str, version: str) -> None:
    assert path in index()["modules"]
    known = definition(path, version, merge_of(version))
    assert known is not None
    for role in (Role.MIN, Role.MAX, Role.INITIAL, Role.ZONES, Role.MACHINE, Role.DISK_SIZE):
        assert attribute_for(known, role) is not None, role
