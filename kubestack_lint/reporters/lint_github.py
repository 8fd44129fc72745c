"""`kslint lint --format github`: workflow commands, which GitHub shows in the diff of a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions; how to escape is in
`actions/toolkit`, packages/core/src/command.ts.
"""

from __future__ import annotations

from kubestack_lint.finding import Severity
from kubestack_lint.report import Report
from kubestack_lint.reporters.located import Located, located, repository_path, sentence
from kubestack_lint.reporters.terminal import printable

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def lint_github(report: Report) -> str:
    """One line a finding, errors first: GitHub shows only the first ten of a step."""
    rows = sorted(located(report, report.findings), key=lambda row: -row.finding.severity)
    return "".join(_command(report, row) for row in rows)


def _command(report: Report, row: Located) -> str:
    finding = row.finding
    properties = {"file": row.path, "line": str(row.line), "col": str(row.column)}
    # Columns only count where the place ends on its first line.
    if row.span is not None and row.span.end_line == row.span.line:
        properties["endColumn"] = str(max(row.span.end_column - 1, row.column))
    properties["title"] = f"kslint {row.name}"
    lines = [sentence(finding)]
    lines += [
        f"{repository_path(report, label.span.path)}:{label.span.line}: {label.message}"
        for label in finding.related
        if label.span.source.real
    ]
    said = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = _data("\n".join(lines))
    return f"::{_LEVELS[finding.severity]} {said}::{message}\n"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
