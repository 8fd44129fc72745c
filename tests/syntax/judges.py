"""HashiCorp's own parser as the judge of what is valid HCL and what literals say."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pygohcl

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse
from kubestack_lint.values.evaluate import Scope, evaluate
from kubestack_lint.values.numbers import format_number
from kubestack_lint.values.value import Value

REFUSED = "(refused)"
UNCOMPUTED = "(not computed)"


def hashicorp(text: str) -> Any:
    """What pygohcl reads, or REFUSED, or UNCOMPUTED. It cannot be asked about NUL, which ends its C strings."""
    assert "\0" not in text
    try:
        return pygohcl.loads(text)
    except pygohcl.HCLParseError:
        return REFUSED
    except pygohcl.HCLInternalError as error:
        # It parsed; pygohcl only failed to compute something such as !0 or { null = 1 }.
        assert "cannot convert HCL to Go map representation" in str(error) or "value is null" in str(error), error
        return UNCOMPUTED


def ours(text: str) -> nodes.Body | str:
    """What kslint reads, or REFUSED."""
    try:
        return parse(Source("main.tf", text))
    except SyntaxProblem:
        return REFUSED


def problem(text: str) -> SyntaxProblem:
    """The problem that kslint finds in a text; fails when there is none."""
    try:
        parse(Source("main.tf", text))
    except SyntaxProblem as found:
        return found
    raise AssertionError(f"no problem in {text!r}")


def value(text: str, name: str = "x") -> Value:
    """The value of an argument at the top of a text."""
    return evaluate(parse(Source("main.tf", text)).arguments[name].expression, Scope())


def literal(found: Value) -> Any:
    """Python data as pygohcl has it."""
    data = found.data
    if isinstance(data, dict):
        return {name: literal(item) for name, item in data.items()}
    if isinstance(data, tuple):
        return [literal(item) for item in data]
    return number(data) if isinstance(data, int | Fraction) and not isinstance(data, bool) else data


def number(data: int | float | Fraction) -> Any:
    """Numbers as JSON prints them: whole ones exact, others as the nearest float."""
    exact = Fraction(data)
    return int(format_number(int(exact))) if exact.denominator == 1 else float(exact)


def exact(data: Any) -> str:
    """Comparable text: tells true from 1 and 1 from "1"."""
    return json.dumps(_normal(data), sort_keys=True)


def _normal(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _normal(item) for name, item in data.items()}
    if isinstance(data, list):
        return [_normal(item) for item in data]
    if isinstance(data, int | float | Decimal) and not isinstance(data, bool):
        return number(data) if isinstance(data, int | float) else number(Fraction(data))
    return data


def bodies(body: nodes.Body) -> list[nodes.Body]:
    """A body and all bodies inside it."""
    return [body, *(inner for block in body.blocks for inner in bodies(block.body))]
