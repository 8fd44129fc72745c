"""Conditions that stand as HCL text in our data, evaluated over an environment."""

from __future__ import annotations

from functools import cache

from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse_expression
from kubestack_lint.values.evaluate import EvaluationError, Scope, evaluate
from kubestack_lint.values.value import Unknown, Value


@cache
def _parsed(condition: str) -> nodes.Expression:
    return parse_expression(Source("condition", condition))


def holds(condition: str, environment: Value) -> bool | None:
    """True or false for one environment; None when it depends on something unknown.

    Upstream asks inside `try`, where a condition that cannot be computed (an
    attribute of a null object) changes nothing: it then holds.
    """
    if not condition:
        return True
    try:
        value = evaluate(_parsed(condition), Scope(local=environment.items))
    except EvaluationError:
        return True
    return None if isinstance(value.data, Unknown) else value.data is not False
