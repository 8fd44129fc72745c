"""What several functions need: whole numbers as arguments, texts of bounded length."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kubestack_lint.values.evaluate import MAX_STRING
from kubestack_lint.values.functions.signature import FunctionError
from kubestack_lint.values.types import STRING, Type
from kubestack_lint.values.value import Value, string, unknown


def whole(number: Any, argument: int) -> int:
    """The number as an int; Terraform wants integers of 64 bits here."""
    assert isinstance(number, int | Fraction)
    if number.denominator != 1:
        raise FunctionError("a whole number is required", argument)
    if not -(1 << 63) <= number < 1 << 63:
        raise FunctionError("the number is too large; it must fit into 64 bits", argument)
    return int(number)


def text(result: str) -> Value:
    """A text as result; unknown when it is longer than kslint keeps."""
    return too_long() if len(result) > MAX_STRING else string(result)


def too_long(kind: Type = STRING) -> Value:
    """The unknown that stands for a result beyond MAX_STRING characters."""
    return unknown(f"the text is longer than {MAX_STRING} characters", kind)


def fits(*sizes: int) -> bool:
    """Whether a text of these parts stays within MAX_STRING."""
    return sum(sizes) <= MAX_STRING


def quoted(value: str) -> str:
    """A text for a message: in quotes, shortened when long."""
    shown = value if len(value) <= 60 else value[:57] + "..."
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
