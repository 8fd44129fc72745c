"""`kslint lint --format json`: kslint-lint/1, described by schemas/lint.schema.json."""

from __future__ import annotations

from typing import Any

from kubestack_lint.finding import Finding, Severity
from kubestack_lint.report import Report
from kubestack_lint.reporters.document import dumped, place


def lint_json(report: Report) -> str:
    """The document."""
    return dumped(
        {
            "format": "kslint-lint/1",
            "findings": [_finding(finding) for finding in report.findings],
            "summary": {
                "errors": report.count(Severity.ERROR),
                "warnings": report.count(Severity.WARNING),
                "infos": report.count(Severity.INFO),
                "blocks": len(report.inheritances),
                "files": report.files,
                "unreadable": report.unreadable,
                "unknown": report.unknowns,
                "failures": [{"rule": failure.rule, "message": failure.message} for failure in report.failures],
            },
        }
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
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
        "remediation": finding.remediation,
    }
