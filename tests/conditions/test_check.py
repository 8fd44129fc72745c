"""Mistakes in expressions, found without any configuration, each at its place."""

from __future__ import annotations

import pytest

from kubestack_lint.conditions import check_condition, check_message
from kubestack_lint.conditions.shapes import newest

MEANT_REGION = "did you mean region?"
NO_CLOCK = "conditions see no files, no clock and no chance"


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("config.region ==", "", "an expression is expected", ""),
        ('config.regio == ""', "config.regio", 'no module that this is about has "config.regio"', MEANT_REGION),
        ("pool.machine_typ == null", "pool.machine_typ", 'has "pool.machine_typ"', "did you mean machine_type?"),
        ("written.pool.nope == null", "written.pool.nope", 'has "written.pool.nope"', ""),
        ("cluster.cluster_vpc_cdr == null", "cluster.cluster_vpc_cdr", 'has "cluster.cluster_vpc_cdr"', "did you mean cluster_vpc_cidr?"),
        ("cluster.pool.machine_typ == null", "cluster.pool.machine_typ", 'has "cluster.pool.machine_typ"', "did you mean machine_type?"),
        ("nodes(cluster).max < 3", "cluster", "nodes() takes config, base, or one of environments", ""),
        ("environments.ops.regoin == null", "environments.ops.regoin", 'has "environments.*.regoin"', MEANT_REGION),
        ("pool.min_siz > 2 || config.sku_tier == null", "pool.min_siz", "pool.min_siz", "did you mean min_size?"),
        ("machine(pool.machine_type).cpu > 2", "machine(pool.machine_type).cpu", 'no attribute "cpu"', ""),
        ('module.pth == ""', "module.pth", 'no attribute "pth"', ""),
        ("machine()", "machine()", "takes 1 argument, 0 given", ""),
        ("missing(1)", "missing", 'there is no function "missing"', ""),
        ("env == 3", "env", "refers to nothing", ""),
        ("nodes(config)", "nodes(config)", "must be true or false", ""),
        ("length(environments)", "length(environments)", "must be true or false", ""),
        ('cidrprefix("x") == 3', '"x"', "is no network", ""),
        ('cidroverlaps("10.0.0.0/8", "x")', '"x"', '"x" is no network', ""),
        ('cidrcontains("x", "10.0.0.0/8")', '"x"', '"x" is no network', ""),
        ('config.region == "a" && missing(1)', "missing", 'there is no function "missing"', ""),
        ('config.region == "a" ? true : env == 3', "env", "refers to nothing", ""),
        ("alltrue([for zone in pool.node_locations : nodez(zone)])", "nodez", 'no function "nodez"', ""),
        ('alltrue([for zone in pool.node_locations : zone.name == "a"])', "zone.name", "a string has no attributes", ""),
        ('alltrue([for name, label in pool.labels : label.x == "a"])', "label.x", "a string has no attributes", ""),
        ('alltrue([for taint in pool.taints : true && taint.efect == "a"])', "taint.efect", 'no attribute "efect"', ""),
        ('{for e in environments : env => e} != null', "env", "refers to nothing", ""),
        ("[for e in environments : e if nods(e)] != []", "nods", 'no function "nods"', ""),
        ("nodes(settings).max < 3", "settings", "nodes() takes config, base, or one of environments", ""),
        ("nodes(environments).max < 3", "environments", "nodes() takes config, base, or one of environments", ""),
        ("nodes({}).max < 3", "{}", "nodes() takes config, base, or one of environments", ""),
        ('file("a") == ""', 'file("a")', "the result of file() is never known", NO_CLOCK),
        ('can(timestamp()) && true', "timestamp()", "the result of timestamp() is never known", NO_CLOCK),
        ("version_atleast(config.cluster_version, 1.30)", "1.30", "version 1.30 is a number here", 'write it in quotes: "1.30"'),
        ('config.cluster_version >= "1.30"', '"1.30"', ">= compares numbers, and 1.30 is a version", 'version_atleast(a, "1.30") compares versions'),
        ("1.30 < config.cluster_version", "1.30", "< compares numbers, and 1.30 is a version", 'version_atleast(a, "1.30") compares versions'),
    ],
)
def test_a_mistake_is_placed(text: str, place: str, message: str, hint: str) -> None:
    (problem,) = check_condition(text)
    assert text[problem.start : problem.end] == place
    assert message in problem.message
    assert problem.hint == hint


@pytest.mark.parametrize(
    "text",
    [
        "true",
        "config.cluster_max_size <= 3 || config.default_node_pool.max_size <= 3",
        'contains(keys(pool.labels), "team") && pool.labels.team == "a"',
        "alltrue([for taint in pool.taints : taint.effect != null])",
        "nodes(config).max <= nodes(base).max && nodes(environments.ops).min > 0",
        "config.region == null || length(config.region) > 3",
        'can(config.region) && (try(missing(1), "") == "" || true)',
        "alltrue([for name, c in environments : name == base_environment || c.region == base.region])",
        "alltrue([for name, c in environments : nodes(c).max < 5])",
        "nodes(environment == base_environment ? config : base).max < 5",
        "alltrue([for name in [1, 2] : name > 0]) && alltrue([for name in config.tags : name != null])",
        'version_minor(config.cluster_version) >= 30 && config.cluster_version != "1.30" && 1.5 > nodes(config).max',
    ],
)
def test_what_makes_sense_for_some_module_is_no_mistake(text: str) -> None:
    assert not list(check_condition(text))


def test_attributes_are_those_of_the_modules_that_a_policy_is_about() -> None:
    module = newest("google/cluster")
    assert module is not None
    assert not list(check_condition('config.region == "x"', [module]))
    assert [problem.message for problem in check_condition('config.sku_tier == "x"', [module])] == [
        'no module that this is about has "config.sku_tier"'
    ]


def test_only_node_pools_have_a_cluster() -> None:
    cluster, pool = newest("google/cluster"), newest("google/cluster/node-pool")
    assert cluster is not None and pool is not None
    assert not list(check_condition('cluster == null || cluster.region == "x"', [pool]))
    assert not list(check_condition("cluster == null", [cluster]))
    (problem,) = check_condition('cluster.region == "x"', [cluster])
    assert problem.message == '"cluster.region" is asked for, and no module that this is about is a node pool'
    (problem,) = check_condition('cluster.cluster_vpc_cidr == "x"', [cluster, pool])
    assert problem.message == 'no module that this is about has "cluster.cluster_vpc_cidr"'


def test_messages_are_checked_too() -> None:
    assert not list(check_message("plain, ${environment} and ${nodes(config).max}"))
    (problem,) = check_message("has ${config.regio}")
    assert "config.regio" in problem.message and problem.start == 6
    (problem,) = check_message("%{ for zone in pool.node_locations }${zoe}%{ endfor }")
    assert problem.message == '"zoe" refers to nothing; a string is written in quotes'
