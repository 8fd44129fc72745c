"""Terraform's numbers: binary floats of 512 bits, rounded to nearest even.

Kept as int or Fraction; both compare and hash alike when they are equal.
Source: go-cty stores numbers as big.Float with 512 bits of precision.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from fractions import Fraction

Number = int | Fraction

PRECISION = 512
# Larger powers of ten cost time and memory without end; nobody configures them.
# Python itself refuses to print integers of more than 4,300 digits.
MAX_EXPONENT = 4_000
MAX_BITS = 14_000

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]([+-]?[0-9]+))?")


class Float64(Fraction):
    """A number that Terraform holds with 53 bits instead of 512, so that fewer digits name it."""

    __slots__ = ()


def rounded(number: Number) -> Number:
    """The nearest number with at most 512 significant bits."""
    numerator, denominator = number.numerator, number.denominator
    if denominator == 1 and numerator.bit_length() <= PRECISION:
        return int(numerator)
    shift = PRECISION - (abs(numerator).bit_length() - denominator.bit_length())
    mantissa = _divided(numerator, denominator, shift)
    if abs(mantissa).bit_length() > PRECISION:
        shift -= 1
        mantissa = _divided(numerator, denominator, shift)
    result = Fraction(mantissa, 1 << shift) if shift >= 0 else Fraction(mantissa << -shift)
    return int(result) if result.denominator == 1 else result


def _divided(numerator: int, denominator: int, shift: int) -> int:
    """numerator/denominator times 2**shift, rounded half to even."""
    if shift >= 0:
        return round(Fraction(numerator << shift, denominator))
    return round(Fraction(numerator, denominator << -shift))


def parse_number(text: str) -> Number | None:
    """The number that a decimal text stands for, or None when it is none.

    Accepts what `tonumber` accepts: a sign, digits, a fraction, an exponent.
    """
    match = _DECIMAL.fullmatch(text)
    if match is None or len(text) > MAX_EXPONENT or len(match[1] or "") > 6 or abs(int(match[1] or 0)) > MAX_EXPONENT:
        return None
    return rounded(Fraction(text))


def from_decimal(number: Decimal) -> Number | None:
    """The number written in HCL as this literal; None when it is out of range."""
    if abs(number.adjusted()) > MAX_EXPONENT:
        return None
    return rounded(Fraction(number))


def format_number(number: Number) -> str:
    """The shortest decimal text that reads back as the same number, never with an exponent."""
    if isinstance(number, Float64):
        return format(Decimal(repr(float(number))), "f").removesuffix(".0")
    if number.denominator == 1:
        return _shortest_integer(int(number))
    for digits in range(1, 200):
        candidate = Context(prec=digits).divide(Decimal(number.numerator), Decimal(number.denominator))
        if rounded(Fraction(candidate)) == number:
            return format(candidate, "f")
    raise AssertionError("512 bits never need 200 digits")


def _shortest_integer(number: int) -> str:
    text = str(number)
    if abs(number).bit_length() <= PRECISION:
        return text
    for digits in range(1, len(text)):
        candidate = int(Context(prec=digits).create_decimal(number))
        if rounded(candidate) == number:
            return str(candidate)
    return text
