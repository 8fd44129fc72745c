"""Terraform's values, each with the place where it was written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from kubestack_lint.source import Span
from kubestack_lint.values.numbers import BEYOND, MAX_BITS, WORD, Number, held, named
from kubestack_lint.values.set_order import element_text, place
from kubestack_lint.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    Collection,
    ObjectType,
    TupleType,
    Type,
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be known statically; `because` is a phrase for people.

    `not_null` says that it will not be null, whatever it is; `refused` that
    Terraform stops at the expression, which is reported by itself. `rule` is
    the rule that reports it, at its `span`, instead of unresolved-value.
    """

    because: str
    span: Span | None = None
    not_null: bool = False
    refused: bool = False
    rule: str = ""


Data = None | bool | int | Fraction | str | tuple["Value", ...] | dict[str, "Value"] | Unknown


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One value: its data, its Terraform type and its places.

    `data` is None (null), bool, int or Fraction, str (NFC), a tuple of Values
    (list, set, tuple), a dict of Values (map, object; in written order) or
    Unknown. `span` is the expression that yields it, `key` the attribute name
    or object key it is written under, `via` an earlier place when a reference
    brought it here. Values that nobody wrote (filled nulls) have no places.
    `hides` is an earlier value under the same key of one object, which this
    one replaces. `weight` counts the values that this one consists of, shared
    ones as often as they occur; 1 for a structure that nobody weighed yet.
    """

    type: Type
    data: Data
    span: Span | None = None
    key: Span | None = None
    via: Span | None = None
    sensitive: bool = False
    hides: Value | None = None
    weight: int = 1

    @property
    def place(self) -> Span | None:
        """Where a reader should look: the key if there is one, else the expression."""
        return self.key or self.span

    @property
    def is_null(self) -> bool:
        """True for null of any type."""
        return self.data is None

    @property
    def is_known(self) -> bool:
        """False for an unknown value itself; see `unknown_in` for its parts."""
        return not isinstance(self.data, Unknown)

    @property
    def items(self) -> Mapping[str, Value]:
        """Attributes of a map or object; empty for anything else."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def elements(self) -> tuple[Value, ...]:
        """Elements of a list, set or tuple; empty for anything else."""
        return self.data if isinstance(self.data, tuple) else ()

    def having(self, kind: Type, data: Data) -> Value:
        """The same value with another type and data; `replace` takes three times as long."""
        return Value(kind, data, self.span, self.key, self.via, self.sensitive, self.hides, self.weight)

    def at(self, span: Span | None, key: Span | None = None) -> Value:
        """The same value, written at `span` under `key`; the earlier place stays as `via`."""
        via = self.span if self.span is not None and self.span != span else self.via
        return replace(self, span=span, key=key, via=via)


def null(kind: Type = DYNAMIC, span: Span | None = None) -> Value:
    """null."""
    return Value(kind, None, span)


def boolean(value: bool, span: Span | None = None) -> Value:
    """true or false."""
    return Value(BOOL, value, span)


def number(value: Number, span: Span | None = None) -> Value:
    """A number, already rounded; unknown where it is too large or too small to go on with."""
    if value.numerator.bit_length() > MAX_BITS or value.denominator.bit_length() > MAX_BITS:
        return unknown(BEYOND, NUMBER, span)
    return Value(NUMBER, value, span)


def count(value: int, span: Span | None = None) -> Value:
    """A length, an index or the like: Terraform holds these with 64 bits."""
    return Value(NUMBER, held(value, WORD), span)


