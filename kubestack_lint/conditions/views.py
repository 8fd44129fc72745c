"""One environment as conditions see it: with defaults, and in the names of the newest version."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kubestack_lint.catalog import ModuleDefinition
from kubestack_lint.conditions.shapes import POOL, Path, Shape, newest, pool_path, pool_shape, shape_of
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.inheritance.defaults import module_defaults
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.types import DYNAMIC, STRING, Collection, ObjectType, Type
from kubestack_lint.values.value import Unknown, Value, find, null, object_of, string, tuple_of, unknown

Tree = dict[str, "Tree | Value"]


@dataclass(frozen=True, slots=True)
class View:
    """An environment. `config` has the module's own names and defaults, `settings` the newest names,
    `written` these without defaults. `origins` leads from newest names to own ones."""

    environment: str
    config: Value
    settings: Value
    written: Value
    origins: Mapping[Path, Path]


@dataclass(slots=True)
class Views:
    """The environments of a block, each computed once."""

    inheritance: Inheritance
    _views: dict[str, View] = field(default_factory=dict)
    _names: dict[str, Mapping[str, Value]] = field(default_factory=dict)

    def view(self, environment: str) -> View | None:
        """The view of an environment; None for one that Terraform refuses."""
        if environment not in self._views:
            effective = self.inheritance.environments.get(environment)
            if effective is None:
                return None
            self._views[environment] = _view(self.inheritance.block.definition, environment, effective.value)
        return self._views[environment]

    def names(self, environment: str) -> Mapping[str, Value]:
        """What every condition on an environment can see, but for its configurations in the module's own names."""
        if environment not in self._names:
            self._names[environment] = _names(self, environment)
        return self._names[environment]


# A catalogue asks for the same environments over and over, block after block; each Views keeps its block, so that ids
# stay its own.
_KEPT = 16
_VIEWS: OrderedDict[int, Views] = OrderedDict()


def views_of(inheritance: Inheritance) -> Views:
    """The views of a block, computed once for the blocks that were asked for lately."""
    key = id(inheritance)
    if key not in _VIEWS:
        _VIEWS[key] = Views(inheritance)
        while len(_VIEWS) > _KEPT:
            _VIEWS.popitem(last=False)
    return _VIEWS[key]


def _names(views: Views, environment: str) -> Mapping[str, Value]:
    block = views.inheritance.block
    base = block.base_of(environment) or ""
    mine, other = views.view(environment), views.view(base)
    nothing = unknown(f"{environment} cannot be computed")
    settings = mine.settings if mine else nothing
    return {
        "environment": string(environment),
        "base_environment": string(base),
        "settings": settings,
        "written": mine.written if mine else nothing,
        "base_settings": other.settings if other else unknown("the base cannot be computed"),
        "pool": settings.items.get(POOL, null(DYNAMIC)),
        "module": _module(block),
    }


def _module(block: InheritanceBlock) -> Value:
    definition = block.definition
    version = definition.version
    return object_of(
        {
            "address": string(block.address),
            "path": string(definition.path),
            "provider": string(definition.provider),
            "kind": string(definition.kind),
            "version": null(STRING) if version is None else string(version),
        }
    )


def _view(definition: ModuleDefinition, environment: str, value: Value) -> View:
    if not isinstance(value.data, dict):
        hidden = value if isinstance(value.data, Unknown) else unknown(f"{environment} is null")
        return View(environment, hidden, hidden, hidden, {})
    shape = shape_of(definition)
    bare = _filled(value, shape, {})
    full = _filled(value, shape, _defaults(definition, shape))
    origins = _origins(definition, bare)
    settings, written = (_renamed(definition, source, origins) for source in (full, bare))
    return View(environment, full, settings, written, origins)


def _defaults(definition: ModuleDefinition, shape: Shape) -> dict[Path, Value]:
    found: dict[Path, Value] = {}
    for path, value in module_defaults(definition).items():
        kind = shape.types.get(path, DYNAMIC)
        if value.is_known and not value.is_null:
            try:
                value = convert(value, kind)
            except ConversionError:
                continue
        found[path] = value
    return found


def _filled(value: Value, shape: Shape, defaults: Mapping[Path, Value]) -> Value:
    """The configuration with every attribute of the shape; objects are there even where nobody writes them."""
    items: dict[str, Value] = dict(value.items)
    names = {path[0]: kind for path, kind in shape.types.items() if len(path) == 1}
    for name, kind in names.items():
        inside = Shape({path[1:]: k for path, k in shape.types.items() if path[0] == name and len(path) > 1})
        given = items.get(name)
        unset = given is None or given.is_null or given.data == ""
        if inside.types and isinstance(kind, ObjectType):
            if given is not None and isinstance(given.data, Unknown):
                continue
            deeper = {path[1:]: v for path, v in defaults.items() if path[0] == name and len(path) > 1}
            filled = _filled(given if given is not None and not given.is_null else object_of({}), inside, deeper)
            items[name] = replace(filled, span=given.span, key=given.key) if given is not None else filled
        elif unset and (name,) in defaults:
            items[name] = defaults[(name,)]
        elif given is None:
            items[name] = null(kind)
    return replace(object_of(items), span=value.span, key=value.key)


# -- newest names ---------------------------------------------------------


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


def _origins(definition: ModuleDefinition, bare: Value) -> Mapping[Path, Path]:
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


def _renamed(definition: ModuleDefinition, source: Value, origins: Mapping[Path, Path]) -> Value:
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


# -- what an expression asks for beyond the module's own attributes -------


def with_nulls(value: Value, paths: Iterable[Path], kinds: Mapping[Path, Type]) -> Value:
    """The same configuration with null at paths that other modules have and this one does not."""
    for path in paths:
        value = _with_null(value, path, kinds, ())
    return value


def _with_null(value: Value, path: Path, kinds: Mapping[Path, Type], above: Path) -> Value:
    if not path or not isinstance(value.type, ObjectType) or isinstance(value.data, Unknown):
        return value
    here = (*above, path[0])
    given = value.items.get(path[0])
    if given is None:
        inner = null(kinds.get(here, DYNAMIC)) if len(path) == 1 else _with_null(object_of({}), path[1:], kinds, here)
    else:
        inner = _with_null(given, path[1:], kinds, here)
        if inner is given:
            return value
    items = {**value.items, path[0]: inner}
    return replace(object_of(items), span=value.span, key=value.key)


__all__ = ["View", "Views", "views_of", "with_nulls"]
