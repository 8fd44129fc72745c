"""JSON text → values, as Terraform reads it: objects and tuples, numbers exactly."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from json import JSONDecoder

from kubestack_lint.source import Source, Span
from kubestack_lint.values.functions.common import MAX_PARTS, quoted
from kubestack_lint.values.numbers import parse_number
from kubestack_lint.values.value import Value, boolean, null, number, object_of, string, tuple_of

# Types nest like values, and Python compares them by recursion.
MAX_NESTING = 200

_STRINGS = JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile("true|false|null")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Undecided(Exception):
    """kslint cannot know the value of this text."""


def from_json(source: Source) -> Value:
    """The value of a JSON text, with places if it has a path.

    Raises ValueError where Terraform does, Undecided beyond kslint's bounds.
    """
    reader = _Reader(source)
    value = reader.value(0)
    # Terraform asks only whether another value follows, so brackets pass.
    if reader.ahead() not in ("", "]", "}"):
        raise ValueError(f"something follows the value at character {reader.position + 1}")
    return value


class _Reader:
    """One text under way."""

    def __init__(self, source: Source) -> None:
        self.file = source if source.path else None
        self.source = source.text
        self.position = 0
        self.values = 0

    def ahead(self) -> str:
        """The next character that is no space; "" at the end."""
        match = _SPACE.match(self.source, self.position)
        self.position = match.end() if match else self.position
        return self.source[self.position : self.position + 1]

    def fail(self) -> ValueError:
        """The error that the text makes no sense here."""
        if self.position >= len(self.source):
            return ValueError("it ends too early")
        rest = self.source[self.position : self.position + 20]
        return ValueError(f"unexpected {quoted(rest)} at character {self.position + 1}")

    def take(self, character: str) -> bool:
        """Move behind a character if it comes next."""
        if self.ahead() != character:
            return False
        self.position += 1
        return True

    def value(self, depth: int, key: Span | None = None) -> Value:
        """The value that comes next, under its key if it has one."""
        if self.file is None:
            return self.bare(depth)
        self.ahead()
        start = self.position
        value = self.bare(depth)
        return replace(value, span=self.file.span(start, self.position), key=key)

    def bare(self, depth: int) -> Value:
        """The value that comes next, without its place."""
        self.values += 1
        if self.values > MAX_PARTS:
            raise Undecided(f"the text has more than {MAX_PARTS} values")
        if depth > MAX_NESTING:
            raise Undecided(f"the text is nested more than {MAX_NESTING} levels deep")
        character = self.ahead()
        if character == "{":
            return self.object(depth)
        if character == "[":
            return self.array(depth)
        if character == '"':
            return string(self.text())
        if match := _NUMBER.match(self.source, self.position):
            self.position = match.end()
            exact = parse_number(match[0])
            if exact is None:
                raise Undecided("the text has a number beyond what kslint computes")
            return number(exact)
        if match := _WORD.match(self.source, self.position):
            self.position = match.end()
            return null() if match[0] == "null" else boolean(match[0] == "true")
        raise self.fail()

    def text(self) -> str:
        """A string."""
        text, self.position = _STRINGS.raw_decode(self.source, self.position)
        return _LONE_SURROGATE.sub("\ufffd", text)

    def array(self, depth: int) -> Value:
        """A tuple."""
        self.position += 1
        items: list[Value] = []
        if self.take("]"):
            return tuple_of(())
        while True:
            items.append(self.value(depth + 1))
            if self.take("]"):
                return tuple_of(tuple(items))
            if not self.take(","):
                raise self.fail()

    def object(self, depth: int) -> Value:
        """An object; of repeated keys the last one counts."""
        self.position += 1
        items: dict[str, Value] = {}
        if self.take("}"):
            return object_of({})
        while True:
            if self.ahead() != '"':
                raise self.fail()
            start = self.position
            name = self.text()
            key = None if self.file is None else self.file.span(start, self.position)
            if not unicodedata.is_normalized("NFC", name):
                # Terraform normalises one of its two readings of the key only.
                raise ValueError(f"the key {quoted(name)} is not in Unicode's composed form")
            if not self.take(":"):
                raise self.fail()
            item = self.value(depth + 1, key)
            if name in items and items[name].type != item.type:
                raise ValueError(f"the key {quoted(name)} occurs twice, with different types")
            items[name] = item
            if self.take("}"):
                return object_of(items)
            if not self.take(","):
                raise self.fail()
