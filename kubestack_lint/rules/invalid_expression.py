"""invalid-expression: expressions that Terraform cannot evaluate."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule


@rule(on=Project, severity=Severity.ERROR)
def invalid_expression(project: Project) -> Iterator[Problem]:
    """Terraform refuses an expression that a configuration is computed from."""
    for error in project.errors:
        if error.rule == "invalid-expression":
            yield Problem(
                message=f"Terraform refuses this expression: {error.message}",
                span=error.span,
                remediation="Correct the expression; until then every value that depends on it is unknown.",
                value=f"{error.span.path}\n{error.span.text}",
            )
