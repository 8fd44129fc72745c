"""How messages speak of values, types and paths: short, in HCL, and silent about secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kubestack_lint.values.literal import inline
from kubestack_lint.values.types import BOOL, NUMBER, STRING, Collection, ObjectType, TupleType, Type
from kubestack_lint.values.value import Unknown, Value

# What a sentence can bear of a value.
LIMIT = 60

_INTERPOLATION = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_NOUNS: dict[Type, str] = {STRING: "string", NUMBER: "number", BOOL: "bool"}


def shown(value: Value, limit: int = LIMIT) -> str:
    """The value as one would write it, cut to a length that a sentence can bear; never a secret."""
    text = inline(value)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def exact(value: Value) -> str:
    """All of the value, for the identity of a finding; secrets stay out of it."""
    return inline(value)


def listed(words: Iterable[str], limit: int = 4) -> str:
    """`a, b and c`; beyond `limit` of them only how many more there are."""
    items = list(words)
    if len(items) > limit:
        items[limit - 1 :] = [f"{len(items) - limit + 1} more"]
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def dotted(path: Iterable[str | int]) -> str:
    """A path as people write it: `images[0].new_tag`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def noun(kind: Type) -> str:
    """What a type is called in a sentence: `string`, `list of strings`, `object`."""
    if isinstance(kind, Collection):
        word = "list" if kind.kind == "set" else kind.kind
        return word if kind.element.is_dynamic else f"{word} of {noun(kind.element)}s"
    if isinstance(kind, TupleType):
        return "list"
    return "object" if isinstance(kind, ObjectType) else _NOUNS.get(kind, "value")


def article(word: str) -> str:
    """`a string`, `an object`."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def described(value: Value) -> str:
    """The value with its kind: `the string "a,b"`, or only the kind where it cannot be shown."""
    word = noun(value.type)
    if value.is_null:
        return "null"
    if isinstance(value.data, Unknown) or value.sensitive:
        return article(word)
    return f"the {'list' if isinstance(value.data, tuple) else word} {shown(value)}"


def is_literal(value: Value) -> bool:
    """True when the value stands in the text as it is, without references or functions."""
    if value.via is not None or value.span is None or value.sensitive:
        return False
    text, data = value.span.text, value.data
    if isinstance(data, bool):
        return text in ("true", "false")
    if isinstance(data, str) and text.startswith(('"', "<<")):
        return _INTERPOLATION.search(text) is None
    if isinstance(data, dict):
        return text.startswith("{") and all(is_literal(item) for item in data.values())
    if isinstance(data, tuple):
        return text.startswith("[") and all(is_literal(item) for item in data)
    return text == "null" or is_number_text(text)


def is_number_text(text: str) -> bool:
    """True for a number as HCL writes it, without quotes."""
    return _NUMBER.fullmatch(text) is not None
