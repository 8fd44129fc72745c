"""Calls that would take for ever, or all memory, end soon: with Terraform's error or an unknown value."""

from __future__ import annotations

import time

import pytest

from kubestack_lint.source import Source
from kubestack_lint.syntax import parse_expression
from kubestack_lint.values.evaluate import Budget, EvaluationError, Scope, evaluate
from kubestack_lint.values.functions.elements import MAX_ELEMENTS
from kubestack_lint.values.types import STRING
from kubestack_lint.values.value import Unknown, Value, collection, string, tuple_of

MANY = tuple(string(f"k{index}") for index in range(20_000))
LOCAL = {"many": collection("list", STRING, MANY)}


def nested(depth: int) -> Value:
    value = tuple_of(())
    for _ in range(depth):
        value = tuple_of((value, value))
    return value


def ask(text: str, **local: Value) -> Value:
    return evaluate(parse_expression(Source("test.tf", text)), Scope(local={**LOCAL, **local}))


@pytest.mark.parametrize(
    "call",
    [
        "setproduct(range(1000), range(1000), range(1000))",
        "setproduct(many, many)",
        "concat(many, many, many, many, many, many)",
        "matchkeys(many, many, many)",
    ],
)
def test_more_elements_than_anybody_configures_stay_unknown(call: str) -> None:
    start = time.monotonic()
    value = ask(call)
    assert isinstance(value.data, Unknown)
    assert f"more than {MAX_ELEMENTS} elements" in value.data.because
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    "call",
    [
        "range(1000000000)",
        "range(0, 1e-300, 1e-310)",
        'timeadd("2024-01-01T00:00:00Z", "1' + "0" * 5000 + 'h")',
        'cidrhost("' + "1" * 10_000 + '.0.0.0/8", 1)',
        'cidrhost("10.0.0.0/8", 1e4000)',
        'cidrsubnet("fd00::/8", -9223372036854775807, 1)',
        'cidrsubnets("10.0.0.0/8", [for item in many : 8]...)',
        'formatdate(join("", many), "2024-01-01T00:00:00Z")',
    ],
)
def test_terraform_refuses_these_and_so_do_we_at_once(call: str) -> None:
    start = time.monotonic()
    with pytest.raises(EvaluationError):
        ask(call)
    assert time.monotonic() - start < 5


def test_flatten_neither_recurses_nor_multiplies() -> None:
    deep = tuple_of(())
    for _ in range(300):
        deep = tuple_of((deep,))
    assert ask("flatten(deep)", deep=deep).data == ()
    value = ask("flatten(wide)", wide=nested(17))
    assert isinstance(value.data, Unknown) and "more than" in value.data.because


def test_calls_on_many_elements_use_up_the_budget_of_a_run() -> None:
    budget = Budget()
    value = evaluate(
        parse_expression(Source("test.tf", 'length([for item in range(200) : contains(many, "x")])')),
        Scope(local=LOCAL, budget=budget),
    )
    assert budget.steps < 0
    assert value.data == 200 or isinstance(value.data, Unknown)


@pytest.mark.parametrize(
    ("call", "because"),
    [
        ('rsadecrypt("x", "y")', "kslint decrypts nothing"),
        ('abspath("a")', "abspath() depends on the directory in which Terraform runs"),
        ('pathexpand("~/a")', "~ is the home directory of whoever runs Terraform"),
        ("timestamp()", "timestamp() is the time of the apply"),
    ],
)
def test_what_depends_on_time_secrets_or_machine_stays_unknown(call: str, because: str) -> None:
    value = ask(call)
    assert isinstance(value.data, Unknown) and value.data.because == because
