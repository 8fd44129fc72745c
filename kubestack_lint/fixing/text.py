"""What fixes come to, for people: a list, or a unified diff."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from kubestack_lint.finding import Finding
from kubestack_lint.fixing.engine import Outcome
from kubestack_lint.reporters.terminal import Terminal, counted, printable


def fix_text(outcome: Outcome, terminal: Terminal) -> str:
    """What was changed and what was left."""
    lines = [_line(finding, terminal, "green") for finding in outcome.applied]
    for left in outcome.left:
        lines += [_line(left.finding, terminal, "yellow"), f"  left: {printable(left.reason)}"]
    return "\n".join([*lines, _summary(outcome)]) + "\n"


def _line(finding: Finding, terminal: Terminal, colour: str) -> str:
    assert finding.fix is not None
    rule = terminal.paint(f"[{finding.policy or finding.rule}]", colour)
    subject = f"{finding.address}: " if finding.address else ""
    return f"{finding.span!r} {rule} {printable(subject + finding.fix.title)}"


def _summary(outcome: Outcome) -> str:
    fixed = f"{counted(len(outcome.applied), 'finding')} fixed in {counted(len(outcome.texts), 'file')}"
    rest = [f"{len(outcome.left)} left"] if outcome.left else []
    rest += [f"{counted(outcome.others, 'other')} without a fix"] if outcome.others else []
    return ", ".join([fixed, *rest])


def diff_text(outcome: Outcome, hidden: Mapping[str, str]) -> tuple[str, bool]:
    """A unified diff as git apply and patch take it, and whether lines are not as they are.

    `hidden` are lines that must not be shown, and what to show instead.
    """
    lines = [line for path, texts in outcome.texts.items() for line in _diff(outcome.start, path, *texts)]
    # The first character says whether a line comes, goes or stays; its end is not part of it.
    texts = [line[1:].partition("\n")[0] for line in lines]
    shown = [line[0] + hidden.get(text, text) + line[1 + len(text) :] for line, text in zip(lines, texts, strict=True)]
    return "".join(shown), shown != lines


def _diff(start: Path, path: Path, before: str, after: str) -> Iterator[str]:
    shown = os.path.relpath(path, start).replace(os.sep, "/")
    # Lines end with a newline and nothing else: \r is part of them.
    old, new = ([f"{line}\n" for line in text.split("\n")] for text in (before, after))
    for lines in (old, new):
        lines[-1] = lines[-1].removesuffix("\n")
        if not lines[-1]:
            lines.pop()
    for line in difflib.unified_diff(old, new, f"a/{shown}", f"b/{shown}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
