"""Set algebra."""

from __future__ import annotations

from itertools import product
from math import prod

from kubestack_lint.values.functions.elements import (
    MAX_ELEMENTS,
    converted,
    element_type,
    first_unknown,
    gathered,
    known_length,
    too_many,
)
from kubestack_lint.values.functions.signature import FunctionError, Parameter, function, unknown_result
from kubestack_lint.values.types import DYNAMIC, Collection, TupleType, Type, is_list, is_set, list_of, set_of
from kubestack_lint.values.unify import unify
from kubestack_lint.values.value import Unknown, Value, collection, member


def _common_set(arguments: tuple[Value, ...]) -> Type:
    kinds: list[Type] = []
    for value in arguments:
        kind = element_type(value.type)
        # An empty set of nothing in particular goes with every other set.
        if kind != DYNAMIC or isinstance(value.data, Unknown) or value.elements:
            kinds.append(kind)
    common = unify(tuple(kinds)) if kinds else DYNAMIC
    if common is None:
        raise FunctionError("the sets must have compatible element types")
    return set_of(common)


_SET = Parameter("sets", set_of(DYNAMIC), dynamic=True)


def _alike(sets: tuple[Value, ...]) -> tuple[Type, list[Value]]:
    kind = _common_set(sets)
    return kind, [converted(value, kind, position) for position, value in enumerate(sets)]


def _check_alike(one: Value, other: Value) -> None:
    # Where the common type is open, each set keeps its own.
    if one.type != other.type:
        raise FunctionError("the sets must have compatible element types")


@function(_SET, variadic=_SET, returns=_common_set, not_null=True)
def setunion(*sets: Value) -> Value:
    """The elements of all sets."""
    kind, alike = _alike(sets)
    for value in alike:
        _check_alike(alike[0], value)
    if sum(len(value.elements) for value in alike) > MAX_ELEMENTS:
        return too_many(kind, "setunion")
    return collection("set", element_type(kind), tuple(item for value in alike for item in value.elements))


@function(_SET, variadic=_SET, returns=_common_set, not_null=True)
def setintersection(*sets: Value) -> Value:
    """The elements that occur in every set."""
    return _filtered(sets, keep=True)


@function(_SET, _SET, returns=_common_set, not_null=True)
def setsubtract(minuend: Value, subtrahend: Value) -> Value:
    """The elements of the first set without those of the second."""
    return _filtered((minuend, subtrahend), keep=False)


def _filtered(sets: tuple[Value, ...], keep: bool) -> Value:
    """Elements of the first set that are, or are not, in each of the others."""
    kind, alike = _alike(sets)
    for value in alike:
        hidden = first_unknown(value)
        if hidden is not None:
            return unknown_result(kind, hidden)
        _check_alike(alike[0], value)
    found = alike[0].elements
    for other in alike[1:]:
        present = {member(item) for item in other.elements}
        found = tuple(item for item in found if (member(item) in present) is keep)
    return collection("set", element_type(kind), found)


def _factor(value: Value, position: int) -> Type:
    kind = value.type
    if isinstance(kind, TupleType):
        if not kind.elements:
            return DYNAMIC
        common = unify(kind.elements)
        if common is None:
            raise FunctionError("all elements must be of the same type", position)
        return common
    if is_list(kind) or is_set(kind):
        return element_type(kind)
    raise FunctionError("a set, list or tuple is required", position)


def _products(arguments: tuple[Value, ...]) -> Type:
    if len(arguments) < 2:
        raise FunctionError("at least two arguments are required")
    row = TupleType(tuple(_factor(value, position) for position, value in enumerate(arguments)))
    return set_of(row) if any(is_set(value.type) for value in arguments) else list_of(row)


@function(variadic=Parameter("sets", unknown=True, marks=True), returns=_products, not_null=True)
def setproduct(*sets: Value) -> Value:
    """Every combination of one element of each, as a list (a set when one argument is a set)."""
    kind = _products(sets)
    assert isinstance(kind, Collection) and isinstance(kind.element, TupleType)
    if any(isinstance(value.data, Unknown) or known_length(value) is None for value in sets):
        return _open_product(kind, sets)
    if prod(len(value.elements) for value in sets) * len(sets) > MAX_ELEMENTS:
        return too_many(kind, "setproduct")
    columns = [
        tuple(converted(item, wanted, position) for item in value.elements)
        for position, (value, wanted) in enumerate(zip(sets, kind.element.elements, strict=True))
    ]
    rows = [Value(TupleType(tuple(item.type for item in row)), row) for row in product(*columns)]
    return gathered(kind, tuple(rows))


def _open_product(kind: Collection, sets: tuple[Value, ...]) -> Value:
    """The product when a factor is open; where the lengths are known, so is the product's."""
    hidden = first_unknown(*sets)
    assert hidden is not None
    sizes = [known_length(value) for value in sets]
    if 0 in sizes and None not in sizes:
        return collection(kind.kind, kind.element, ())
    if set(sizes) == {1}:
        return collection(kind.kind, kind.element, (unknown_result(kind.element, hidden),))
    return unknown_result(kind, hidden)
