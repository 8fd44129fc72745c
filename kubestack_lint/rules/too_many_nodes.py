"""too-many-nodes: more nodes, or fewer, than a policy allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from kubestack_lint.capacity import Count, Pool, pools
from kubestack_lint.catalog.roles import Role, role_of
from kubestack_lint.effective import read_role
from kubestack_lint.finding import Label, Severity
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.numbers import format_number
from kubestack_lint.values.value import Unknown, unknown_in
from kubestack_lint.wording import listed

SHOWN_PLACES = 4


@rule(on=Project, severity=Severity.WARNING)
def too_many_nodes(
    project: Project,
    *,
    max: int | None,
    min: int | None = None,
    attribute: str | None = None,
    scope: Literal["module", "environment"] = "module",
) -> Iterator[Problem]:
    """A pool or a whole environment may have more nodes, or fewer, than allowed."""
    found = pools(project)
    for bound in (_Bound(Role.MAX, max, attribute), _Bound(Role.MIN, min, attribute)):
        if bound.limit is None:
            continue
        if scope == "environment":
            for root in dict.fromkeys(pool.block.root for pool in found):
                yield from _together(bound, [pool for pool in found if pool.block.root == root])
        else:
            yield from (problem for pool in found for problem in _alone(bound, pool))


@dataclass(frozen=True, slots=True)
class _Bound:
    """A limit from above (`kind` is max) or from below."""

    kind: Role
    limit: int | None
    attribute: str | None

    def count(self, pool: Pool, environment: str) -> Count | Unknown | None:
        """What is held against the limit: the total of that kind, or of the attribute that was named."""
        role = self.kind if self.attribute is None else _role(pool, self.attribute)
        counted = pool.nodes(environment)
        return None if counted is None or role is None else counted.get(role)

    def broken(self, total: int | Fraction) -> bool:
        """True when the total is beyond the limit."""
        assert self.limit is not None
        return total > self.limit if self.kind is Role.MAX else total < self.limit

    @property
    def words(self) -> str:
        """`at most 1 allowed`."""
        return f"at most {self.limit} allowed" if self.kind is Role.MAX else f"at least {self.limit} wanted"

    @property
    def verb(self) -> str:
        """How a total is said."""
        return "may have" if self.kind is Role.MAX else "may have only"

    @property
    def way_out(self) -> str:
        """What to do."""
        return "Lower it, or name fewer zones" if self.kind is Role.MAX else "Raise it, or name more zones"


def _role(pool: Pool, attribute: str) -> Role | None:
    if attribute in (Role.MIN, Role.MAX, Role.INITIAL):
        return Role(attribute)
    role = role_of(pool.block.definition, attribute)
    return role if role in (Role.MIN, Role.MAX, Role.INITIAL) else None


def _alone(bound: _Bound, pool: Pool) -> Iterator[Problem]:
    for environment in pool.inheritance.environments:
        count = bound.count(pool, environment)
        if isinstance(count, Unknown):
            yield _undecided(bound, pool, environment, count)
        if not isinstance(count, Count) or not bound.broken(count.total):
            continue
        first, *others = count.readings
        fact = f"{count.sum}, {bound.words}"
        inherited = f", inherited from {first.source}" if first.source != environment else ""
        zones = count.zones is not None
        yield Problem(
            message=f"{environment} of {pool.block.address} {bound.verb} {fact} ({first.name}{inherited})",
            span=first.place,
            label=fact,
            related=tuple(reading.label for reading in others),
            remediation=f"{bound.way_out if zones else bound.way_out.split(',')[0]} in {environment}.",
            address=pool.block.address,
            environment=environment,
            attribute=first.path,
            value=" ".join(reading.identity for reading in count.readings),
        )


def _undecided(bound: _Bound, pool: Pool, environment: str, reason: Unknown) -> Problem:
    roles = (Role.AUTOSCALING, bound.kind, Role.INITIAL, Role.ZONES)
    readings = (read_role(pool.inheritance, environment, role) for role in roles)
    found = next((each for each in readings if each is not None and unknown_in(each.value) is not None), None)
    return Problem(
        message=f"whether {environment} of {pool.block.address} keeps to {bound.words} is unknown: {reason.because}",
        span=found.place if found is not None else pool.block.configuration_span,
        label="not known statically",
        related=() if reason.span is None else (Label(reason.span, "because of this"),),
        address=pool.block.address,
        environment=environment,
        attribute=found.path if found is not None else None,
        value=reason.because,
        unknown=True,
    )


def _together(bound: _Bound, found: list[Pool]) -> Iterator[Problem]:
    """The sum over all pools of one root; what is unknown counts as nothing, so that the sum is never too high."""
    for environment in dict.fromkeys(name for pool in found for name in pool.inheritance.environments):
        all_counts = [(pool, bound.count(pool, environment)) for pool in found]
        counts = [(pool, count) for pool, count in all_counts if isinstance(count, Count)]
        unknown = [(pool, environment, count) for pool, count in all_counts if isinstance(count, Unknown)]
        total = sum(count.total for _, count in counts)
        # Something unknown can only add to the sum.
        if not counts or not bound.broken(total) or (unknown and bound.kind is Role.MIN):
            yield from (_undecided(bound, *item) for item in unknown)
            continue
        counts.sort(key=lambda item: -item[1].total)
        terms = " + ".join(format_number(count.total) for _, count in counts)
        pool, count = counts[0]
        reckoned = f"{terms} = {format_number(total)}" if len(counts) > 1 else count.sum.removesuffix(" nodes")
        more = ", and more that is not known" if unknown else ""
        yield Problem(
            message=f"all pools of {environment} together {bound.verb} {reckoned} nodes{more}, {bound.words}",
            span=count.reading.place,
            label=f"{pool.block.address}: {count.sum}",
            related=tuple(
                Label(other.reading.place, f"{which.block.address}: {other.sum}")
                for which, other in counts[1 : SHOWN_PLACES + 1]
            ),
            remediation=f"{bound.way_out.split(',')[0]} in {listed(which.block.address for which, _ in counts)}.",
            address=pool.block.address,
            environment=environment,
            attribute=count.reading.path,
            value=terms,
        )
