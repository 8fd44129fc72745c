"""What all text reporters share: colour, width, short values, tables."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from kubestack_lint.differences import Side
from kubestack_lint.source import CONTROL, Span, one_line
from kubestack_lint.values.literal import inline
from kubestack_lint.values.value import Unknown, Value, same

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
# Where a cell may be broken, the least disturbing first: between words; between two places and inside a
# path, but not before the suffix of a file's name; inside a setting's name; inside a value.
_ENDS = (
    re.compile(r"[ \n]+|(?<=,)"),
    re.compile(r"[ \u00a0\n]+|(?<=[,/])|(?<=\.)(?![\w.]+:\d)"),
    re.compile(r"[ \u00a0\n]+|(?<=[,/_])|(?<=\.)(?![\w.]+:\d)"),
    re.compile(r"[ \u00a0\n]+|(?<=[,/_-])|(?<=\.)(?![\w.]+:\d)"),
)
_CONTROL = re.compile(f"[{CONTROL}]")


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


def contrasted(left: Value, right: Value, limit: int = 60, bare: bool = False) -> tuple[str, str]:
    """Two values as `shown`; where they differ only beyond the limit, the part in which they do."""
    texts = shown(left, limit, bare), shown(right, limit, bare)
    if texts[0] != texts[1] or same(left, right):
        return texts
    whole = shown(left, sys.maxsize, bare), shown(right, sys.maxsize, bare)
    if whole[0] == whole[1]:
        return texts
    differ = next((i for i, (a, b) in enumerate(zip(*whole, strict=False)) if a != b), min(map(len, whole)))
    start = max(0, differ - limit // 3)
    return _window(whole[0], start, limit), _window(whole[1], start, limit)


def _window(text: str, start: int, limit: int) -> str:
    begin = "…" if start else ""
    end = "…" if len(text) - start > limit - len(begin) else ""
    return begin + text[start : start + limit - len(begin) - len(end)] + end


def where(own: Side | None, other: Side | None, name: str) -> str:
    """Both places in short: `clusters.tf:18 (apps :13)`.

    Where one expression yields both, what it read says more: a line of a file, of a local or of a variable.
    """
    places = [side.place if side is not None else None for side in (own, other)]
    if own is not None and other is not None and _line(own.place) == _line(other.place):
        origins = [side.value.via or side.place for side in (own, other)]
        places = list(origins) if _line(origins[0]) != _line(origins[1]) else [own.place, None]
    mine, theirs = places
    if mine is None:
        return "" if theirs is None else f"({name}\u00a0{theirs.spot})"
    text = mine.spot
    if theirs is None:
        return text
    # A no-break space keeps the second place on one line; tables print it as a space.
    return f"{text} ({name}\u00a0{'' if theirs.path == mine.path else one_line(theirs.path)}:{theirs.line})"


def _line(place: Span) -> tuple[str, int]:
    return place.path, place.line


def table(headers: list[str], rows: list[list[str]], terminal: Terminal, keep: tuple[int, ...] = ()) -> str:
    """A plain table that fits the terminal: wide columns are wrapped, those in `keep` last."""
    from tabulate import tabulate

    columns = range(len(headers))
    cells = [[row[i] for row in rows] + [headers[i]] for i in columns]
    widths = [max(plain_length(line) for cell in cells[i] for line in cell.split("\n")) for i in columns]
    room = terminal.width - 2 * (len(headers) - 1)
    # tabulate keeps two columns free behind a header that is the widest of its column.
    heads = [plain_length(header) + (2 if i < len(headers) - 1 else 0) for i, header in enumerate(headers)]
    for number, ends in enumerate(_ENDS):
        least = [
            widths[i]
            if i in keep and not number
            else max(plain_length(word) for cell in cells[i] for word in ends.split(cell))
            for i in columns
        ]
        _narrow(widths, [max(width, 8) for width in least], room, heads)
    # Places last: half of one helps nobody.
    _narrow(widths, [12 if i < len(headers) - 1 else 16 for i in columns], room, heads)
    widths = _widened(widths, cells, room, heads)
    wrapped = [[_wrapped(cell, widths[i]) for i, cell in enumerate(row)] for row in rows]
    painted = [terminal.paint(header, "dim") for header in headers]
    text = tabulate(wrapped, headers=painted, tablefmt="plain", disable_numparse=True, preserve_whitespace=True)
    return "\n".join(line.rstrip() for line in text.replace("\u00a0", " ").split("\n"))


def _narrow(widths: list[int], least: list[int], room: int, heads: list[int]) -> None:
    """Take from the columns with the most to spare until all fit or none can give; `heads` is what headers take."""
    while sum(map(max, widths, heads)) > room:
        widest = max(range(len(widths)), key=lambda i: widths[i] - least[i])
        if widths[widest] <= least[widest]:
            break
        widths[widest] -= 1


def _widened(widths: list[int], cells: list[list[str]], room: int, heads: list[int]) -> list[int]:
    """Give back what breaking between words left over, to columns that are whole then; places first."""
    wrapped = [[_wrapped(cell, width) for cell in column] for column, width in zip(cells, widths, strict=True)]
    used, whole = (
        [max(plain_length(line) for cell in column for line in cell.split("\n")) for column in columns]
        for columns in (wrapped, cells)
    )
    for i in reversed(range(len(used))):
        taken = sum(max(width, head) for j, (width, head) in enumerate(zip(used, heads, strict=True)) if j != i)
        if taken + max(whole[i], heads[i]) <= room:
            used[i] = whole[i]
    return used


def _wrapped(text: str, width: int) -> str:
    """Break lines where it disturbs least: at spaces, behind commas, dots and slashes, inside names, anywhere."""
    lines: list[str] = []
    for line in text.split("\n"):
        code, rest = _leading_code(line)
        while plain_length(rest) > width:
            cut = next((cut for ends in _ENDS if (cut := _last_end(ends, rest, width)) > 2), width)
            lines.append(_painted(code, rest[:cut].rstrip()))
            rest = rest[cut:].lstrip()
        lines.append(_painted(code, rest))
    return "\n".join(lines)


def _last_end(ends: re.Pattern[str], text: str, width: int) -> int:
    """Where the last word that fits ends; 0 when none does."""
    return max((match.start() for match in ends.finditer(text) if match.start() <= width), default=0)


def _leading_code(line: str) -> tuple[str, str]:
    """The colour that a whole cell has, and its text."""
    match = _ANSI.match(line)
    return (match[0], _ANSI.sub("", line)) if match else ("", line)


def _painted(code: str, text: str) -> str:
    return f"{code}{text}\x1b[0m" if code and text else text


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 setting`, `2 settings`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
