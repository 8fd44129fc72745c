"""Terraform's numbers: binary floats of 512 bits, rounded to nearest even.

Kept as int or Fraction; both compare and hash alike when they are equal. What
Terraform holds with other bits than 512 (counts and indices have 64, logarithms
and powers 53), and -0, are kept as Narrow or NarrowInt: only a division and
the text show that they are not the same.
Source: go-cty stores numbers as big.Float with 512 bits of precision.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache

Number = int | Fraction

PRECISION = 512
# Counts, indices and whatever else Go has as int64; logarithms and powers are its float64.
WORD = 64
FLOAT = 53
# Larger powers of ten cost time and memory without end; nobody configures them.
# Python itself refuses to print integers of more than 4,300 digits.
MAX_EXPONENT = 4_000
MAX_BITS = 14_000

BEYOND = "this number is beyond what kslint computes"

_DECIMAL = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:([eEpP])([+-]?[0-9]+))?")
_INFINITE = re.compile(r"[+-]?[iI]nf")


class Narrow(Fraction):
    """A number that Terraform holds with `bits` bits, so that fewer or more digits name it."""

    __slots__ = ("bits",)
    bits: int


class NarrowInt(int):
    """A whole number that Terraform holds with `bits` bits; with `minus` zero is -0."""

    bits: int
    minus: bool


# Sums and indices are many.
_NARROW = (Narrow, NarrowInt)


def held(number: Number, bits: int = PRECISION, minus: bool = False) -> Number:
    """The number as Terraform holds it with so many bits; `minus` tells -0 from 0."""
    if bits == PRECISION and type(number) is int and number.bit_length() <= bits and (number or not minus):
        return number
    number = rounded(number, bits)
    minus = minus and not number
    if bits == PRECISION and not minus:
        return number
    if isinstance(number, int):
        whole = NarrowInt(number)
        whole.bits, whole.minus = bits, minus
        return whole
    fraction = Narrow(number)
    fraction.bits = bits
    return fraction


def precision(number: Number) -> int:
    """With how many bits Terraform holds the number."""
    return number.bits if isinstance(number, _NARROW) else PRECISION


def negative(number: Number) -> bool:
    """Whether the number has a minus sign; -0 has one."""
    return number < 0 or (isinstance(number, NarrowInt) and number.minus)


def named(number: Number) -> Number:
    """The number that its text stands for: two are equal for Terraform when their texts are."""
    if isinstance(number, _NARROW):
        return rounded(Fraction(format_number(number)))
    return number


def rounded(number: Number, bits: int = PRECISION) -> Number:
    """The nearest number with at most so many significant bits."""
    numerator, denominator = number.numerator, number.denominator
    if denominator == 1 and numerator.bit_length() <= bits:
        return int(numerator)
    shift = bits - (abs(numerator).bit_length() - denominator.bit_length())
    mantissa = _divided(numerator, denominator, shift)
    if abs(mantissa).bit_length() > bits:
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
    """The number that a text stands for; None when it is none, or one that kslint does not compute.

    Accepts what `tonumber` accepts, which is what Go's big.ParseFloat does: a
    sign, decimal digits, a fraction, a power of ten (`e3`) or of two (`p3`).
    """
    match = _DECIMAL.fullmatch(text)
    if match is None:
        return None
    digits, mark, exponent = match.groups()
    if len(text) > MAX_EXPONENT or len(exponent or "") > 6 or abs(int(exponent or 0)) > MAX_EXPONENT:
        return None
    exact = Fraction(digits)
    if mark:
        exact *= Fraction(10 if mark in "eE" else 2) ** int(exponent)
    return held(exact, minus=digits.startswith("-"))


def not_computed(text: str) -> str | None:
    """Why kslint does not compute the number of a text, or None when the text is no number."""
    if _INFINITE.fullmatch(text):
        return "this number is infinite"
    return BEYOND if _DECIMAL.fullmatch(text) else None


@lru_cache(maxsize=1024)
def from_decimal(number: Decimal) -> Number | None:
    """The number written in HCL as this literal; None when it is out of range."""
    if abs(number.adjusted()) > MAX_EXPONENT:
        return None
    return rounded(Fraction(number))


def format_number(number: Number) -> str:
    """The shortest decimal text that reads back as the same number, never with an exponent."""
    bits = precision(number)
    if number.denominator == 1:
        return "-0" if not number and negative(number) else _shortest_integer(int(number), bits)
    if bits == FLOAT and not _is_power_of_two(number):
        return format(Decimal(repr(float(number))), "f")
    for digits in range(1, 200):
        candidate = Context(prec=digits).divide(Decimal(number.numerator), Decimal(number.denominator))
        if _names(Fraction(candidate), number, bits):
            return format(candidate, "f")
    raise AssertionError("512 bits never need 200 digits")


def _shortest_integer(number: int, bits: int) -> str:
    text = str(number)
    if abs(number).bit_length() <= bits:
        return text
    for digits in range(1, len(text)):
        candidate = int(Context(prec=digits).create_decimal(number))
        if _names(candidate, number, bits):
            return str(candidate)
    return text


def _names(candidate: Number, number: Number, bits: int) -> bool:
    """Whether a decimal is near enough to name the number: nearer than to its neighbours, says Go."""
    if _is_power_of_two(number):
        # The neighbour below is only half as far away as Go takes it to be here.
        exact = Fraction(number)
        return abs(candidate - exact) * (1 << bits) <= abs(exact)
    return rounded(candidate, bits) == number


def _is_power_of_two(number: Number) -> bool:
    return abs(number.numerator).bit_count() == 1 and number.denominator.bit_count() == 1
