"""Module definitions: the type, attributes, requirements and merge of a module at a version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kubestack_lint.catalog.versions import index, newest_merge
from kubestack_lint.folders import folder
from kubestack_lint.values.declared import parse_type
from kubestack_lint.values.types import DYNAMIC, Collection, Type


@dataclass(frozen=True, slots=True)
class AttributeDefinition:
    """One attribute of a module's configuration; `path` is dotted (`default_node_pool.min_size`).

    `required` is the reason why Terraform refuses to plan without it ("" when
    it does not), `condition` when that holds only sometimes, `default` HCL text
    as the module writes it, `never_read` says that the module ignores it.
    """

    path: str
    type: str
    required: str = ""
    condition: str = ""
    default: str | None = None
    never_read: bool = False
    format: str = ""


@dataclass(frozen=True, slots=True)
class Rename:
    """An attribute that was called `old` before version `since`; `new` is None where it was removed."""

    old: str
    new: str | None
    since: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ModuleDefinition:
    """A module at a version.

    `type` is the declared type of its `configuration`; `merge` the generation
    of its inheritance (L0 … L6). `typed` is False for sources that we do not
    know: then nothing is converted and no attribute is checked.
    """

    path: str
    version: str | None
    kind: str
    provider: str
    type: Type
    merge: str
    attributes: Mapping[str, AttributeDefinition] = field(default_factory=dict)
    local_attributes: frozenset[str] = frozenset()
    renames: tuple[Rename, ...] = ()
    default: str | None = None
    base_key_argument: str = "configuration_base_key"
    base_key: str | None = "apps"
    typed: bool = True
    note: str = ""
    outputs: frozenset[str] = frozenset()

    @property
    def element(self) -> Type:
        """The type of one environment."""
        return self.type.element if isinstance(self.type, Collection) else DYNAMIC

    @property
    def stringly(self) -> bool:
        """True when the module takes map(map(string)), so that its attributes are known only by name."""
        return isinstance(self.element, Collection)

@cache
def known_modules() -> Mapping[str, str]:
    """Module path → file name, for every module of the framework."""
    modules: dict[str, str] = index()["modules"]
    return modules


@cache
def _document(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder("schemas") / "kubestack" / name).read_text("utf-8"))
    return data


@cache
def definition(path: str, version: str, merge: str) -> ModuleDefinition | None:
    """The module at a version, or None when it does not exist there or takes no configuration."""
    if path.startswith("catalog/"):
        return _catalog(path, version)
    file = known_modules().get(path)
    if file is None:
        return None
    document = _document(file)
    for variant in document["variants"]:
        if version in variant["tags"] and "configuration" in variant:
            return _from(document, variant, path, version, merge)
    return None


def _catalog(path: str, version: str) -> ModuleDefinition:
    # Catalog modules share the same Terraform code, with its own pinned
    # common/configuration; only their first releases differ.
    document = _document("catalog.json")
    exact = f"{path.removeprefix('catalog/')} {version.removeprefix('v')}"
    variants = document["variants"]
    variant = next((v for v in variants if exact in v["tags"]), variants[-1])
    return _from(document, variant, path, version, str(index()["catalog"]["merge"]))


def _from(document: dict[str, Any], variant: dict[str, Any], path: str, version: str, merge: str) -> ModuleDefinition:
    arguments = variant.get("arguments", {})
    named = next((name for name in ("configuration_base_key", "base_key") if name in arguments), None)
    # Before v0.9.3 there was no choice: apps is the base.
    base_key: str | None = "apps"
    if named is not None:
        text = arguments[named].get("default")
        base_key = text.strip('"') if text else None
    configuration = variant["configuration"]
    return ModuleDefinition(
        path=path,
        version=version,
        kind=document["kind"],
        provider=document["provider"],
        type=parse_type(configuration["type"]),
        merge=merge,
        attributes={name: _attribute(name, data) for name, data in variant.get("attributes", {}).items()},
        local_attributes=frozenset(variant.get("local_attributes", ())),
        renames=tuple(
            Rename(row["from"], row["to"], row["since"], row.get("note", ""))
            for row in document.get("renames", ())
            if not row.get("argument")
        ),
        default=configuration.get("default"),
        base_key_argument=named or "",
        base_key=base_key,
        outputs=frozenset(variant.get("outputs", ())),
    )


def _attribute(path: str, data: dict[str, Any]) -> AttributeDefinition:
    return AttributeDefinition(
        path=path,
        type=data["type"],
        required=data.get("required", ""),
        condition=data.get("condition", ""),
        default=data.get("default"),
        never_read=data.get("never_read", False),
        format=data.get("format", ""),
    )


def untyped(path: str, note: str, merge: str | None = None) -> ModuleDefinition:
    """A module that we know nothing about but that takes a map of environments."""
    return ModuleDefinition(
        path=path, version=None, kind="untyped", provider="", type=DYNAMIC, merge=merge or newest_merge(),
        typed=False, note=note,
    )
