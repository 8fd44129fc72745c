"""Terraform's functions on numbers."""

from __future__ import annotations

import math
from fractions import Fraction

from kubestack_lint.values.arithmetic import magnitude
from kubestack_lint.values.floats import from_float, go_log, go_pow
from kubestack_lint.values.functions.common import quoted, whole
from kubestack_lint.values.functions.signature import FunctionError, Parameter, function, scalar
from kubestack_lint.values.numbers import WORD, Number, held, negative, precision
from kubestack_lint.values.types import DYNAMIC, NUMBER, STRING, Type
from kubestack_lint.values.value import Value, number, unknown

_NUM = Parameter("num", NUMBER)
_NUMBERS = Parameter("numbers", NUMBER)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Longer texts of digits take time that grows with the square of their length.
MAX_DIGITS = 4_000


@function(Parameter("num", NUMBER, marks=True), returns=NUMBER, not_null=True)
def abs_(value: Value) -> Value:
    """The number without its sign."""
    assert isinstance(value.data, int | Fraction)
    return number(magnitude(value.data))


@scalar(_NUM, returns=NUMBER)
def ceil(value: Number) -> Number:
    """The smallest whole number that is not below."""
    return held(math.ceil(value), precision(value))


@scalar(_NUM, returns=NUMBER)
def floor(value: Number) -> Number:
    """The largest whole number that is not above."""
    return held(math.floor(value), precision(value))


@scalar(_NUM, returns=NUMBER)
def signum(value: Number) -> Number:
    """-1, 0 or 1, like the sign of a whole number."""
    integer = whole(value, 0)
    return held((integer > 0) - (integer < 0), WORD)


@scalar(variadic=_NUMBERS, returns=NUMBER)
def max_(*values: Number) -> Number:
    """The greatest of the numbers."""
    if not values:
        raise FunctionError("at least one number is required")
    return max(values)


@scalar(variadic=_NUMBERS, returns=NUMBER)
def min_(*values: Number) -> Number:
    """The least of the numbers."""
    if not values:
        raise FunctionError("at least one number is required")
    return min(values)


def _parseint_type(arguments: tuple[Value, ...]) -> Type:
    if arguments[0].type != STRING:
        raise FunctionError(f"a string is required, not a {arguments[0].type.name}", 0)
    return NUMBER


@function(Parameter("number", DYNAMIC), Parameter("base", NUMBER), returns=_parseint_type, not_null=True)
def parseint(value: Value, base: Value) -> Value:
    """The whole number that a text stands for in a base from 2 to 62."""
    _parseint_type((value,))
    digits, radix = value.data, whole(base.data, 1)
    assert isinstance(digits, str)
    if not 2 <= radix <= 62:
        raise FunctionError("the base must be between 2 and 62", 1)
    if len(digits) > MAX_DIGITS:
        return unknown(f"the number has more than {MAX_DIGITS} digits", NUMBER)
    result = 0
    unsigned = digits[1:] if digits[:1] in ("+", "-") else digits
    for digit in unsigned:
        weight = _DIGITS.find(digit.lower() if radix <= 36 and digit.isascii() else digit)
        if not 0 <= weight < radix:
            raise FunctionError(f"{quoted(digits)} is no whole number of base {radix}", 0)
        result = result * radix + weight
    if not unsigned:
        raise FunctionError(f"{quoted(digits)} is no whole number of base {radix}", 0)
    return number(held(-result if digits[0] == "-" else result, max(result.bit_length(), WORD)))


@function(_NUM, Parameter("base", NUMBER), returns=NUMBER, not_null=True)
def log(value: Value, base: Value) -> Value:
    """The logarithm of a number in a base, as a 64-bit float."""
    return _float_result(go_log(_float(value, 0)), go_log(_float(base, 1)))


@function(_NUM, Parameter("power", NUMBER), returns=NUMBER, not_null=True)
def pow_(value: Value, power: Value) -> Value:
    """A number raised to a power, as a 64-bit float."""
    return _float_result(go_pow(_float(value, 0), _float(power, 1)), 1.0)


def _float(value: Value, argument: int) -> float:
    assert isinstance(value.data, int | Fraction)
    if not value.data:
        return -0.0 if negative(value.data) else 0.0
    try:
        return float(value.data)
    except OverflowError as error:
        raise FunctionError("the number is too large for a 64-bit float", argument) from error


def _float_result(dividend: float, divisor: float) -> Value:
    """dividend / divisor by the rules of floats; no number is an error, infinity unknown."""
    if math.isnan(dividend) or math.isnan(divisor):
        raise FunctionError("the result is not a number")
    if divisor == 0 or math.isinf(dividend):
        if dividend == 0 or math.isinf(divisor):
            raise FunctionError("the result is not a number")
        return unknown("the result is infinite", NUMBER)
    return number(from_float(dividend / divisor))
