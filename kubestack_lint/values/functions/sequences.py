"""Lists and tuples made from lists and tuples: concat, flatten, slice, range and the like."""

from __future__ import annotations

from fractions import Fraction

from kubestack_lint.values.arithmetic import add
from kubestack_lint.values.functions.elements import (
    MAX_ELEMENTS,
    converted,
    element_type,
    equals,
    first_unknown,
    gathered,
    is_iterable,
    is_mapping,
    is_sequence,
    known_length,
    too_many,
    whole,
)
from kubestack_lint.values.functions.signature import FunctionError, Parameter, function, unknown_result
from kubestack_lint.values.numbers import WORD, Number, held
from kubestack_lint.values.types import DYNAMIC, NUMBER, STRING, TupleType, Type, is_list, is_set, list_of
from kubestack_lint.values.unify import unify
from kubestack_lint.values.value import Unknown, Value, collection, number, tuple_of

# Terraform's own limit.
MAX_RANGE = 1024


def _chunks(arguments: tuple[Value, ...]) -> Type:
    return list_of(arguments[0].type)


@function(
    Parameter("list", list_of(DYNAMIC), marks=True),
    Parameter("size", NUMBER, marks=True),
    returns=_chunks,
    not_null=True,
)
def chunklist(items: Value, size: Value) -> Value:
    """The list cut into lists of `size` elements; size 0 makes one list of all."""
    step = whole(size, 1, "the size")
    if step < 0:
        raise FunctionError("the size must not be negative", 1)
    data = items.elements
    step = step or max(len(data), 1)
    element = element_type(items.type)
    chunks = tuple(collection("list", element, data[start : start + step]) for start in range(0, len(data), step))
    return collection("list", items.type, chunks)


def _joined(arguments: tuple[Value, ...]) -> Type:
    if not arguments:
        raise FunctionError("at least one argument is required")
    kinds = tuple(value.type for value in arguments)
    if all(is_list(kind) for kind in kinds):
        common = unify(kinds)
        if common is not None:
            return common
    elements: list[Type] = []
    for position, value in enumerate(arguments):
        if not is_sequence(value.type):
            raise FunctionError(f"all arguments must be lists or tuples, not {value.type.name}", position)
        if isinstance(value.type, TupleType):
            elements.extend(value.type.elements)
        elif isinstance(value.data, Unknown):
            return DYNAMIC
        else:
            elements.extend(element_type(value.type) for _ in value.elements)
    return TupleType(tuple(elements))


@function(variadic=Parameter("seqs", marks=True), returns=_joined, not_null=True)
def concat(*lists: Value) -> Value:
    """All elements one after the other: a list when all are lists of like type, else a tuple."""
    if sum(len(value.elements) for value in lists) > MAX_ELEMENTS:
        return too_many(DYNAMIC, "concat")
    kind = _joined(lists)
    if is_list(kind):
        alike = [converted(value, kind, position) for position, value in enumerate(lists)]
        return gathered(kind, tuple(item for value in alike for item in value.elements))
    return Value(kind, tuple(item for value in lists for item in value.elements))


def _element(arguments: tuple[Value, ...]) -> Type:
    kind, index = arguments[0].type, arguments[1]
    if is_list(kind):
        return element_type(kind)
    if not isinstance(kind, TupleType):
        raise FunctionError(f"a {kind.name} has no elements to choose by position", 0)
    if isinstance(index.data, Unknown):
        return DYNAMIC
    return kind.elements[_wrapped(index, len(kind.elements))]


def _wrapped(index: Value, size: int) -> int:
    position = whole(index, 1, "the index")
    if not size:
        raise FunctionError("the list is empty", 0)
    return position % size


@function(Parameter("list", marks=True), Parameter("index", NUMBER), returns=_element)
def element(items: Value, index: Value) -> Value:
    """The element at a position, counted round and round."""
    _element((items, index))
    return items.elements[_wrapped(index, len(items.elements))]


@function(Parameter("list", marks=True), returns=DYNAMIC, not_null=True)
def flatten(items: Value) -> Value:
    """A tuple of all elements, those of nested lists, sets and tuples in their place."""
    hidden = first_unknown(items)
    if not is_iterable(items.type) and (hidden is None or not is_mapping(items.type)):
        # Terraform does not look at the type while a part is unknown.
        raise FunctionError("only lists, sets and tuples can be flattened", 0)
    found: list[Value] = []
    open_part: Unknown | None = None
    sensitive = False
    pending = [items]
    visited = 0
    while pending:
        item = pending.pop()
        visited += 1
        if item is not items and (item.is_null or not is_iterable(item.type)):
            if item.type == DYNAMIC and isinstance(item.data, Unknown):
                open_part = open_part or item.data
            found.append(item)
            continue
        sensitive = sensitive or item.sensitive
        if isinstance(item.data, Unknown) or known_length(item) is None:
            open_part = open_part or first_unknown(item)
            continue
        pending.extend(reversed(tuple(item.items.values()) or item.elements))
        if len(pending) + visited > MAX_ELEMENTS:
            return too_many(DYNAMIC, "flatten")
    result = tuple_of(tuple(found)) if open_part is None else unknown_result(DYNAMIC, open_part)
    return Value(result.type, result.data, sensitive=sensitive)


