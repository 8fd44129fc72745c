"""`kslint diff --since --format json`: kslint-changes/1, described by schemas/changes.schema.json."""

from __future__ import annotations

from typing import Any

from kubestack_lint.changes import Change, Changes, ChangeSide, ModuleChange
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.reporters.document import dumped, place, public, written


def changes_json(changes: Changes, before: str, after: str) -> str:
    """The document; `before` and `after` are the names of the revisions."""
    return dumped(
        {
            "format": "kslint-changes/1",
            "before": before,
            "after": after,
            "changes": [_change(change) for change in changes.settings],
            "modules": [_module(module) for module in changes.modules],
        }
    )


def _change(change: Change) -> dict[str, Any]:
    return {
        "address": change.block.address,
        "environment": change.environment,
        "path": list(change.path),
        "kind": str(change.kind),
        "inherited": change.inherited,
        "before": _side(change.before),
        "after": _side(change.after),
    }


def _side(side: ChangeSide | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {"value": public(written(side.value)), **place(side.place), "from": side.environment}


def _module(change: ModuleChange) -> dict[str, Any]:
    return {
        "kind": str(change.kind),
        "address": change.block.address,
        "before": _call(change.before),
        "after": _call(change.after),
    }


def _call(inheritance: Inheritance | None) -> dict[str, Any] | None:
    if inheritance is None:
        return None
    block = inheritance.block
    return {
        "address": block.address,
        "module": block.definition.path,
        "version": block.definition.version,
        "ref": block.source.ref,
        "environments": list(block.environments),
        "errors": [{"message": error.message, **place(error.span)} for error in inheritance.errors],
        **place(block.source_span or block.span),
    }
