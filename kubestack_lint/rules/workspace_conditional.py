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
