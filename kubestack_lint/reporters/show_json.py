"""`kslint show --format json` and yaml: kslint-show/1, described by schemas/show.schema.json."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kubestack_lint.inheritance import Effective, Inheritance, Setting
from kubestack_lint.reporters.document import dumped, place, public, written
from kubestack_lint.values.value import Value


def show_document(
    inheritances: Sequence[Inheritance],
    environments: Sequence[str] = (),
    nulls: bool = False,
    defaults: dict[str, dict[tuple[str, ...], Value]] | None = None,
) -> dict[str, Any]:
    """The document as data; `nulls` keeps what nobody wrote, `defaults` are the module's own by address."""
    return {
        "format": "kslint-show/1",
        "blocks": [
            _block(inheritance, environments, nulls, (defaults or {}).get(inheritance.block.address, {}))
            for inheritance in inheritances
        ],
    }


def show_json(document: dict[str, Any]) -> str:
    """The document as JSON."""
    return dumped(document)


def show_yaml(document: dict[str, Any]) -> str:
    """The document as YAML."""
    import yaml

    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100))


def _block(
    inheritance: Inheritance, environments: Sequence[str], nulls: bool, defaults: dict[tuple[str, ...], Value]
) -> dict[str, Any]:
    block = inheritance.block
    chosen = {
        name: effective
        for name, effective in inheritance.environments.items()
        if not environments or name in environments
    }
    error = inheritance.error
    document: dict[str, Any] = {
        "address": block.address,
        **place(block.span),
        "source": block.source.text,
        "module": block.definition.path,
        "version": block.definition.version,
        "merge": block.definition.merge,
        "base": block.base,
        "error": None if error is None else {"rule": error.rule, "message": error.message, **place(error.span)},
        "environments": {name: _value(effective, nulls) for name, effective in chosen.items()},
        "settings": [_setting(setting) for effective in chosen.values() for setting in effective.settings],
    }
    absent = {name: span for name, span in block.absent.items() if not environments or name in environments}
    if absent:
        document["absent"] = {name: place(span) for name, span in absent.items()}
    if block.note:
        document["note"] = block.note
    if defaults:
        document["defaults"] = {".".join(path): public(value) for path, value in defaults.items()}
    return document


def _value(effective: Effective, nulls: bool) -> Any:
    return public(effective.value if nulls else written(effective.value))


def _setting(setting: Setting) -> dict[str, Any]:
    return {
        "environment": setting.environment,
        "path": list(setting.path),
        "value": public(written(setting.value)),
        "inherited": setting.inherited,
        "definitions": [
            {
                "environment": definition.environment,
                "value": public(definition.value),
                **place(definition.value.place or setting.block.span),
            }
            for definition in setting.definitions
        ],
    }
