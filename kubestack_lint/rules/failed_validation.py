"""See failed-validation.md."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule


@rule(on=Project, severity=Severity.ERROR)
def failed_validation(project: Project) -> Iterator[Problem]:
    """A value breaks the validation block of the variable it is given to."""
    for error in project.errors:
        if error.rule == "failed-validation":
            yield Problem(
                message=error.message,
                span=error.span,
                label="this value is refused",
                remediation="give a value that the variable's validation accepts, or change the validation",
                value=error.span.text,
            )
