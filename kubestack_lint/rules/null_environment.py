"""null-environment: an environment that is null."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.catalog.names import called
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule


@rule(on=Inheritance, severity=Severity.ERROR)
def null_environment(inheritance: Inheritance) -> Iterator[Problem]:
    """An environment is null, which stops Terraform in every workspace."""
    block = inheritance.block
    for error in inheritance.errors:
        if error.rule != "null-environment" or error.environment is None:
            continue
        name = error.environment
        if name == block.base_of(name):
            way_out = f"Give {name}, the base, the attributes that all environments share."
        else:
            way_out = f"Write {name} = {{}} to inherit everything, or remove the environment."
        yield Problem(
            message=(
                f"environment {name} is null, so Terraform stops in every workspace, not only in {name} "
                f"({error.message.rstrip('.')})"
            ),
            span=error.span,
            label="null cannot be merged",
            related=(Label(block.span, f"{called(block.definition)} merges all environments, whichever is selected"),),
            remediation=way_out,
            environment=name,
            value="null",
        )
