"""What all text reporters share: colour, width, short values, tables."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kubestack_lint.source import Span
from kubestack_lint.values.literal import inline
from kubestack_lint.values.value import Unknown, Value

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_WORD_END = re.compile(r"[ \n]+|(?<=,)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Terminal:
    """How text is to look: its width in columns and whether colour is wanted."""

    width: int = 80
    colour: bool = False

    def paint(self, text: str, *styles: str) -> str:
        """The text in these styles, or as it is without colour."""
        if not self.colour or not text:
            return text
        codes = ";".join(_CODES[style] for style in styles)
        return f"\x1b[{codes}m{text}\x1b[0m"


def uncoloured(text: str) -> str:
    """The text without colour codes."""
    return _ANSI.sub("", text)


def plain_length(text: str) -> int:
    """Columns that a text takes, colour codes not counted."""
    return len(uncoloured(text))


def printable(text: str) -> str:
    """Text from a file, made harmless: control and bidirectional characters are shown as escapes."""
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def shown(value: Value, limit: int = 60, bare: bool = False) -> str:
    """A value for people: strings without quotes where that cannot mislead, long lists counted.

    `bare` is for modules in which everything is a string anyway.
    """
    if isinstance(value.data, str) and not value.sensitive and _is_plain(value.data, bare):
        text = value.data
    elif isinstance(value.data, tuple) and value.data and not value.sensitive:
        parts = [shown(item, limit) for item in value.data]
        text = ", ".join(parts)
        if len(text) > limit:
            text = f"{parts[0]}, … ({len(parts)})"
    elif isinstance(value.data, Unknown) and not value.sensitive:
        # The reason is a sentence; lint and why have room for it.
        text = "(unknown)"
    else:
        text = inline(value)
    text = printable(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _is_plain(text: str, bare: bool) -> bool:
    if not text or text != text.strip() or not text.isprintable():
        return False
    return bare or (text not in ("true", "false", "null") and not text.replace(".", "", 1).isdigit())


def where(own: Span | None, other: Span | None, name: str) -> str:
    """Both places in short: `clusters.tf:18 (apps :13)`."""
    if own is None:
        return "" if other is None else f"({name} {other.path}:{other.line})"
    text = f"{own.path}:{own.line}"
    if other is None:
        return text
    # A no-break space keeps the second place on one line; tables print it as a space.
    return f"{text} ({name}\u00a0{'' if other.path == own.path else other.path}:{other.line})"


def table(headers: list[str], rows: list[list[str]], terminal: Terminal, keep: tuple[int, ...] = ()) -> str:
    """A plain table that fits the terminal: wide columns are wrapped, those in `keep` last."""
    from tabulate import tabulate

    columns = range(len(headers))
    cells = [[row[i] for row in rows] + [headers[i]] for i in columns]
    widths = [max(plain_length(line) for cell in cells[i] for line in cell.split("\n")) for i in columns]
    words = [
        max(plain_length(word) for cell in cells[i] for word in _WORD_END.split(cell)) if "".join(cells[i]) else 0
        for i in columns
    ]
    room = terminal.width - 2 * (len(headers) - 1)
    # tabulate keeps two columns free behind a header that is the widest of its column.
    heads_need = [plain_length(header) + (2 if i < len(headers) - 1 else 0) for i, header in enumerate(headers)]
    # First break at spaces, then inside words, and what should stay whole last.
    for least in (
        [widths[i] if i in keep else max(words[i], 8) for i in columns],
        [widths[i] if i in keep else min(widths[i], 16) for i in columns],
        [min(widths[i], 12) for i in columns],
    ):
        while sum(map(max, widths, heads_need)) > room:
            widest = max(columns, key=lambda i: widths[i] - least[i])
            if widths[widest] <= least[widest]:
                break
            widths[widest] -= 1
    wrapped = [[_wrapped(cell, widths[i]) for i, cell in enumerate(row)] for row in rows]
    heads = [terminal.paint(header, "dim") for header in headers]
    text = tabulate(wrapped, headers=heads, tablefmt="plain", disable_numparse=True, preserve_whitespace=True)
    return "\n".join(line.rstrip() for line in text.replace("\u00a0", " ").split("\n"))


def _wrapped(text: str, width: int) -> str:
    """Break lines at spaces, else behind commas, slashes and dots, where they are too long."""
    lines: list[str] = []
    for line in text.split("\n"):
        code, rest = _leading_code(line)
        while plain_length(rest) > width:
            window = rest[: width + 1]
            cut = window.rfind(" ")
            if cut < width // 3:
                cut = window.rfind(",", 0, width) + 1
            if cut < width // 3:
                cut = max(window.rfind(sign, 0, width) + 1 for sign in "/._-")
            cut = cut if cut >= width // 3 else width
            lines.append(_painted(code, rest[:cut].rstrip()))
            rest = rest[cut:].lstrip()
        lines.append(_painted(code, rest))
    return "\n".join(lines)


def _leading_code(line: str) -> tuple[str, str]:
    """The colour that a whole cell has, and its text."""
    match = _ANSI.match(line)
    return (match[0], _ANSI.sub("", line)) if match else ("", line)


def _painted(code: str, text: str) -> str:
    return f"{code}{text}\x1b[0m" if code and text else text


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 setting`, `2 settings`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
