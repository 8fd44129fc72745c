"""JSON Schema with unknown values: a verdict only where it does not depend on them."""

from __future__ import annotations

from typing import Any

import pytest

from kubestack_lint.structure import mistakes, violations
from kubestack_lint.values.types import DYNAMIC, NUMBER, STRING, Collection
from kubestack_lint.values.value import Value, boolean, null, number, object_of, string, tuple_of, unknown

HIDDEN = unknown("a reason", STRING)


def found(schema: dict[str, Any], **items: Value) -> list[tuple[str, str]]:
    """Paths and messages; unknown verdicts begin with a question mark."""
    return [
        (".".join(map(str, v.path)), ("?" if v.unknown else "") + v.message)
        for v in violations(schema, object_of(items))
    ]


UNDECIDED = "?cannot be held against the schema: a reason"
A = {"properties": {"a": {"const": "x"}}}
HAS_B = {"required": ["b"]}


@pytest.mark.parametrize(
    ("schema", "items", "expected"),
    [
        ({"properties": {"a": {"type": "string"}}}, {"a": HIDDEN}, []),
        ({"properties": {"a": {"type": ["number", "string"]}}}, {"a": HIDDEN}, []),
        ({"properties": {"a": {"type": "number"}}}, {"a": HIDDEN}, [("a", UNDECIDED)]),
        ({"properties": {"a": {"type": "string"}}}, {"a": unknown("a reason", DYNAMIC)}, [("a", UNDECIDED)]),
        ({"properties": {"a": {"minLength": 2}}}, {"a": HIDDEN}, [("a", UNDECIDED)]),
        ({"properties": {"a": {"type": "object"}}}, {"a": unknown("a reason", Collection("map", STRING))}, []),
        ({"properties": {"a": {"type": "array"}}}, {"a": unknown("a reason", Collection("map", STRING))}, [("a", UNDECIDED)]),
        ({"properties": {"a": {"type": "array"}}}, {"a": unknown("a reason", Collection("list", STRING))}, []),
        ({"properties": {"a": {"items": False}}}, {"a": tuple_of((string("x"),))}, [("a.0", "is not allowed by the schema")]),
        ({"properties": {"a": {"additionalProperties": {"required": ["b"]}}}}, {"a": object_of({"c": object_of({"b": number(1)})})}, []),
        ({"properties": {"a": {"minimum": 2}}}, {"a": unknown("a reason", NUMBER)}, [("a", UNDECIDED)]),
        ({"required": ["a"]}, {"a": HIDDEN}, []),
        (
            {"required": ["a", "b"]},
            {"c": HIDDEN},
            [("", "has no a, which the schema requires"), ("", "has no b, which the schema requires")],
        ),
        ({"required": ["a"]}, {"a": null()}, [("", "has no a, which the schema requires")]),
        ({"properties": {"a": True}, "additionalProperties": False}, {"a": HIDDEN}, []),
        (
            {"properties": {"a": True}, "additionalProperties": False},
            {"b": HIDDEN},
            [("b", "is not allowed by the schema")],
        ),
        ({"properties": {"b": False}}, {"b": string("x")}, [("b", "is not allowed by the schema")]),
        # What decides without the unknown value decides.
        ({"anyOf": [A, HAS_B]}, {"a": HIDDEN, "b": string("x")}, []),
        ({"anyOf": [A, HAS_B]}, {"a": HIDDEN}, [("", UNDECIDED)]),
        ({"anyOf": [HAS_B, {"required": ["c"]}]}, {"a": HIDDEN}, [("", "does not fit anyOf of the schema")]),
        (
            {"oneOf": [HAS_B, {"required": ["a"]}, A]},
            {"a": HIDDEN, "b": string("x")},
            [("", "does not fit oneOf of the schema")],
        ),
        ({"oneOf": [HAS_B, A]}, {"a": HIDDEN, "b": string("x")}, [("", UNDECIDED)]),
        ({"oneOf": [HAS_B, A]}, {"a": string("y"), "b": string("x")}, []),
        ({"not": A}, {"a": HIDDEN}, [("", UNDECIDED)]),
        ({"not": {**A, **HAS_B}}, {"a": HIDDEN}, []),
        ({"not": HAS_B}, {"b": HIDDEN}, [("", "does not fit not of the schema")]),
        ({"if": A, "then": HAS_B}, {"a": HIDDEN}, [("", UNDECIDED)]),
        ({"if": HAS_B, "then": {"required": ["a"]}}, {"a": HIDDEN}, []),
        (
            {"if": A, "then": HAS_B, "else": {"required": ["c"]}},
            {"a": string("x")},
            [("", "has no b, which the schema requires")],
        ),
        (
            {"if": A, "then": HAS_B, "else": {"required": ["c"]}},
            {"a": string("y")},
            [("", "has no c, which the schema requires")],
        ),
        ({"properties": {"a": {"uniqueItems": True}}}, {"a": tuple_of((HIDDEN, string("x")))}, [("a", UNDECIDED)]),
        (
            {"properties": {"a": {"uniqueItems": True}}},
            {"a": tuple_of((string("x"), string("x")))},
            [("a", "must not repeat an element")],
        ),
        (
            {"properties": {"a": {"minItems": 3}}},
            {"a": tuple_of((HIDDEN, string("x")))},
            [("a", "must have at least 3 elements")],
        ),
        (
            {"properties": {"a": {"items": {"maxLength": 1}}}},
            {"a": tuple_of((HIDDEN, string("xy")))},
            [("a.0", UNDECIDED), ("a.1", "must have at most 1 characters")],
        ),
        ({"properties": {"a": {"type": "integer", "minimum": 3}}}, {"a": number(2)}, [("a", "must be at least 3")]),
        ({"properties": {"a": {"type": "integer"}}}, {"a": boolean(True)}, [("a", "must be of type integer")]),
        (
            {"$defs": {"n": {"minimum": 3}}, "properties": {"a": {"$ref": "#/$defs/n"}}},
            {"a": number(2)},
            [("a", "must be at least 3")],
        ),
    ],
)
def test_verdicts(schema: dict[str, Any], items: dict[str, Value], expected: list[tuple[str, str]]) -> None:
    assert list(mistakes(schema)) == []
    assert found(schema, **items) == expected


