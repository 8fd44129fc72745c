"""syntax-error: files that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule


@rule(on=Project, severity=Severity.ERROR)
def syntax_error(project: Project) -> Iterator[Problem]:
    """A file cannot be read, so what stands in it is neither computed nor checked."""
    for problem in project.problems:
        hint = problem.hint[:1].upper() + problem.hint[1:]
        yield Problem(
            message=problem.message,
            span=problem.span,
            remediation=f"{hint.rstrip('.')}." if hint else "",
            value=f"{problem.span.path}\n{problem.span.source.line(problem.span.line)}",
        )
