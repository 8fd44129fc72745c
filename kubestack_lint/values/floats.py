"""Logarithms and powers of 64-bit floats, to the last bit as Terraform computes them.

Go brings its own algorithms, which may differ from the C library's in the last
bit, and that bit decides what `ceil(log(x, 2))` is. These are the published
ones that Go uses on x86-64: FreeBSD's logarithm, Shibata's exponential (with
fused multiply-add), powers by repeated squaring of the mantissa.
"""

from __future__ import annotations

import math
from fractions import Fraction

from kubestack_lint.values.numbers import FLOAT, Number, held

# ln 2 in two parts, and the minimax polynomial of FreeBSD's e_log.c.
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_ODD = (6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01)
_EVEN = (3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01)

# ln 2 in two parts, and 1/8!, 1/7! … 1/0!, as in Shibata's SLEEF.
_LN2_UPPER = 0.69314718055966295651160180568695068359375
_LN2_LOWER = 0.28235290563031577122588448175013436025525412068e-12
_TAYLOR = (
    2.4801587301587301587e-5,
    1.9841269841269841270e-4,
    1.3888888888888888889e-3,
    8.3333333333333333333e-3,
    4.1666666666666666667e-2,
    1.6666666666666666667e-1,
    0.5,
    1.0,
)


def from_float(result: float) -> Number:
    """A finite float as number."""
    return held(Fraction(result), FLOAT, math.copysign(1, result) < 0)


def go_log(x: float) -> float:
    """Natural logarithm; -inf for 0, nan for negative numbers."""
    if x <= 0:
        return -math.inf if x == 0 else math.nan
    mantissa, exponent = math.frexp(x)
    if mantissa < math.sqrt(2) / 2:
        mantissa *= 2
        exponent -= 1
    f = mantissa - 1
    s = f / (2 + f)
    squared = s * s
    fourth = squared * squared
    odd = squared * (_ODD[0] + fourth * (_ODD[1] + fourth * (_ODD[2] + fourth * _ODD[3])))
    even = fourth * (_EVEN[0] + fourth * (_EVEN[1] + fourth * _EVEN[2]))
    half = 0.5 * f * f
    return exponent * _LN2_HIGH - ((half - (s * (half + (odd + even)) + exponent * _LN2_LOW)) - f)


def _fused(a: float, b: float, c: float) -> float:
    """a * b + c, rounded once."""
    return float(Fraction(a) * Fraction(b) + Fraction(c))


def _exp(x: float) -> float:
    """e to the power of x, for the small x that powers need."""
    exponent = round(x * math.log2(math.e))
    x = _fused(-_LN2_UPPER, exponent, x)
    x = _fused(-_LN2_LOWER, exponent, x) * 0.0625
    series = _TAYLOR[0]
    for coefficient in _TAYLOR[1:]:
        series = _fused(series, x, coefficient)
    x *= series
    for _ in range(3):
        x *= x + 2.0
    return math.ldexp(_fused(x, x + 2.0, 1.0), exponent)


def go_pow(x: float, y: float) -> float:
    """x to the power of y; nan where there is none, inf where it is too large."""
    if y == 0 or x == 1:
        return 1.0
    if y == 1:
        return x
    if x == 0:
        return math.inf if y < 0 else x if y % 2 == 1 else 0.0
    if abs(y) == 0.5:
        root = math.sqrt(x) if x > 0 else math.nan
        return root if y > 0 else 1 / root
    fraction, whole = math.modf(abs(y))
    if fraction and x < 0:
        return math.nan
    if whole >= 1 << 63:
        # Only 1 and -1 stay finite, and such a large float is even.
        return 1.0 if x == -1 else 0.0 if (abs(x) < 1) == (y > 0) else math.inf
    result = 1.0
    if fraction:
        if fraction > 0.5:
            fraction -= 1
            whole += 1
        result = _exp(fraction * go_log(x))
    return _squared(x, int(whole), result, y < 0)


def _squared(x: float, times: int, result: float, inverse: bool) -> float:
    """result * x ** times, mantissa and exponent apart so that neither overflows early."""
    mantissa, power = math.frexp(x)
    exponent = 0
    while times:
        if abs(power) > 1 << 12:
            # Beyond all floats; which way was decided by the sign of the exponent.
            exponent += power
            break
        if times & 1:
            result *= mantissa
            exponent += power
        mantissa *= mantissa
        power *= 2
        if mantissa < 0.5:
            mantissa += mantissa
            power -= 1
        times >>= 1
    if inverse:
        result, exponent = 1 / result, -exponent
    try:
        return math.ldexp(result, exponent)
    except OverflowError:
        return math.copysign(math.inf, result)
