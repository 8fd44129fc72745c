"""larger-than-base: a rehearsal environment that is bigger than what it rehearses for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kubestack_lint.capacity import Count, Pool, pools
from kubestack_lint.catalog.machines import machine
from kubestack_lint.catalog.roles import Role, role_of
from kubestack_lint.effective import Reading, number_of, read_role, words_of
from kubestack_lint.finding import Label, Severity
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.numbers import format_number
from kubestack_lint.values.value import Unknown


@rule(on=Project, severity=Severity.WARNING)
def larger_than_base(
    project: Project, *, attributes: Sequence[str] = ("max", "min", "machine", "disk_size")
) -> Iterator[Problem]:
    """An environment is larger than the base: in nodes, machine size or disk."""
    for pool in pools(project):
        for name in pool.inheritance.others:
            base = pool.block.base_of(name)
            if base is None or not project.environments.rehearses(name, base):
                continue
            for role in (Role.MAX, Role.MIN):
                if role in attributes:
                    yield from _nodes(pool, name, base, role)
            if Role.MACHINE in attributes:
                yield from _machine(pool, name, base)
            if Role.DISK_SIZE in attributes:
                yield from _disk(pool, name, base)


def _nodes(pool: Pool, name: str, base: str, role: Role) -> Iterator[Problem]:
    own, other = _count(pool, name, role), _count(pool, base, role)
    if own is None or other is None or own.total <= other.total:
        return
    # The place is what this environment changed: the number, or the zones that it counts for.
    changed = next((reading for reading in own.readings if reading.own), own.reading)
    word = "up to" if role is Role.MAX else "at least"
    yield _problem(pool, changed, other.reading, f"{word} {own.sum}", f"{word} {other.sum}", name, base)


def _count(pool: Pool, environment: str, role: Role) -> Count | None:
    nodes = pool.nodes(environment)
    count = nodes.get(role) if nodes is not None else None
    return count if isinstance(count, Count) else None


def _machine(pool: Pool, name: str, base: str) -> Iterator[Problem]:
    own, other = (read_role(pool.inheritance, each, Role.MACHINE) for each in (name, base))
    if own is None or other is None or not own.own:
        return
    mine, theirs = _vcpu(own), _vcpu(other)
    if mine is not None and theirs is not None and mine[1] > theirs[1]:
        yield _problem(pool, own, other, _machine_words(*mine), _machine_words(*theirs), name, base)


def _machine_words(name: str, vcpu: int | Fraction) -> str:
    return f"machines of {format_number(vcpu)} vCPU ({name})"


def _vcpu(reading: Reading) -> tuple[str, int | Fraction] | None:
    """The largest of the machine types, by vCPUs; None when one of them is not known."""
    words = words_of(reading)
    if isinstance(words, Unknown) or not words:
        return None
    known = [(word.text, machine(word.text)) for word in words]
    sizes = [(text, Fraction(found.vcpu)) for text, found in known if found is not None and found.vcpu is not None]
    return max(sizes, key=lambda item: item[1]) if len(sizes) == len(words) else None


def _disk(pool: Pool, name: str, base: str) -> Iterator[Problem]:
    own, other = (read_role(pool.inheritance, each, Role.DISK_SIZE) for each in (name, base))
    if own is None or other is None or not own.own:
        return
    mine, theirs = number_of(own), number_of(other)
    # 0 leaves the size to the cloud.
    if isinstance(mine, Unknown) or isinstance(theirs, Unknown) or mine <= theirs or theirs == 0:
        return
    yield _problem(
        pool, own, other, f"disks of {format_number(mine)} GB", f"disks of {format_number(theirs)} GB", name, base
    )


def _problem(pool: Pool, own: Reading, other: Reading, mine: str, theirs: str, name: str, base: str) -> Problem:
    return Problem(
        message=f"{name} of {pool.block.address} is larger than {base}: {mine}, {base} has {theirs}",
        span=own.place,
        label=mine,
        related=(Label(other.place, f"{base}: {theirs}"),),
        remediation=f"{_lower(own)} in {name}; {base} is what carries the load.",
        address=pool.block.address,
        environment=name,
        attribute=own.path,
        value=f"{own.identity} {other.identity}",
    )


def _lower(own: Reading) -> str:
    zones = role_of(own.block.definition, own.name) in (Role.ZONES, Role.REGION)
    return "Name fewer zones, or a smaller number," if zones else f"Lower {own.name}"
