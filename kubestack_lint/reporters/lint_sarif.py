"""`kslint lint --format sarif`: SARIF 2.1.0, as GitHub's code scanning and other viewers read it.

The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0; what GitHub takes of it:
https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from kubestack_lint import __version__
from kubestack_lint.finding import Finding, Label, Severity
from kubestack_lint.report import Ran, Report
from kubestack_lint.reporters.document import dumped
from kubestack_lint.reporters.located import Located, located, prefix, related, repository_path, subject
from kubestack_lint.reporters.terminal import counted, printable
from kubestack_lint.source import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
# kslint has no site of its own; this one says what environments and their inheritance are.
HOME = "https://www.kubestack.com/"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
# GitHub cuts longer descriptions.
_DESCRIPTION = 1_024
# Results that GitHub takes in a run; it refuses a file with more.
LIMIT = 25_000
# A file may be one line, which each of its findings would repeat.
_SNIPPET = 2_000


def lint_sarif(report: Report, changed: Callable[[Span], bool] | None = None) -> str:
    """One run. `changed` says of a place whether a pull request touches it: such a place is shown first."""
    rules = {ran.id: index for index, ran in enumerate(report.ran)}
    rows = list(_rows(report))
    kept = _most_severe(rows)
    results = [{**_result(report, row, rules, changed), **more} for row, more in kept]
    run = {
        "tool": {
            "driver": {
                "name": "kslint",
                "fullName": f"kslint {__version__}: how the environments of a Kubestack repository differ",
                "semanticVersion": __version__,
                "informationUri": HOME,
                "rules": [_rule(ran) for ran in report.ran],
            }
        },
        "automationDetails": {"id": f"kslint/{prefix(report)}"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(report, len(rows) - len(kept))],
        "results": results,
    }
    return dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rows(report: Report) -> Iterator[tuple[Located, dict[str, Any]]]:
    """What becomes a result, and what that says of itself beside the finding."""
    # With both, viewers can tell them apart; old ones alone would look new.
    state = {"baselineState": "new"} if report.list_old else {}
    yield from ((row, state) for row in located(report, report.findings))
    if report.list_old:
        yield from ((row, {"baselineState": "unchanged"}) for row in located(report, report.old))
    for finding, kind, why in _aside(report):
        suppression = {"kind": kind, "status": "accepted", "justification": printable(why)}
        yield from ((row, {"suppressions": [suppression]}) for row in located(report, [finding]))


def _most_severe(rows: Sequence[tuple[Located, dict[str, Any]]]) -> list[tuple[Located, dict[str, Any]]]:
    """As many as GitHub takes, in their order: first what counts, then what is old, then what was set aside."""

    def weight(number: int) -> tuple[bool, bool, int]:
        row, more = rows[number]
        return "suppressions" in more, more.get("baselineState") == "unchanged", -row.finding.severity

    return [rows[number] for number in sorted(sorted(range(len(rows)), key=weight)[:LIMIT])]


def _aside(report: Report) -> Iterable[tuple[Finding, str, str]]:
    for waived in report.waived:
        waiver = waived.waiver
        ticket = f" ({waiver.ticket})" if waiver.ticket else ""
        yield waived.finding, "external", f"{waiver.reason}{ticket}; {waiver.approved_by} until {waiver.expires}"
    for ignored in report.ignored:
        yield ignored.finding, "inSource", ignored.ignore.reason or "ignored by a comment without a reason"
    for finding in report.known:
        yield finding, "external", "in the baseline"


def _invocation(report: Report, left_out: int) -> dict[str, Any]:
    said = [("error", f"the rule {failure.rule} crashed: {failure.message}") for failure in report.failures]
    if left_out:
        why = f"code scanning takes {LIMIT:,} in a run, and the most severe are here; the other formats hold all"
        said.append(("warning", f"{counted(left_out, 'result')} left out: {why}"))
    notes = [{"level": level, "message": {"text": printable(text)}} for level, text in said]
    return {"executionSuccessful": not report.failed, "toolExecutionNotifications": notes}


def _rule(ran: Ran) -> dict[str, Any]:
    page = ran.rule.page.read_text("utf-8") if ran.rule.page.is_file() else ran.rule.summary
    body = _help(page.partition("\n")[2].strip()) or ran.rule.summary
    first = " ".join(body.split("\n\n")[0].split())
    words = ran.id.split("-")
    return {
        "id": ran.id,
        # A name has to say more than the id does.
        **({"name": "".join(word.title() for word in words)} if len(words) > 1 else {}),
        "shortDescription": {"text": ran.rule.summary},
        "fullDescription": {"text": first[:_DESCRIPTION]},
        "help": {"text": _plain(body), "markdown": body},
        "defaultConfiguration": {"level": _LEVELS[ran.severity]},
        "properties": {
            "precision": "very-high",
            "problem.severity": _PROBLEMS[ran.severity],
            "tags": ["kubestack", "terraform", ran.rule.id],
        },
    }


def _help(page: str) -> str:
    """What a page says before its examples, and its way out."""
    before = page.partition("\n## ")[0].strip()
    fix = page.partition("\n## Fix\n")[2].partition("\n## ")[0].strip()
    return f"{before}\n\n## Fix\n\n{fix}" if fix else before


def _plain(markdown: str) -> str:
    return re.sub(r"^```.*\n|^#+ +|`", "", markdown, flags=re.MULTILINE)


def _result(
    report: Report, row: Located, rules: Mapping[str, int], changed: Callable[[Span], bool] | None
) -> dict[str, Any]:
    finding = row.finding
    span, path = _primary(report, row, changed)
    others = related(finding, span)
    links = "; ".join(f"[{_escaped(label.message)}]({number})" for number, label in enumerate(others, 1))
    about = subject(finding)
    text = f"{about}: {finding.message}" if about else finding.message
    text = _escaped(text if text.endswith((".", "!", "?")) else f"{text}.")
    if links:
        text += f" {links}."
    if finding.remediation:
        text += f" {_escaped(finding.remediation)}"
    location: dict[str, Any] = {"physicalLocation": _physical(path, span)}
    if finding.address:
        location["logicalLocations"] = [{"fullyQualifiedName": printable(finding.address), "kind": "module"}]
    number = row.fingerprint.rpartition("-")[2] if "-" in row.fingerprint else "1"
    result: dict[str, Any] = {
        "ruleId": row.name,
        "level": _LEVELS[finding.severity],
        "kind": "fail",
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{finding.fingerprint}:{number}",
            "kslint/v1": row.fingerprint,
        },
    }
    if row.name in rules:
        result["ruleIndex"] = rules[row.name]
    if others:
        result["relatedLocations"] = [_related(report, number, label) for number, label in enumerate(others, 1)]
    return result


def _primary(report: Report, row: Located, changed: Callable[[Span], bool] | None) -> tuple[Span | None, str]:
    """The place to show: the first that the pull request touches, for GitHub comments nowhere else."""
    if changed is not None and row.span is not None and not changed(row.span):
        for label in row.finding.related:
            if label.span.source.real and changed(label.span):
                return label.span, repository_path(report, label.span.path)
    return row.span, row.path


def _related(report: Report, number: int, label: Label) -> dict[str, Any]:
    path = repository_path(report, label.span.path)
    return {
        "id": number,
        "message": {"text": printable(label.message)},
        "physicalLocation": _physical(path, label.span if label.span.source.text else None),
    }


def _physical(path: str, span: Span | None) -> dict[str, Any]:
    found: dict[str, Any] = {"artifactLocation": {"uri": quote(os.fsencode(path)), "uriBaseId": ROOT}}
    if span is None:
        found["region"] = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2}
        return found
    found["region"] = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": max(span.end_column, span.column + 1) if span.end_line == span.line else span.end_column,
        **_snippet(span.text),
    }
    last = min(span.end_line, span.line + 2)
    lines = [span.source.line(number) for number in range(span.line, last + 1)]
    found["contextRegion"] = {"startLine": span.line, "endLine": span.end_line, **_snippet("\n".join(lines))}
    return found


def _snippet(text: str) -> dict[str, Any]:
    return {} if len(text) > _SNIPPET else {"snippet": {"text": text}}


def _escaped(text: str) -> str:
    """Text without links: brackets and backslashes mean themselves; harmless as for a terminal, for it is shown."""
    return re.sub(r"([\\\[\]])", r"\\\1", printable(text))
