"""malformed-zone: something in a list of zones that is no zone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kubestack_lint.catalog.clouds import Cloud, cloud_of
from kubestack_lint.catalog.roles import KINDS, Role, attribute_for
from kubestack_lint.effective import Reading, Word, news, read, words_of
from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.value import Unknown
from kubestack_lint.wording import listed

# Zones of a public address, beside those of the nodes.
_MORE = ("default_ingress_ip_zones",)

_AZ_ID = re.compile(r"[a-z]{3,4}[0-9]-az[0-9]")


@rule(on=Inheritance, severity=Severity.ERROR)
def malformed_zone(inheritance: Inheritance) -> Iterator[Problem]:
    """A list of zones holds a region's name, or something else that is no zone of this cloud."""
    definition = inheritance.block.definition
    cloud = cloud_of(definition.provider)
    if cloud is None or definition.kind not in KINDS:
        return
    names = [attribute_for(definition, Role.ZONES), *(name for name in _MORE if name in definition.attributes)]
    for name in (name for name in names if name is not None):
        for environment in inheritance.environments:
            reading = read(inheritance, environment, name)
            if reading is not None and news(inheritance, environment, (reading,)):
                yield from _wrong(cloud, reading)


def _wrong(cloud: Cloud, reading: Reading) -> Iterator[Problem]:
    words = words_of(reading)
    if isinstance(words, Unknown) or reading.setting is None:
        return
    for word in words:
        if cloud.is_zone(word.text):
            continue
        fact, label, way_out = _told(cloud, word)
        yield Problem(
            message=f"{reading.environment} has {fact} in {reading.name}",
            span=word.span,
            label=label,
            remediation=way_out,
            environment=reading.environment,
            attribute=reading.path,
            value=word.text,
        )


def _told(cloud: Cloud, word: Word) -> tuple[str, str, str]:
    """The fact, a label and the way out for one word."""
    text = word.text
    if cloud.is_zone(text.strip()):
        return f'"{text}" with a blank', "the blank is part of the name", f'Write "{text.strip()}": nothing trims it.'
    if not text.strip():
        return "an empty name", "no zone", "Remove the comma or the element too many."
    if cloud.is_region(text):
        region = cloud.regions.get(text)
        zones = f"Name its zones: {listed(region.zones)}." if region is not None and region.zones else ""
        return f"the region {text}, where zones belong,", "a region, not a zone", zones or "Name its zones."
    if _AZ_ID.fullmatch(text):
        return f"the zone id {text}", "an id, not a name", "Write the zone's name, such as us-east-1a."
    if cloud.provider == "azurerm":
        return f'"{text}", which is no zone on Azure,', "no zone", 'Zones of Azure are "1", "2" and "3".'
    near = "" if cloud.provider == "google" else " of this cloud"
    known = next(iter(cloud.regions.values())).zones[0]
    return f'"{text}", which is no zone{near},', "no zone", f"Write a zone's name, such as {known}."
