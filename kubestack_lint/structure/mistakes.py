"""What makes a JSON Schema unusable, or other than it was meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, SchemaError
from referencing import Registry
from referencing.exceptions import Unresolvable

from kubestack_lint.suggest import closest

Path = tuple[str | int, ...]

# Keywords with schemas by name, and with what is no schema.
_NAMED = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
VALUES = frozenset({"const", "enum", "default", "examples", "dependentRequired", "required", "type"})
# What validators judge, and what they leave to people; words of one's own are allowed, misspelt ones are not.
_KNOWN = frozenset(Draft202012Validator.VALIDATORS) | _NAMED | VALUES | frozenset({
    "$anchor", "$comment", "$dynamicAnchor", "$id", "$schema", "$vocabulary", "contentEncoding", "contentMediaType",
    "contentSchema", "deprecated", "description", "else", "format", "maxContains", "minContains", "readOnly", "then",
    "title", "writeOnly",
})  # fmt: skip


def mistakes(schema: Mapping[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """What makes a schema unusable, with the path to it and the way out."""
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        message = str(error.message)
        yield tuple(error.absolute_path), f"this is no JSON Schema: {message[:120]}", "the form is that of 2020-12"
        return
    if "2020-12" not in str(schema.get("$schema", "2020-12")):
        yield ("$schema",), f"this schema is of another form: {schema['$schema']}", "the form is that of 2020-12"
    for path, keyword in _keywords(schema):
        close = None if keyword in _KNOWN or keyword.startswith("x-") else closest(keyword, _KNOWN)
        if close:
            yield path, f"there is no keyword {keyword} in JSON Schema", f"did you mean {close}?"
    for path, reference in _named(schema, "$ref"):
        try:
            if not reference.startswith("#"):
                raise Unresolvable(ref=reference)
            Registry().with_resource("", _resource(schema)).resolver().lookup(reference)
        except (Unresolvable, KeyError):
            yield path, f"there is no schema {reference} here", 'a $ref leads into this schema, such as "#/$defs/name"'


def _named(schema: Any, keyword: str, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text under a keyword, at any depth."""
    if isinstance(schema, Mapping):
        for name, item in schema.items():
            if name == keyword and isinstance(item, str):
                yield (*path, name), item
            yield from _named(item, keyword, (*path, name))
    elif isinstance(schema, list | tuple):
        for index, item in enumerate(schema):
            yield from _named(item, keyword, (*path, index))


def _keywords(schema: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every keyword with its path: neither names of attributes nor what stands in values."""
    if isinstance(schema, list | tuple):
        for index, one in enumerate(schema):
            yield from _keywords(one, (*path, index))
    elif isinstance(schema, Mapping):
        for name, item in schema.items():
            yield (*path, name), name
            if name in _NAMED and isinstance(item, Mapping):
                for key, inner in item.items():
                    yield from _keywords(inner, (*path, name, key))
            elif name not in VALUES:
                yield from _keywords(item, (*path, name))


def _resource(schema: Mapping[str, Any]) -> Any:
    from referencing.jsonschema import DRAFT202012

    return DRAFT202012.create_resource(dict(schema))
