"""region-mismatch: environments, or a node pool and its cluster, in different regions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kubestack_lint.capacity import Pool, pools
from kubestack_lint.catalog.clouds import cloud_of
from kubestack_lint.catalog.roles import Role
from kubestack_lint.effective import Reading, news, read_role, words_of
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.value import Unknown


@rule(on=Project, severity=Severity.WARNING)
def region_mismatch(project: Project) -> Iterator[Problem]:
    """An environment is in another region than the base, or a node pool in another than its cluster."""
    for pool in pools(project):
        for name in pool.inheritance.environments:
            own = _region(pool.inheritance, name)
            if own is None:
                continue
            cluster = _region(pool.cluster, name) if pool.cluster is not None else None
            if pool.cluster is not None and cluster is not None:
                # A node pool follows its cluster, and the cluster its base.
                yield from _against_cluster(pool, pool.cluster, name, own, cluster)
            elif own.reading.own:
                yield from _against_base(pool, name, own)


@dataclass(frozen=True, slots=True)
class _Region:
    """A region and the attribute that says so: itself, or the zones."""

    name: str
    reading: Reading

    def said_by(self, environment: str) -> str:
        """Words for a label."""
        return f"{environment}: {self.reading.name} is in {self.name}"


def _region(inheritance: Inheritance, environment: str) -> _Region | None:
    """The region of a block in an environment; None where that is unknown or not said at all (Azure)."""
    cloud = cloud_of(inheritance.block.definition.provider)
    if cloud is None:
        return None
    reading = read_role(inheritance, environment, Role.REGION)
    if reading is not None:
        name = reading.value.data
        name = cloud.region_of(name) or name if isinstance(name, str) else None
        return _Region(name, reading) if name else None
    zones = read_role(inheritance, environment, Role.ZONES)
    words = words_of(zones) if zones is not None else ()
    if zones is None or isinstance(words, Unknown):
        return None
    regions = {found for word in words if (found := cloud.region_of(word.text.strip())) is not None}
    return _Region(regions.pop(), zones) if len(regions) == 1 else None


def _against_base(pool: Pool, name: str, own: _Region) -> Iterator[Problem]:
    base = pool.block.base_of(name)
    other = _region(pool.inheritance, base) if base is not None and base != name else None
    if base is None or other is None or own.name == other.name:
        return
    yield Problem(
        message=f"{name} of {pool.block.address} is in {own.name}, but {base} is in {other.name}",
        span=own.reading.place,
        label=own.name,
        related=(Label(other.reading.place, other.said_by(base)),),
        remediation=f"Run both in {other.name}: regions differ in zones, machine types and versions on offer.",
        address=pool.block.address,
        environment=name,
        attribute=own.reading.path,
        value=f"{own.name} {other.name}",
    )


def _against_cluster(pool: Pool, cluster: Inheritance, name: str, own: _Region, other: _Region) -> Iterator[Problem]:
    if other.name == own.name:
        return
    if not (news(pool.inheritance, name, (own.reading,)) or news(cluster, name, (other.reading,))):
        return
    yield Problem(
        message=(
            f"{name} of {pool.block.address} is in {own.name}, "
            f"but its cluster {cluster.block.address} is in {other.name}"
        ),
        span=own.reading.place,
        label=own.name,
        related=(Label(other.reading.place, f"{cluster.block.address} is in {other.name}"),),
        remediation=f"A node pool must be in its cluster's region: write {other.name} here, or zones of it.",
        address=pool.block.address,
        environment=name,
        attribute=own.reading.path,
        value=f"{own.name} {other.name}",
    )
