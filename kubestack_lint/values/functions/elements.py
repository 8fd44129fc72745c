"""What the functions on lists, sets, tuples, maps and objects have in common."""

from __future__ import annotations

from fractions import Fraction

from kubestack_lint.source import Source, Span
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.functions.signature import FunctionError
from kubestack_lint.values.operators import equal
from kubestack_lint.values.types import DYNAMIC, Collection, ObjectType, TupleType, Type, is_list, is_map, is_set
from kubestack_lint.values.value import Unknown, Value, collection, unknown, unknown_in

# A few calls that feed each other can multiply elements without end. What has
# more of them than this is no configuration; its value stays unknown.
MAX_ELEMENTS = 100_000

_INT64 = 1 << 63
_PLAIN = frozenset((str, bool, int, Fraction))
_NOWHERE = Span(Source("", ""), 0, 0)


def is_sequence(kind: Type) -> bool:
    """A list or a tuple: something with positions."""
    return isinstance(kind, TupleType) or is_list(kind)


def is_iterable(kind: Type) -> bool:
    """A list, a tuple or a set."""
    return is_sequence(kind) or is_set(kind)


def is_mapping(kind: Type) -> bool:
    """A map or an object."""
    return isinstance(kind, ObjectType) or is_map(kind)


def known_length(value: Value) -> int | None:
    """How many elements there are, or None when unknown parts leave that open."""
    if isinstance(value.type, TupleType):
        return len(value.type.elements)
    if isinstance(value.type, ObjectType):
        return len(value.type.attributes)
    if isinstance(value.data, Unknown):
        return None
    size = len(value.items) or len(value.elements)
    if is_set(value.type) and size > 1 and unknown_in(value) is not None:
        # Elements that are unknown may turn out to be the same.
        return None
    return size


def first_unknown(*values: Value) -> Unknown | None:
    """The first unknown in any of the values, at any depth."""
    for value in values:
        found = unknown_in(value)
        if found is not None:
            return found
    return None


def equals(left: Value, right: Value) -> bool | Unknown:
    """`left == right`, decided or not."""
    if left.type == right.type and type(left.data) in _PLAIN and type(right.data) in _PLAIN:
        return left.data == right.data
    result = equal(left, right, _NOWHERE).data
    assert isinstance(result, bool | Unknown)
    return result


def whole(value: Value, argument: int | None = None, what: str = "value") -> int:
    """A number that Terraform keeps as a 64-bit integer."""
    data = value.data
    if not isinstance(data, int) or not -_INT64 <= data < _INT64:
        raise FunctionError(f"{what} must be a whole number of at most 64 bits", argument)
    return data


def converted(value: Value, kind: Type, argument: int | None = None) -> Value:
    """The value as another type, or the function's refusal of it."""
    try:
        return convert(value, kind)
    except ConversionError as error:
        raise FunctionError(str(error), argument) from error


def gathered(kind: Type, items: tuple[Value, ...]) -> Value:
    """A list or set; where its type leaves the elements open they bring theirs, all the same."""
    assert isinstance(kind, Collection)
    element = kind.element
    if items and element.is_dynamic:
        element = next((item.type for item in items if item.type != DYNAMIC), DYNAMIC)
        if any(item.type not in (element, DYNAMIC) for item in items):
            raise FunctionError("all elements must be of the same type")
    return collection(kind.kind, element, items)


def too_many(kind: Type, name: str) -> Value:
    """The result of a call that would make more elements than anybody configures."""
    return unknown(f"{name}() makes more than {MAX_ELEMENTS} elements here", kind)


def element_type(kind: Type) -> Type:
    """The element type of a list, set or map."""
    assert isinstance(kind, Collection)
    return kind.element
