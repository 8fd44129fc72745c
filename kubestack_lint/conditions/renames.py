"""A configuration in its module's own names → in the names of the newest version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from kubestack_lint.catalog import ModuleDefinition
from kubestack_lint.conditions.shapes import POOL, Path, Shape, newest, pool_path, pool_shape, shape_of
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.types import Collection, ObjectType, Type
from kubestack_lint.values.value import Unknown, Value, find, null, object_of, string, tuple_of, unknown

Tree = dict[str, "Tree | Value"]



@lru_cache(maxsize=256)
def _renames(
    path: str, names: tuple[str, ...], renames: tuple[tuple[str, str], ...]
) -> Mapping[Path, tuple[Path, ...]]:
    """Newest names → the module's own; several where it has an older name as well, the newer one last."""
    target = newest(path)
    found: dict[Path, tuple[Path, ...]] = {}
    for name in names:
        new = name if target is None else _current_name(name, frozenset(target.attributes), renames)
        if new is not None:
            current = tuple(new.split("."))
            found[current] = (*found.get(current, ()), tuple(name.split(".")))
    return found


def _current_name(name: str, names: frozenset[str], renames: tuple[tuple[str, str], ...]) -> str | None:
    """What an attribute is called now, over any number of renames; None where it is gone."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        name = waiting.pop(0)
        if name in names:
            return name
        if name not in seen:
            seen.add(name)
            waiting += [new for old, new in renames if old == name]
    return None


def origins_of(definition: ModuleDefinition, bare: Value) -> Mapping[Path, Path]:
    """Newest names → the module's own, of several the one that is written."""
    names = tuple(name for name in definition.attributes if "[]" not in name)
    renames = tuple((r.old, r.new) for r in definition.renames if r.new is not None)
    return {new: _written(bare, own) for new, own in _renames(definition.path, names, renames).items()}


def _written(bare: Value, paths: tuple[Path, ...]) -> Path:
    """Of several names for one thing the one that is written, the newest first."""
    for path in reversed(paths):
        value = find(bare, path)
        if value is not None and not value.is_null and value.data != "":
            return path
    return paths[-1]


def renamed(definition: ModuleDefinition, source: Value, origins: Mapping[Path, Path]) -> Value:
    """A configuration in the newest names, without attributes that are gone; those of nodes stand under `pool` too."""
    target = newest(definition.path) if definition.typed else None
    shape = shape_of(target) if target is not None else Shape({})
    items: Tree = {} if target is not None else dict(source.items)
    for path, kind in shape.types.items():
        value = _moved(definition, source, origins.get(path), kind)
        if value is not None and not _put(items, path, value):
            continue
        if value is None and not any(other[: len(path)] == path and other != path for other in shape.types):
            _put(items, path, null(kind))
    if definition.kind in ("cluster", "node-pool"):
        pool: Tree = {}
        for path, kind in pool_shape(definition.provider).types.items():
            where = pool_path(definition, path[0])
            found = None if where is None else _get(items, (*where, *path[1:]))
            if isinstance(found, dict) or (found is None and isinstance(kind, ObjectType)):
                continue
            _put(pool, path, null(kind) if found is None else found)
        items[POOL] = pool
    return _object(items)


def _moved(definition: ModuleDefinition, source: Value, origin: Path | None, kind: Type) -> Value | None:
    """The value at its own path, as the newest version would take it; None for objects, which come by their parts."""
    if origin is None:
        return None
    value: Value | None = source
    for name in origin:
        if value is not None and isinstance(value.data, Unknown):
            return value
        value = value.items.get(name) if value is not None else None
    if value is None or (isinstance(value.data, dict) and isinstance(kind, ObjectType)):
        return None
    if value.is_null:
        return null(kind) if not isinstance(kind, ObjectType) else None
    if definition.stringly and value.data == "" and not isinstance(kind, Collection):
        return null(kind)
    if isinstance(kind, Collection) and isinstance(value.data, str):
        # What is a list or map now was one string, or a single value, in old versions.
        value = _split(value, kind)
    try:
        return replace(convert(value, kind), span=value.span, key=value.key)
    except ConversionError as error:
        return unknown(f"{'.'.join(origin)}: {error}", kind, value.span)


def _split(value: Value, kind: Collection) -> Value:
    """`"a,b"` as a list, `"k=v,l=w"` as a map."""
    if not isinstance(value.data, str):
        return value
    parts = [part for part in value.data.split(",") if part]
    if kind.kind == "map":
        pairs = [part.partition("=") for part in parts]
        return replace(object_of({key: string(text) for key, _, text in pairs}), span=value.span, key=value.key)
    return replace(tuple_of(tuple(string(part) for part in parts)), span=value.span, key=value.key)


def _put(tree: Tree, path: Path, value: Value | Tree) -> bool:
    for name in path[:-1]:
        inner = tree.setdefault(name, {})
        if not isinstance(inner, dict):
            return False
        tree = inner
    if isinstance(tree.get(path[-1]), dict):
        return False
    tree[path[-1]] = value
    return True


def _get(tree: Tree, path: Path) -> Tree | Value | None:
    found: Tree | Value | None = tree
    for name in path:
        if isinstance(found, Value):
            if isinstance(found.data, Unknown):
                return found
            found = found.items.get(name)
        elif found is not None:
            found = found.get(name)
    return found


def _object(tree: Tree) -> Value:
    return object_of({name: item if isinstance(item, Value) else _object(item) for name, item in tree.items()})


__all__ = ["origins_of", "renamed"]
