"""Regions and zones of the clouds, from schemas/clouds/regions.json: dated lists, and patterns that outlive them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kubestack_lint.folders import folder


@dataclass(frozen=True, slots=True)
class Region:
    """A region and the names of its zones; `sure` is False where the list rests on no source."""

    name: str
    zones: tuple[str, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Cloud:
    """What is known about the places of one provider.

    `zone` matches its ordinary zones; zones that belong to a region by name
    have the group `region`. `other_zones` are kinds of zones (AWS local and
    wavelength zones) that exist, and that nothing here is said about.
    """

    provider: str
    region: re.Pattern[str]
    zone: re.Pattern[str]
    other_zones: tuple[re.Pattern[str], ...]
    regions: Mapping[str, Region]
    as_of: str
    zone_rule: str

    def is_zone(self, name: str) -> bool:
        """True for whatever may be a zone of this provider, listed or not."""
        return any(pattern.fullmatch(name) for pattern in (self.zone, *self.other_zones))

    def is_region(self, name: str) -> bool:
        """True for a region that is listed, or that is written like one and is no zone."""
        return name in self.regions or (self.region.fullmatch(name) is not None and not self.is_zone(name))

    def region_of(self, zone: str) -> str | None:
        """The region that a zone's name holds; None where names do not say, as on Azure."""
        found = self.zone.fullmatch(zone)
        return found.groupdict().get("region") if found is not None else None


@cache
def clouds() -> Mapping[str, Cloud]:
    """Every cloud by the provider's name, as in module paths: aws, azurerm, google, scaleway."""
    data = json.loads((folder("schemas") / "clouds" / "regions.json").read_text("utf-8"))
    return {
        provider: Cloud(
            provider=provider,
            region=re.compile(entry["region_pattern"]),
            zone=re.compile(entry["zone_pattern"]),
            other_zones=tuple(re.compile(pattern) for pattern in entry["other_zone_patterns"]),
            regions={
                name: Region(name, tuple(region["zones"]), region.get("confidence") != "recollection")
                for name, region in entry["regions"].items()
            },
            as_of=entry["as_of"],
            zone_rule=entry["zone_rule"],
        )
        for provider, entry in data["providers"].items()
    }


def cloud_of(provider: str) -> Cloud | None:
    """The cloud of a provider, None for providers without zones (kind)."""
    return clouds().get(provider)


def region_of(zone: str) -> str | None:
    """The region of a zone of any provider, by its name alone; None where the name does not say."""
    return next((found for cloud in clouds().values() if (found := cloud.region_of(zone)) is not None), None)


def is_zone(name: str, provider: str) -> bool:
    """True for a name that may be a zone of this provider."""
    cloud = cloud_of(provider)
    return cloud is not None and cloud.is_zone(name)