def string(text: str, span: Span | None = None) -> Value:
    """A string; normalised to NFC as Terraform does."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return Value(STRING, text, span)


def unknown(because: str, kind: Type = DYNAMIC, span: Span | None = None) -> Value:
    """A value that we cannot know, with the reason and the place of that reason."""
    return Value(kind, Unknown(because, span), span)


def passed_on(cause: Unknown, kind: Type = DYNAMIC, span: Span | None = None, prefix: str = "") -> Value:
    """A value that is unknown because of another one; what a rule reports keeps its place."""
    place = cause.span if cause.rule else span
    return Value(kind, Unknown(prefix + cause.because, place, refused=cause.refused, rule=cause.rule), span)


def refused(message: str, kind: Type = DYNAMIC, span: Span | None = None) -> Value:
    """What stands in for an expression or value that Terraform refuses."""
    return Value(kind, Unknown(f"Terraform refuses it: {message}", span, refused=True), span)


def tuple_of(items: tuple[Value, ...], span: Span | None = None) -> Value:
    """`[a, b]`: a tuple."""
    return Value(TupleType(tuple(item.type for item in items)), items, span, weight=weigh(items))


def object_of(items: dict[str, Value], span: Span | None = None) -> Value:
    """`{ a = 1 }`: an object."""
    kind = ObjectType({name: item.type for name, item in items.items()})
    return Value(kind, items, span, weight=weigh(items.values()))


def collection(kind: str, element: Type, data: tuple[Value, ...] | dict[str, Value], span: Span | None = None) -> Value:
    """A list, set or map; elements already have the element type. Of a set with a sensitive part all is sensitive."""
    sensitive = False
    if kind == "set":
        assert isinstance(data, tuple)
        sensitive = any(map(sensitive_in, data))
        data = distinct(data)
    parts = data.values() if isinstance(data, dict) else data
    return Value(Collection(kind, element), data, span, sensitive=sensitive, weight=weigh(parts))


def weigh(parts: Iterable[Value]) -> int:
    """The weight of a structure of these parts."""
    return 1 + sum(part.weight if part.weight > 1 else weighed(part).weight for part in parts)


def weighed(value: Value) -> Value:
    """The value with its weight, where a function made it without."""
    if value.weight > 1 or not isinstance(value.data, tuple | dict):
        return value
    return replace(value, weight=weigh(value.data.values() if isinstance(value.data, dict) else value.data))


def definitely_not_null(value: Value) -> bool:
    """True when the value cannot turn out to be null."""
    return value.data.not_null if isinstance(value.data, Unknown) else not value.is_null


def unknown_in(value: Value) -> Unknown | None:
    """The first unknown in a value, at any depth, or None when it is wholly known."""
    if isinstance(value.data, Unknown):
        return value.data
    parts = value.items.values() if isinstance(value.data, dict) else value.elements
    for part in parts:
        found = unknown_in(part)
        if found is not None:
            return found
    return None


def unknowns(value: Value) -> Iterator[Unknown]:
    """Every unknown in a value, at any depth."""
    if isinstance(value.data, Unknown):
        yield value.data
    for part in (*value.items.values(), *value.elements):
        yield from unknowns(part)


def sensitive_in(value: Value) -> bool:
    """True when the value or any part of it is marked sensitive."""
    if value.sensitive:
        return True
    parts = value.items.values() if isinstance(value.data, dict) else value.elements
    return any(sensitive_in(part) for part in parts)


def _unmarked(value: Value) -> Value:
    """The value with nothing sensitive in it."""
    if not sensitive_in(value):
        return value
    if isinstance(value.data, dict):
        return replace(value, data={name: _unmarked(item) for name, item in value.data.items()}, sensitive=False)
    data = tuple(map(_unmarked, value.data)) if isinstance(value.data, tuple) else value.data
    return replace(value, data=data, sensitive=False)


def identity(value: Value) -> Any:
    """A hashable key: equal exactly when data are equal and of one kind, places ignored."""
    data = value.data
    if isinstance(data, bool):
        return ("bool", data)
    if isinstance(data, dict):
        kind = "map" if isinstance(value.type, Collection) else "object"
        return (kind, tuple((name, identity(data[name])) for name in sorted(data)))
    if isinstance(data, tuple):
        kind = value.type.kind if isinstance(value.type, Collection) else "tuple"
        parts = tuple(identity(item) for item in data)
        return (kind, frozenset(parts) if kind == "set" else parts)
    if data is None:
        return ("null", repr(value.type.json))
    if isinstance(data, Unknown):
        return ("unknown", repr(value.type.json))
    return (value.type.name, data if isinstance(data, str) else named(data))


def same(left: Value, right: Value) -> bool:
    """Equal type and data; two unknowns of one type count as the same."""
    return bool(identity(left) == identity(right))


def distinct(items: tuple[Value, ...]) -> tuple[Value, ...]:
    """Elements of a set: duplicates removed, in Terraform's iteration order; sensitive is only the set itself."""
    seen: dict[Any, Value] = {}
    for position, item in enumerate(map(_unmarked, items)):
        # Two unknowns may turn out different, so that both stay.
        seen.setdefault(member(item) if unknown_in(item) is None else position, item)
    return tuple(sorted(seen.values(), key=place))


def as_set(value: Value, kind: Type, items: tuple[Value, ...]) -> Value:
    """A value as the set of these elements."""
    sensitive = value.sensitive or any(map(sensitive_in, items))
    return replace(value, type=kind, data=distinct(items), sensitive=sensitive)


def member(value: Value) -> Any:
    """A hashable key, the same for all that are one element of a set: 0 and -0 are equal, but two elements."""
    return (identity(value), None if isinstance(value.data, str) else element_text(value))


def plain(value: Value) -> Any:
    """Python data for JSON and YAML: numbers as int or float, unknown as {"$unknown": reason}."""
    data = value.data
    if isinstance(data, Unknown):
        return {"$unknown": data.because}
    if isinstance(data, Fraction):
        return float(data)
    if isinstance(data, int) and not isinstance(data, bool):
        return int(data)
    if isinstance(data, dict):
        return {name: plain(item) for name, item in data.items()}
    if isinstance(data, tuple):
        return [plain(item) for item in data]
    return data


def leaves(value: Value, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Value]]:
    """Every setting in a value: maps and objects are entered, lists are not; empty maps stay."""
    if isinstance(value.data, dict) and value.data:
        for name, item in value.data.items():
            yield from leaves(item, (*path, name))
    else:
        yield path, value


def find(value: Value | None, path: tuple[str, ...]) -> Value | None:
    """The value at a path of attribute names, or None when there is none."""
    for name in path:
        if value is None:
            return None
        value = value.items.get(name)
    return value
