"""What Terraform's language takes and what never means, in a condition, what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from kubestack_lint.conditions.expression import ExpressionProblem, OwnCall
from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values.functions.signature import Function

_VERSIONS = ("version_minor", "version_atleast")
_VERSION = re.compile(r"v?[0-9]+\.[0-9]+(\.[0-9]+)*([-+].*)?")


def slips(node: Any) -> Iterator[ExpressionProblem]:
    """Slips of the pen in an expression: versions that are taken for numbers, functions that nothing is known of."""
    if isinstance(node, Span) or not isinstance(node, tuple):
        return
    if isinstance(node, nodes.Call) and node.name.removeprefix("core::") in _never_known():
        message = f"the result of {node.name}() is never known here"
        hint = "conditions see no files, no clock and no chance"
        yield ExpressionProblem(message, node.span.start, node.span.end, hint)
    if isinstance(node, OwnCall) and node.name in _VERSIONS:
        yield from _numbers(node)
    if isinstance(node, nodes.Binary) and node.operator in ("<", "<=", ">", ">="):
        yield from _compared(node)
    for part in node:
        yield from slips(part)


@cache
def _never_known() -> frozenset[str]:
    from kubestack_lint.values.functions import changing, files

    found = (item for module in (changing, files) for item in vars(module).values())
    return frozenset(item.name for item in found if isinstance(item, Function))


def _numbers(call: OwnCall) -> Iterator[ExpressionProblem]:
    """1.30 is the number 1.3, and so a version that nobody meant."""
    for argument in call.arguments:
        if isinstance(argument, nodes.Literal) and isinstance(argument.value, Decimal):
            written = argument.span.text
            message = f"the version {written} is a number here, in which zeros at the end do not count"
            yield ExpressionProblem(message, *argument.span[1:3], f'write it in quotes: "{written}"')


def _compared(node: nodes.Binary) -> Iterator[ExpressionProblem]:
    """Terraform turns both sides into numbers: "1.9" is more than "1.30"."""
    for side, other in ((node.left, node.right), (node.right, node.left)):
        parts = side.parts if isinstance(side, nodes.Template) else ()
        written = parts[0] if len(parts) == 1 and isinstance(parts[0], str) else ""
        if isinstance(side, nodes.Literal) and isinstance(other, nodes.Attribute) and "version" in other.name:
            written = side.span.text
        if _VERSION.fullmatch(written):
            message = f"{node.operator} compares numbers, and {written} is a version"
            yield ExpressionProblem(message, *side.span[1:3], f'version_atleast(a, "{written}") compares versions')
