"""single-zone: all nodes of a pool in one zone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from kubestack_lint.catalog.roles import KINDS, Role
from kubestack_lint.effective import Reading, news, read_role, words_of
from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.value import Unknown


@rule(on=Inheritance, severity=Severity.INFO)
def single_zone(inheritance: Inheritance, *, environments: Literal["base", "all"]) -> Iterator[Problem]:
    """All nodes stand in one zone, so that its outage is the pool's."""
    block = inheritance.block
    if block.definition.kind not in KINDS:
        return
    for environment in inheritance.environments:
        if environments == "base" and block.base_of(environment) != environment:
            continue
        reading = read_role(inheritance, environment, Role.ZONES)
        zones = _zones(reading)
        if reading is None or len(zones) != 1 or not news(inheritance, environment, (reading,)):
            continue
        yield Problem(
            message=f"{environment} has all nodes of {block.address} in one zone, {zones.pop()}",
            span=reading.place,
            label="one zone",
            remediation=f"Name at least two zones in {environment}.",
            environment=environment,
            attribute=reading.path,
            value=reading.identity,
        )


def _zones(reading: Reading | None) -> set[str]:
    words = words_of(reading) if reading is not None and reading.setting is not None else ()
    return set() if isinstance(words, Unknown) else {word.text.strip() for word in words if word.text.strip()}
