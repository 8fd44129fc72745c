"""`kslint diff --since` for people: module by module, environment by environment, every line that caused a change."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from kubestack_lint.changes import Change, ChangeKind, Changes
from kubestack_lint.reporters.changes_words import (
    Group,
    environment_sentence,
    groups,
    module_sentence,
    note,
    shared_sentence,
    spot,
    values,
    verdict,
)
from kubestack_lint.reporters.diff_text import block_heading, elements_text
from kubestack_lint.reporters.terminal import Terminal, printable, table

# Four columns need this many.
_NARROW = 60
_COLOURS = {ChangeKind.CHANGED: "yellow", ChangeKind.ADDED: "green", ChangeKind.REMOVED: "red"}


def changes_text(changes: Changes, before: str, after: str, terminal: Terminal) -> str:
    """All changes and a line that counts them; `before` and `after` are the names of the revisions."""
    parts = ["\n".join(_group(group, terminal)).rstrip("\n") for group in groups(changes)]
    said = _wrapped(verdict(changes, before, after), terminal)
    return "\n\n".join([*parts, said if changes else terminal.paint(said, "green")]) + "\n"


def _wrapped(sentence: str, terminal: Terminal) -> str:
    return "\n".join(textwrap.wrap(printable(sentence), terminal.width, subsequent_indent="  ", break_on_hyphens=False))


def _group(group: Group, terminal: Terminal) -> Iterator[str]:
    yield block_heading(group.block, terminal)
    for module in group.modules:
        yield _wrapped(module_sentence(module), terminal)
    if group.whole:
        return
    if group.shared:
        yield _wrapped(shared_sentence(group), terminal)
        yield from _rows(group.shared, terminal)
    for environment, changes in group.environments:
        yield _wrapped(environment_sentence(environment, changes, bool(group.shared)), terminal)
        if not all(change.whole for change in changes):
            yield from _rows(changes, terminal)


def _rows(changes: Sequence[Change], terminal: Terminal) -> Iterator[str]:
    rows = [_row(change, terminal) for change in changes]
    headers = ["setting", "before", "after", "where"]
    if terminal.width < _NARROW:
        headers, rows = ["setting", "value", "where"], [[row[0], f"{row[1]} → {row[2]}", row[3]] for row in rows]
    yield from ("", table(headers, rows, terminal, keep=(0,)), "")


def _row(change: Change, terminal: Terminal) -> list[str]:
    before, after = values(change, 64, "(none)")
    if change.before is not None and change.after is not None:
        elements = elements_text(change.block, change.dotted, change.before.value, change.after.value)
        after += f"\n{elements}" if elements else ""
    said = note(change)
    where = printable(spot(change)) + (f"\n{terminal.paint(said, 'dim')}" if said else "")
    return [terminal.paint(printable(change.dotted or "all of it"), _COLOURS[change.kind]), before, after, where]
