"""`condition ? then : otherwise`."""

from __future__ import annotations

from dataclasses import replace

from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values import operators
from kubestack_lint.values.access import EvaluationError
from kubestack_lint.values.evaluate.evaluation import attempt, converted
from kubestack_lint.values.evaluate.scope import LEVELS, Scope
from kubestack_lint.values.types import BOOL, NUMBER, Type
from kubestack_lint.values.value import Unknown, Value, definitely_not_null, null, same


def conditional(expression: nodes.Conditional, scope: Scope) -> Value:
    """The value that the condition chooses, in the type that both have in common."""
    strict = scope.strict()
    then, then_error = attempt(expression.then, strict)
    otherwise, otherwise_error = attempt(expression.otherwise, strict)
    scope.budget.charge(then, otherwise)
    if then.type != otherwise.type:
        # To find the type that both have in common, parts are looked at from each level above them.
        scope.budget.charge(*[then, otherwise] * LEVELS)
    kind, convert_result = operators.conditional_type(then, otherwise, expression.span)
    sensitive = then.sensitive or otherwise.sensitive
    condition, problem = attempt(expression.condition, strict)
    sensitive = sensitive or condition.sensitive
    if problem is not None:
        problem.type, problem.sensitive, problem.built = kind, sensitive, False
        raise problem
    condition = _truth(condition, expression.condition.span, kind)
    if isinstance(condition.data, Unknown):
        result = _either(then, otherwise, kind, condition.data)
        return replace(result, span=expression.span, sensitive=sensitive)
    value, problem = (then, then_error) if condition.data else (otherwise, otherwise_error)
    try:
        if problem is not None:
            raise problem
        if convert_result:
            value = converted(value, kind, expression.span, "both results must have one type")
    except EvaluationError as error:
        # The branch that is not chosen counts as well.
        error.type, error.sensitive = kind, sensitive
        raise
    return replace(value, sensitive=True) if sensitive else value


def _truth(condition: Value, span: Span, kind: Type) -> Value:
    """A condition as true, false or unknown; `kind` is the type of the conditional."""
    if isinstance(condition.data, Unknown):
        return condition
    try:
        if condition.is_null:
            raise EvaluationError("the condition is null; it must be true or false", span)
        return converted(condition, BOOL, span, "the condition must be true or false")
    except EvaluationError as error:
        error.type = kind
        raise


def _either(then: Value, otherwise: Value, kind: Type, condition: Unknown) -> Value:
    """What is known of a conditional whose condition is unknown."""
    if then.is_null and otherwise.is_null:
        return null(kind)
    if kind == NUMBER and then.type == otherwise.type and then.is_known and same(then, otherwise):
        # Terraform keeps the bounds of unknown numbers; between 1 and 1 there is only one.
        return then
    not_null = all(definitely_not_null(value) for value in (then, otherwise))
    because = f"its condition is unknown: {condition.because}"
    return Value(kind, Unknown(because, condition.span, not_null, rule=condition.rule))
