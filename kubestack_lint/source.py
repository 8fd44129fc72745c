"""Text and places in it: the ground that everything else stands on."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

# Control and bidirectional characters but for tab and newline, for a character class.
CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
_LINE = re.compile(f"[{CONTROL}\t\n]")


def one_line(text: str) -> str:
    """Text from outside, such as a file's name, made harmless: whatever steers terminals and line breaks is escaped."""
    return _LINE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


class Source:
    """One text that was read, with the path under which it is reported.

    `path` is relative to the linted directory, with forward slashes. Offsets
    count characters of `text`, which is the file decoded as UTF-8 without any
    newline translation. `real` is False for texts that stand in no file: there
    `path` only says in words what it is.
    """

    def __init__(self, path: str, text: str, real: bool = True) -> None:
        self.path = path
        self.text = text
        self.real = real

    def __repr__(self) -> str:
        return f"Source({self.path!r}, {len(self.text)} characters)"

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1, columns in characters."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, both counted from 1; the end of the text for places beyond it."""
        start = self._line_starts[line - 1] if line <= len(self._line_starts) else len(self.text)
        return min(start + column - 1, len(self.text))

    def line(self, number: int) -> str:
        """The text of a line (counted from 1) without its newline."""
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else None].rstrip("\r")

    def span(self, start: int, end: int) -> Span:
        """The place from `start` up to, not including, `end`."""
        return Span(self, start, end)


class Span(NamedTuple):
    """A place in a text: offsets inside, lines and columns computed when asked."""

    source: Source
    start: int
    end: int

    @property
    def path(self) -> str:
        """Path of the file, as reported."""
        return self.source.path

    @property
    def line(self) -> int:
        """First line, counted from 1."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """Column of the first character, counted from 1."""
        return self.source.position(self.start)[1]

    @property
    def end_line(self) -> int:
        """Line of the end, counted from 1."""
        return self.source.position(self.end)[0]

    @property
    def end_column(self) -> int:
        """Column just behind the last character, counted from 1."""
        return self.source.position(self.end)[1]

    @property
    def text(self) -> str:
        """The characters at this place."""
        return self.source.text[self.start : self.end]

    @property
    def order(self) -> tuple[str, int, int]:
        """Sort key that does not depend on how files were read."""
        return self.source.path, self.start, self.end

    def to(self, other: Span) -> Span:
        """The place from the start of this one to the end of `other`, in one file."""
        return Span(self.source, self.start, other.end)

    @property
    def spot(self) -> str:
        """`path:line` for people, on one line whatever the path holds."""
        return f"{one_line(self.path)}:{self.line}"

    def __repr__(self) -> str:
        return f"{self.spot}:{self.column}"
