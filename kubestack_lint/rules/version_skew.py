"""version-skew: Kubernetes versions that environments have in the wrong order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from kubestack_lint.capacity import pools
from kubestack_lint.catalog.roles import Role, attribute_for
from kubestack_lint.effective import Reading, is_known, read
from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.project.environments import Environments
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule

_VERSION = re.compile(r"v?\d+\.\d+(?:\.\d+)?(?:-gke\.\d+)?")

# By the sign of (environment - the one that comes after it): what each direction does not allow.
_REFUSED = {"ahead": (-1,), "behind": (1,), "equal": (-1, 1)}


@rule(on=Project, severity=Severity.WARNING)
def version_skew(project: Project, *, direction: Literal["ahead", "behind", "equal"] = "ahead") -> Iterator[Problem]:
    """An environment runs an older Kubernetes than the next one, so that upgrades are not tried out there first."""
    for pool in pools(project):
        name = attribute_for(pool.block.definition, Role.VERSION)
        if name is None:
            continue
        for environment, after in _steps(pool.inheritance, project.environments, direction == "equal"):
            own, other = read(pool.inheritance, environment, name), read(pool.inheritance, after, name)
            if own is None or other is None or not is_known(own, other):
                continue
            order = _order(own, other)
            if order in _REFUSED[direction]:
                yield _problem(own, other, order)


def _steps(inheritance: Inheritance, environments: Environments, everywhere: bool) -> Iterator[tuple[str, str]]:
    """Each environment with the one that changes reach after it: in the order of promotion, else by their names.

    An environment that carries workloads rehearses for nobody, and a base that is a template runs nothing;
    `everywhere` compares them all the same.
    """
    promoted = [name for name in environments.order if name in inheritance.environments]
    yield from pairwise(promoted)
    for name in inheritance.others:
        base = inheritance.block.base_of(name)
        if base is None or environments.before(name, base) is not None:
            continue
        if everywhere or environments.rehearses(name, base):
            yield name, base
        elif environments.rehearses(base, name) and not environments.is_template(base):
            yield base, name


def _order(own: Reading, base: Reading) -> int:
    """-1 where the environment is older, 1 where it is newer; 1.29 and 1.29.3 are the same as far as one can tell."""
    versions = [str(reading.value.data) for reading in (own, base)]
    if not all(_VERSION.fullmatch(version) for version in versions):
        return 0
    mine, theirs = ([int(part) for part in re.findall(r"\d+", version)] for version in versions)
    length = min(len(mine), len(theirs))
    return (mine[:length] > theirs[:length]) - (mine[:length] < theirs[:length])


def _problem(own: Reading, after: Reading, order: int) -> Problem:
    mine, theirs = str(own.value.data), str(after.value.data)
    words = ("older", "newer") if order < 0 else ("newer", "older")
    # Look first at what one of the two wrote itself; the other may have inherited its own.
    place, label, other = own.place, f"{words[0]} than in {after.environment}", after
    if not own.own and after.own:
        place, label, other = after.place, f"{words[1]} than in {own.environment}", own
    return Problem(
        message=f"{own.environment} runs Kubernetes {mine}, which is {words[0]} than {theirs} in {after.environment}",
        span=place,
        label=label,
        related=(other.label,),
        remediation=_way_out(own, f"{theirs} or newer" if order < 0 else theirs, order),
        address=own.block.address,
        environment=own.environment,
        attribute=own.path,
        value=f"{own.identity} {after.identity}",
    )


def _way_out(own: Reading, wanted: str, order: int) -> str:
    if order < 0:
        return f"Upgrade {own.environment} first: set {own.name} to {wanted}."
    return f"Set {own.name} to {wanted}, or let it inherit."
