"""uncalled-module: copies of Kubestack's modules that nobody uses here."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule


@rule(on=Project, severity=Severity.INFO)
def uncalled_module(project: Project) -> Iterator[Problem]:
    """A copy of a Kubestack module is called by nothing, so there are no environments to look at."""
    for module in project.uncalled:
        place = module.variables["configuration"].header
        yield Problem(
            message=f"{module.path} is a copy of a Kubestack module that nothing here calls, so it is not looked into",
            span=place,
            label="its environments would come from a caller",
            remediation=f"Remove it if it is not used; kslint lint {module.path} looks into it.",
            value=module.path,
        )
