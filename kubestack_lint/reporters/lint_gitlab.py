"""`kslint lint --format gitlab`: a Code Quality report.

https://docs.gitlab.com/ci/testing/code_quality/ says what GitLab reads.
"""

from __future__ import annotations

from kubestack_lint.finding import Severity
from kubestack_lint.report import Report
from kubestack_lint.reporters.document import dumped
from kubestack_lint.reporters.located import located, sentence
from kubestack_lint.reporters.terminal import printable

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def lint_gitlab(report: Report) -> str:
    """A JSON array, empty when there is nothing; no two entries share a fingerprint, GitLab would drop one."""
    return dumped(
        [
            {
                # GitLab does not show check_name.
                "description": printable(f"{row.name}: {sentence(row.finding)}"),
                "check_name": row.name,
                "fingerprint": row.fingerprint,
                "severity": _SEVERITIES[row.finding.severity],
                "location": {
                    "path": row.path,
                    "lines": {"begin": row.line, "end": row.span.end_line if row.span is not None else row.line},
                },
            }
            for row in located(report, report.findings)
        ]
    )
