"""A difference between environments that their map does not show."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.differences import Difference, Kind
from kubestack_lint.finding import Severity
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import exact, shown


@rule(on=Difference, severity=Severity.WARNING)
def workspace_conditional(difference: Difference) -> Iterator[Problem]:
    """A value depends on terraform.workspace instead of the environment's own block."""
    own, inherited = difference.own, difference.inherited
    if difference.kind is Kind.COMPUTED and not difference.path:
        yield _instance(difference)
    if difference.kind is not Kind.COMPUTED or own is None or inherited is None:
        return
    name, base, path = difference.environment, difference.against, difference.dotted
    mine, theirs = exact(own.value), exact(inherited.value)
    if mine.replace(name, base) == theirs or theirs.replace(base, name) == mine:
        # It only carries the environment's name, as labels and names do.
        return
    yield Problem(
        message=f"{path} is {shown(own.value)} in {name} and {shown(inherited.value)} in {base}, "
        f"although only {base} writes it: the expression asks for the workspace",
        span=own.place,
        label="depends on terraform.workspace",
        remediation=f"write {path} = {shown(inherited.value)} in {base} and {path} = {shown(own.value)} in {name}",
        value=f"{mine} {theirs}",
    )


def _instance(difference: Difference) -> Problem:
    """An instance that only one of two environments has."""
    names = (difference.environment, difference.against)
    made, missing = names if difference.own is not None else reversed(names)
    argument = difference.place.text.strip('"')
    address = difference.block.address
    return Problem(
        message=f"{address} is made in {made} and not in {missing}: its {argument} asks for the workspace",
        span=difference.place,
        label="depends on terraform.workspace",
        remediation=f"make the same instances in every environment, and write in {missing} what is to be smaller there",
        value=f"{made} {missing}",
    )
