"""`kslint diff --format json`: kslint-diff/1, described by schemas/diff.schema.json."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kubestack_lint.differences import Difference, Side
from kubestack_lint.inheritance import Setting
from kubestack_lint.reporters.document import dumped, place, public, written


def diff_json(differences: Iterable[Difference], inherited: Iterable[Setting] | None = None) -> str:
    """The document; `inherited` adds the settings that are the same, for --all."""
    document: dict[str, Any] = {
        "format": "kslint-diff/1",
        "differences": [_difference(difference) for difference in differences],
    }
    if inherited is not None:
        document["inherited"] = [
            {
                "address": setting.block.address,
                "environment": setting.environment,
                "path": list(setting.path),
                "value": public(written(setting.value)),
                "from": setting.definitions[0].environment,
            }
            for setting in inherited
        ]
    return dumped(document)


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "address": difference.block.address,
        "environment": difference.environment,
        "against": difference.against,
        "path": list(difference.path),
        "kind": str(difference.kind),
        "inherited": _side(difference.inherited),
        "own": _side(difference.own),
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    return None if side is None else {"value": public(written(side.value)), **place(side.place)}
