"""Attributes and elements of values: `x.name`, `x[key]`, and looping over x."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kubestack_lint.source import Span
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.types import DYNAMIC, NUMBER, STRING, Collection, ObjectType, TupleType, Type
from kubestack_lint.values.value import Unknown, Value, count, string

MAX_MESSAGE = 2_000


class EvaluationError(Exception):
    """Terraform refuses this expression; `span` is the part that it refuses.

    `rule` names the rule that reports it. `within` are the expressions of the
    configuration that lead there, where it is in a template file. HCL goes on with an unknown value of
    the `type` that the expression has in any case, `sensitive` like its operands; if `built`, with a known
    structure of unknown parts.
    """

    type: Type = DYNAMIC
    sensitive: bool = False
    built: bool = False
    within: tuple[Span, ...] = ()

    def __init__(self, message: str, span: Span, rule: str = "invalid-expression") -> None:
        # Messages quote texts, and texts can be long.
        message = message if len(message) <= MAX_MESSAGE else f"{message[:MAX_MESSAGE]}…"
        super().__init__(message)
        self.message = message
        self.span = span
        self.rule = rule


def get_attribute(value: Value, name: str, span: Span) -> Value:
    """`value.name`. Unknown in, unknown out; a missing attribute is an error."""
    if value.is_null:
        raise EvaluationError(f"this value is null, so it has no attribute {name}", span)
    kind = value.type
    if isinstance(kind, ObjectType):
        if name not in kind.attributes:
            raise EvaluationError(f'this object has no attribute "{name}"', span)
        if isinstance(value.data, Unknown):
            return _part(value, Value(kind.attributes[name], replace(value.data, not_null=False), value.span))
        return _part(value, value.items[name])
    if isinstance(kind, Collection) and kind.kind == "map":
        if isinstance(value.data, Unknown):
            return _part(value, Value(kind.element, replace(value.data, not_null=False), value.span))
        if name not in value.items:
            raise EvaluationError(f'this map has no element with the key "{name}"', span)
        return _part(value, value.items[name])
    if kind == DYNAMIC:
        return value
    raise EvaluationError(f"a {kind.name} has no attributes", span)


def _part(whole: Value, part: Value) -> Value:
    return replace(part, sensitive=True) if whole.sensitive and not part.sensitive else part


def get_index(value: Value, key: Value, span: Span) -> Value:
    """`value[key]`."""
    result = _indexed(value, key, span)
    return replace(result, sensitive=True) if value.sensitive or key.sensitive else result


def _indexed(value: Value, key: Value, span: Span) -> Value:
    if value.is_null:
        raise EvaluationError("this value is null, so it has no elements", span)
    if key.is_null:
        raise EvaluationError("null cannot be an index", span)
    if DYNAMIC in (value.type, key.type):
        source = value if value.type == DYNAMIC else key
        return replace(source, type=DYNAMIC, span=span)
    kind = value.type
    sequence = isinstance(kind, TupleType) or (isinstance(kind, Collection) and kind.kind == "list")
    if isinstance(kind, Collection) and kind.kind == "set":
        raise EvaluationError("a set has no index; loop over it or turn it into a list", span)
    if not sequence and not isinstance(kind, ObjectType | Collection):
        raise EvaluationError(f"a {kind.name} has no elements", span)
    try:
        key = convert(key, NUMBER if sequence else STRING)
    except ConversionError as error:
        raise EvaluationError(f"this key identifies no element: {error}", span) from error
    if isinstance(key.data, Unknown):
        element = kind.element if isinstance(kind, Collection) else DYNAMIC
        return Value(element, replace(key.data, not_null=False), span)
    if isinstance(value.data, Unknown) and isinstance(kind, Collection):
        # Any key may turn out to be there, even one that cannot be.
        return Value(kind.element, replace(value.data, not_null=False), span)
    if sequence:
        return _at_position(value, key, span)
    return _at_name(value, key, span)


def _at_position(value: Value, key: Value, span: Span) -> Value:
    position = key.data
    assert isinstance(position, int | Fraction)
    if position.denominator != 1:
        raise EvaluationError("an index must be a whole number", span)
    if position < 0:
        raise EvaluationError("an index must not be negative", span)
    index = int(position)
    if isinstance(value.data, Unknown):
        assert isinstance(value.type, TupleType)
        if index >= len(value.type.elements):
            raise EvaluationError("the index is beyond the end of the list", span)
        return Value(value.type.elements[index], replace(value.data, not_null=False), span)
    if index >= len(value.elements):
        raise EvaluationError(f"there are {len(value.elements)} elements, none with the index {index}", span)
    return _part(value, value.elements[index])


def _at_name(value: Value, key: Value, span: Span) -> Value:
    name = key.data
    assert isinstance(name, str)
    if isinstance(value.type, ObjectType):
        if name not in value.type.attributes:
            raise EvaluationError(f'this object has no attribute "{name}"', span)
        if isinstance(value.data, Unknown):
            return Value(value.type.attributes[name], replace(value.data, not_null=False), span)
    if name not in value.items:
        raise EvaluationError(f'this map has no element with the key "{name}"', span)
    return _part(value, value.items[name])


def element_pairs(value: Value) -> list[tuple[Value, Value]]:
    """Keys and elements in Terraform's order: by key for maps, itself for sets."""
    if isinstance(value.data, dict):
        ordered = sorted(value.data, key=lambda name: name.encode("utf-8", "surrogatepass"))
        return [(string(name), value.data[name]) for name in ordered]
    if isinstance(value.type, Collection) and value.type.kind == "set":
        return [(item, item) for item in value.elements]
    return [(count(index), item) for index, item in enumerate(value.elements)]
