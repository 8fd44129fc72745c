"""What each Kubestack module accepts at each version, from schemas/kubestack/*.json."""

from __future__ import annotations

from kubestack_lint.catalog.definitions import (
    AttributeDefinition,
    ModuleDefinition,
    Rename,
    definition,
    known_modules,
    untyped,
)
from kubestack_lint.catalog.sources import ModuleSource, parse_source
from kubestack_lint.catalog.versions import Version, newest_release, resolve_version

__all__ = [
    "AttributeDefinition",
    "ModuleDefinition",
    "ModuleSource",
    "Rename",
    "Version",
    "definition",
    "known_modules",
    "newest_release",
    "parse_source",
    "resolve_version",
    "untyped",
]
