"""How many nodes an environment may have, reckoned the way each provider counts.

GKE counts per zone, and a cluster without zones of its own has three; a GKE node
pool without zones takes those of its cluster. Scaleway makes one pool for each
zone. EKS and AKS count the whole pool.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from kubestack_lint.catalog.clouds import is_zone
from kubestack_lint.catalog.roles import KINDS, Role, attribute_for
from kubestack_lint.effective import Reading, number_of, read_role, words_of
from kubestack_lint.inheritance import Inheritance, resolve_all
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.project.load import Project
from kubestack_lint.values.numbers import format_number
from kubestack_lint.values.value import Unknown

# What Google spreads a regional cluster over when no zones are named.
REGIONAL_ZONES = 3

PER_ZONE = ("google", "scaleway")



@dataclass(frozen=True, slots=True)
class Zones:
    """How many zones; `reading` is the attribute that says so, None where nothing is written.

    `named` is False where Google chooses them.
    """

    count: int
    reading: Reading | None
    named: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """A known number of nodes: what is written, and how often it counts (`zones` is None for whole pools)."""

    role: Role
    reading: Reading
    number: int | Fraction
    zones: Zones | None

    @property
    def total(self) -> int | Fraction:
        """All nodes of the pool."""
        return self.number if self.zones is None else self.number * self.zones.count

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Everything that it was reckoned from, the number first."""
        zones = self.zones.reading if self.zones is not None else None
        return (self.reading,) if zones is None else (self.reading, zones)

    @property
    def sum(self) -> str:
        """The reckoning in words: `1 per zone × 3 zones = 3 nodes`."""
        total = f"{format_number(self.total)} node{'' if self.total == 1 else 's'}"
        if self.zones is None:
            return total
        zones = f"{self.zones.count} zone{'' if self.zones.count == 1 else 's'}"
        unset = "" if self.zones.named else " (none are named, so Google takes 3)"
        return f"{format_number(self.number)} per zone × {zones}{unset} = {total}"


Counted = Count | Unknown | None


@dataclass(frozen=True, slots=True)
class Nodes:
    """A pool's nodes in one environment; None for what the module does not have, or nobody sets."""

    min: Counted
    max: Counted
    initial: Counted

    def get(self, role: Role) -> Counted:
        """One of the three."""
        return {Role.MIN: self.min, Role.MAX: self.max, Role.INITIAL: self.initial}[role]


def has_nodes(block: InheritanceBlock) -> bool:
    """True for clusters and node pools of a cloud."""
    definition = block.definition
    return definition.kind in KINDS and attribute_for(definition, Role.INITIAL) is not None


def nodes(inheritance: Inheritance, environment: str) -> Nodes | None:
    """Node totals of a block in an environment; None where it has no nodes of its own."""
    if not has_nodes(inheritance.block) or environment not in inheritance.environments:
        return None
    zones = zones_of(inheritance, environment)
    fixed = _fixed_size(inheritance, environment)
    if isinstance(fixed, Unknown):
        return Nodes(fixed, fixed, fixed)
    counts = {
        role: _count(role, read_role(inheritance, environment, Role.INITIAL if fixed else role), zones)
        for role in (Role.MIN, Role.MAX, Role.INITIAL)
    }
    return Nodes(counts[Role.MIN], counts[Role.MAX], counts[Role.INITIAL])


def _count(role: Role, reading: Reading | None, zones: Zones | Unknown | None) -> Counted:
    if reading is None:
        return None
    number = number_of(reading)
    if isinstance(number, Unknown):
        return number
    if isinstance(zones, Unknown):
        # Nothing times anything is nothing.
        return Count(role, reading, 0, None) if number == 0 else zones
    return Count(role, reading, number, zones)


def autoscales(inheritance: Inheritance, environment: str) -> bool | Unknown:
    """False where autoscaling is switched off, so that only the initial size counts."""
    fixed = _fixed_size(inheritance, environment)
    return fixed if isinstance(fixed, Unknown) else not fixed


def _fixed_size(inheritance: Inheritance, environment: str) -> bool | Unknown:
    definition = inheritance.block.definition
    if attribute_for(definition, Role.MAX) is None:
        return True  # The oldest AKS modules know one fixed number only.
    reading = read_role(inheritance, environment, Role.AUTOSCALING)
    if reading is None:
        return False
    if isinstance(reading.value.data, Unknown):
        return reading.value.data
    return reading.value.data in (False, "false", "0")


def zones_of(inheritance: Inheritance, environment: str) -> Zones | Unknown | None:
    """How many zones multiply the numbers; None where the provider counts whole pools."""
    definition = inheritance.block.definition
    if definition.provider not in PER_ZONE:
        return None
    reading = read_role(inheritance, environment, Role.ZONES)
    words = words_of(reading) if reading is not None else ()
    if isinstance(words, Unknown):
        return words
    if words or definition.provider == "scaleway":
        return Zones(len({word.text for word in words}), reading)
    location = read_role(inheritance, environment, Role.REGION)
    if location is not None and is_zone(str(location.value.data), definition.provider):
        return Zones(1, location)
    if definition.kind == "cluster":
        # An empty list is written as well, and may be why there are more of them than in the base.
        written = reading if reading is not None and reading.setting is not None else None
        return Zones(REGIONAL_ZONES, written, named=False)
    cluster = inheritance.cluster
    if cluster is None or environment not in cluster.environments:
        return Unknown("a node pool without zones has those of its cluster, which is not known here")
    return zones_of(cluster, environment)


@dataclass(frozen=True, slots=True)
class Pool:
    """A block with nodes, resolved."""

    inheritance: Inheritance

    @property
    def block(self) -> InheritanceBlock:
        """The block itself."""
        return self.inheritance.block

    @property
    def cluster(self) -> Inheritance | None:
        """The cluster that a node pool belongs to, where that is known."""
        return self.inheritance.cluster

    def nodes(self, environment: str) -> Nodes | None:
        """Node totals in an environment."""
        return nodes(self.inheritance, environment)


@dataclass(frozen=True, slots=True, eq=False)
class _Key:
    """A project by identity, so that several rules resolve its blocks once."""

    project: Project

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.project is other.project

    def __hash__(self) -> int:
        return id(self.project)


def pools(project: Project) -> tuple[Pool, ...]:
    """Every block with nodes of its own, in the project's order."""
    return _pools(_Key(project))


@lru_cache(maxsize=1)
def _pools(key: _Key) -> tuple[Pool, ...]:
    return tuple(Pool(found) for found in resolve_all(block for block in key.project.blocks if has_nodes(block)))
