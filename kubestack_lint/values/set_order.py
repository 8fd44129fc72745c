"""The elements of a set: which are the same, and the order in which Terraform goes through them.

Strings, numbers and booleans are in their own order, everything else in that of
a text which cty makes of each element to find it again. Source: go-cty's
cty/set_internals.go, checked against Terraform by the oracle tests.
"""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kubestack_lint.values.numbers import Number, negative
from kubestack_lint.values.types import Collection

if TYPE_CHECKING:
    from kubestack_lint.values.value import Value

_SHORT = Context(prec=10)
_ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r",
    "\t": "\\t", "\v": "\\v", '"': '\\"', "\\": "\\\\",
}  # fmt: skip


def place(value: Value) -> tuple[Any, ...]:
    """A key by which the elements of one set sort: known ones, then unknown ones, then null."""
    data = value.data
    if isinstance(data, str):
        return (0, data.encode("utf-8", "surrogatepass"))
    if isinstance(data, bool | int | Fraction):
        # Two zeros are equal and stand in the order of their hashes: -0 first.
        return (0, data, not negative(data))
    if isinstance(data, tuple | dict):
        return (0, element_text(value).encode("utf-8", "surrogatepass"))
    return (2,) if data is None else (1,)


def element_text(value: Value) -> str:
    """The text under which a set looks for an element."""
    data = value.data
    if isinstance(data, str):
        return _quoted(data)
    if isinstance(data, bool):
        return "T" if data else "F"
    if isinstance(data, int | Fraction):
        return _ten_digits(data)
    if isinstance(data, dict):
        if isinstance(value.type, Collection):
            return "{" + "".join(f"{_quoted(name)}:{element_text(data[name])};" for name in sorted(data)) + "}"
        return "<" + "".join(f"{element_text(data[name])};" for name in sorted(data)) + ">"
    if isinstance(data, tuple):
        inner = "".join(f"{element_text(item)};" for item in data)
        return f"[{inner}]" if isinstance(value.type, Collection) else f"<{inner}>"
    return "~" if data is None else "?"


def _ten_digits(number: Number) -> str:
    """A number with ten digits as Go's %.10g writes it."""
    if not number:
        return "-0" if negative(number) else "0"
    short = _SHORT.normalize(_SHORT.divide(Decimal(number.numerator), Decimal(number.denominator)))
    power = short.adjusted()
    if -4 <= power < 10:
        return format(short, "f")
    sign, digits, _ = short.as_tuple()
    first, *rest = map(str, digits)
    point = "." if rest else ""
    return f"{'-' * sign}{first}{point}{''.join(rest)}e{power:+03d}"


def _quoted(text: str) -> str:
    """A text as Go's %q quotes it."""
    if not text.isalnum():
        text = "".join(map(_escaped, text))
    return f'"{text}"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
