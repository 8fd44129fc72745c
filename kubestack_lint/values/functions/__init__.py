"""Terraform's functions. The modules of this folder are the list: every Function in them counts."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values.access import EvaluationError
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.functions.signature import Function, FunctionError, Parameter
from kubestack_lint.values.types import DYNAMIC, Collection, TupleType
from kubestack_lint.values.value import Unknown, Value, passed_on, unknown, weighed

if TYPE_CHECKING:
    from kubestack_lint.values.evaluate import Scope

# Calls on more elements than this, or with more as result, count as that many steps of the evaluation.
FREE_ELEMENTS = 100
# Reading or writing so many letters takes as long as a step.
LETTERS_PER_STEP = 32


@cache
def functions() -> dict[str, Function]:
    """Every function by name, gathered from the modules of this folder."""
    found: dict[str, Function] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name != "signature":
            for item in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
                if isinstance(item, Function):
                    found[item.name] = item
    return found


def call(expression: nodes.Call, scope: Scope) -> Value:
    """Evaluate a call. Raises EvaluationError where Terraform refuses it."""
    from kubestack_lint.values.functions import special

    name = expression.name.removeprefix("core::")
    refusal = scope.functions(name) if scope.functions is not None else None
    if refusal:
        raise EvaluationError(str(refusal), expression.name_span)
    if name in special.FORMS:
        spread = _spread(expression, scope) if expression.expand else (expression, scope)
        return special.FORMS[name](*spread) if isinstance(spread, tuple) else spread
    found = functions().get(name)
    if found is None:
        if name.startswith("provider::"):
            return unknown(f"{name} is a function of a provider", span=expression.span)
        raise EvaluationError(f'there is no function "{name}"', expression.name_span)
    arguments, spans = _arguments(expression, scope.strict())
    if isinstance(arguments, Value):
        return arguments
    _check_count(found, arguments, expression)
    _charge(scope, *arguments)
    result = weighed(apply(found.bound(scope), arguments, spans, expression.span))
    if isinstance(result.data, Unknown) and result.data.rule and result.data.span is None:
        # A rule points at the call.
        result = replace(result, data=replace(result.data, span=expression.span))
    _charge(scope, result)
    given = [(found.parameter(index), value) for index, value in enumerate(arguments)]
    waits = any(_waits(parameter, value) for parameter, value in given)
    # Terraform drops the marks that a function would look at itself when it does not come to that.
    sensitive = any(parameter.marked(value) for parameter, value in given if not (waits and parameter.marks))
    return replace(result, span=expression.span, key=None, sensitive=result.sensitive or sensitive)


def _spread(expression: nodes.Call, scope: Scope) -> tuple[nodes.Call, Scope] | Value:
    """A call of a form without its `...`: names stand for the elements."""
    last = expression.arguments[-1]
    values, spans = _arguments(expression._replace(arguments=(last,)), scope.strict())
    if isinstance(values, Value):
        return values
    names = {f"\0spread{index}": value for index, value in enumerate(values)}
    elements = tuple(nodes.Variable(span, name) for name, span in zip(names, spans, strict=True))
    arguments = expression.arguments[:-1] + elements
    return expression._replace(arguments=arguments, expand=False), scope.child(names)


def _waits(parameter: Parameter, value: Value) -> bool:
    """Whether Terraform waits for this argument to be known before it calls the function."""
    if not isinstance(value.data, Unknown):
        return False
    return not parameter.unknown or (value.type == DYNAMIC == parameter.type and not parameter.dynamic)


def _charge(scope: Scope, *values: Value) -> None:
    size = sum(len(value.data) for value in values if isinstance(value.data, tuple | dict))
    letters = sum(len(value.data) for value in values if isinstance(value.data, str))
    scope.budget.steps -= (size if size > FREE_ELEMENTS else 0) + letters // LETTERS_PER_STEP
    scope.budget.charge(*values)


def _arguments(expression: nodes.Call, scope: Scope) -> tuple[tuple[Value, ...] | Value, tuple[Span, ...]]:
    from kubestack_lint.values.evaluate import evaluate

    values = [evaluate(argument, scope) for argument in expression.arguments]
    spans = [argument.span for argument in expression.arguments]
    if expression.expand:
        last = values.pop()
        span = spans.pop()
        sequence = isinstance(last.type, TupleType) or (isinstance(last.type, Collection) and last.type.kind != "map")
        if last.is_null or not (sequence or last.type == DYNAMIC):
            raise EvaluationError("the argument before ... must be a list, and not null", span)
        if isinstance(last.data, Unknown):
            return passed_on(last.data, span=expression.span), ()
        values.extend(replace(item, sensitive=item.sensitive or last.sensitive) for item in last.elements)
        spans.extend(span for _ in last.elements)
    return tuple(values), tuple(spans)


def _check_count(found: Function, arguments: tuple[Value, ...], expression: nodes.Call) -> None:
    least = len(found.parameters)
    if len(arguments) < least:
        missing = found.parameters[len(arguments)].name
        raise EvaluationError(
            f"{found.name}() needs {least} argument{'s' if least > 1 else ''}, "
            f"{len(arguments)} given; {missing} is missing",
            expression.span,
        )
    if len(arguments) > least and found.variadic is None:
        raise EvaluationError(
            f"{found.name}() takes {least} argument{'s' if least != 1 else ''}, {len(arguments)} given", expression.span
        )


def apply(found: Function, arguments: tuple[Value, ...], spans: tuple[Span, ...], span: Span) -> Value:
    """Call a function with values, as Terraform does: convert, check null, pass unknowns on."""
    result = _applied(found, arguments, spans, span)
    if found.not_null and isinstance(result.data, Unknown) and result.type != DYNAMIC:
        return replace(result, data=replace(result.data, not_null=True))
    return result


def _applied(found: Function, arguments: tuple[Value, ...], spans: tuple[Span, ...], span: Span) -> Value:
    converted: list[Value] = []
    for index, value in enumerate(arguments):
        parameter = found.parameter(index)
        try:
            given = convert(value, parameter.type)
        except ConversionError as error:
            raise EvaluationError(f"{found.name}({parameter.name}): {error}", spans[index]) from error
        converted.append(given)
    ready = tuple(converted)
    for index, value in enumerate(ready):
        parameter = found.parameter(index)
        if value.is_null and not parameter.null:
            raise EvaluationError(f"{found.name}({parameter.name}): argument must not be null", spans[index])
        if value.type == DYNAMIC and not parameter.dynamic:
            # Terraform then looks at no later argument: it waits for the type.
            cause = value.data if isinstance(value.data, Unknown) else Unknown("null has no type here", spans[index])
            return Value(DYNAMIC, replace(cause, not_null=False), span)
    try:
        for index, value in enumerate(ready):
            if isinstance(value.data, Unknown) and not found.parameter(index).unknown:
                return Value(found.result_type(ready), replace(value.data, not_null=False), span)
        return found.body(*ready)
    except FunctionError as error:
        place = spans[error.argument] if error.argument is not None and error.argument < len(spans) else span
        raise EvaluationError(f"{found.name}(): {error.message}", place) from error
