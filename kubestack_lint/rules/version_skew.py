"""version-skew: Kubernetes versions that environments have in the wrong order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from kubestack_lint.catalog.roles import Role, attribute_for
from kubestack_lint.effective import Reading, pairs
from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule

_VERSION = re.compile(r"v?\d+\.\d+(?:\.\d+)?(?:-gke\.\d+)?")

# By the sign of (environment - base): what each direction does not allow.
_REFUSED = {"ahead": (-1,), "behind": (1,), "equal": (-1, 1)}


@rule(on=Inheritance, severity=Severity.WARNING)
def version_skew(
    inheritance: Inheritance, *, direction: Literal["ahead", "behind", "equal"] = "ahead"
) -> Iterator[Problem]:
    """An environment runs an older Kubernetes than the base, so that upgrades are not tried out there first."""
    name = attribute_for(inheritance.block.definition, Role.VERSION)
    if name is None:
        return
    for own, base in pairs(inheritance, name):
        order = _order(own, base)
        if own.own and order in _REFUSED[direction]:
            yield _problem(own, base, order)


def _order(own: Reading, base: Reading) -> int:
    """-1 where the environment is older, 1 where it is newer; 1.29 and 1.29.3 are the same as far as one can tell."""
    versions = [str(reading.value.data) for reading in (own, base)]
    if not all(_VERSION.fullmatch(version) for version in versions):
        return 0
    mine, theirs = ([int(part) for part in re.findall(r"\d+", version)] for version in versions)
    length = min(len(mine), len(theirs))
    return (mine[:length] > theirs[:length]) - (mine[:length] < theirs[:length])


def _problem(own: Reading, base: Reading, order: int) -> Problem:
    mine, theirs = str(own.value.data), str(base.value.data)
    word = "older" if order < 0 else "newer"
    wanted = f"{theirs} or newer" if order < 0 else theirs
    return Problem(
        message=f"{own.environment} runs Kubernetes {mine}, which is {word} than {theirs} in {base.environment}",
        span=own.place,
        label=f"{word} than in {base.environment}",
        related=(base.label,),
        remediation=f"Upgrade {own.environment} first: set {own.name} to {wanted}."
        if order < 0
        else f"Set {own.name} to {wanted}, or let it inherit.",
        environment=own.environment,
        attribute=own.path,
        value=f"{own.identity} {base.identity}",
    )
