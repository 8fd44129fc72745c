"""Waivers, the baseline and ignores against findings: who is set aside by whom, and what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from kubestack_lint.finding import Finding, Label
from kubestack_lint.ledger import Ignore, Ledger, Stale, UnusedIgnore, Waiver, WaiverState
from kubestack_lint.policy.baseline import Baseline
from kubestack_lint.policy.ignores import speaks_of
from kubestack_lint.policy.instance import Policy
from kubestack_lint.policy.where import Where, fits
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.rule import all_rules
from kubestack_lint.suggest import closest


@dataclass(frozen=True, slots=True)
class Aside:
    """What may set findings aside, and the day on which it does.

    `own` is the settings file, as reports show it, where all that it is for is linted.
    """

    today: date
    waivers: tuple[Waiver, ...] = ()
    max_waiver_days: int = 90
    baseline: Baseline | None = None
    own: str = ""


@dataclass(slots=True)
class Sorting:
    """Findings on their way: each ends in exactly one of the lists."""

    policies: Mapping[str, Policy]
    blocks: Sequence[InheritanceBlock]
    aside: Aside
    ignores: Sequence[Ignore]
    known_ids: frozenset[str] = frozenset()
    findings: list[Finding] = field(default_factory=list)
    waived: list[tuple[Finding, Waiver]] = field(default_factory=list)
    ignored: list[tuple[Finding, Ignore]] = field(default_factory=list)
    known: list[Finding] = field(default_factory=list)
    _used: set[tuple[Ignore, str]] = field(default_factory=set)
    _covers: dict[Waiver, int] = field(default_factory=dict)
    _others: dict[Waiver, set[str]] = field(default_factory=dict)
    _entries: set[int] = field(default_factory=set)
    _near: dict[str, list[Ignore]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for ignore in self.ignores:
            self._near.setdefault(ignore.span.path, []).append(ignore)

    def add(self, found: Iterable[Finding]) -> None:
        """Sort findings: ignored first, then waived, then known, else they count."""
        for finding in sorted(set(found), key=lambda one: one.order):
            finding = self._noted(finding)
            ignore, waiver = self._ignore(finding), self._waiver(finding)
            if ignore is not None:
                self.ignored.append((finding, ignore))
            elif waiver is not None:
                self.waived.append((finding, waiver))
            elif self._is_known(finding):
                self.known.append(finding)
            else:
                self.findings.append(finding)

    # -- ignores ----------------------------------------------------------

    def _meant(self, finding: Finding) -> list[tuple[Ignore, str]]:
        names = (finding.policy, finding.rule)
        near = self._near.get(finding.span.path, ())
        return [(one, name) for one in near if speaks_of(one, finding) for name in one.rules if name in names]

    def _noted(self, finding: Finding) -> Finding:
        """A finding that cannot be ignored says so where somebody tried."""
        if self.policies[finding.policy].ignorable:
            return finding
        tried = self._meant(finding)
        self._used.update(tried)
        notes = tuple(Label(one.span, f"has no effect: {finding.policy} cannot be ignored") for one, _ in tried)
        return replace(finding, related=finding.related + notes)

    def _ignore(self, finding: Finding) -> Ignore | None:
        if not self.policies[finding.policy].ignorable:
            return None
        meant = self._meant(finding)
        self._used.update(meant)
        return next((one for one, _ in meant if one.reason), None)

    def _unused(self) -> tuple[UnusedIgnore, ...]:
        ran = {name for policy in self.policies.values() for name in (policy.id, policy.rule.id)}
        known = {*all_rules(), *self.known_ids, *ran}
        found = []
        for ignore in self.ignores:
            for name in ignore.rules:
                if name not in known:
                    close = closest(name, known)
                    found.append(UnusedIgnore(ignore, name, True, f"did you mean {close}?" if close else ""))
                elif name in ran and (ignore, name) not in self._used:
                    found.append(UnusedIgnore(ignore, name))
        return tuple(found)

    # -- waivers ----------------------------------------------------------

    def _waiver(self, finding: Finding) -> Waiver | None:
        chosen = None
        for waiver in self.aside.waivers:
            if not self._about(waiver, finding):
                continue
            if waiver.value != finding.value:
                self._others.setdefault(waiver, set()).add(finding.value)
                continue
            self._covers[waiver] = self._covers.get(waiver, 0) + 1
            if chosen is None and self._holds(waiver):
                chosen = waiver
        return chosen

    def _about(self, waiver: Waiver, finding: Finding) -> bool:
        """Exact where the waiver says something: a finding about no environment is not one about ops."""
        where = waiver.where
        assert isinstance(where, Where)
        blocks = [block for block in self.blocks if block.address == finding.address]
        attribute = ".".join(finding.attribute or ())
        return (
            waiver.rule in (finding.policy, finding.rule)
            and fits(finding.environment or "", where.environment)
            and fits(attribute, waiver.attribute)
            and fits(finding.address or "", where.address)
            and (
                not (where.module or where.version)
                or (bool(blocks) and all(where.fits_block(block) for block in blocks))
            )
        )

    def _holds(self, waiver: Waiver) -> bool:
        last = self.aside.today + timedelta(days=self.aside.max_waiver_days)
        return bool(waiver.approved_by) and self.aside.today <= waiver.expires <= last

    def _waiver_states(self) -> tuple[WaiverState, ...]:
        ran = {name for policy in self.policies.values() for name in (policy.id, policy.rule.id)}
        known = {*all_rules(), *self.known_ids, *ran}
        states = []
        for waiver in self.aside.waivers:
            close = None if waiver.rule in known else closest(waiver.rule, known)
            states.append(
                WaiverState(
                    waiver,
                    self._covers.get(waiver, 0),
                    tuple(sorted(self._others.get(waiver, ()))),
                    waiver.rule in ran,
                    waiver.rule in known,
                    f"did you mean {close}?" if close else "",
                )
            )
        return tuple(states)

    # -- baseline ---------------------------------------------------------

    def _is_known(self, finding: Finding) -> bool:
        if self.aside.baseline is None:
            return False
        found = self.aside.baseline.entries_for(finding)
        self._entries.update(found)
        return bool(found)

    def _stale(self) -> tuple[Stale, ...]:
        if self.aside.baseline is None:
            return ()
        ran = {policy.id for policy in self.policies.values() if policy.rule.on is not Ledger}
        return self.aside.baseline.stale(self._entries, ran)

    def ledger(self) -> Ledger:
        """What rules about setting aside look at, after all other findings were sorted."""
        return Ledger(
            today=self.aside.today,
            max_waiver_days=self.aside.max_waiver_days,
            ignores=tuple(self.ignores),
            unused=self._unused(),
            waivers=self._waiver_states(),
            stale=self._stale(),
        )
