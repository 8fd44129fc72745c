"""`kslint explain` for a rule on a terminal: its page with prose, lists and tables as wide as the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from kubestack_lint.reporters.terminal import Terminal, table


def page_text(page: str, width: int) -> str:
    """The page in lines of that width; code stays as it is written."""
    return "\n".join(_lines(page.rstrip("\n").split("\n"), width)) + "\n"


def _lines(lines: list[str], width: int) -> Iterator[str]:
    waiting: list[str] = []
    code = False
    for line in lines:
        fence = line.startswith("```")
        begins = line.startswith(("- ", "#")) or (line.startswith("|") and not (waiting and waiting[0][0] == "|"))
        if code or fence or not line or begins:
            yield from _filled(waiting, width)
            waiting = []
        if code or fence or not line:
            yield line
        else:
            waiting.append(line)
        code ^= fence
    yield from _filled(waiting, width)


def _filled(lines: list[str], width: int) -> Iterator[str]:
    """A paragraph, an item of a list, a heading or a table."""
    if not lines or lines[0].startswith("#"):
        yield from lines
    elif lines[0].startswith("|"):
        rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
        yield table(rows[0], rows[2:], Terminal(width))
    else:
        indent = "  " if lines[0].startswith("- ") else ""
        text = " ".join(line.strip() for line in lines)
        yield textwrap.fill(text, width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
