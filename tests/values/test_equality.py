"""`==` where a part is unknown: what Terraform decides by chance, kslint decides in one way."""

from __future__ import annotations

import pytest

from kubestack_lint.source import Source
from kubestack_lint.syntax import parse_expression
from kubestack_lint.values.evaluate import Scope, evaluate
from kubestack_lint.values.types import NUMBER, STRING
from kubestack_lint.values.value import Unknown, Value, unknown

LOCAL = {"text": unknown("a text", STRING), "amount": unknown("an amount", NUMBER), "anything": unknown("anything")}


def ask(text: str) -> Value:
    return evaluate(parse_expression(Source("test.tf", text)), Scope(local=LOCAL))


# Terraform compares attributes and elements of maps in the order of a Go map, which changes from run to run, and stops
# at the first that is open or different: each of these is false in one plan and known after apply in the next.
@pytest.mark.parametrize(
    "operands",
    [
        ('{ a = text, b = 1 }', '{ a = "x", b = 2 }'),
        ('{ a = 1, b = text }', '{ a = 2, b = "x" }'),
        ('{ a = amount, b = { c = text, d = true } }', '{ a = 1, b = { c = "x", d = false } }'),
        ('tomap({ a = text, b = "1" })', 'tomap({ a = "x", b = "2" })'),
    ],
)
def test_what_surely_differs_decides(operands: tuple[str, str]) -> None:
    left, right = operands
    for one, other in ((left, right), (right, left)):
        assert ask(f"{one} == {other}").data is False
        assert ask(f"{one} != {other}").data is True


@pytest.mark.parametrize(
    ("comparison", "because"),
    [
        ('{ a = text, b = 1 } == { a = "x", b = 1 }', "a text"),
        ('{ b = amount, a = text } == { b = 1, a = "x" }', "a text"),
        # Lists and tuples are compared from the beginning.
        ('[text, 1] == ["x", 2]', "a text"),
        ('tolist([text, "a"]) == tolist(["x", "b"])', "a text"),
        # Without its type an unknown part leaves the whole open, whatever stands beside it.
        ("{ b = anything, a = null } == { b = 1, a = 1 }", "anything"),
        ('["b", anything] == ["c", "a"]', "anything"),
    ],
)
def test_what_stays_open_names_the_unknown(comparison: str, because: str) -> None:
    value = ask(comparison)
    assert isinstance(value.data, Unknown)
    assert value.data.because == because
    assert value.data.not_null


@pytest.mark.parametrize(
    "comparison",
    [
        '[1, text] == [2, "x"]',
        '[anything, 1] == ["x", "1"]',
        "{ a = anything } == tomap({ a = 1 })",
        "[anything] == tolist([1])",
    ],
)
def test_what_no_unknown_can_change_is_false(comparison: str) -> None:
    assert ask(comparison).data is False
