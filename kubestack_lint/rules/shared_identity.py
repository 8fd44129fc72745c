"""shared-identity: environments that share what a policy wants apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubestack_lint.effective import Reading, alike, is_known, named, read
from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import shown


@rule(on=Inheritance, severity=Severity.WARNING)
def shared_identity(inheritance: Inheritance, *, attributes: Sequence[str]) -> Iterator[Problem]:
    """Two environments have the same value where a policy wants each to have its own."""
    # The base first, so that who inherits from it is told.
    names = sorted(inheritance.environments, key=lambda name: inheritance.block.base_of(name) != name)
    for attribute in named(inheritance, attributes):
        seen: list[Reading] = []
        for name in names:
            own = read(inheritance, name, attribute)
            if own is None or not is_known(own) or own.value.data in ("", ()):
                continue
            other = next((reading for reading in seen if alike(own.value, reading.value)), None)
            if other is None:
                seen.append(own)
            else:
                yield _problem(own, other)


def _problem(own: Reading, other: Reading) -> Problem:
    fact = f"{'repeats' if own.own else 'inherits'} {own.name} = {shown(own.value)}"
    return Problem(
        message=f"{own.environment} {fact} of {other.environment}, and must have its own",
        span=own.place,
        label=f"shared by {other.environment} and {own.environment}",
        related=() if own.place == other.place else (other.label,),
        remediation=f"Set {own.name} in {own.environment} to one of its own.",
        environment=own.environment,
        attribute=own.path,
        value=own.identity,
    )
