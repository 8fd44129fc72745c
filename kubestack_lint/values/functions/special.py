"""The forms that look like functions but decide themselves what to evaluate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from kubestack_lint.syntax import nodes
from kubestack_lint.values.access import EvaluationError
from kubestack_lint.values.functions.conversions import issensitive, nonsensitive
from kubestack_lint.values.functions.templatestring import templatestring
from kubestack_lint.values.types import BOOL
from kubestack_lint.values.value import Unknown, Value, boolean, passed_on, unknown_in

if TYPE_CHECKING:
    from kubestack_lint.values.evaluate import Scope


def try_(expression: nodes.Call, scope: Scope) -> Value:
    """The first argument that evaluates; unknown as soon as one that comes first is not wholly known."""
    from kubestack_lint.values.evaluate import evaluate

    if not expression.arguments:
        raise EvaluationError("try() needs at least one argument", expression.span)
    last: EvaluationError | None = None
    for argument in expression.arguments:
        try:
            value = evaluate(argument, scope.strict())
        except EvaluationError as error:
            last = error
            continue
        hidden = unknown_in(value)
        if hidden is not None:
            # It might still fail once it is known, so Terraform waits.
            return passed_on(hidden, span=expression.span)
        return value
    assert last is not None
    raise EvaluationError(f"no argument of try() evaluates; the last one: {last.message}", last.span)


def can(expression: nodes.Call, scope: Scope) -> Value:
    """Whether the argument evaluates."""
    from kubestack_lint.values.evaluate import evaluate

    if len(expression.arguments) != 1:
        raise EvaluationError("can() takes one argument", expression.span)
    try:
        value = evaluate(expression.arguments[0], scope.strict())
    except EvaluationError:
        return boolean(False, expression.span)
    hidden = unknown_in(value)
    if hidden is not None:
        return Value(BOOL, replace(hidden, not_null=False, refused=False), expression.span)
    return boolean(True, expression.span)


def convert_(expression: nodes.Call, scope: Scope) -> Value:
    """`convert(value, type)`: the value as the type that the second argument declares."""
    from kubestack_lint.errors import SyntaxProblem
    from kubestack_lint.values.convert import ConversionError, convert
    from kubestack_lint.values.declared import declared_type
    from kubestack_lint.values.defaults import with_defaults
    from kubestack_lint.values.evaluate import evaluate
    from kubestack_lint.values.types import without_optional
    from kubestack_lint.values.unify import convertible

    if len(expression.arguments) != 2:
        raise EvaluationError("convert() takes a value and a type", expression.span)
    try:
        kind = declared_type(expression.arguments[1])
    except SyntaxProblem as problem:
        raise EvaluationError(f"convert(): {problem.message}", problem.span) from problem
    value = evaluate(expression.arguments[0], scope.strict())
    if isinstance(value.data, Unknown) and not convertible(value.type, kind):
        # Terraform looks at what is unknown only once it is known.
        return replace(value, type=without_optional(kind), span=expression.span)
    try:
        return convert(with_defaults(value, kind), kind).at(expression.span)
    except ConversionError as error:
        raise EvaluationError(f"convert(): {error}", expression.arguments[0].span) from error


FORMS: dict[str, Callable[[nodes.Call, Scope], Value]] = {
    "try": try_,
    "can": can,
    "convert": convert_,
    "issensitive": issensitive,
    "nonsensitive": nonsensitive,
    "templatestring": templatestring,
}

__all__ = ["FORMS", "replace"]
