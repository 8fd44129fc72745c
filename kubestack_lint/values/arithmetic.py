"""The operators on numbers, with Terraform's precision and signs of zero.

A result has as many bits as the more precise operand. Source: go-cty's
cty/value_ops.go and the rules of Go's big.Float.
"""

from __future__ import annotations

from fractions import Fraction

from kubestack_lint.values.numbers import Number, held, negative, precision, rounded


def _wider(a: Number, b: Number) -> int:
    return max(precision(a), precision(b))


def add(a: Number, b: Number) -> Number:
    """a + b; only -0 + -0 is -0."""
    return held(a + b, _wider(a, b), negative(a) and negative(b))


def subtract(a: Number, b: Number) -> Number:
    """a - b."""
    return add(a, negate(b))


def negate(a: Number) -> Number:
    """-a; of 0 it is -0."""
    return held(-a, precision(a), not negative(a))


def magnitude(a: Number) -> Number:
    """The number without its sign, as precise as before."""
    return held(-a if a < 0 else a, precision(a))


def multiply(a: Number, b: Number) -> Number:
    """a * b, with more bits than both where the product needs them."""
    product = rounded(a * b)
    return held(product, max(_wider(a, b), _least_bits(product)), negative(a) != negative(b))


def _least_bits(number: Number) -> int:
    """How many bits hold the number exactly."""
    mantissa = abs(number.numerator)
    return (mantissa // (mantissa & -mantissa)).bit_length() if mantissa else 0


def divide(a: Number, b: Number) -> Number:
    """a / b for b that is not 0."""
    return held(Fraction(a) / Fraction(b), _wider(a, b), negative(a) != negative(b))


def modulo(a: Number, b: Number) -> Number:
    """a % b, the sign that of a; each step rounds as in Terraform, so that 1 % 0.1 is 0."""
    if b == 0:
        return a
    bits = precision(a)
    whole = rounded(int(divide(a, b)), bits)
    rest = rounded(a - rounded(b * whole, bits), bits)
    # A product of 0 has a sign too, and -0 - -0 is 0.
    return held(rest, bits, a == 0 and negative(a) and not negative(b))
