"""Values → values of a declared type, as Terraform converts arguments.

Terraform stops at one problem and often does not say where; here every problem
is found and keeps its path. Where a part does not convert, the result holds an
Unknown in its place, so that the rest stays useful.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from kubestack_lint.values.conversion import Conversion, ConversionError, ConversionProblem, Path
from kubestack_lint.values.mismatch import absent_attributes, mismatch, no_bool
from kubestack_lint.values.numbers import format_number, not_computed, parse_number
from kubestack_lint.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    Collection,
    ObjectType,
    Primitive,
    TupleType,
    Type,
    is_set,
    same_types,
    without_optional,
)
from kubestack_lint.values.unify import convertible, same_or_no_dynamic, unify
from kubestack_lint.values.value import Unknown, Value, as_set, refused, unknown_in


def convert_all(value: Value, target: Type) -> Conversion:
    """Convert, collecting every problem and every dropped attribute."""
    result = Conversion(value)
    result.value = _Converter(result).convert(value, target, (), ())
    return result


def convert(value: Value, target: Type) -> Value:
    """Convert or raise ConversionError."""
    if value.type == target:
        return value
    result = convert_all(value, target)
    if result.first is not None:
        raise ConversionError(result.first)
    return result.value


class _Converter:
    """One conversion under way; problems and losses gather in `result`."""

    def __init__(self, result: Conversion) -> None:
        self.result = result

    def convert(self, value: Value, target: Type, path: Path, trail: tuple[str, ...]) -> Value:
        if target == DYNAMIC or value.type == target:
            return value
        if value.is_null or not value.is_known:
            if not convertible(value.type, target):
                return self.fail(value, target, path, trail, "type", mismatch(value.type, target))
            return replace(value, type=_replaced(value.type, target))
        read = self._READERS[type(target)]
        return read(self, value, target, path, trail)

    def fail(self, value: Value, target: Type, path: Path, trail: tuple[str, ...], kind: str, message: str) -> Value:
        # Terraform gives no path for what it finds only in the value itself.
        whole = message if kind == "value" else ": ".join((*trail, message))
        self.result.problems.append(ConversionProblem(path, kind, message, whole, value, target))
        return replace(value, type=without_optional(target), data=refused(message, span=value.place).data)

    def _primitive(self, value: Value, target: Type, path: Path, trail: tuple[str, ...]) -> Value:
        data = value.data
        if target == STRING and value.type == NUMBER:
            return value.having(STRING, format_number(data))  # type: ignore[arg-type]
        if target == STRING and value.type == BOOL:
            return value.having(STRING, "true" if data else "false")
        if target == NUMBER and isinstance(data, str):
            number = parse_number(data)
            if number is None:
                why = not_computed(data)
                if why is None:
                    return self.fail(value, target, path, trail, "value", "a number is required")
                return replace(value, type=NUMBER, data=Unknown(why, value.place, not_null=True))
            return value.having(NUMBER, number)
        if target == BOOL and isinstance(data, str):
            if data in _BOOLEANS:
                return value.having(BOOL, _BOOLEANS[data])
            return self.fail(value, target, path, trail, "value", no_bool(data))
        return self.fail(value, target, path, trail, "type", mismatch(value.type, target))

    def _collection(self, value: Value, target: Type, path: Path, trail: tuple[str, ...]) -> Value:
        assert isinstance(target, Collection)
        if target.kind == "map":
            if not isinstance(value.data, dict):
                return self.fail(value, target, path, trail, "type", mismatch(value.type, target))
            return self._map(value, value.data, target, path, trail)
        if not isinstance(value.data, tuple):
            return self.fail(value, target, path, trail, "type", mismatch(value.type, target))
        if not value.data and not convertible(value.type, target):
            return self.fail(value, target, path, trail, "type", mismatch(value.type, target))
        hidden = unknown_in(value) if is_set(value.type) and target.kind == "list" and len(value.data) > 1 else None
        if hidden is not None and convertible(value.type, target):
            # Elements may turn out to be equal, so that not even their number is known.
            return replace(value, type=_replaced(value.type, target), data=replace(hidden, not_null=True))
        element = self._element(value, target, tuple(item.type for item in value.data), path, trail)
        if element is None:
            return replace(value, type=without_optional(target), data=refused("no common type", span=value.place).data)
        items = tuple(
            self.convert(item, element, (*path, index), (*trail, f"element {index}"))
            for index, item in enumerate(value.data)
        )
        items = self._one_type(value, items, Collection(target.kind, element), path)
        kind = items[0].type if items else _empty_element(value.type, target.element)
        if target.kind == "set":
            return as_set(value, Collection("set", kind), items)
        return replace(value, type=Collection(target.kind, kind), data=items)

    def _element(
        self, value: Value, target: Collection, kinds: tuple[Type, ...], path: Path, trail: tuple[str, ...]
    ) -> Type | None:
        """The element type to convert to; `any` means the type that all have in common."""
        if target.element != DYNAMIC or not kinds or isinstance(value.type, Collection):
            return target.element
        common = unify(kinds)
        fits = target.kind == "map" or same_or_no_dynamic(kinds, common)
        if common is None or not fits or not all(convertible(kind, common) for kind in kinds):
            self.fail(value, target, path, trail, "mixed", f"all {target.kind} elements must have the same type")
            return None
        return common

    def _map(
        self, value: Value, items: dict[str, Value], target: Collection, path: Path, trail: tuple[str, ...]
    ) -> Value:
        element = self._element(value, target, tuple(item.type for item in items.values()), path, trail)
        if element is None:
            return replace(value, type=without_optional(target), data=refused("no common type", span=value.place).data)
        converted = {
            name: self.convert(item, element, (*path, name), (*trail, f'element "{name}"'))
            for name, item in items.items()
        }
        aligned = self._one_type(value, tuple(converted.values()), Collection("map", element), path)
        kind = aligned[0].type if aligned else _empty_element(value.type, target.element)
        return replace(value, type=Collection("map", kind), data=dict(zip(converted, aligned, strict=True)))

    def _one_type(
        self, value: Value, items: tuple[Value, ...], target: Collection, path: Path
    ) -> tuple[Value, ...]:
        """Elements must end with one type; `any` inside the element type can leave several."""
        if same_types(item.type for item in items):
            return items
        known = [item.type for item in items if item.type != DYNAMIC]
        if same_types(known):
            # Bare nulls take the type of their neighbours.
            return tuple(replace(item, type=known[0]) for item in items)
        structural = isinstance(value.type, ObjectType | TupleType)
        what = "attribute" if target.kind == "map" and structural else "element"
        message = f"{what} types must all match for conversion to {target.kind}"
        nested = isinstance(target.element, Collection | ObjectType)
        aligns = nested if target.kind == "map" else target.kind == "list" and structural
        if aligns:
            common = unify(tuple(item.type for item in items))
            if common is None:
                message = "cannot find a common base type for all elements"
            else:
                aligned = tuple(self.convert(item, common, path, ()) for item in items)
                if same_types(item.type for item in aligned):
                    return aligned
        # Found only in the values, so Terraform gives no path.
        broken = self.fail(value, Collection(target.kind, DYNAMIC), path, (), "mixed", message)
        return tuple(replace(item, type=DYNAMIC, data=broken.data) for item in items)

    def _tuple(self, value: Value, target: Type, path: Path, trail: tuple[str, ...]) -> Value:
        assert isinstance(target, TupleType)
        if not isinstance(value.type, TupleType) or len(value.elements) != len(target.elements):
            return self.fail(value, target, path, trail, "type", mismatch(value.type, target))
        items = tuple(
            self.convert(item, kind, (*path, index), (*trail, f"element {index}"))
            for index, (item, kind) in enumerate(zip(value.elements, target.elements, strict=True))
        )
        return replace(value, type=TupleType(tuple(item.type for item in items)), data=items)

    def _object(self, value: Value, target: Type, path: Path, trail: tuple[str, ...]) -> Value:
        assert isinstance(target, ObjectType)
        if not isinstance(value.data, dict):
            return self.fail(value, target, path, trail, "type", mismatch(value.type, target))
        given = value.data
        absent = sorted(n for n in target.attributes if n not in given and n not in target.optional)
        if absent:
            return self.fail(value, target, path, trail, "missing", absent_attributes(absent, value.type))
        items: dict[str, Value] = {}
        for name, item in given.items():
            if name in target.attributes:
                items[name] = self.convert(
                    item, target.attributes[name], (*path, name), (*trail, f'attribute "{name}"')
                )
            else:
                self.result.dropped.append(((*path, name), item))
        for name in target.attributes:
            if name not in items:
                items[name] = Value(without_optional(target.attributes[name]), None)
        kind = ObjectType({name: item.type for name, item in items.items()})
        return replace(value, type=kind, data=items)

    _READERS: ClassVar[dict[type[Type], Callable[[_Converter, Value, Type, Path, tuple[str, ...]], Value]]] = {
        Primitive: _primitive,
        Collection: _collection,
        TupleType: _tuple,
        ObjectType: _object,
    }


_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def _empty_element(source: Type, wanted: Type) -> Type:
    if wanted == DYNAMIC and isinstance(source, Collection):
        return source.element
    return without_optional(wanted)


def _replaced(source: Type, target: Type) -> Type:
    """The declared type with every `any` in it replaced by what the value brings."""
    if source == DYNAMIC:
        return without_optional(target)
    if target == DYNAMIC:
        return source
    if isinstance(target, Collection):
        element: Type | None = None
        if isinstance(source, Collection):
            element = source.element
        elif isinstance(source, TupleType):
            element = unify(source.elements)
        elif isinstance(source, ObjectType):
            element = unify(tuple(source.attributes.values()))
        return Collection(target.kind, _replaced(element or DYNAMIC, target.element))
    if isinstance(target, ObjectType):
        given = source.attributes if isinstance(source, ObjectType) else {}
        rest = source.element if isinstance(source, Collection) else DYNAMIC
        return ObjectType({name: _replaced(given.get(name, rest), kind) for name, kind in target.attributes.items()})
    if isinstance(target, TupleType) and isinstance(source, TupleType):
        pairs = zip(source.elements, target.elements, strict=True)
        return TupleType(tuple(_replaced(a, b) for a, b in pairs))
    return target


__all__ = ["ConversionError", "convert", "convert_all"]
