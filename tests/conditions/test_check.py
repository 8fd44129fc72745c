"""Mistakes in expressions, found without any configuration, each at its place."""

from __future__ import annotations

import pytest

from kubestack_lint.conditions import check_condition, check_message
from kubestack_lint.conditions.shapes import newest

MEANT_REGION = "did you mean region?"


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("config.region ==", "", "an expression is expected", ""),
        ('config.regio == ""', "config.regio", 'no module that this is about has "config.regio"', MEANT_REGION),
        ("pool.machine_typ == null", "pool.machine_typ", 'has "pool.machine_typ"', "did you mean machine_type?"),
        ("written.pool.nope == null", "written.pool.nope", 'has "written.pool.nope"', ""),
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


def test_messages_are_checked_too() -> None:
    assert not list(check_message("plain, ${environment} and ${nodes(config).max}"))
    (problem,) = check_message("has ${config.regio}")
    assert "config.regio" in problem.message and problem.start == 6
