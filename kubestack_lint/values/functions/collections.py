"""Questions to collections and choices among values: length, contains, coalesce and the like."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kubestack_lint.values import graphemes
from kubestack_lint.values.arithmetic import add
from kubestack_lint.values.functions.elements import (
    converted,
    element_type,
    equals,
    first_unknown,
    is_iterable,
    is_mapping,
    is_sequence,
    known_length,
)
from kubestack_lint.values.functions.signature import FunctionError, Parameter, function, unknown_result
from kubestack_lint.values.numbers import Number
from kubestack_lint.values.types import BOOL, DYNAMIC, NUMBER, STRING, Collection, TupleType, Type, list_of, same_types
from kubestack_lint.values.unify import unify
from kubestack_lint.values.value import Unknown, Value, boolean, collection, count, identity, null, number


def _countable(arguments: tuple[Value, ...]) -> Type:
    kind = arguments[0].type
    if kind not in (STRING, DYNAMIC) and not is_iterable(kind) and not is_mapping(kind):
        raise FunctionError("the argument must be a string, a collection or a structure", 0)
    return NUMBER


@function(Parameter("value", dynamic=True, unknown=True, marks=True), returns=_countable, not_null=True)
def length(value: Value) -> Value:
    """Number of elements, attributes or characters as people count them."""
    _countable((value,))
    if isinstance(value.data, str):
        return count(graphemes.length(value.data))
    size = None if value.type in (STRING, DYNAMIC) else known_length(value)
    if size is not None:
        return count(size)
    cause = first_unknown(value)
    assert cause is not None
    return unknown_result(NUMBER, cause)


@function(Parameter("list", list_of(BOOL)), returns=BOOL, not_null=True)
def alltrue(items: Value) -> Value:
    """True when no element is false or null."""
    for item in items.elements:
        if isinstance(item.data, Unknown):
            return unknown_result(BOOL, item.data)
        if not item.data:
            return boolean(False)
    return boolean(True)


@function(Parameter("list", list_of(BOOL)), returns=BOOL, not_null=True)
def anytrue(items: Value) -> Value:
    """True when an element is true."""
    if any(item.data is True for item in items.elements):
        return boolean(True)
    hidden = first_unknown(items)
    return boolean(False) if hidden is None else unknown_result(BOOL, hidden)


_ANYTHING = Parameter("vals", null=True, unknown=True, dynamic=True)


def _common(arguments: tuple[Value, ...]) -> Type:
    kind = unify(tuple(value.type for value in arguments))
    if kind is None:
        raise FunctionError("all arguments must have the same type")
    return kind


@function(variadic=_ANYTHING, returns=_common, not_null=True)
def coalesce(*values: Value) -> Value:
    """The first argument that is neither null nor an empty string."""
    kind = _common(values)
    for index, value in enumerate(values):
        chosen = converted(value, kind, index)
        if isinstance(chosen.data, Unknown):
            return unknown_result(kind, chosen.data)
        if not chosen.is_null and not (kind == STRING and chosen.data == ""):
            return chosen
    raise FunctionError("no argument is other than null or an empty string")


def _one_sequence(arguments: tuple[Value, ...]) -> Type:
    if not arguments:
        raise FunctionError("at least one argument is required")
    for index, value in enumerate(arguments):
        if isinstance(value.data, Unknown):
            return DYNAMIC
        if not is_sequence(value.type):
            raise FunctionError("the arguments must be lists or tuples", index)
    same = same_types(value.type for value in arguments)
    return arguments[0].type if same else DYNAMIC


@function(variadic=_ANYTHING, returns=_one_sequence, not_null=True)
def coalescelist(*values: Value) -> Value:
    """The first list that is neither null nor empty."""
    kind = _one_sequence(values)
    for value in values:
        if isinstance(value.data, Unknown):
            return unknown_result(kind, value.data)
        if value.elements:
            return value
    raise FunctionError("no argument is a list with elements")


@function(Parameter("list", list_of(STRING)), returns=list_of(STRING), not_null=True)
def compact(items: Value) -> Value:
    """The strings that are neither empty nor null."""
    hidden = first_unknown(items)
    if hidden is not None:
        return unknown_result(list_of(STRING), hidden)
    return collection("list", STRING, tuple(item for item in items.elements if item.data))


@function(Parameter("list"), Parameter("value"), returns=BOOL, not_null=True)
def contains(items: Value, wanted: Value) -> Value:
    """Whether an element equals the value in type and content."""
    if not is_iterable(items.type):
        raise FunctionError("the argument must be a list, tuple or set", 0)
    hidden: Unknown | None = None
    for item in items.elements:
        verdict = equals(wanted, item)
        if verdict is True:
            return boolean(True)
        if isinstance(verdict, Unknown):
            hidden = hidden or verdict
    return boolean(False) if hidden is None else unknown_result(BOOL, hidden)


@function(Parameter("list", list_of(DYNAMIC)), returns=lambda arguments: arguments[0].type, not_null=True)
def distinct(items: Value) -> Value:
    """The list without repetitions, first occurrences kept."""
    hidden = first_unknown(items)
    if hidden is not None:
        return unknown_result(items.type, hidden)
    first: dict[Any, Value] = {}
    for item in items.elements:
        first.setdefault(identity(item), item)
    return collection("list", element_type(items.type), tuple(first.values()))


@function(Parameter("list"), Parameter("value"), returns=NUMBER, not_null=True)
def index(items: Value, wanted: Value) -> Value:
    """The position of the first element that equals the value."""
    if not is_sequence(items.type):
        raise FunctionError("the argument must be a list or tuple", 0)
    for position, item in enumerate(items.elements):
        verdict = equals(item, wanted)
        if isinstance(verdict, Unknown):
            return unknown_result(NUMBER, verdict)
        if verdict:
            return count(position)
    raise FunctionError("the list has no such element" if items.elements else "the list is empty", 0)


def _only(arguments: tuple[Value, ...]) -> Type:
    kind = arguments[0].type
    if isinstance(kind, Collection) and kind.kind != "map":
        return kind.element
    if isinstance(kind, TupleType) and len(kind.elements) < 2:
        return kind.elements[0] if kind.elements else DYNAMIC
    raise FunctionError("the argument must be a list, set or tuple of at most one element", 0)


@function(Parameter("list"), returns=_only)
def one(items: Value) -> Value:
    """The only element, or null when there is none."""
    kind = _only((items,))
    size = known_length(items)
    if size is None:
        hidden = first_unknown(items)
        assert hidden is not None
        return unknown_result(kind, hidden)
    if size > 1:
        raise FunctionError("the argument must be a list, set or tuple of at most one element", 0)
    return items.elements[0] if size else null(kind)


@function(Parameter("list"), returns=NUMBER, not_null=True)
def sum_(items: Value) -> Value:
    """The sum of all elements; at least one is needed."""
    if not is_iterable(items.type):
        raise FunctionError("the argument must be a list, set or tuple of numbers", 0)
    if not items.elements:
        raise FunctionError("an empty list has no sum", 0)
    hidden = first_unknown(items)
    if hidden is not None:
        return unknown_result(NUMBER, hidden)
    total: Number | None = None
    for item in items.elements:
        data = converted(item, NUMBER, 0).data
        if not isinstance(data, int | Fraction):
            raise FunctionError("the elements must be numbers, not null", 0)
        total = data if total is None else add(total, data)
    assert total is not None
    return number(total)
