"""Scalars of YAML → values, resolved as go-cty-yaml does: a mixture of YAML 1.1 and 1.2."""

from __future__ import annotations

import re
from datetime import date

import yaml

from kubestack_lint.values.functions.common import quoted
from kubestack_lint.values.functions.encoding import from_base64
from kubestack_lint.values.functions.jsonread import Undecided
from kubestack_lint.values.functions.signature import FunctionError
from kubestack_lint.values.numbers import format_number, parse_number
from kubestack_lint.values.types import STRING
from kubestack_lint.values.value import Value, boolean, count, null, number, string

_TAG = "tag:yaml.org,2002:"
_SCALAR_TAGS = ("", "str", "bool", "int", "float", "null", "timestamp", "binary")

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], True),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_INFINITE = frozenset(f"{sign}{word}" for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF"))
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?P<t>[Tt ])(.*))?", re.DOTALL)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?")


def key_text(event: yaml.ScalarEvent) -> str:
    """The key that a scalar in the place of a key stands for."""
    text = _as_text(_scalar(event))
    if text is None:
        raise ValueError("null cannot be a key")
    return text


def _as_text(value: Value) -> str | None:
    data = value.data
    if data is None or isinstance(data, str):
        return data
    if isinstance(data, bool):
        return "true" if data else "false"
    return format_number(data)  # type: ignore[arg-type]


def scalar_value(event: yaml.ScalarEvent) -> Value:
    """The value of a scalar."""
    value = _scalar(event)
    if event.style in ("|", ">") and event.tag is None:
        # Terraform resolves blocks as if they were plain, yet calls them strings.
        text = _as_text(value)
        return null(STRING) if text is None else string(text)
    return value


def _scalar(event: yaml.ScalarEvent) -> Value:
    """The value of a scalar by its tag, its style and its text."""
    text: str = event.value
    tag = (event.tag or "").removeprefix(_TAG)
    if tag not in _SCALAR_TAGS or (event.tag is not None and not event.tag.startswith(_TAG)):
        raise ValueError(f"the tag {event.tag} is not supported")
    plain = tag not in ("str", "binary") and (not text or text[0] in "+-.0123456789yYnNtTfFoO~")
    if plain and event.style in ("'", '"'):
        return string(text)
    if plain:
        found, tag = _resolved(text, tag)
        if found is not None:
            return found
    return _tagged(text, tag)


def _resolved(text: str, tag: str) -> tuple[Value | None, str]:
    """A value decided by the text alone, or the tag that the text suggests."""
    if text in _WORDS:
        word = _WORDS[text]
        return (null() if word is None else boolean(word)), tag
    if text in _INFINITE:
        raise Undecided("the text has an infinite number")
    if not tag and text in (".nan", ".NaN", ".NAN"):
        raise ValueError("NaN is not supported")
    if text[0] == ".":
        if _FLOAT.fullmatch(text):
            return _tagged(text, "float"), tag
    elif text[0] in "+-0123456789":
        moment = _timestamp(text) if tag in ("", "timestamp") else None
        if moment is not None:
            return string(moment), tag
        if _INTEGER.fullmatch(text) or _FLOAT.fullmatch(text):
            return None, "float"
    return None, tag


def _tagged(text: str, tag: str) -> Value:
    match tag:
        case "bool":
            word = _WORDS.get(text)
            if word is not None:
                return boolean(word)
        case "int" | "float":
            exact = _number(text.replace("_", ""))
            if exact is not None:
                return exact
        case "timestamp":
            moment = _timestamp(text)
            if moment is not None:
                return string(moment)
        case "null":
            return null()
        case "binary":
            try:
                from_base64(text)
                return string(text)
            except FunctionError:
                pass
        case _:
            return string(text)
    raise ValueError(f"{quoted(text)} is no {tag}")


def _number(text: str) -> Value | None:
    if _FLOAT.fullmatch(text):
        exact = parse_number(text)
        if exact is None:
            raise Undecided("the text has a number beyond what kslint computes")
        return number(exact)
    match = re.fullmatch(r"([-+]?)0(?:[xX]([0-9a-fA-F]+)|[oO]([0-7]+)|[bB]([01]+))", text)
    if match is None:
        return None
    size = int(match[2], 16) if match[2] else int(match[3], 8) if match[3] else int(match[4], 2)
    if size >= (1 << 64 if not match[1] else 1 << 63) + (match[1] == "-"):
        return None
    return count(-size if match[1] == "-" else size)


def _timestamp(text: str) -> str | None:
    """The text in RFC 3339 if it is a date, or a date and a time."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    hour = minute = second = 0
    zone = "Z"
    if match["t"]:
        time = _TIME.fullmatch(match[5])
        # With a T there must be a zone, with a space there must be none.
        if time is None or (time["zone"] is None) != (match["t"] == " "):
            return None
        hour, minute, second = int(time[1]), int(time[2]), int(time[3])
        zone = time["zone"] or "Z"
    try:
        # Go has a year 0, a leap year like 2000; Python has not.
        date(int(match[1]) or 2000, int(match[2]), int(match[3]))
    except ValueError:
        return None
    if hour > 23 or minute > 59 or second > 59 or (zone != "Z" and (int(zone[1:3]) > 24 or int(zone[4:]) > 60)):
        return None
    if zone[1:] == "00:00":
        zone = "Z"
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}T{hour:02}:{minute:02}:{second:02}{zone}"
