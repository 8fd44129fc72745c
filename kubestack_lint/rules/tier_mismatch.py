"""tier-mismatch: an environment on another tier of service, machine or disk than the base."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kubestack_lint.catalog.machines import machine
from kubestack_lint.catalog.roles import Role, role_of
from kubestack_lint.effective import Reading, alike, named, pairs, words_of
from kubestack_lint.finding import Severity
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
    for name in named(inheritance, attributes):
        role = role_of(inheritance.block.definition, name)
        machines = role is Role.MACHINE or name == "cluster_instance_type"
        for own, base in pairs(inheritance, name):
            if not own.own or "" in (own.value.data, base.value.data):
                continue
            if not machines:
                if not alike(own.value, base.value):
                    yield _problem(own, base, f"{own.name} = {shown(own.value)}", shown(base.value))
                continue
            mine, theirs = _families(own), _families(base)
            if mine and theirs and mine != theirs:
                yield _problem(own, base, _said(own, mine), _said(base, theirs))


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
        return known.family
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
