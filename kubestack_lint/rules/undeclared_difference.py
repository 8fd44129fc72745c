"""undeclared-difference: an environment differs from the base where no policy allows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubestack_lint.differences import Difference, Kind
from kubestack_lint.effective import matches
from kubestack_lint.finding import Label, Severity
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import exact, shown


@rule(on=Difference, severity=Severity.WARNING)
def undeclared_difference(difference: Difference, *, allowed: Sequence[str]) -> Iterator[Problem]:
    """An environment differs from the base in an attribute that is not declared to differ."""
    # Whether something unknown differs is unknown as well.
    if not difference.kind.effective or difference.kind is Kind.UNKNOWN or matches(difference.path, allowed):
        return
    own, inherited = difference.own, difference.inherited
    name, base = difference.environment, difference.against
    if difference.kind is Kind.LOST:
        fact = f"{name} loses {difference.dotted}"
    else:
        fact = f"{name} has {difference.dotted} = {shown(own.value)}" if own is not None else f"{name} differs"
    theirs = f"{base} has {shown(inherited.value)}" if inherited is not None else f"{base} has none"
    yield Problem(
        message=f"{fact}, {theirs}, and {difference.dotted} is not among the attributes that may differ",
        span=difference.place,
        label=f"differs from {base}",
        related=()
        if inherited is None or inherited.place == difference.place
        else (Label(inherited.place, f"{base} sets it to {shown(inherited.value)}"),),
        remediation=f"Let {name} inherit it, or add {difference.dotted} to what the policy allows.",
        value=f"{exact(own.value) if own else ''} {exact(inherited.value) if inherited else ''}",
    )
