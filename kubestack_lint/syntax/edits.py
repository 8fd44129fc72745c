"""Edits of native HCL text: entries of objects, comments. Each touches what it is about and the blanks beside it.

They work on places that the parser gave, without reading the text again; where
what stands beside a place is not what they know, there is no edit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kubestack_lint.finding import Edit
from kubestack_lint.source import Source, Span

NATIVE = (".tf", ".tofu")

_BETWEEN = re.compile(r"[ \t]*[=:][ \t]*")
_TAIL = re.compile(r"[ \t]*,?[ \t]*(?:(?:#|//)[^\n]*|/\*[^\n]*?\*/[ \t]*)?\r?(?:\n|\Z)")
_COMMA = re.compile(r"[ \t]*,")
_BLANKS = re.compile(r"[ \t]*")
_END = re.compile(r"[ \t]*(?:\r?\n|\}|#|//|/\*)")
_CLOSING = re.compile(r"(\s*)\}")
_REST = re.compile(r"[ \t]*\r?(?:\n|\Z)")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def is_native(path: str) -> bool:
    """True for files in HCL's native syntax that hold configuration."""
    return path.endswith(NATIVE)


def entry_of(key: Span | None, value: Span | None) -> Span | None:
    """The place of `key = value` in an object, or None where these two are no such thing."""
    if key is None or value is None or key.source is not value.source or not is_native(key.path):
        return None
    if _BETWEEN.fullmatch(key.source.text, key.end, max(key.end, value.start)) is None:
        return None
    return key.to(value)


def without_entry(entry: Span) -> Edit | None:
    """Take an entry out of its object: the whole line where it has one of its own, else with its comma.

    An object that has nothing else becomes `{}`.
    """
    source, start, end = entry
    text = source.text
    line = _line_start(source, start)
    tail = _TAIL.match(text, end)
    if not text[line:start].strip(" \t") and tail is not None:
        return _removed(source, line, tail.end(), line)
    comma = _COMMA.match(text, end)
    before = _back(text, start, " \t")
    if comma is not None:
        after = _BLANKS.match(text, comma.end())
        stop = after.end() if after is not None else comma.end()
        # What follows keeps its place, unless the line ends here.
        ends = text[stop : stop + 1] in ("\r", "\n", "}")
        return _removed(source, before if ends else start, comma.end() if ends else stop, before)
    if _END.match(text, end) is None:
        return None
    if text[before - 1 : before] == ",":
        return Edit(source.span(before - 1, end), "")
    return _removed(source, before, end, before)


def _removed(source: Source, start: int, end: int, before: int) -> Edit:
    """The removal; with all blanks around it where an empty object is left."""
    text = source.text
    opening = _back(text, before, " \t\r\n") - 1
    closing = _CLOSING.match(text, end)
    # A brace behind a comment's sign may be part of the comment.
    if closing is not None and text[opening : opening + 1] == "{" and not _commented(source, opening):
        return Edit(source.span(opening + 1, closing.end(1)), "")
    return Edit(source.span(start, end), "")


def _commented(source: Source, offset: int) -> bool:
    line = source.text[_line_start(source, offset) : offset]
    return any(sign in line for sign in ("#", "//", "*"))


def without_comment(comment: Span) -> Edit:
    """Take a comment away: its whole lines where nothing else stands on them, else with the blanks before it."""
    source, start, end = comment
    text = source.text
    line = _line_start(source, start)
    tail = _REST.match(text, end)
    if not text[line:start].strip(" \t\ufeff") and tail is not None:
        first = line + text[line:start].count("\ufeff")
        return Edit(source.span(first, tail.end()), "")
    before = _back(text, start, " \t")
    # Between two words a blank has to stay.
    stays = tail is None and text[end : end + 1] not in (" ", "\t", ",", "}", "]", ")")
    return Edit(source.span(before, end), " " if stays else "")


def renamed(key: Span | None, old: str, new: str) -> Edit | None:
    """Another name for a key, in the quotes that it has; None where it is written in another way."""
    if key is None or not is_native(key.path) or key.text not in (old, f'"{old}"'):
        return None
    if _WORD.fullmatch(new) is None:
        return None
    inner = key.start + (key.text != old)
    return Edit(key.source.span(inner, inner + len(old)), new)


def with_entries(written: Span | None, entries: Iterable[str]) -> Edit | None:
    """Add entries (`key = value`, as text) at the end of an object that has some; None for anything but `{ … }`."""
    if written is None or not is_native(written.path) or not written.text.startswith("{"):
        return None
    source, start, end = written
    text, close = source.text, end - 1
    if text[close] != "}":
        return None
    line = _line_start(source, close)
    if not text[line:close].strip(" \t") and line > start:
        newline = "\r\n" if text[:line].endswith("\r\n") else "\n"
        indent = _indent(source, start, line) or text[line:close] + "  "
        return Edit(source.span(line, line), "".join(f"{indent}{entry}{newline}" for entry in entries))
    last = _back(text, close, " \t\r\n")
    if text[last - 2 : last] == "*/":
        return None
    joined = ", ".join(entries)
    return Edit(source.span(last, last), f" {joined}" if text[last - 1] in ",{" else f", {joined}")


def _indent(source: Source, start: int, end: int) -> str:
    """The blanks before the last entry of an object, judged by its first line."""
    number = source.position(start)[0] + 1
    line = source.line(number)
    return line[: len(line) - len(line.lstrip())] if source.offset(number, 1) < end else ""


def _back(text: str, offset: int, signs: str) -> int:
    """Where a run of these signs begins that ends at `offset`."""
    while offset and text[offset - 1] in signs:
        offset -= 1
    return offset


def _line_start(source: Source, offset: int) -> int:
    return source.text.rfind("\n", 0, offset) + 1
