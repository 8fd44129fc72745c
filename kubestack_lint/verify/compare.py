"""Terraform's value beside ours: every place where value, type or knowledge differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from kubestack_lint.inheritance import Inheritance
from kubestack_lint.source import Span
from kubestack_lint.values.literal import inline, key_text, quoted
from kubestack_lint.values.numbers import format_number, from_decimal
from kubestack_lint.values.types import is_set
from kubestack_lint.values.value import Unknown, Value, sensitive_in

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Theirs:
    """Terraform's view of one value: its JSON data, which parts of it are unknown, its JSON type."""

    value: Any
    unknown: Any
    type: Any

    @property
    def hidden(self) -> bool:
        """True when the value itself is unknown, not only parts of it."""
        return self.unknown is True

    @property
    def known(self) -> bool:
        """True when any part of the value is known."""
        if self.hidden or not isinstance(self.type, list) or self.type[0] != "object" or self.value is None:
            return not self.hidden
        return any(self.part(key).known for key in self.keys)

    def part(self, key: str | int) -> Theirs:
        """An attribute or element. Raises LookupError where there is none."""
        if self.hidden:
            return Theirs(None, True, _part_type(self.type, key))
        kind = _part_type(self.type, key)
        unknown = _item(self.unknown, key)
        return Theirs(_item(self.value, key), False if unknown is None else unknown, kind)

    @property
    def keys(self) -> list[str]:
        """Names of the attributes of an object or map."""
        if self.type[0] == "object":
            return sorted(self.type[1])
        unknown = self.unknown if isinstance(self.unknown, dict) else {}
        return sorted({*(self.value or {}), *unknown})


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference: texts for people, and the place that our value comes from.

    `unclaimed` says that we call the value unknown where Terraform knows it:
    nothing false is said, but nothing could be compared either.
    """

    environment: str
    path: str
    ours: str
    theirs: str
    place: Span | None = None
    unclaimed: bool = False


def compare(inheritance: Inheritance, environment: str, theirs: Theirs) -> list[Mismatch]:
    """Every difference in one environment of a block."""
    found: list[Mismatch] = []
    for path, ours, other, unclaimed in _differences(inheritance.environments[environment].value, theirs, (), top=True):
        setting = inheritance.setting(environment, path)
        place = (ours.place if ours is not None else None) or (setting.place if setting is not None else None)
        # What kslint does not read, such as a file outside the repository, is not for a report either.
        hide = unclaimed or (ours is not None and sensitive_in(ours))
        found.append(
            Mismatch(
                environment,
                ".".join(path),
                _described(ours),
                f"known ({_type_text(other.type)})" if hide and other is not None else _described_json(other),
                place or inheritance.block.configuration_span,
                unclaimed,
            )
        )
    return found


_Difference = tuple[Path, Value | None, Theirs | None, bool]


def _differences(ours: Value, theirs: Theirs, path: Path, top: bool = False) -> Iterator[_Difference]:
    unknown = isinstance(ours.data, Unknown)
    if unknown or theirs.hidden:
        if unknown != theirs.hidden or ours.type.json != theirs.type:
            yield path, ours, theirs, unknown and not theirs.hidden
        return
    inner = list(_inner(ours, theirs, path))
    yield from inner
    # An environment is an object for us, even where merge() returns a map.
    kind = _as_object(theirs) if top else theirs.type
    if not inner and (_canonical(ours) != _canonical_json(theirs) or ours.type.json != kind):
        yield path, ours, theirs, False


def _inner(ours: Value, theirs: Theirs, path: Path) -> Iterator[_Difference]:
    """Differences in the parts of objects, maps, lists and tuples; sets are compared as wholes."""
    if theirs.value is None and not theirs.unknown:
        return
    if isinstance(ours.data, dict) and theirs.type[0] in ("object", "map"):
        keys = theirs.keys
        for key in dict.fromkeys((*ours.data, *keys)):
            if key not in ours.data or key not in keys:
                yield (*path, key), ours.data.get(key), theirs.part(key) if key in keys else None, False
            else:
                yield from _differences(ours.data[key], theirs.part(key), (*path, key))
    elif isinstance(ours.data, tuple) and not is_set(ours.type) and theirs.type[0] in ("list", "tuple"):
        # Of different lengths, they are shown as wholes.
        pairs = ours.data if len(ours.data) == len(theirs.value or ()) else ()
        for index, item in enumerate(pairs):
            yield from _differences(item, theirs.part(index), (*path, str(index)))


def _as_object(theirs: Theirs) -> Any:
    if theirs.type[0] == "map" and theirs.value is not None:
        return ["object", dict.fromkeys(theirs.keys, theirs.type[1])]
    return theirs.type


def _part_type(kind: Any, key: str | int) -> Any:
    if not isinstance(kind, list):
        return "dynamic"
    return kind[1][key] if kind[0] in ("object", "tuple") else kind[1]


def _item(data: Any, key: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(key)
    if isinstance(data, list) and isinstance(key, int) and key < len(data):
        return data[key]
    return None


# -- one form for both --------------------------------------------------------


def _canonical(value: Value) -> Any:
    data = value.data
    if isinstance(data, Unknown):
        return {"unknown": True}
    if isinstance(data, dict):
        return {"items": {name: _canonical(item) for name, item in data.items()}}
    if isinstance(data, tuple):
        items = [_canonical(item) for item in data]
        return sorted(items, key=_text) if is_set(value.type) else items
    if isinstance(data, int | Fraction) and not isinstance(data, bool):
        return {"number": format_number(data)}
    return data


def _canonical_json(theirs: Theirs) -> Any:
    value, kind = theirs.value, theirs.type
    if theirs.hidden:
        return {"unknown": True}
    if isinstance(value, Decimal):
        number = from_decimal(value)
        return {"number": format_number(number) if number is not None else str(value)}
    if isinstance(kind, list) and kind[0] in ("object", "map") and (value is not None or theirs.unknown):
        return {"items": {key: _canonical_json(theirs.part(key)) for key in theirs.keys}}
    if isinstance(kind, list) and (value is not None or theirs.unknown):
        unknown = theirs.unknown if isinstance(theirs.unknown, list) else []
        items = [_canonical_json(theirs.part(index)) for index, _ in enumerate(zip_longest(value or [], unknown))]
        return sorted(items, key=_text) if kind[0] == "set" else items
    return value


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


# -- for people ---------------------------------------------------------------


def _described(ours: Value | None) -> str:
    return "nothing" if ours is None else f"{inline(ours)} ({_type_text(ours.type.json)})"


def _described_json(theirs: Theirs | None) -> str:
    if theirs is None:
        return "nothing"
    text = "unknown" if theirs.hidden else _plain_text(_canonical_json(theirs))
    return f"{text} ({_type_text(theirs.type)})"


def _plain_text(value: Any) -> str:
    if isinstance(value, Mapping):
        if "unknown" in value:
            return "(unknown)"
        if "number" in value:
            return str(value["number"])
        parts = [f"{key_text(name)} = {_plain_text(item)}" for name, item in value["items"].items()]
        return "{ " + ", ".join(parts) + " }" if parts else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_plain_text, value)) + "]"
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def _type_text(kind: Any) -> str:
    """A type as configuration writes it."""
    if isinstance(kind, str):
        return "any" if kind == "dynamic" else kind
    if kind[0] == "object":
        return "object({" + ", ".join(f"{name} = {_type_text(part)}" for name, part in sorted(kind[1].items())) + "})"
    if kind[0] == "tuple":
        return "tuple([" + ", ".join(map(_type_text, kind[1])) + "])"
    return f"{kind[0]}({_type_text(kind[1])})"