@function(
    Parameter("values", list_of(DYNAMIC)),
    Parameter("keys", list_of(DYNAMIC)),
    Parameter("searchset", list_of(DYNAMIC)),
    returns=lambda arguments: _matched(arguments),
    not_null=True,
)
def matchkeys(values: Value, keys: Value, searchset: Value) -> Value:
    """The values whose key, at the same position, occurs in the search set."""
    kind = _matched((values, keys, searchset))
    common = unify((keys.type, searchset.type))
    assert common is not None
    if len(values.elements) != len(keys.elements):
        raise FunctionError("values and keys must have equal length", 1)
    wanted = converted(searchset, common, 2).elements
    if not wanted:
        return Value(kind, ())
    hidden = first_unknown(values, keys)
    if hidden is not None:
        return unknown_result(kind, hidden)
    if len(wanted) * len(keys.elements) > MAX_ELEMENTS:
        return too_many(kind, "matchkeys")
    found: list[Value] = []
    for value, key in zip(values.elements, converted(keys, common, 1).elements, strict=True):
        for candidate in wanted:
            verdict = equals(key, candidate)
            if isinstance(verdict, Unknown):
                # So does Terraform: an unknown in the search set empties the result.
                return Value(kind, ())
            if verdict:
                found.append(value)
                break
    return Value(kind, tuple(found))


def _matched(arguments: tuple[Value, ...]) -> Type:
    if unify((arguments[1].type, arguments[2].type)) is None:
        raise FunctionError("keys and searchset must have the same type", 2)
    return arguments[0].type


@function(variadic=Parameter("params", NUMBER), returns=list_of(NUMBER), not_null=True)
def range_(*limits: Value) -> Value:
    """Numbers from a start (0) up or down to, without, an end in steps (of 1)."""
    start, end, step = _progression(limits)
    found: list[Value] = []
    current = start
    while current < end if step >= 0 else current > end:
        if len(found) >= MAX_RANGE:
            raise FunctionError(f"the range has more than {MAX_RANGE} numbers")
        found.append(number(current))
        current = add(current, step)
    return collection("list", NUMBER, tuple(found))


def _progression(limits: tuple[Value, ...]) -> tuple[Number, Number, Number]:
    given = [value.data for value in limits if isinstance(value.data, int | Fraction)]
    if not 1 <= len(given) <= 3:
        raise FunctionError("range() takes one, two or three arguments")
    start, end = (held(0, WORD), given[0]) if len(given) == 1 else (given[0], given[1])
    step = given[2] if len(given) == 3 else held(-1 if end < start else 1, WORD)
    if step < 0 and end > start:
        raise FunctionError("the end must be less than the start when the step is negative", 1)
    if step >= 0 and end < start:
        raise FunctionError("the end must be greater than the start when the step is positive", 1)
    return start, end, step


def _reversed(arguments: tuple[Value, ...]) -> Type:
    kind = arguments[0].type
    if isinstance(kind, TupleType):
        return TupleType(kind.elements[::-1])
    if is_list(kind) or is_set(kind):
        return list_of(element_type(kind))
    raise FunctionError(f"only lists, sets and tuples can be reversed, not {kind.name}", 0)


@function(Parameter("list", marks=True), returns=_reversed, not_null=True)
def reverse(items: Value) -> Value:
    """The elements from last to first."""
    return Value(_reversed((items,)), items.elements[::-1])


@function(Parameter("list", list_of(STRING), unknown=True), returns=list_of(STRING), not_null=True)
def sort(items: Value) -> Value:
    """The strings in the order of their code points."""
    if isinstance(items.data, Unknown):
        return unknown_result(list_of(STRING), items.data)
    hidden = first_unknown(items)
    if hidden is not None:
        # The order is open, the length is not.
        return collection("list", STRING, tuple(unknown_result(STRING, hidden) for _ in items.elements))
    for position, item in enumerate(items.elements):
        if item.is_null:
            raise FunctionError(f"element {position} is null; null cannot be sorted", 0)
    return collection("list", STRING, tuple(sorted(items.elements, key=lambda item: str(item.data))))


def _sliced(arguments: tuple[Value, ...]) -> Type:
    kind = arguments[0].type
    if not is_sequence(kind):
        raise FunctionError("only lists and tuples can be sliced", 0)
    start, end = _bounds(*arguments)
    if not isinstance(kind, TupleType):
        return kind
    return DYNAMIC if start is None or end is None else TupleType(kind.elements[start:end])


def _bounds(items: Value, *limits: Value) -> tuple[int | None, int | None]:
    size = known_length(items)
    found: list[int | None] = []
    for argument, (limit, what) in enumerate(zip(limits, ("start", "end"), strict=True), start=1):
        if isinstance(limit.data, Unknown):
            found.append(None)
            continue
        position = whole(limit, argument, f"the {what} index")
        if position < 0:
            raise FunctionError(f"the {what} index must not be negative", argument)
        if size is not None and position > size:
            raise FunctionError(f"the {what} index is beyond the list, which has {size} elements", argument)
        found.append(position)
    start, end = found
    if start is not None and end is not None and start > end:
        raise FunctionError("the start index must not be greater than the end index", 1)
    return start, end


@function(
    Parameter("list", marks=True), Parameter("start_index", NUMBER), Parameter("end_index", NUMBER),
    returns=_sliced, not_null=True,
)  # fmt: skip
def slice_(items: Value, first: Value, last: Value) -> Value:
    """The elements from one position up to, without, another."""
    kind = _sliced((items, first, last))
    start, end = _bounds(items, first, last)
    return Value(kind, items.elements[start:end])


@function(variadic=Parameter("vals", null=True, unknown=True, dynamic=True), returns=DYNAMIC)
def list_(*values: Value) -> Value:
    """Gone since Terraform 0.12."""
    raise FunctionError("Terraform no longer has this function; write tolist([ … ])")
