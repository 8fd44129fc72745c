"""shared-identity: environments that share what a policy wants apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubestack_lint.effective import Reading, alike, named, pairs
from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import shown


@rule(on=Inheritance, severity=Severity.WARNING)
def shared_identity(inheritance: Inheritance, *, attributes: Sequence[str]) -> Iterator[Problem]:
    """Two environments have the same value where a policy wants each to have its own."""
    for name in named(inheritance, attributes):
        for own, base in pairs(inheritance, name):
            if own.value.data not in ("", ()) and alike(own.value, base.value):
                yield _problem(own, base)


def _problem(own: Reading, base: Reading) -> Problem:
    how = "repeats" if own.own else "inherits"
    return Problem(
        message=f"{own.environment} {how} {own.name} = {shown(own.value)} of {base.environment}, and must have its own",
        span=own.place,
        label=f"shared by {base.environment} and {own.environment}",
        related=() if own.place == base.place else (base.label,),
        remediation=f"Set {own.name} in {own.environment} to one of its own.",
        environment=own.environment,
        attribute=own.path,
        value=own.identity,
    )
