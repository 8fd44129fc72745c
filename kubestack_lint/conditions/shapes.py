"""What attributes configurations have: of one module, in the newest names, and of all modules together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from kubestack_lint.catalog import ModuleDefinition
from kubestack_lint.catalog.definitions import definition as definition_of
from kubestack_lint.catalog.definitions import known_modules
from kubestack_lint.catalog.versions import index, merge_of
from kubestack_lint.values.declared import parse_type
from kubestack_lint.values.types import DYNAMIC, ObjectType, Type, without_optional

NEWEST = "master"
POOL = "pool"

Path = tuple[str, ...]

# What belongs to the nodes but stands outside of default_node_pool, or is called otherwise in the node-pool
# module, whose names count: name of the node pool → path in the newest cluster module.
_POOL_FROM: Mapping[str, Mapping[str, Path]] = {
    "google": {
        "location": ("region",),
        "node_locations": ("cluster_node_locations",),
        "node_workload_metadata_config": ("node_workload_metadata_config",),
        "project_id": ("project_id",),
    },
    "aws": {
        "availability_zones": ("cluster_availability_zones",),
        "disk_size": ("default_node_pool", "root_device_volume_size"),
    },
    "azurerm": {
        "availability_zones": ("availability_zones",),
        "max_pods": ("max_pods",),
        "node_pool_name": ("default_node_pool", "name"),
    },
}


@dataclass(frozen=True, slots=True)
class Shape:
    """Attributes by path, objects before what is in them; elements of lists are not listed."""

    types: Mapping[Path, Type]

    def type(self) -> ObjectType:
        """All of it as one object type."""
        tree: dict[str, Type] = {}
        for path, kind in self.types.items():
            if len(path) == 1:
                inside = {p[1:]: k for p, k in self.types.items() if p[0] == path[0] and len(p) > 1}
                tree[path[0]] = Shape(inside).type() if inside else kind
        return ObjectType(tree)


@lru_cache(maxsize=512)
def attribute_type(text: str) -> Type:
    """A type as the schemas write it."""
    return without_optional(parse_type(text))


def shape_of(definition: ModuleDefinition) -> Shape:
    """The attributes that a module has at its version, by its own names."""
    return Shape(
        {
            tuple(path.split(".")): attribute_type(attribute.type)
            for path, attribute in definition.attributes.items()
            if "[]" not in path
        }
    )


def newest(path: str) -> ModuleDefinition | None:
    """The module in its newest version; None where it does not exist there."""
    return definition_of(path, NEWEST, merge_of(NEWEST))


def pool_path(definition: ModuleDefinition, name: str) -> Path | None:
    """Where a cluster module keeps an attribute of its nodes; None for other modules."""
    if definition.kind == "node-pool":
        return (name,)
    if definition.kind != "cluster":
        return None
    return _POOL_FROM.get(definition.provider, {}).get(name, ("default_node_pool", name))


@cache
def pool_shape(provider: str) -> Shape:
    """Attributes of nodes: those of the newest node-pool module and of the default pool in the cluster module."""
    types: dict[Path, Type] = {}
    extra = newest(f"{provider}/cluster/node-pool") if f"{provider}/cluster/node-pool" in known_modules() else None
    if extra is not None:
        types.update(shape_of(extra).types)
    cluster = newest(f"{provider}/cluster")
    if cluster is not None:
        inside = {p[1:]: k for p, k in shape_of(cluster).types.items() if p[0] == "default_node_pool" and len(p) > 1}
        types.update({path: kind for path, kind in inside.items() if path not in types})
    return Shape(types)


@cache
def all_definitions() -> tuple[ModuleDefinition, ...]:
    """Every module in every version that differs from the others."""
    found = []
    for path in known_modules():
        for version in index()["merge"]:
            definition = definition_of(path, version, merge_of(version))
            if definition is not None:
                found.append(definition)
    kinds: dict[tuple[str, str], ModuleDefinition] = {}
    for definition in found:
        kinds.setdefault((definition.path, ",".join(definition.attributes)), definition)
    catalog = definition_of("catalog/any", "", "")
    return (*kinds.values(), *([catalog] if catalog is not None else []))


def merged(shapes: Iterable[Shape]) -> Shape:
    """What at least one of them has; of any type where they differ."""
    types: dict[Path, Type] = {}
    for shape in shapes:
        for path, kind in shape.types.items():
            types[path] = kind if types.get(path, kind) == kind or isinstance(kind, ObjectType) else DYNAMIC
    return Shape(types)
