"""A settings file against its JSON Schema: the first mistake, in words, at its place."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, NoReturn

from kubestack_lint.errors import ConfigError
from kubestack_lint.folders import folder
from kubestack_lint.policy.document import Item
from kubestack_lint.suggest import closest

_NOUNS = {
    "string": "a text",
    "array": "a list",
    "object": "a mapping",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}
_FORMS = {
    "id": "lower case letters, digits and dashes, such as ops-stays-small",
    "expires": "a date such as 2030-12-31",
    "value": "the twelve letters that kslint shows for the finding",
}


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((folder("schemas") / "config.schema.json").read_text("utf-8")))


def validate(document: Item) -> None:
    """Raise ConfigError at the first thing, in reading order, that the schema does not allow."""
    found = list(_validator().iter_errors(document.plain))
    if found:
        errors = [
            (document.at(tuple(error.absolute_path)).span.order, index, error) for index, error in enumerate(found)
        ]
        _refuse(document, min(errors, key=lambda entry: entry[:2])[2])


def _refuse(document: Item, error: Any) -> NoReturn:
    path = tuple(error.absolute_path)
    item = document.at(path)
    name = _dotted(path)
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        key = next(key for key in item.items if key not in known)
        close = closest(key, known)
        hint = f"did you mean {close}?" if close else f"there is {', '.join(known)}"
        raise ConfigError(
            f"{name or 'this file'} has no key {key}" if name else f"there is no key {key}", item.keys[key], hint
        )
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in item.items)
        raise ConfigError(f"{name} needs {missing}", item.span, f"add {missing}: …")
    if error.validator == "type":
        raise _wrong_type(item, name, error.validator_value)
    if error.validator == "enum":
        words = [str(word) for word in error.validator_value]
        close = closest(str(item.data), words)
        hint = f"did you mean {close}?" if close else ""
        raise ConfigError(f"{name} must be {', '.join(words[:-1])} or {words[-1]}", item.span, hint)
    if error.validator == "pattern":
        form = _FORMS.get(str(path[-1]), "another form")
        raise ConfigError(f"{name} is {item.span.text}, which has not the form of {form}", item.span)
    if error.validator in ("minLength", "minItems"):
        raise ConfigError(f"{name} must not be empty", item.span)
    if error.validator == "uniqueItems":
        raise ConfigError(f"{name} names something twice", item.span)
    raise ConfigError(f"{name}: {error.message}", item.span)


def _wrong_type(item: Item, name: str, wanted: str | list[str]) -> ConfigError:
    kinds = [wanted] if isinstance(wanted, str) else wanted
    nouns = " or ".join(_NOUNS[kind] for kind in kinds)
    hint = ""
    if "string" in kinds and isinstance(item.data, bool | int | float):
        hint = f'write it in quotes: "{item.span.text}"'
    elif item.data is None:
        hint = "remove the key, or give it a value"
    elif kinds == ["array"]:
        hint = "begin each entry with a dash"
    elif kinds == ["boolean"]:
        hint = "write true or false, without quotes"
    said = {dict: "a mapping", tuple: "a list", type(None): "empty"}.get(
        type(item.data), item.span.text.split("\n")[0][:40]
    )
    return ConfigError(f"{name or 'the file'} must be {nouns}, not {said}", item.span, hint)


def _dotted(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
