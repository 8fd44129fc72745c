"""identity-mismatch: attributes that name the platform and should be the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubestack_lint.effective import Reading, alike, named, pairs
from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import shown


@rule(on=Inheritance, severity=Severity.WARNING)
def identity_mismatch(
    inheritance: Inheritance, *, attributes: Sequence[str] = ("base_domain", "name_prefix")
) -> Iterator[Problem]:
    """An environment changes an attribute that names the platform."""
    for name in named(inheritance, attributes):
        for own, base in pairs(inheritance, name):
            # What is empty is a place still to be filled in.
            if own.own and "" not in (own.value.data, base.value.data) and not alike(own.value, base.value):
                yield _problem(own, base)


def _problem(own: Reading, base: Reading) -> Problem:
    mine, theirs = shown(own.value), shown(base.value)
    return Problem(
        message=f"{own.environment} has {own.name} = {mine}, but {base.environment} has {theirs}",
        span=own.place,
        label=f"not as in {base.environment}",
        related=(base.label,),
        remediation=(
            f"Let {own.environment} inherit it: Kubestack puts the environment's name into every name and domain."
        ),
        environment=own.environment,
        attribute=own.path,
        value=f"{own.identity} {base.identity}",
    )
