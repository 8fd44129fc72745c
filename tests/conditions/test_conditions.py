"""Conditions: what they see, what they find unknown, where findings stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubestack_lint.conditions import Judged, Placed, Verdict, Views, compiled, judge, placed, said
from kubestack_lint.conditions.problems import facts_in_words, violations
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, all_rules
from kubestack_lint.run import load

GKE = """
module "gke" {
  source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"
  configuration = {
    apps = {
      region                     = "europe-west1"
      cluster_min_master_version = "1.30"
      cluster_node_locations     = "europe-west1-b,europe-west1-c"
      cluster_machine_type       = "e2-medium"
      cluster_max_node_count     = 3
    }
    ops = { cluster_max_node_count = 5 }
  }
}
"""


def resolved(tmp_path: Path, text: str = GKE) -> Inheritance:
    (tmp_path / "clusters.tf").write_text(text, "utf-8")
    (inheritance,) = load(tmp_path).inheritances
    return inheritance


def verdict(tmp_path: Path, require: str, environment: str = "ops", text: str = GKE) -> Judged:
    return judge(Views(resolved(tmp_path, text)), environment, "true", require)


@pytest.mark.parametrize(
    "require",
    [
        'config.cluster_max_node_count == "5"',
        "pool.max_node_count == 5",
        "settings.default_node_pool.max_node_count == 5 && settings.pool.max_node_count == 5",
        'pool.node_locations == tolist(["europe-west1-b", "europe-west1-c"])',
        'config.cluster_disk_type == "pd-standard" && written.pool.disk_type == null',
        "config.default_node_pool.min_size == null && config.sku_tier == null",
        "nodes(config).max == 10 && nodes(base).max == 6 && nodes(config).min == 2",
        'nodes(environments["apps"]).max == 6',
        'environments["apps"].sku_tier == null && environments["apps"].disk_size == null',
        'environments["apps"].default_node_pool.disk_size == null',
        "base_settings.pool.max_node_count == 3",
        'environment == "ops" && base_environment == "apps"',
        'module.provider == "google" && module.kind == "cluster" && module.path == "google/cluster"',
        'module.version == "v0.19.2-beta.0" && module.address == "module.gke"',
        "alltrue([for name, config in environments : config.region == base.region])",
        "length(environments) == 2",
        'join(",", [for name, one in environments : name]) == "apps,ops"',
        "sum([for name, one in environments : nodes(one).max]) == 16",
        "max([for one in environments : nodes(one).max]...) == 10",
        "machine(pool.machine_type).vcpu == 2 && machine(pool.machine_type).memory_gib == 4",
        'machine("m5.large").arch == "x86_64" && machine("m6g.large").arch == "arm64" && machine("t3.small").burstable',
        'machine("DEV1-M").zones[0] == "fr-par-1" && machine("t3.small").max_pods == 11',
        'machine("none-such") == null && machine(null) == null',
        'cidroverlaps("10.0.0.0/8", "10.1.0.0/16") && !cidroverlaps("10.0.0.0/16", "10.1.0.0/16")',
        'cidrcontains("10.0.0.0/8", "10.1.0.1") && !cidrcontains("10.0.0.0/16", "10.0.0.0/8")',
        '!cidrcontains("10.0.0.0/8", "fd00::/64") && cidrprefix("fd00::/64") == 64',
        'region_of("eu-west-1a") == "eu-west-1" && region_of("fr-par-1") == "fr-par" && region_of("x") == null',
        'version_minor("1.31.4-gke.100") == 31 && version_minor(null) == null',
        'version_atleast("1.31", "1.30.9") && !version_atleast("1.9", "1.10") && version_atleast("v1.31.2", "1.31")',
    ],
)
def test_what_holds(tmp_path: Path, require: str) -> None:
    found = verdict(tmp_path, require)
    assert found.verdict is Verdict.HOLDS, found.because


@pytest.mark.parametrize(
    ("require", "because"),
    [
        ('version_minor("latest") == 31', '"latest" is no version number'),
        ('machine("a2-highgpu-1g").vcpu >= 4', "does not know the processors of a2-highgpu-1g"),
        ('machine("DEV1-S").burstable', "whether DEV1-S is burstable"),
        ("config.cluster_image_type >= 3", "an operand must not be null"),
        ('cidrprefix("nonsense") == 3', '"nonsense" is no network'),
        ("config.region", "it must be true or false"),
        ("nodes(settings).max == 3", "nodes() takes config"),
    ],
)
def test_what_cannot_be_known(tmp_path: Path, require: str, because: str) -> None:
    found = verdict(tmp_path, require)
    assert found.verdict is Verdict.UNKNOWN
    assert because in found.because


def test_an_unknown_operand_does_not_hide_what_is_decided(tmp_path: Path) -> None:
    text = 'variable "x" {}\n' + GKE.replace('"europe-west1"\n', "var.x\n")
    assert verdict(tmp_path, 'config.region == "x"', text=text).verdict is Verdict.UNKNOWN
    assert verdict(tmp_path, 'pool.max_node_count == 5 || config.region == "x"', text=text).verdict is Verdict.HOLDS


def test_when_comes_first(tmp_path: Path) -> None:
    views = Views(resolved(tmp_path))
    assert judge(views, "ops", 'environment == "apps"', "1 / 0 == 1").verdict is Verdict.SKIPPED
    found = judge(views, "ops", "config.cluster_image_type > 3", "true")
    assert (found.verdict, found.applies) == (Verdict.UNKNOWN, False)


def test_what_is_unknown_in_the_base_is_said_there(tmp_path: Path) -> None:
    """What is inherited is as unknown as in the base, and compared with the base it is the same."""
    text = 'variable "x" {}\n' + GKE.replace('"1.30"', "var.x")
    own = text.replace("cluster_max_node_count = 5", "cluster_min_master_version = var.x")
    check = all_rules()["tier-constraint"].check
    alone = "version_minor(settings.cluster_min_master_version) >= 31"
    compared = "settings.cluster_min_master_version == base_settings.cluster_min_master_version"
    for number, (configuration, when, require, expected) in enumerate(
        [
            (text, "true", alone, ["apps"]),
            (own, "true", alone, ["apps", "ops"]),
            (text, "environment != base_environment", compared, []),
            (own, "environment != base_environment", compared, ["ops"]),
        ]
    ):
        (tmp_path / str(number)).mkdir()
        problems = list(check(resolved(tmp_path / str(number), configuration), title="Too old", when=when, require=require))
        assert [problem.environment for problem in problems] == expected, (when, require)
        for problem in problems:
            assert problem.unknown and problem.message.startswith(
                f'{problem.environment}: Too old? It cannot be known: variable "x" has no value'
            )
            assert problem.span.text == "cluster_min_master_version"


def test_messages_are_templates(tmp_path: Path) -> None:
    views = Views(resolved(tmp_path))
    assert said(views, "ops", "${environment} has ${nodes(config).max} nodes") == "ops has 10 nodes"
    assert said(views, "ops", "plain") == "plain"


def where(tmp_path: Path, require: str, environment: str = "ops", text: str = GKE) -> Placed:
    views = Views(resolved(tmp_path, text))
    return placed(views, environment, judge(views, environment, "true", require).reads)


def test_a_finding_stands_at_what_the_environment_wrote(tmp_path: Path) -> None:
    found = where(tmp_path, "nodes(config).max <= 6")
    assert found.span.line == 12 and found.attribute == ("cluster_max_node_count",)
    assert [(label.span.line, label.message) for label in found.related] == [
        (10, "apps sets cluster_max_node_count to 3"),
        (8, 'apps sets cluster_node_locations to "europe-west1-b,europe-west1-c"'),
    ]


def test_names_of_the_newest_version_lead_to_what_is_written(tmp_path: Path) -> None:
    found = where(tmp_path, 'pool.machine_type != "e2-medium"')
    assert found.span.line == 9 and found.attribute == ("cluster_machine_type",)
    assert found.label == "ops inherits it from apps"


def test_what_nobody_wrote_stands_at_the_environment(tmp_path: Path) -> None:
    found = where(tmp_path, 'settings.cluster_release_channel != "STABLE"')
    assert found.span.line == 12 and found.label == "ops leaves cluster_release_channel unset"
    assert [fact.text for fact in found.facts] == ['cluster_release_channel = "STABLE" by default']


def test_reads_follow_loops_indexes_and_parentheses() -> None:
    text = 'alltrue([for n, e in environments : (e.region) == config["region"]]) && config.zones[*].x == pool.a.b[0].c'
    reads = [(read.root, read.path) for read in compiled(text).reads]
    assert reads == [
        ("environments", ("*", "region")),
        ("config", ("region",)),
        ("config", ("zones",)),
        ("pool", ("a", "b")),
    ]


def test_a_name_that_a_loop_binds_is_no_configuration() -> None:
    reads = compiled('alltrue([for config, base in environments : config != "" && base.region != ""])').reads
    assert [(read.root, read.path) for read in reads] == [("environments", ("*", "region"))]


EKS = """
module "eks" {
  source = "github.com/kbst/terraform-kubestack//aws/cluster?ref=master"
  configuration = {
    apps = {
      default_node_pool = {
        min_size = 2
        max_size = 4
        labels   = { team = "a", cost = "b" }
      }
    }
    ops = {
      default_node_pool = {
        max_size = 3
      }
    }
  }
}
"""


@pytest.mark.parametrize(
    ("require", "facts", "line"),
    [
        ("nodes(config).max == 1", ["default_node_pool.max_size = 3"], 14),
        ("nodes(config).min == 1", ["default_node_pool.min_size = 2"], 7),
        ("nodes(config) == null", ["default_node_pool.max_size = 3", "default_node_pool.min_size = 2"], 14),
        ('pool.labels.cost == "c"', ['default_node_pool.labels.team = "a"', 'default_node_pool.labels.cost = "b"'], 9),
        ("pool.max_size == 1", ["default_node_pool.max_size = 3"], 14),
    ],
)
def test_only_what_was_read_is_said(tmp_path: Path, require: str, facts: list[str], line: int) -> None:
    found = where(tmp_path, require, text=EKS)
    assert [fact.text for fact in found.facts] == facts
    assert found.span.line == line


def test_of_an_object_in_the_pool_only_what_was_read(tmp_path: Path) -> None:
    options = 'metadata_options = { http_endpoint = "enabled", http_tokens = "optional" }\n'
    text = EKS.replace("        labels ", f"        {options}        labels ")
    found = where(tmp_path, 'pool.metadata_options.http_tokens == "required"', text=text)
    assert [fact.text for fact in found.facts] == ['default_node_pool.metadata_options.http_tokens = "optional"']
    # Where the object is not written, what is in it is null.
    assert verdict(tmp_path, "pool.metadata_options.http_tokens == null", text=EKS).verdict is Verdict.HOLDS


def test_what_is_unset_is_told_only_where_nothing_else_is(tmp_path: Path) -> None:
    found = where(tmp_path, "pool.max_size == 3 && config.cluster_version == null", text=EKS)
    assert facts_in_words(found, "ops") == "default_node_pool.max_size = 3"
    alone = where(tmp_path, "config.cluster_version == null", text=EKS)
    assert facts_in_words(alone, "ops") == "cluster_version is not set"


def test_the_whole_pool_is_read_as_a_whole(tmp_path: Path) -> None:
    assert verdict(tmp_path, "pool != null", text=EKS).verdict is Verdict.HOLDS
    found = where(tmp_path, "pool == null", text=EKS)
    # No single value is to blame: the environment is.
    assert (found.facts, found.span.line) == ((), 12)


def test_what_a_type_does_not_have_is_null(tmp_path: Path) -> None:
    require = "config.default_node_pool.vm_size == null && config.default_node_pool.max_size == 3"
    assert verdict(tmp_path, require, text=EKS).verdict is Verdict.HOLDS


def test_modules_that_are_not_known_make_no_verdict(tmp_path: Path) -> None:
    text = 'module "m" {\n  source = "./local"\n  configuration = {\n    apps = { size = 3 }\n  }\n}\n'
    (tmp_path / "clusters.tf").write_text(text, "utf-8")
    for inheritance in load(tmp_path).inheritances:
        assert judge(Views(inheritance), "apps", "true", "config.other == 3").verdict is Verdict.UNKNOWN
        assert judge(Views(inheritance), "apps", "true", "config.size == 3").verdict is Verdict.HOLDS


@pytest.mark.parametrize("name", ["cluster_instance_type", "cluster_instance_types"])
def test_either_of_two_old_names_is_read(tmp_path: Path, name: str) -> None:
    source = "github.com/kbst/terraform-kubestack//aws/cluster?ref=v0.19.2-beta.0"
    configuration = f'{{\n    apps = {{ {name} = "t3.small" }}\n  }}'
    text = f'module "eks" {{\n  source = "{source}"\n  configuration = {configuration}\n}}\n'
    assert verdict(tmp_path, 'pool.instance_types[0] == "t3.small"', "apps", text).verdict is Verdict.HOLDS
    assert where(tmp_path, 'pool.instance_types[0] == "t3.small"', "apps", text).attribute == (name,)


def one(tmp_path: Path, require: str, text: str = GKE, environment: str = "ops") -> Problem:
    (found,) = (p for p in violations(resolved(tmp_path, text), "true", require, say) if p.environment == environment)
    return found


def say(views: Views, environment: str, found: Placed) -> str:
    return f"{environment}: {facts_in_words(found, environment)}"


@pytest.mark.parametrize(
    ("require", "attribute"),
    [
        ("config.sku_tier != null", "sku_tier"),
        ("base.default_node_pool.vm_size != null", "default_node_pool.vm_size"),
        ("environments.ops.sku_tier != null", "sku_tier"),
        ("settings.default_node_pool.ephemeral_storage_local_ssd_config.local_ssd_count != null",
            "default_node_pool.ephemeral_storage_local_ssd_config.local_ssd_count",
        ),
        ("pool.location_policy != null", "default_node_pool.location_policy"),
    ],
)
def test_an_attribute_that_the_module_lacks_is_said(require: str, attribute: str, tmp_path: Path) -> None:
    old = GKE.replace("v0.19.2", "v0.15.1")
    lacking = f"google/cluster v0.15.1-beta.0 has no {attribute}"
    found = one(tmp_path, require, old)
    assert (found.message, found.label, found.span.line) == (f"ops: {lacking}", lacking, 12)
    # Baselines know a finding by the values that are there.
    assert found.value == ""


def test_keys_of_maps_are_no_attributes_of_the_module(tmp_path: Path) -> None:
    found = one(tmp_path, 'try(pool.labels.team, null) == "a"', GKE.replace("v0.19.2-beta.0", "master"))
    assert "has no" not in found.message


def test_an_unknown_verdict_says_what_is_null(tmp_path: Path) -> None:
    found = one(tmp_path, 'startswith(config.cluster_ipv4_cidr_block, "10.") && config.region != ""')
    assert found.unknown
    assert found.message.endswith("argument must not be null (cluster_ipv4_cidr_block is not set)")


def test_a_condition_about_the_module_stands_at_its_source(tmp_path: Path) -> None:
    found = one(tmp_path, 'module.version == "v0.19.1-beta.0"')
    assert (found.span.line, found.label, found.attribute) == (3, "google/cluster v0.19.2-beta.0", None)
    assert found.span.text.startswith('"github.com/kbst/')
    # With a setting that was read, the finding stands at that.
    found = one(tmp_path, 'module.version == "v0.19.1-beta.0" && config.region == "x"')
    assert (found.span.line, found.attribute) == (6, ("region",))


@pytest.mark.parametrize(
    ("require", "environment", "places"),
    [
        # The environment's own value first, then what else was read.
        ("environments.ops.cluster_max_node_count == environments.apps.cluster_max_node_count", "ops", [12, 10]),
        ("environments.ops.cluster_max_node_count == environments.apps.cluster_max_node_count", "apps", [10, 12]),
        ("environments.apps.cluster_max_node_count == environments.apps.region", "ops", [10, 6]),
        ('alltrue([for one in environments : one.cluster_max_node_count == "1"])', "ops", [12, 10]),
        ("try(environments.none.region, null) == config.region", "ops", [6]),
    ],
)
def test_places_of_other_environments(require: str, environment: str, places: list[int], tmp_path: Path) -> None:
    found = one(tmp_path, require, environment=environment)
    assert [found.span.line, *(label.span.line for label in found.related)] == places


# -- the cluster of a node pool ---------------------------------------------------


POOLS = """
module "gke" {
  source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"
  configuration = {
    apps = {
      region                 = "europe-west1"
      cluster_node_locations = "europe-west1-b,europe-west1-c"
    }
    ops = {
      cluster_node_locations = "europe-west1-b"
    }
  }
}

