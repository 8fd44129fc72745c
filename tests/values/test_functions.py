"""Every function against what real Terraform returned (tests/vectors/functions/*.json)."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kubestack_lint.source import Source, Span
from kubestack_lint.syntax import parse_expression
from kubestack_lint.values.evaluate import EvaluationError, Scope, evaluate
from kubestack_lint.values.numbers import parse_number
from kubestack_lint.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ObjectType,
    TupleType,
    list_of,
    map_of,
    set_of,
)
from kubestack_lint.values.value import Unknown, Value, plain, string, unknown

VECTORS = Path(__file__).parent.parent / "vectors" / "functions"

# The locals of unknowns.tf.
UNKNOWNS = {
    "u_string": STRING,
    "u_number": NUMBER,
    "u_bool": BOOL,
    "u_list": list_of(STRING),
    "u_set": set_of(STRING),
    "u_map": map_of(STRING),
    "u_numbers": list_of(NUMBER),
    "u_tuple": TupleType((STRING, NUMBER)),
    "u_object": ObjectType({"a": STRING, "n": NUMBER}),
    "u_any": DYNAMIC,
}


class Names:
    """`local.u_…` as in unknowns.tf, and `path.module` as the folder of the vectors."""

    def member(self, root: str, name: str, span: Span) -> Value | None:
        if root == "local" and name in UNKNOWNS:
            return unknown("it is known after apply", UNKNOWNS[name], span)
        return None

    def root(self, root: str, span: Span) -> Value | None:
        return None


def load() -> list[Any]:
    return [
        pytest.param(path.stem, vector, id=f"{path.stem}-{index}")
        for path in sorted(VECTORS.glob("*.json"))
        for index, vector in enumerate(json.loads(path.read_text("utf-8")))
    ]


def scope() -> Scope:
    return Scope(names=Names())


def comparable(value: Any, kind: Any) -> Any:
    """Data of a value or a vector in one form: reasons dropped."""
    if isinstance(value, dict) and "$unknown" in value:
        return "(unknown)"
    if isinstance(value, dict) and "$number" in value:
        return parse_number(value["$number"])
    if isinstance(kind, list) and isinstance(value, list):
        inner = kind[1] if kind[0] == "tuple" else [kind[1]] * len(value)
        return [comparable(item, inside) for item, inside in zip(value, inner, strict=True)]
    if isinstance(kind, list) and isinstance(value, dict):
        attributes = kind[1] if kind[0] == "object" else dict.fromkeys(value, kind[1])
        return {name: comparable(item, attributes[name]) for name, item in value.items()}
    if isinstance(value, float):
        return Fraction(value)
    return value


def exact(value: Value) -> Any:
    """Like `plain`, but numbers that no float holds stay exact."""
    if isinstance(value.data, dict):
        return {name: exact(item) for name, item in value.data.items()}
    if isinstance(value.data, tuple):
        return [exact(item) for item in value.data]
    return value.data if isinstance(value.data, Fraction) else plain(value)


@pytest.mark.parametrize(("name", "vector"), load())
def test_vector(name: str, vector: dict[str, Any]) -> None:
    expression = parse_expression(Source("vector.tf", vector["call"]))
    if "error" in vector:
        with pytest.raises(EvaluationError) as refused:
            evaluate(expression, scope())
        assert name in refused.value.message, (vector["call"], refused.value.message)
        return
    value = evaluate(expression, scope())
    assert value.type.json == vector["type"], vector["call"]
    if vector.get("unknown"):
        assert isinstance(value.data, Unknown), vector["call"]
        assert value.data.because
        # Claiming more than Terraform knows would be wrong; claiming less is only modest.
        assert vector.get("not_null", False) or not value.data.not_null, vector["call"]
    else:
        kind = vector["type"]
        assert comparable(exact(value), kind) == comparable(vector["value"], kind), vector["call"]
        assert type(exact(value)) is not bool or isinstance(vector["value"], bool), vector["call"]


LONG = "a" * 100_000
BOMB = r"a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    rf"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)
BEYOND = [
    'regex("(a?){50}b", long)',
    'regex("' + "(" * 500 + '", "a")',
    r'regex("\\p{Greek}", "a")',
    'regexall("", join("", [long, long]))',
    'regexall("(a|aa)+b", long)',
    'replace(long, "a", long)',
    'replace(long, "/a/", long)',
    'split("", join("", [long, "a"]))',
    'join(long, split("", substr(long, 0, 1000)))',
    r'indent(1000000, "a\n\n\n\n\n\nb")',
    'format("%9999999d", 1)',
    'format("%.99999f", 1.5)',
    'format("%999999s%999999s%999999s%999999s%9s", 1, 2, 3, 4, 5)',
    'jsondecode("' + "[" * 1000 + '")',
    'jsondecode("1e99999999")',
    'yamldecode("' + "- " * 1000 + '")',
    f'yamldecode("{BOMB}")',
    'yamldecode(".inf")',
    'parseint("' + "9" * 5_000 + '", 10)',
    "pow(10, 400)",
    "pow(0, -1)",
    "log(0, 10)",
    "log(5, 1)",
    'base64gzip("a")',
    'textencodebase64("a", "Shift_JIS")',
]


@pytest.mark.parametrize("call", BEYOND, ids=range(len(BEYOND)))
def test_beyond_kslint(call: str) -> None:
    """What kslint cannot know, or will not compute, is unknown for a reason, and soon."""
    expression = parse_expression(Source("beyond.tf", call))
    value = evaluate(expression, scope().child({"long": string(LONG)}))
    assert isinstance(value.data, Unknown), call[:60]
    assert value.data.because
