"""too-many-differences: an environment that has little left in common with the base."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.differences import Difference, Kind, differences
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import listed

SHOWN_PLACES = 5


@rule(on=Inheritance, severity=Severity.WARNING)
def too_many_differences(inheritance: Inheritance, *, max: int) -> Iterator[Problem]:
    """An environment differs from the base in more attributes than allowed."""
    for name in inheritance.others:
        found = [d for d in differences(inheritance, name) if d.kind.effective and d.kind is not Kind.UNKNOWN]
        if len(found) > max:
            yield _problem(inheritance, name, found, max)


def _problem(inheritance: Inheritance, name: str, found: list[Difference], limit: int) -> Problem:
    block = inheritance.block
    whole = block.configuration(name).items.get(name)
    count = f"{len(found)} attribute{'' if len(found) == 1 else 's'}"
    return Problem(
        message=(
            f"{name} of {block.address} differs from {found[0].against} in {count}, at most {limit} allowed: "
            f"{listed(difference.dotted for difference in found)}"
        ),
        span=(whole.place if whole is not None else None) or block.configuration_span,
        label=f"{len(found)} differences",
        related=tuple(Label(d.place, f"{d.kind}: {d.dotted}") for d in found[:SHOWN_PLACES]),
        remediation=f"Let {name} inherit more of {found[0].against}.",
        environment=name,
        value=" ".join(sorted(difference.dotted for difference in found)),
    )
