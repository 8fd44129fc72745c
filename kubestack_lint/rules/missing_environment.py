"""missing-environment: Kubestack before v0.9.3 needs both apps and ops."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.catalog.names import called
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.suggest import closest
from kubestack_lint.wording import listed


@rule(on=Inheritance, severity=Severity.ERROR)
def missing_environment(inheritance: Inheritance) -> Iterator[Problem]:
    """An environment is missing that this version of Kubestack knows by name and needs."""
    block = inheritance.block
    for error in inheritance.errors:
        if error.rule != "missing-environment" or error.environment is None:
            continue
        name = error.environment
        meant = closest(name, block.environments)
        yield Problem(
            message=(
                f"environment {name} is missing, which {called(block.definition)} looks up by name, "
                f"so Terraform stops in every workspace ({error.message.rstrip('.')})"
            ),
            span=error.span,
            label=f"only {listed(block.environments)} here",
            related=(Label(block.span, "versions before v0.9.3 know apps and ops and no others"),),
            remediation=f"Rename {meant} to {name}." if meant else f"Add {name} = {{}}, or move to v0.9.3 or later.",
            environment=name,
        )