@pytest.mark.parametrize(
    ("schema", "path", "message"),
    [
        ({"type": "text"}, ("type",), "this is no JSON Schema"),
        ({"properties": {"a": {"pattern": "("}}}, ("properties", "a", "pattern"), "is not a 'regex'"),
        (
            {"properties": {"a": {"$ref": "#/$defs/b"}}},
            ("properties", "a", "$ref"),
            "there is no schema #/$defs/b here",
        ),
        (
            {"$ref": "https://example.com/schema.json"},
            ("$ref",),
            "there is no schema https://example.com/schema.json here",
        ),
        # A misspelt keyword would judge nothing.
        ({"propertis": {"a": True}}, ("propertis",), "there is no keyword propertis in JSON Schema"),
        ({"properties": {"a": {"enumm": [1]}}}, ("properties", "a", "enumm"), "there is no keyword enumm"),
        ({"anyOf": [{}, {"not": {"patern": "x"}}]}, ("anyOf", 1, "not", "patern"), "there is no keyword patern"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, ("$schema",), "this schema is of another form: http://json"),
    ],
)
def test_mistakes(schema: dict[str, Any], path: tuple[str, ...], message: str) -> None:
    ((where, said, _),) = mistakes(schema)
    assert where == path
    assert message in said


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"requred": {"const": {"typ": 1}}, "patern": True}, "$defs": {"enumm": {}}},
        {"default": {"typ": 1}, "x-type": "a", "owner": "platform", "dependentRequired": {"typ": ["patern"]}},
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "if": {"minProperties": 1}, "then": {"format": "uri"}},
    ],
)
def test_names_of_attributes_and_words_of_ones_own_are_no_mistakes(schema: dict[str, Any]) -> None:
    assert list(mistakes(schema)) == []
