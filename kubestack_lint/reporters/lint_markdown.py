"""`kslint lint --format markdown`: for a step's summary or a comment on a pull request; empty without findings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kubestack_lint.changes import Changes
from kubestack_lint.finding import Severity
from kubestack_lint.report import Report
from kubestack_lint.reporters.changes_markdown import changes_markdown, escaped
from kubestack_lint.reporters.located import Located, located, repository_path, subject
from kubestack_lint.reporters.terminal import counted, printable

# GitHub takes no longer comment.
LIMIT = 65_536
_SIGNS = {Severity.ERROR: "🔴", Severity.WARNING: "🟠", Severity.INFO: "🔵"}


def lint_markdown(
    report: Report, tag: str = "", limit: int = LIMIT, changes: tuple[Changes, str, str] | None = None
) -> str:
    """A verdict in one line, what changes in each environment, then the findings, folded.

    `tag` tells the comments of several runs apart. `changes` are those since a
    revision, with the names of both sides. Empty where nothing is to be said.
    """
    if not report.findings and not report.failures and not (changes is not None and changes[0]):
        return ""
    head, tail = f"{marker(tag)}\n{verdict(report)}\n", _aside(report)
    if changes is not None:
        # Half of the room at most: the findings need some too.
        head += "\n" + _shortened(changes_markdown(*changes), limit // 2)
    return fitted(head, [_finding(report, row) for row in _sorted(report)], "finding", limit - len(tail)) + tail


def marker(tag: str = "") -> str:
    """The comment by which a bot finds what it wrote before; a tag is cut to letters, digits and dashes."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", tag).strip("-")
    return f"<!-- kslint{':' + name if name else ''} -->"


def verdict(report: Report) -> str:
    """How many findings of which severity, in one line."""
    counts = [
        f"{_SIGNS[severity]} {counted(report.count(severity), severity.label)}"
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
        if report.count(severity)
    ]
    counts += [f"{_SIGNS[Severity.ERROR]} the rule {escaped(failure.rule)} crashed" for failure in report.failures]
    return f"**kslint**: {', '.join(counts) if counts else '✅ no findings'}"


def fitted(head: str, parts: Sequence[str], noun: str, limit: int = LIMIT) -> str:
    """As many parts as fit, and how many more there are."""
    text = head
    for number, part in enumerate(parts):
        rest = f"\n… and {counted(len(parts) - number, f'more {noun}')}\n"
        room = limit - (len(rest) if number < len(parts) - 1 else 0)
        if len(text) + len(part) > room:
            return text + rest if len(text) + len(rest) <= limit else text
        text += part
    return text


def code(text: str) -> str:
    """Text as code, whatever it holds; a bar is escaped, for tables."""
    text = " ".join(printable(text).split()) or " "
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}".replace("|", "\\|")


def _shortened(text: str, limit: int) -> str:
    """The changes as far as they fit, and how many more there are."""
    lines = text.splitlines(keepends=True)
    kept = 0
    while kept < len(lines) and limit >= len(lines[kept]):
        limit -= len(lines[kept])
        kept += 1
    rows = sum(line.startswith("| ") and not line.startswith(("| ---", "| module")) for line in lines[kept:])
    return "".join(lines[:kept]) + (f"\n… and {counted(rows, 'more setting')}\n" if rows else "")


def _sorted(report: Report) -> list[Located]:
    return sorted(located(report, report.findings), key=lambda row: -row.finding.severity)


def _finding(report: Report, row: Located) -> str:
    finding = row.finding
    about = subject(finding)
    title = f"{_SIGNS[finding.severity]} <code>{_html(row.name)}</code> {_html(about)}".rstrip()
    lines = [f"{escaped(finding.message)}", "", f"- {code(f'{row.path}:{row.line}')} {escaped(finding.label)}".rstrip()]
    lines += [
        f"- {code(f'{repository_path(report, label.span.path)}:{label.span.line}')} {escaped(label.message)}"
        for label in finding.related
        if label.span.source.real
    ]
    if finding.remediation:
        lines += ["", f"Fix: {escaped(finding.remediation)}"]
    body = "\n".join(lines)
    return f"\n<details><summary>{title}</summary>\n\n{body}\n\n</details>\n"


def _html(text: str) -> str:
    from html import escape

    return escape(" ".join(printable(text).split()))


def _aside(report: Report) -> str:
    aside: list[tuple[Sequence[object], str]] = [
        (report.waived, "waived"),
        (report.ignored, "ignored"),
        (report.known, "in the baseline"),
    ]
    said = ", ".join(f"{len(found)} {word}" for found, word in aside if found)
    return f"\n{said}\n" if said else ""
