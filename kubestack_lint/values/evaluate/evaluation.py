"""One expression → its value, whatever its kind, and what all kinds do with the errors of their parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values import operators
from kubestack_lint.values.access import EvaluationError
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.evaluate.scope import MAX_DEPTH, MAX_WEIGHT, TOO_MANY_STEPS, Scope
from kubestack_lint.values.types import DYNAMIC, Type
from kubestack_lint.values.value import Value, unknown

_Result = TypeVar("_Result")

# Filled by the package: what evaluates each kind of expression evaluates its parts by `evaluate`.
EVALUATORS: dict[type[nodes.Expression], Callable[..., Value]] = {}

# These go on after an error in one of their parts, and say which type comes of it.
_KEEPS_TYPE = (
    nodes.Parentheses, nodes.TemplateWrap, nodes.Tuple, nodes.Object, nodes.For, nodes.Splat, nodes.Conditional,
    nodes.Template, nodes.TemplateIf, nodes.TemplateFor,
)
_EXPENSIVE = (nodes.For, nodes.TemplateFor, nodes.Call, nodes.Attribute)


def evaluate(expression: nodes.Expression, scope: Scope) -> Value:
    """The value of an expression. Raises EvaluationError where Terraform refuses."""
    budget = scope.budget
    budget.steps -= 1
    if budget.steps < 0 and isinstance(expression, _EXPENSIVE):
        # Whatever is as long as its text goes on, so that the rest of a file stays useful.
        return unknown(TOO_MANY_STEPS, span=expression.span)
    if budget.depth > MAX_DEPTH:
        return unknown(f"it is computed more than {MAX_DEPTH} steps deep", span=expression.span)
    budget.depth += 1
    try:
        value = EVALUATORS[type(expression)](expression, scope)
    except EvaluationError as error:
        if not isinstance(expression, _KEEPS_TYPE):
            error.type = _failed_type(expression)
            error.sensitive = error.sensitive and isinstance(expression, nodes.Binary)
            error.built = False
        raise
    finally:
        budget.depth -= 1
    if value.weight > MAX_WEIGHT:
        return unknown(f"it has more than {MAX_WEIGHT} parts", span=expression.span)
    return value


def _failed_type(expression: nodes.Expression) -> Type:
    if isinstance(expression, nodes.Binary | nodes.Unary):
        return operators.result_type(expression.operator)
    return DYNAMIC


class Parts:
    """Parts of a tuple, object, loop or splat; after an error the others still count for the type."""

    def __init__(self) -> None:
        self.error: EvaluationError | None = None

    def evaluate(self, evaluation: Callable[[], Value]) -> Value:
        """A part, or what stands for one that fails."""
        try:
            return evaluation()
        except EvaluationError as error:
            self.error = self.error or error
            return unknown(error.message, error.type, error.span)

    def whole(self, value: Value) -> Value:
        """The value of all parts, or the first error with its type."""
        if self.error is None:
            return value
        self.error.type, self.error.sensitive, self.error.built = value.type, value.sensitive, value.is_known
        raise self.error


def shapeless(evaluation: Callable[[], _Result], sensitive: bool = False) -> _Result:
    """What HCL cannot do without: an error in it leaves no type, but how sensitive the whole is so far."""
    try:
        return evaluation()
    except EvaluationError as error:
        error.type, error.sensitive, error.built = DYNAMIC, sensitive, False
        raise


def attempt(expression: nodes.Expression, scope: Scope) -> tuple[Value, EvaluationError | None]:
    """The value of an expression, or what stands for it, with its error."""
    try:
        return evaluate(expression, scope), None
    except EvaluationError as error:
        value = unknown(error.message, error.type, expression.span)
        return replace(value, sensitive=error.sensitive), error


def converted(value: Value, kind: Type, span: Span, what: str) -> Value:
    """The value as another type, or an error that begins with `what`."""
    try:
        return convert(value, kind)
    except ConversionError as error:
        raise EvaluationError(f"{what}: {error}", span) from error