module "pool" {
  source           = "github.com/kbst/terraform-kubestack//google/cluster/node-pool?ref=master"
  cluster          = module.gke.current
  cluster_metadata = module.gke.current_metadata
  configuration = {
    apps = {
      max_node_count = 4
    }
    ops = {}
    qa  = {}
  }
}
"""


def pool_of(tmp_path: Path, text: str = POOLS) -> Inheritance:
    (tmp_path / "clusters.tf").write_text(text, "utf-8")
    return next(found for found in load(tmp_path).inheritances if "pool" in found.block.address)


@pytest.mark.parametrize(
    ("environment", "require"),
    [
        ("apps", 'cluster.cluster_node_locations == tolist(["europe-west1-b", "europe-west1-c"])'),
        ("ops", 'cluster.cluster_node_locations == tolist(["europe-west1-b"]) && cluster.region == "europe-west1"'),
        ("ops", 'cluster.pool.node_locations[0] == "europe-west1-b"'),
        # The defaults of its version, by the newest names.
        ("ops", 'cluster.default_node_pool.disk_type == "pd-standard" && cluster.pool.disk_type == "pd-standard"'),
        ("apps", "nodes(config).max == 8 && nodes(base).max == 8"),
        ("ops", "nodes(config).max == 4 && nodes(base).max == 8"),
    ],
)
def test_a_node_pool_sees_its_cluster(environment: str, require: str, tmp_path: Path) -> None:
    found = judge(Views(pool_of(tmp_path)), environment, "true", require)
    assert found.verdict is Verdict.HOLDS, found.because


def test_only_node_pools_have_a_cluster(tmp_path: Path) -> None:
    assert verdict(tmp_path, "cluster == null").verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("argument", "because"),
    [
        ("module.gke.current", "qa of module.gke cannot be computed"),
        ("module.gke[0].current", "qa of module.gke cannot be computed"),
        ('module.gke["current"]', "qa of module.gke cannot be computed"),
        ("var.cluster", "kslint cannot see which cluster module.pool belongs to"),
        ("module.elsewhere.current", "kslint cannot see which cluster module.pool belongs to"),
        ("var.x ? module.gke.current : module.other.current", "kslint cannot see which cluster module.pool belongs to"),
    ],
)
def test_a_cluster_that_is_not_known_is_unknown(argument: str, because: str, tmp_path: Path) -> None:
    text = POOLS.replace("  cluster_metadata = module.gke.current_metadata\n", "").replace("module.gke.current", argument)
    pool = pool_of(tmp_path, text)
    found = judge(Views(pool), "qa", "true", 'cluster.region == "x"')
    assert (found.verdict, found.because) == (Verdict.UNKNOWN, because)
    counted = judge(Views(pool), "qa", "true", "nodes(config).max < 3")
    assert counted.verdict is Verdict.UNKNOWN and "has those of its cluster" in counted.because


def test_a_pool_has_the_instance_of_a_cluster_that_it_names(tmp_path: Path) -> None:
    text = POOLS.replace('?ref=v0.19.2-beta.0"', '?ref=v0.19.2-beta.0"\n  for_each = toset(["a", "b"])')
    chosen = pool_of(tmp_path, text.replace("module.gke.", 'module.gke["b"].')).cluster
    assert chosen is not None and chosen.block.address == 'module.gke["b"]'
    assert pool_of(tmp_path, text.replace("module.gke.", "module.gke[each.key].")).cluster is None
    assert pool_of(tmp_path, text.replace("module.gke.", 'module.gke["c"].')).cluster is None


@pytest.mark.parametrize(
    ("require", "label", "places", "words"),
    [
        (
            "pool.max_node_count < length(cluster.cluster_node_locations)",
            "ops inherits it from apps",
            [21, 10, 7],
            'max_node_count = 4 and cluster_node_locations of module.gke = "europe-west1-b"',
        ),
        ("nodes(config).max < 3", "ops inherits it from apps", [21, 10, 7], None),
        # What only the cluster says is shown with the node pool that it is about.
        ('cluster.region == "x"', "the cluster of ops is module.gke", [23, 6], 'region of module.gke = "europe-west1"'),
        ('cluster.pool.disk_type == "x"', "the cluster of ops is module.gke", [23], "cluster_disk_type of module.gke"),
    ],
)
def test_the_values_of_the_cluster_are_shown(
    require: str, label: str, places: list[int], words: str | None, tmp_path: Path
) -> None:
    found = next(p for p in violations(pool_of(tmp_path), "true", require, say) if p.environment == "ops")
    assert not found.unknown
    assert [found.span.line, *(related.span.line for related in found.related)] == places
    assert found.label == label
    assert all("of module.gke to" in related.message for related in found.related)
    assert words is None or words in found.message


def test_the_pool_within_settings_is_no_attribute_that_the_module_lacks(tmp_path: Path) -> None:
    assert facts_in_words(where(tmp_path, "settings.pool.image_type != null"), "ops") == "cluster_image_type is not set"
