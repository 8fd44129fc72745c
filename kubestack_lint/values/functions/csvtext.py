"""CSV as Go's encoding/csv reads it: RFC 4180, quotes only around whole fields."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.values.functions.signature import FunctionError


def read_csv(source: str) -> Iterator[list[str]]:
    """The rows, each with as many fields as the first; empty lines are skipped."""
    lines = _Lines(source)
    width: int | None = None
    while (line := lines.next()) is not None:
        if line in ("\n", ""):
            continue
        number = lines.number
        row = _row(line, lines)
        if width is None:
            width = len(row)
        elif len(row) != width:
            raise FunctionError(f"CSV line {number} has {len(row)} fields, the first has {width}", 0)
        yield row


class _Lines:
    """Lines one by one, each with its newline; \\r\\n counts as \\n."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.number = 0

    def next(self) -> str | None:
        if self.position >= len(self.source):
            return None
        self.number += 1
        end = self.source.find("\n", self.position)
        start, self.position = self.position, end + 1 if end >= 0 else len(self.source)
        if end < 0:
            # A lone \r before the end is dropped, too.
            return self.source[start:].removesuffix("\r")
        line = self.source[start:end]
        return line.removesuffix("\r") + "\n"


def _row(line: str, lines: _Lines) -> list[str]:
    fields: list[str] = []
    while True:
        if line.startswith('"'):
            field, line = _quoted(line[1:], lines)
        else:
            field, comma, rest = line.partition(",")
            field, line = (field, comma + rest) if comma else (line.removesuffix("\n"), "")
            if '"' in field:
                raise FunctionError(f'CSV line {lines.number}: a " stands in a field without quotes', 0)
        fields.append(field)
        if not line.startswith(","):
            return fields
        line = line[1:]


def _quoted(line: str, lines: _Lines) -> tuple[str, str]:
    """A field behind its opening quote, and what follows its closing one."""
    pieces: list[str] = []
    opened = lines.number
    while True:
        text, quote, line = line.partition('"')
        pieces.append(text)
        if not quote:
            more = lines.next()
            if more is None:
                raise FunctionError(f'CSV line {opened}: a field\'s closing " is missing', 0)
            line = more
        elif line.startswith('"'):
            pieces.append('"')
            line = line[1:]
        elif line.startswith(",") or line in ("", "\n"):
            return "".join(pieces), line.removesuffix("\n") if line == "\n" else line
        else:
            raise FunctionError(f'CSV line {lines.number}: a field goes on behind its closing "', 0)
