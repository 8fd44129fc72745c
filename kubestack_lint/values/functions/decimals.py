"""Numbers as text in the forms %e, %f and %g, as Go's big.Float writes them."""

from __future__ import annotations

from fractions import Fraction

from kubestack_lint.values.arithmetic import magnitude
from kubestack_lint.values.numbers import Number, format_number, negative


def float_text(number: Number, mode: str, precision: int | None) -> str:
    """A number that is not negative in the form `mode`; without precision %g is the shortest."""
    if mode in "gG":
        if precision is None:
            return _general(*_shortest(number), mode, 6, True)
        digits, point = _rounded(number, max(precision, 1), None)
        return _general(digits, point, mode, max(precision, 1), False)
    places = 6 if precision is None else precision
    if mode == "f":
        return _plain(*_rounded(number, None, places), places)
    return _scientific(*_rounded(number, places + 1, None), places, mode)


def shortest_text(number: Number) -> str:
    """%v of a number: the shortest digits, with an exponent when there are many."""
    return ("-" if negative(number) else "") + float_text(magnitude(number), "g", None)


# A number is its digits (without zeros at either end) and the place of the
# point: ("125", 1) is 1.25, ("", 0) is zero.


def _shortest(number: Number) -> tuple[str, int]:
    whole, _, part = format_number(number).partition(".")
    return _normal(whole + part, len(whole))


def _normal(digits: str, point: int) -> tuple[str, int]:
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    stripped = stripped.rstrip("0")
    return (stripped, point) if stripped else ("", 0)


def _rounded(number: Number, significant: int | None, places: int | None) -> tuple[str, int]:
    """Digits rounded half to even, to so many significant ones or places behind the point."""
    if number == 0:
        return "", 0
    exact = Fraction(number)
    if places is None:
        assert significant is not None
        places = significant - _magnitude(exact)
    scaled = round(exact * 10**places) if places >= 0 else round(exact / 10**-places)
    digits = str(scaled)
    return _normal(digits, len(digits) - places)


def _magnitude(number: Fraction) -> int:
    """Digits before the point; not positive for numbers below 0.1."""
    guess = len(str(number.numerator)) - len(str(number.denominator))
    return guess + 1 if number >= Fraction(10) ** guess else guess


def _plain(digits: str, point: int, places: int) -> str:
    whole = digits[:point].ljust(point, "0") if point > 0 else "0"
    part = ("0" * max(-point, 0) + digits[max(point, 0) :])[:places].ljust(places, "0")
    return whole + ("." + part if places else "")


def _scientific(digits: str, point: int, places: int, mode: str) -> str:
    exponent = point - 1 if digits else 0
    part = digits[1:].ljust(places, "0")[:places]
    return (digits[:1] or "0") + ("." + part if places > 0 else "") + f"{mode}{exponent:+03d}"


def _general(digits: str, point: int, mode: str, precision: int, shortest: bool) -> str:
    threshold = precision
    if not shortest and threshold > len(digits) >= point:
        threshold = len(digits)
    exponent = point - 1
    if digits and (exponent < -4 or exponent >= threshold):
        return _scientific(digits, point, len(digits) - 1, "e" if mode == "g" else "E")
    return _plain(digits, point, max(len(digits) - point, 0))
