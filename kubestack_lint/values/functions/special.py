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
from kubestack_lint.values.value import Unknown, Value, boolean, unknown, unknown_in

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
            return unknown(hidden.because, span=expression.span)
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
        return Value(BOOL, Unknown(hidden.because, hidden.span), expression.span)
    return boolean(True, expression.span)


FORMS: dict[str, Callable[[nodes.Call, Scope], Value]] = {
    "try": try_,
    "can": can,
    "issensitive": issensitive,
    "nonsensitive": nonsensitive,
    "templatestring": templatestring,
}

__all__ = ["FORMS", "replace"]
