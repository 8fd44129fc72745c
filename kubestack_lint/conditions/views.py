"""One environment as conditions see it: with defaults, and in the names of the newest version."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kubestack_lint.catalog import ModuleDefinition
from kubestack_lint.conditions.renames import origins_of, renamed
from kubestack_lint.conditions.shapes import POOL, Path, Shape, shape_of
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.inheritance.defaults import module_defaults
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.types import DYNAMIC, STRING, ObjectType, Type
from kubestack_lint.values.value import Unknown, Value, null, object_of, string, unknown


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

    @property
    def cluster(self) -> Views | None:
        """The views of the cluster that a node pool belongs to, where that is known."""
        return None if self.inheritance.cluster is None else views_of(self.inheritance.cluster)

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


def cluster_settings(views: Views, environment: str) -> Value:
    """The `settings` of the cluster that a node pool belongs to; null for all that is no node pool."""
    block = views.inheritance.block
    if block.definition.kind != "node-pool":
        return null(DYNAMIC)
    cluster = views.cluster
    if cluster is None:
        return unknown(f"kslint cannot see which cluster {block.address} belongs to")
    view = cluster.view(environment)
    address = cluster.inheritance.block.address
    return view.settings if view else unknown(f"{environment} of {address} cannot be computed")


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
    origins = origins_of(definition, bare)
    settings, written = (renamed(definition, source, origins) for source in (full, bare))
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


__all__ = ["View", "Views", "cluster_settings", "views_of", "with_nulls"]
