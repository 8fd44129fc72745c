"""Terraform's conversion functions, and `sensitive` with its kin."""

from __future__ import annotations

from dataclasses import replace

from kubestack_lint.syntax import nodes
from kubestack_lint.values.access import EvaluationError
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.evaluate import Scope
from kubestack_lint.values.functions.common import quoted
from kubestack_lint.values.functions.signature import FunctionError, Parameter, function
from kubestack_lint.values.types import BOOL, DYNAMIC, NUMBER, STRING, Type, list_of, map_of, set_of
from kubestack_lint.values.unify import convertible
from kubestack_lint.values.value import Unknown, Value, boolean

_V = Parameter("v", DYNAMIC, null=True, unknown=True, dynamic=True, marks=True)


@function(_V, returns=BOOL)
def tobool(value: Value) -> Value:
    """The value as bool: true, false, "true" and "false" are."""
    return _converted(value, BOOL)


@function(_V, returns=NUMBER)
def tonumber(value: Value) -> Value:
    """The value as number: numbers and their decimal texts are."""
    return _converted(value, NUMBER)


@function(_V, returns=STRING)
def tostring(value: Value) -> Value:
    """The value as text: texts, numbers and bools are."""
    return _converted(value, STRING)


@function(_V, returns=list_of(DYNAMIC))
def tolist(value: Value) -> Value:
    """The elements as list of the one type that they have in common."""
    return _converted(value, list_of(DYNAMIC))


@function(_V, returns=set_of(DYNAMIC))
def toset(value: Value) -> Value:
    """The elements as set of the one type that they have in common."""
    return _converted(value, set_of(DYNAMIC))


@function(_V, returns=map_of(DYNAMIC))
def tomap(value: Value) -> Value:
    """The attributes as map of the one type that they have in common."""
    return _converted(value, map_of(DYNAMIC))


def _converted(value: Value, wanted: Type) -> Value:
    if not convertible(value.type, wanted):
        raise FunctionError(f"a {value.type.name} cannot become a {wanted.name}", 0)
    if isinstance(value.data, Unknown):
        # Terraform forgets here what it knows of the elements.
        return Value(wanted, replace(value.data, not_null=False))
    try:
        return convert(value, wanted)
    except ConversionError as error:
        if value.sensitive:
            # The value must not show in the message.
            message = f"this sensitive {value.type.name} cannot become a {wanted.name}"
        elif isinstance(value.data, str):
            message = f"{quoted(value.data)} is no {wanted.name}"
        else:
            message = f"this {value.type.name} cannot become a {wanted.name}: {error}"
        raise FunctionError(message, 0) from error


# -- marks ------------------------------------------------------------------


@function(_V, returns=lambda arguments: arguments[0].type)
def sensitive(value: Value) -> Value:
    """The same value, marked sensitive."""
    return replace(value, sensitive=True)


@function(_V, returns=lambda arguments: arguments[0].type)
def ephemeralasnull(value: Value) -> Value:
    """The same value: nothing that can be evaluated statically is ephemeral."""
    return value


def nonsensitive(expression: nodes.Call, scope: Scope) -> Value:
    """The same value without its own mark; a form, because calls pass marks on."""
    value = _only(expression, scope)
    return replace(value, sensitive=False, span=expression.span, key=None)


def issensitive(expression: nodes.Call, scope: Scope) -> Value:
    """Whether the value itself is marked; unknown values may still become so."""
    value = _only(expression, scope)
    if isinstance(value.data, Unknown) and not value.sensitive:
        return Value(BOOL, replace(value.data, not_null=False), expression.span)
    return boolean(value.sensitive, expression.span)


def _only(expression: nodes.Call, scope: Scope) -> Value:
    from kubestack_lint.values.functions import _arguments

    arguments, _ = _arguments(expression, scope.strict())
    if isinstance(arguments, Value):
        return arguments
    if len(arguments) != 1:
        raise EvaluationError(f"{expression.name}() takes one argument, {len(arguments)} given", expression.span)
    return arguments[0]
