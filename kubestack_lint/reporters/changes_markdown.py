"""`kslint diff --since --format markdown`: one verdict line, a table for each environment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubestack_lint.changes import Change, Changes
from kubestack_lint.reporters.changes_words import (
    environment_sentence,
    groups,
    module_sentence,
    note,
    spot,
    values,
    verdict,
)
from kubestack_lint.reporters.terminal import printable

# What Markdown or HTML would read into text. A cell must stay on its line.
_SIGNS = {ord(sign): f"\\{sign}" for sign in "\\`*_{}[]#|~!"} | {
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord("&"): "&amp;",
    # Neither mentions nor references of issues.
    ord("@"): "&#64;",
    ord("\n"): " ",
}


def changes_markdown(changes: Changes, before: str, after: str) -> str:
    """The document; `before` and `after` are the names of the revisions."""
    return "\n".join([f"**{escaped(verdict(changes, before, after))}**", *_modules(changes), *_tables(changes)]) + "\n"


def escaped(text: str) -> str:
    """Text of any kind, made to stand for itself."""
    return printable(text.replace("\r", "")).translate(_SIGNS)


def _modules(changes: Changes) -> Iterator[str]:
    lines: list[str] = []
    for group in groups(changes):
        lines += [f"- {escaped(group.block.address)}: {escaped(module_sentence(module))}" for module in group.modules]
        if not group.whole:
            lines += [
                f"- {escaped(group.block.address)}: {escaped(environment_sentence(name, listed))}"
                for name, listed in group.environments
                if all(change.whole for change in listed)
            ]
    if lines:
        yield from ("", *lines)


def _tables(changes: Changes) -> Iterator[str]:
    """One table an environment, with the changed settings of all modules; first what all environments get."""
    found = groups(changes)
    yield from _table("all environments", [change for group in found for change in group.shared])
    for environment in dict.fromkeys(change.environment for change in changes.settings):
        listed = [rows for group in found for name, rows in group.environments if name == environment]
        yield from _table(environment, [change for rows in listed for change in rows if not change.whole])


def _table(heading: str, changes: Sequence[Change]) -> Iterator[str]:
    if changes:
        yield from ("", f"### {escaped(heading)}", "")
        yield from ("| module | setting | before | after | where |", "| --- | --- | --- | --- | --- |")
        yield from (f"| {' | '.join(_cells(change))} |" for change in changes)


def _cells(change: Change) -> list[str]:
    said = note(change)
    return [
        escaped(change.block.address),
        escaped(change.dotted or "all of it"),
        *(escaped(value) for value in values(change, 120, "")),
        escaped(spot(change)) + (f"<br>{escaped(said)}" if said else ""),
    ]
