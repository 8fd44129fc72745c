"""zones-not-subset: an environment in zones where the base has nothing."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.catalog.clouds import cloud_of
from kubestack_lint.catalog.roles import KINDS, Role, attribute_for
from kubestack_lint.effective import Reading, Word, pairs, words_of
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.value import Unknown
from kubestack_lint.wording import listed


@rule(on=Inheritance, severity=Severity.WARNING)
def zones_not_subset(inheritance: Inheritance) -> Iterator[Problem]:
    """An environment has a zone that the base does not have."""
    definition = inheritance.block.definition
    name = attribute_for(definition, Role.ZONES)
    cloud = cloud_of(definition.provider)
    if definition.kind not in KINDS or name is None or cloud is None:
        return
    for own, base in pairs(inheritance, name):
        mine, theirs = words_of(own), words_of(base)
        if isinstance(mine, Unknown) or isinstance(theirs, Unknown) or not theirs or not own.own:
            continue  # No zones in the base are all zones of the region on GKE, and none that count elsewhere.
        names = {word.text.strip() for word in theirs}
        regions = {cloud.region_of(name) for name in names}
        extra = [
            word
            for word in mine
            if cloud.is_zone(word.text.strip())
            and word.text.strip() not in names
            and cloud.region_of(word.text.strip()) in regions  # else another rule's: the region differs
        ]
        if extra:
            yield _problem(own, base, extra, names)


def _problem(own: Reading, base: Reading, extra: list[Word], names: set[str]) -> Problem:
    words = listed(sorted({word.text.strip() for word in extra}))
    return Problem(
        message=f"{own.environment} has nodes in {words}, where {base.environment} has none",
        span=extra[0].span,
        label=f"not among the zones of {base.environment}",
        related=(Label(base.place, f"{base.environment} has {listed(sorted(names), 6)}"),),
        remediation=f"Choose from the zones of {base.environment}: what works in {words} says nothing about them.",
        environment=own.environment,
        attribute=own.path,
        value=f"{own.identity} {base.identity}",
    )
