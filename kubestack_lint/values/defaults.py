"""`optional(type, default)`: defaults that are filled in before a value converts."""

from __future__ import annotations

from dataclasses import replace

from kubestack_lint.values.types import Collection, ObjectType, TupleType, Type, is_set, same_types
from kubestack_lint.values.value import Value, as_set


def with_defaults(value: Value, target: Type) -> Value:
    """Fill in the defaults of `optional(type, default)` before converting.

    Absent and null attributes take their default; null objects stay null.
    """
    if value.is_null or not value.is_known:
        return value
    if isinstance(target, ObjectType) and isinstance(value.data, dict):
        items = {
            name: with_defaults(item, target.attributes[name]) if name in target.attributes else item
            for name, item in value.data.items()
        }
        for name, default in target.defaults.items():
            if name not in items or items[name].is_null:
                items[name] = with_defaults(default, target.attributes[name])
        return _same_kind(value, items)
    if isinstance(target, Collection):
        if isinstance(value.data, dict) and target.kind == "map":
            return _same_kind(value, {name: with_defaults(item, target.element) for name, item in value.data.items()})
        if isinstance(value.data, tuple) and target.kind != "map":
            return _same_kind(value, tuple(with_defaults(item, target.element) for item in value.data))
    if isinstance(target, TupleType) and isinstance(value.data, tuple) and len(value.data) == len(target.elements):
        pairs = zip(value.data, target.elements, strict=True)
        return _same_kind(value, tuple(with_defaults(item, kind) for item, kind in pairs))
    return value


def _same_kind(value: Value, data: dict[str, Value] | tuple[Value, ...]) -> Value:
    # Filling defaults may give elements different types; a structural type
    # holds them all until the conversion that follows.
    kind: Type
    parts = tuple(data.values()) if isinstance(data, dict) else data
    if isinstance(value.type, Collection) and same_types(item.type for item in parts):
        kind = Collection(value.type.kind, parts[0].type if parts else value.type.element)
        return as_set(value, kind, parts) if is_set(kind) else replace(value, type=kind, data=data)
    if isinstance(data, dict):
        kind = ObjectType({name: item.type for name, item in data.items()})
    else:
        kind = TupleType(tuple(item.type for item in data))
    return replace(value, type=kind, data=data)
