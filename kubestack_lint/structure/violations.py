"""A configuration against a JSON Schema (2020-12), three-valued: what is unknown neither fits nor breaks it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from kubestack_lint.structure.mistakes import VALUES, Path
from kubestack_lint.values.types import BOOL, NUMBER, STRING, Collection, ObjectType, TupleType, Type
from kubestack_lint.values.value import Unknown, Value

_Check = Callable[..., Iterable[ValidationError] | None]

_UNKNOWN = "unknown"
_TYPES: dict[Type, str] = {STRING: "string", NUMBER: "number", BOOL: "boolean"}
# Keywords that only lead to other schemas for the same value, or that judge nothing.
_LEADING = frozenset({"$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "not", "if"})


@dataclass(frozen=True, slots=True)
class Violation:
    """Where and how a configuration breaks a schema; with `unknown`, why that cannot be decided.

    `message` goes on behind the name of the value; `says` that the value itself
    belongs behind it. `description` is that of the part of the schema.
    """

    path: Path
    message: str
    says: bool = False
    description: str = ""
    unknown: bool = False


class _Hidden:
    """Stands for a value that is not known."""

    def __init__(self, unknown: Unknown, kind: Type) -> None:
        self.unknown = unknown
        self.kind = kind


def violations(schema: Mapping[str, Any], value: Value) -> Iterator[Violation]:
    """Every way in which a value breaks a schema that has no mistakes, in the order of the values."""
    validator = _validator()(_spelt_out(schema), registry=Registry())
    errors = list(validator.iter_errors(_plain(value)))
    decided = {tuple(error.absolute_path) for error in errors if error.validator != _UNKNOWN}
    seen: set[tuple[Path, str]] = set()
    for error in sorted(errors, key=lambda error: [str(step) for step in error.absolute_path]):
        for violation in _violations(error):
            if violation.unknown and violation.path in decided:
                continue
            if (violation.path, violation.message) not in seen:
                seen.add((violation.path, violation.message))
                yield violation


def _violations(error: ValidationError) -> Iterator[Violation]:
    path: Path = tuple(error.absolute_path)
    schema = error.schema if isinstance(error.schema, dict) else {}
    description = str(schema.get("description", ""))
    if error.validator == _UNKNOWN:
        yield Violation(path, f"cannot be held against the schema: {error.message}", unknown=True)
    elif error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = schema.get("properties", {})
        patterns = schema.get("patternProperties", {})
        for name in error.instance:
            if name not in known and not any(re.search(pattern, name) for pattern in patterns):
                yield Violation((*path, name), "is not allowed by the schema", description=description)
    elif error.validator == "required":
        # One error a name; those that repeat are left out above.
        for name in _names(error.validator_value):
            if isinstance(error.instance, dict) and name not in error.instance:
                yield Violation(path, f"has no {name}, which the schema requires", description=description)
    elif error.validator == "not" and error.validator_value == {}:
        yield Violation(path, "is not allowed by the schema")
    else:
        words, says = _words(str(error.validator), error.validator_value)
        yield Violation(path, words, says, description)


def _names(value: Any) -> list[str]:
    return list(value)


def _words(keyword: str, wanted: Any) -> tuple[str, bool]:
    """What a keyword demands, and whether the value itself says more."""
    if keyword == "type":
        return f"must be of type {' or '.join([wanted] if isinstance(wanted, str) else wanted)}", True
    if keyword == "enum":
        return f"must be one of {', '.join(_json(one) for one in wanted)}", True
    simple = {
        "const": "must be {}",
        "minimum": "must be at least {}",
        "maximum": "must be at most {}",
        "exclusiveMinimum": "must be more than {}",
        "exclusiveMaximum": "must be less than {}",
        "multipleOf": "must be a multiple of {}",
        "pattern": "must match {}",
        "minLength": "must have at least {} characters",
        "maxLength": "must have at most {} characters",
        "minItems": "must have at least {} elements",
        "maxItems": "must have at most {} elements",
        "minProperties": "must set at least {} attributes",
        "maxProperties": "must set at most {} attributes",
    }
    if keyword in simple:
        return simple[keyword].format(_json(wanted)), keyword not in ("minProperties", "maxProperties")
    if keyword == "uniqueItems":
        return "must not repeat an element", True
    return f"does not fit {keyword} of the schema", False


def _json(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


# -- three-valued keywords ------------------------------------------------


@cache
def _validator() -> Any:
    checks = {name: _for_hidden(name, check) for name, check in Draft202012Validator.VALIDATORS.items()}
    checks.update({"anyOf": _any_of, "oneOf": _one_of, "not": _not, "if": _if})
    return extend(Draft202012Validator, checks)  # type: ignore[no-untyped-call]


def _for_hidden(name: str, check: _Check) -> _Check:
    """The keyword, undecided where it would judge what is not known."""

    def checked(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        hidden = _hidden_in(instance) if name in ("enum", "const", "uniqueItems", "contains") else None
        if isinstance(instance, _Hidden) and name not in _LEADING:
            if not (name == "type" and _has_type(instance.kind, wanted)):
                yield _undecided(instance)
        elif hidden is not None:
            yield _undecided(hidden)
        else:
            yield from check(validator, wanted, instance, schema) or ()

    return checked


def _undecided(hidden: _Hidden) -> ValidationError:
    return ValidationError(hidden.unknown.because, validator=_UNKNOWN)


def _hidden_in(instance: Any) -> _Hidden | None:
    if isinstance(instance, _Hidden):
        return instance
    parts = instance.values() if isinstance(instance, dict) else instance if isinstance(instance, list) else ()
    return next((found for part in parts if (found := _hidden_in(part)) is not None), None)


def _has_type(kind: Type, wanted: Any) -> bool:
    """Whether a value of this type surely has one of these JSON types."""
    name = _TYPES.get(kind, "")
    if isinstance(kind, Collection | TupleType | ObjectType):
        name = "object" if isinstance(kind, ObjectType) or getattr(kind, "kind", "") == "map" else "array"
    return name in ([wanted] if isinstance(wanted, str) else wanted)


def _verdict(errors: Iterable[ValidationError]) -> tuple[bool | None, ValidationError | None]:
    """True without errors, False with one that is sure, None with the first that is not."""
    listed = list(errors)
    if not listed:
        return True, None
    sure = any(error.validator != _UNKNOWN for error in listed)
    return (False, None) if sure else (None, listed[0])


def _any_of(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    verdicts = [_verdict(validator.descend(instance, one, schema_path=i)) for i, one in enumerate(wanted)]
    if any(verdict is True for verdict, _ in verdicts):
        return
    doubt = next((error for verdict, error in verdicts if verdict is None), None)
    yield _again(doubt) if doubt is not None else ValidationError("none of them fits")


def _one_of(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    verdicts = [_verdict(validator.descend(instance, one, schema_path=i)) for i, one in enumerate(wanted)]
    fits = sum(verdict is True for verdict, _ in verdicts)
    doubt = next((error for verdict, error in verdicts if verdict is None), None)
    if doubt is not None and fits < 2:
        yield _again(doubt)
    elif fits != 1:
        yield ValidationError("not exactly one of them fits")


def _not(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    verdict, doubt = _verdict(validator.descend(instance, wanted))
    if verdict is True:
        yield ValidationError("it fits what it must not")
    elif doubt is not None:
        yield _again(doubt)


def _if(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    verdict, doubt = _verdict(validator.descend(instance, wanted))
    if doubt is not None:
        yield _again(doubt)
        return
    branch = "then" if verdict else "else"
    if branch in schema:
        yield from validator.descend(instance, schema[branch], schema_path=branch)


def _again(doubt: ValidationError) -> ValidationError:
    return ValidationError(doubt.message, validator=_UNKNOWN)


# -- values and schemas ---------------------------------------------------


def _plain(value: Value) -> Any:
    """JSON data; nulls stand for nothing, as they do in the modules."""
    data = value.data
    if isinstance(data, Unknown):
        return _Hidden(data, value.type)
    if isinstance(data, Fraction):
        return float(data)
    if isinstance(data, dict):
        return {name: _plain(item) for name, item in data.items() if not item.is_null}
    if isinstance(data, tuple):
        return [_plain(item) for item in data]
    return data


def _spelt_out(schema: Any) -> Any:
    """The schema with `{"not": {}}` for false below a name: jsonschema forgets where it met false."""
    if isinstance(schema, list | tuple):
        return [_spelt_out(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {}
    for name, item in schema.items():
        if name in ("properties", "patternProperties", "$defs") and isinstance(item, Mapping):
            found[name] = {key: {"not": {}} if inner is False else _spelt_out(inner) for key, inner in item.items()}
        elif name in VALUES:
            found[name] = item
        else:
            found[name] = {"not": {}} if item is False and name == "items" else _spelt_out(item)
    return found
