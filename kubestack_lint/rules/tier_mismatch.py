"""tier-mismatch: an environment on another tier of service, machine or disk than the base."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kubestack_lint.catalog.machines import machine
from kubestack_lint.catalog.roles import Role, names_of
from kubestack_lint.effective import Reading, alike, named, pairs, read, read_role, words_of
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.value import Unknown
from kubestack_lint.wording import listed, shown

TIERS = (
    "sku_tier", "cluster_release_channel", "automatic_channel_upgrade", "network_plugin", "network_policy", "cni",
    "*machine_type", "*instance_type", "*instance_types", "*vm_size", "*node_type",
    "*disk_type", "root_volume_type", "*preemptible", "use_spot", "public_gateway_type",
)  # fmt: skip


@rule(on=Inheritance, severity=Severity.WARNING)
def tier_mismatch(inheritance: Inheritance, *, attributes: Sequence[str] = TIERS) -> Iterator[Problem]:
    """An environment is on another tier than the base, so that what works there says little about the base."""
    names = tuple(named(inheritance, attributes))
    machines = names_of(inheritance.block.definition, Role.MACHINE)
    if any(name in machines for name in names):
        yield from _machines(inheritance)
    for name in names:
        if name in machines:
            continue
        for own, base in pairs(inheritance, name):
            if own.own and "" not in (own.value.data, base.value.data) and not alike(own.value, base.value):
                yield _problem(own, base, f"{own.name} = {shown(own.value)}", shown(base.value))
        yield from (_added(inheritance, own, base) for own, base in _without_base(inheritance, name))


def _machines(inheritance: Inheritance) -> Iterator[Problem]:
    """Machine types by their families; up to v0.19.2 EKS has a singular and a plural of them."""
    for environment in inheritance.others:
        base = inheritance.block.base_of(environment) or ""
        own, other = (read_role(inheritance, each, Role.MACHINE) for each in (environment, base))
        if own is None or other is None or not own.own:
            continue
        mine, theirs = _families(own), _families(other)
        if mine and theirs and mine != theirs:
            yield _problem(own, other, _said(own, mine), _said(other, theirs))


def _without_base(inheritance: Inheritance, name: str) -> Iterator[tuple[Reading, str]]:
    """What an environment sets where its base has neither a value nor a default."""
    for environment in inheritance.others:
        base = inheritance.block.base_of(environment) or ""
        own = read(inheritance, environment, name)
        if own is None or not own.own or own.value.data in ("", (), False, "false") or not own.value.is_known:
            continue
        if base in inheritance.environments and read(inheritance, base, name) is None:
            yield own, base


def _families(reading: Reading) -> list[str]:
    """Families of the machine types, without their sizes; nothing where one of them cannot be told."""
    words = words_of(reading)
    if isinstance(words, Unknown):
        return []
    found = [_family(word.text.strip(), reading.block.definition.provider) for word in words]
    return sorted({family for family in found if family}) if all(found) else []


def _family(name: str, provider: str) -> str:
    known = machine(name)
    if known is not None:
        # The same letters, but a share of a processor: e2-medium is no small e2-standard.
        shared = provider == "google" and known.burstable
        return f"{known.family} (shared core)" if shared else known.family
    if provider == "azurerm":
        match = re.fullmatch(r"(?i:standard)_([A-Za-z]+)[0-9]+(?:-[0-9]+)?([a-z]*(?:_.*)?)", name)
        return f"{match[1]}{match[2]}".lower() if match else ""
    separator = "." if provider == "aws" else "-"
    return name.partition(separator)[0].lower() if separator in name else ""


def _said(reading: Reading, families: list[str]) -> str:
    words = words_of(reading)
    names = [] if isinstance(words, Unknown) else [word.text.strip() for word in words]
    word = "family" if len(families) == 1 else "families"
    return f"machines of {word} {listed(families)} ({listed(names)})"


def _problem(own: Reading, base: Reading, mine: str, theirs: str) -> Problem:
    return Problem(
        message=f"{own.environment} has {mine}, but {base.environment} has {theirs}",
        span=own.place,
        label=f"another tier than {base.environment}",
        related=(base.label,),
        remediation=f"Keep the tier of {base.environment} and save with fewer or smaller nodes.",
        environment=own.environment,
        attribute=own.path,
        value=f"{own.identity} {base.identity}",
    )


def _added(inheritance: Inheritance, own: Reading, base: str) -> Problem:
    whole = inheritance.raw.get(base)
    place = whole.place if whole is not None else None
    return Problem(
        message=f"{own.environment} has {own.name} = {shown(own.value)}, but {base} has none",
        span=own.place,
        label=f"another tier than {base}",
        related=() if place is None else (Label(place, f"{base} does not set {own.name}"),),
        remediation=f"Set {own.name} in {base} as well, or in neither.",
        environment=own.environment,
        attribute=own.path,
        value=own.identity,
    )
