"""zone-outside-region: zones that the cluster's region does not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from kubestack_lint.catalog.clouds import Cloud, cloud_of
from kubestack_lint.catalog.roles import KINDS, Role
from kubestack_lint.effective import Reading, Word, news, read_role, words_of
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.value import Unknown
from kubestack_lint.wording import listed


@rule(on=Inheritance, severity=Severity.ERROR)
def zone_outside_region(inheritance: Inheritance) -> Iterator[Problem]:
    """A zone lies in another region than its cluster or node pool, or does not exist there."""
    definition = inheritance.block.definition
    cloud = cloud_of(definition.provider)
    if cloud is None or definition.kind not in KINDS:
        return
    for environment in inheritance.environments:
        zones = read_role(inheritance, environment, Role.ZONES)
        region = read_role(inheritance, environment, Role.REGION)
        if zones is None or not news(inheritance, environment, (zones, region)):
            continue
        words = words_of(zones)
        if not isinstance(words, Unknown) and words:
            yield from _with_region(cloud, zones, words, region) if region else _among(cloud, zones, words)


def _with_region(cloud: Cloud, zones: Reading, words: tuple[Word, ...], region: Reading) -> Iterator[Problem]:
    name = region.value.data
    if not isinstance(name, str):
        return
    # The location of a node pool may be a zone; its nodes are in that zone's region.
    name = cloud.region_of(name) or name
    for word in words:
        there = cloud.region_of(word.text)
        if there is None or not cloud.is_region(name):
            continue
        if there != name:
            fact = f"{zones.environment} puts nodes into {word.text}, which lies in {there}, not in {name}"
            yield _problem(cloud, zones, word, name, fact, region)
        elif not _listed(cloud, name, word.text):
            # Letters and numbers are given in order: what comes after the last one may have been added since.
            newer = word.text > max(cloud.regions[name].zones)
            new, gone = f"a zone that kslint does not know of {name}; it may be new", f"which {name} does not have"
            fact = f"{zones.environment} puts nodes into {word.text}, {new if newer else gone}"
            yield replace(_problem(cloud, zones, word, name, fact, region), unknown=newer)


def _listed(cloud: Cloud, region: str, zone: str) -> bool:
    """True unless the region is known well and the zone is not among its own; AWS has letters by account."""
    known = cloud.regions.get(region)
    unusual = zone.rpartition("-")[2].startswith("ai")
    return known is None or not known.sure or cloud.provider == "aws" or unusual or zone in known.zones


def _among(cloud: Cloud, zones: Reading, words: tuple[Word, ...]) -> Iterator[Problem]:
    """Without a region attribute, all zones of one list must lie in one region."""
    regions = Counter(found for word in words if (found := cloud.region_of(word.text)) is not None)
    if len(regions) < 2:
        return
    usual = regions.most_common(1)[0][0]
    for word in words:
        there = cloud.region_of(word.text)
        if there is not None and there != usual:
            fact = f"{zones.environment} has zones of two regions: {word.text} lies in {there}, the rest in {usual}"
            yield _problem(cloud, zones, word, usual, fact, None)


def _problem(cloud: Cloud, zones: Reading, word: Word, region: str, fact: str, said: Reading | None) -> Problem:
    known = cloud.regions.get(region)
    other = () if said is None else (Label(said.place, f"{said.source} sets {said.name} = {region}"),)
    first, label = word.span, f"not in {region}"
    if said is not None and said.own and not zones.own and said.environment != zones.source:
        # The zones are inherited: what is new here is the region.
        first, label = said.place, f"{zones.name} is inherited from {zones.source}"
        other = (Label(word.span, f"{zones.source} sets this zone"),)
    return Problem(
        message=fact,
        span=first,
        label=label,
        related=other,
        remediation=f"Zones of {region} are {listed(known.zones, 6)} ({_date(cloud)})."
        if known is not None and known.zones
        else f"Name zones of {region}.",
        environment=zones.environment,
        attribute=zones.path,
        value=f"{word.text} {region}",
    )


def _date(cloud: Cloud) -> str:
    return f"by {cloud.as_of.split(';')[0].split(',')[0]}"
