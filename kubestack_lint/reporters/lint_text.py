"""`kslint lint` for people: the finding, the lines it is about, the way out."""

from __future__ import annotations

import textwrap

from kubestack_lint.finding import Finding, Severity
from kubestack_lint.report import Report, Waived
from kubestack_lint.reporters.terminal import Terminal, counted, plain_length, printable
from kubestack_lint.source import Span, one_line

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def lint_text(report: Report, terminal: Terminal) -> str:
    """All findings and a line that counts them."""
    rows = [(finding.order, _finding(finding, terminal)) for finding in report.findings]
    rows += [(waived.finding.order, _waived(waived, terminal)) for waived in report.waived]
    rows += [(old.order, _old(old, report.since, terminal)) for old in report.old if report.list_old]
    parts = [text for _, text in sorted(rows, key=lambda row: row[0])]
    return "\n\n".join([*parts, _summary(report, terminal)]) + "\n"


def _waived(waived: Waived, terminal: Terminal) -> str:
    """A finding that does not count, in short: where it is and who answers for it."""
    waiver = waived.waiver
    ticket = f", {waiver.ticket}" if waiver.ticket else ""
    said = f"by {waiver.approved_by} until {waiver.expires}{ticket}: {waiver.reason}"
    return _short("waived", waived.finding, said, terminal)


def _old(finding: Finding, since: str, terminal: Terminal) -> str:
    """A finding that does not count, because it was there before."""
    return _short("old", finding, f"there at {since}: {finding.message}", terminal)


def _short(word: str, finding: Finding, text: str, terminal: Terminal) -> str:
    head = terminal.paint(f"{word}[{finding.policy}]", "dim")
    said = f"{_spot(finding.span)}  {text}"
    lines = textwrap.wrap(
        printable(said), terminal.width - 2, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
    )
    return "\n".join([f"{head} {one_line(_subject(finding))}", *lines])


def _subject(finding: Finding) -> str:
    subject = finding.address or finding.span.path
    if finding.environment:
        subject += f", {finding.environment}"
    if finding.attribute:
        subject += f": {'.'.join(finding.attribute)}"
    return subject


def _finding(finding: Finding, terminal: Terminal) -> str:
    word = "unknown" if finding.unknown else finding.severity.label
    severity = terminal.paint(f"{word}[{finding.policy or finding.rule}]", _COLOURS[finding.severity], "bold")
    subject = _subject(finding)
    heading = f"{severity} {terminal.paint(one_line(subject), 'bold')}"
    fits = plain_length(heading) <= terminal.width
    lines = [heading] if fits else [severity, f"  {terminal.paint(one_line(subject), 'bold')}"]
    lines += textwrap.wrap(
        printable(finding.message),
        terminal.width - 2,
        initial_indent="  ",
        subsequent_indent="  ",
        break_on_hyphens=False,
    )
    places = [(finding.span, finding.label, "^")] + [(label.span, label.message, "-") for label in finding.related]
    margin = max(len(_spot(span)) for span, _, _ in places)
    for span, label, sign in places:
        lines += _excerpt(span, label, sign, margin, terminal)
    if finding.remediation:
        lines += textwrap.wrap(
            printable(finding.remediation),
            terminal.width - 2,
            initial_indent="  fix: ",
            subsequent_indent="       ",
            break_on_hyphens=False,
        )
    return "\n".join(lines)


def _spot(span: Span) -> str:
    return repr(span)


def _excerpt(span: Span, label: str, sign: str, margin: int, terminal: Terminal) -> list[str]:
    """The line with its place in front, and the marks below what is meant."""
    spot = _spot(span)
    if not span.source.text:
        return [f"  {spot}  {printable(label)}".rstrip()]
    line = span.source.line(span.line).expandtabs(1)
    start = span.column - 1
    lead = len(line) - len(line.lstrip())
    lead = min(lead, start)
    stop = span.end_column - 1 if span.end_line == span.line else len(line)
    room = max(20, terminal.width - margin - 4)
    cut = lead
    if start - cut > room - 10:
        # Far to the right: show the part of the line that is meant.
        cut = start - room // 3
    text = printable(line[cut : cut + room])
    if len(line) > cut + room:
        text = text[:-1] + "…"
    marks = sign * max(1, min(stop, cut + room) - start)
    indent = " " * (margin + 4 + start - cut)
    lines = [f"  {terminal.paint(f'{spot:<{margin}}', 'cyan')}  {text}"]
    words = printable(label)
    if len(indent) + len(marks) + 1 + len(words) <= terminal.width:
        lines.append(f"{indent}{marks} {words}".rstrip())
        return lines
    lines.append(f"{indent}{marks}")
    below = " " * (margin + 4)
    width = max(30, terminal.width)
    return lines + textwrap.wrap(words, width, initial_indent=below, subsequent_indent=below, break_on_hyphens=False)


def _summary(report: Report, terminal: Terminal) -> str:
    counts = [
        counted(report.count(severity), severity.label)
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
        if report.count(severity)
    ]
    looked = f"{counted(len(report.inheritances), 'module')} in {counted(report.files, 'file')}"
    if report.unreadable:
        looked += f", {counted(report.unreadable, 'file')} not read"
    aside = [
        f"{len(found)} {word}"
        for found, word in (
            (report.waived, "waived"),
            (report.ignored, "ignored"),
            (report.known, "in the baseline"),
            (report.old, f"old, there at {printable(report.since)}"),
        )
        if found
    ]
    beside = f" ({', '.join(aside)})" if aside else ""
    if not counts:
        words = "no new findings" if report.known or report.since else "no findings"
        return terminal.paint(words, "green") + f" in {looked}{beside}"
    return f"{', '.join(counts)} in {looked}{beside}"
