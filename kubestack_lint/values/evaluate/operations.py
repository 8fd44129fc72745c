"""Operators and calls."""

from __future__ import annotations

from kubestack_lint.syntax import nodes
from kubestack_lint.values import operators
from kubestack_lint.values.evaluate.evaluation import attempt, evaluate
from kubestack_lint.values.evaluate.scope import Scope
from kubestack_lint.values.value import Value


def unary(expression: nodes.Unary, scope: Scope) -> Value:
    """`-a` or `!a`."""
    value = evaluate(expression.operand, scope.strict())
    return operators.unary(expression.operator, value, expression.operand.span, expression.span)


def binary(expression: nodes.Binary, scope: Scope) -> Value:
    """`a + b` and all others with two operands."""
    # Long chains lean to the left: walk them in a loop, not in recursion.
    chain: list[nodes.Binary] = []
    left: nodes.Expression = expression
    while isinstance(left, nodes.Binary):
        chain.append(left)
        left = left.left
    strict = scope.strict()
    value, error = attempt(left, strict)
    for node in reversed(chain):
        right, right_error = attempt(node.right, strict)
        scope.budget.charge(value, right)
        value, error = operators.binary(node, value, error, right, right_error)
    if error is not None:
        raise error
    return value


def call(expression: nodes.Call, scope: Scope) -> Value:
    """`function(a, b)`."""
    from kubestack_lint.values.functions import call

    return call(expression, scope)
