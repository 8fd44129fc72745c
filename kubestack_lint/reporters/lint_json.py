"""`kslint lint --format json`: kslint-lint/1, described by schemas/lint.schema.json."""

from __future__ import annotations

from typing import Any

from kubestack_lint.finding import Finding, Severity
from kubestack_lint.ledger import Waiver
from kubestack_lint.report import Report
from kubestack_lint.reporters.document import dumped, place


def lint_json(report: Report) -> str:
    """The document. Waived findings stay in it, marked, and old ones where they are listed; no count holds them."""
    listed = report.old if report.list_old else ()
    old = {id(finding) for finding in listed}
    rows: list[tuple[Finding, Waiver | None]] = [(finding, None) for finding in (*report.findings, *listed)]
    rows += [(waived.finding, waived.waiver) for waived in report.waived]
    rows.sort(key=lambda row: row[0].order)
    return dumped(
        {
            "format": "kslint-lint/1",
            "findings": [
                {**_finding(finding), "waived": _waived(waiver), "old": id(finding) in old} for finding, waiver in rows
            ],
            "summary": {
                "errors": report.count(Severity.ERROR),
                "warnings": report.count(Severity.WARNING),
                "infos": report.count(Severity.INFO),
                "blocks": len(report.inheritances),
                "files": report.files,
                "unreadable": report.unreadable,
                "unknown": report.unknowns,
                "undecided": report.undecided,
                "waived": len(report.waived),
                "ignored": len(report.ignored),
                "known": len(report.known),
                "old": len(report.old),
                "failures": [{"rule": failure.rule, "message": failure.message} for failure in report.failures],
            },
        }
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "policy": finding.policy,
        "severity": finding.severity.label,
        "message": finding.message,
        "address": finding.address,
        "environment": finding.environment,
        "attribute": None if finding.attribute is None else list(finding.attribute),
        **place(finding.span),
        "end_line": finding.span.end_line,
        "end_column": finding.span.end_column,
        "label": finding.label,
        "related": [{"message": label.message, **place(label.span)} for label in finding.related],
        "fingerprint": finding.fingerprint,
        "value": finding.value,
        "verdict": "unknown" if finding.unknown else "fail",
        "remediation": finding.remediation,
        "fixable": None if finding.fix is None else "safe" if finding.fix.safe else "unsafe",
    }


def _waived(waiver: Waiver | None) -> dict[str, Any] | None:
    if waiver is None:
        return None
    return {
        "reason": waiver.reason,
        "ticket": waiver.ticket or None,
        "approved_by": waiver.approved_by,
        "expires": waiver.expires.isoformat(),
        **place(waiver.span),
    }
