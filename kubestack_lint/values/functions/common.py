"""What several functions need: whole numbers as arguments, texts of bounded length."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kubestack_lint.values.evaluate import MAX_STRING
from kubestack_lint.values.functions.signature import FunctionError
from kubestack_lint.values.numbers import MAX_BITS
from kubestack_lint.values.types import STRING, Type
from kubestack_lint.values.value import Value, string, unknown

# Lists that a function makes from one text: more parts take too much time and memory.
MAX_PARTS = 100_000


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


def too_many(kind: Type) -> Value:
    """The unknown that stands for a list of more than MAX_PARTS elements."""
    return unknown(f"the result has more than {MAX_PARTS} elements", kind)


def writable(number: int | Fraction) -> bool:
    """Whether a number has few enough digits to be written out."""
    return max(number.numerator.bit_length(), number.denominator.bit_length()) <= MAX_BITS


def fits(*sizes: int) -> bool:
    """Whether a text of these parts stays within MAX_STRING."""
    return sum(sizes) <= MAX_STRING


def quoted(value: str) -> str:
    """A text for a message: in quotes, shortened when long."""
    shown = value if len(value) <= 60 else value[:57] + "..."
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
