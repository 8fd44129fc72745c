"""Machine types of the clouds and their sizes, from `schemas/clouds/machines.json`.

The data has a date (`as_of`), and clouds add types every month: a type that is
not in it is unknown, never wrong.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from kubestack_lint.folders import folder

_AWS = re.compile(r"([a-z][a-z0-9-]*)\.([a-z0-9-]+)")
_GOOGLE = re.compile(r"([a-z][0-9]+[a-z]?)-([a-z]+)-([0-9]+)(?:g)?(?:-lssd|-nolssd|-metal)?")
# Without a series it is N1. Memory is in MiB.
_GOOGLE_CUSTOM = re.compile(r"(?:([a-z][0-9]+[a-z]?)-)?custom-([0-9]+)-([0-9]+)(?:-ext)?")


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine type. None means that our data does not say.

    `family` is what the cloud calls it: `t3` (AWS), `e2` (Google),
    `standardDSv5Family` (Azure), `DEV1` (Scaleway). `arch` is x86_64 or arm64.
    `max_pods` is the default of EKS, `zones` are those of Google and Scaleway that offer it,
    `local_ssd_gb` is that of Scaleway.
    """

    name: str
    family: str
    vcpu: int | None
    memory_gib: Fraction | None
    arch: str
    gpus: int | None
    burstable: bool | None
    max_pods: int | None = None
    zones: tuple[str, ...] | None = None
    local_ssd_gb: int | None = None


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder("schemas") / "clouds" / "machines.json").read_text("utf-8"))
    return data


@lru_cache(maxsize=1024)
def machine(name: str) -> Machine | None:
    """The machine type of that name in any cloud, or None when it is unknown."""
    return _aws(name) or _azure(name) or _google(name) or _scaleway(name)


def _memory(number: object) -> Fraction:
    return Fraction(str(number))


def _aws(name: str) -> Machine | None:
    match = _AWS.fullmatch(name)
    family = _data()["aws"]["families"].get(match[1]) if match else None
    if match is None or family is None or match[2] not in family["sizes"]:
        return None
    vcpu, memory, pods = family["sizes"][match[2]]
    accelerated = family.get("gpu", False)
    return Machine(
        name,
        match[1],
        vcpu,
        _memory(memory),
        family["arch"],
        None if accelerated else 0,
        family.get("burstable", False),
        max_pods=pods,
    )


@cache
def _azure_sizes() -> dict[str, tuple[str, list[Any]]]:
    # Azure's own interface does not care about case.
    families = _data()["azurerm"]["families"]
    return {size.lower(): (name, numbers) for name, data in families.items() for size, numbers in data["sizes"].items()}


def _azure(name: str) -> Machine | None:
    family, numbers = _azure_sizes().get(name.lower(), ("", []))
    if not numbers:
        return None
    data = _data()["azurerm"]["families"][family]
    gpus = None if data.get("gpu", False) else 0
    return Machine(name, family, numbers[0], _memory(numbers[1]), data["arch"], gpus, data.get("burstable", False))


@cache
def _google_zones() -> dict[str, tuple[str, ...]]:
    """The zones that offer a series, from `schemas/clouds/google-series.json`."""
    data = json.loads((folder("schemas") / "clouds" / "google-series.json").read_text("utf-8"))
    found: dict[str, list[str]] = {}
    for region, zones in data["regions"].items():
        for letter in (letter for letter in zones if letter):
            for series in f"{zones['']} {zones[letter]}".split():
                found.setdefault(series, []).append(f"{region}-{letter}")
    return {series: tuple(zones) for series, zones in found.items()}


def _google(name: str) -> Machine | None:
    found = _google_type(name)
    return None if found is None else replace(found, zones=_google_zones().get(found.family))


def _google_type(name: str) -> Machine | None:
    data = _data()["google"]
    if name in data["shared_core"]:
        series = name.partition("-")[0]
        vcpu, memory = data["shared_core"][name]
        return Machine(name, series, vcpu, _memory(memory), data["series"][series]["arch"], 0, True)
    custom = _GOOGLE_CUSTOM.fullmatch(name)
    match = custom or _GOOGLE.fullmatch(name)
    series = (match[1] or "n1") if match else ""
    if match is None or series not in data["series"]:
        return None
    known = data["series"][series]
    gpus = None if known.get("gpu", False) else 0
    if custom:
        return Machine(name, series, int(custom[2]), Fraction(int(custom[3]), 1024), known["arch"], gpus, False)
    if gpus is None:
        # Their last number counts accelerators, processors or neither.
        return Machine(name, series, None, None, known["arch"], None, False)
    ratio = known.get("gib_per_vcpu", {}).get(match[2])
    memory = None if ratio is None else _memory(ratio) * int(match[3])
    return Machine(name, series, int(match[3]), memory, known["arch"], gpus, False)


def _scaleway(name: str) -> Machine | None:
    # The provider takes any case, and _ for -.
    row = _data()["scaleway"]["types"].get(name.upper().replace("_", "-"))
    if row is None:
        return None
    vcpu, memory, arch, gpus, local, zones = row
    family = name.upper().replace("_", "-").partition("-")[0]
    return Machine(name, family, vcpu, _memory(memory), arch, gpus, None, zones=tuple(zones), local_ssd_gb=local)
