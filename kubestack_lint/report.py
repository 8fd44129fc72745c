"""Report: all that a run found, sorted and ready for any reporter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kubestack_lint.differences import Difference
from kubestack_lint.finding import Finding, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.ledger import Ignore, Waiver
from kubestack_lint.rule import Rule

# Root module, address, environment, path.
SettingKey = tuple[str, str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that crashed; the run goes on and ends with exit code 2. `distribution` brought it, empty for ours."""

    rule: str
    message: str
    distribution: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    """A policy that ran: its id, its rule and the severity of its findings."""

    id: str
    rule: Rule
    severity: Severity


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that somebody answers for until a date."""

    finding: Finding
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that a comment in the text sets aside."""

    finding: Finding
    ignore: Ignore


@dataclass(frozen=True, slots=True)
class Report:
    """Findings and what they rest on. `failed` says that some of the work could not be done.

    `findings` are those that count; what was set aside stands beside them:
    `waived`, `ignored` by comments, `known` from the baseline, `old` those
    that were there at the revision `since`, listed or only counted. `ran` are
    the policies that looked, by id. `repository` is what paths in a repository
    are relative to, `start` what ours are.
    """

    start: Path
    findings: tuple[Finding, ...]
    inheritances: tuple[Inheritance, ...]
    differences: tuple[Difference, ...]
    failures: tuple[Failure, ...] = ()
    files: int = 0
    unreadable: int = 0
    waived: tuple[Waived, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    known: tuple[Finding, ...] = ()
    since: str = ""
    old: tuple[Finding, ...] = ()
    list_old: bool = False
    unknown_before: frozenset[SettingKey] = frozenset()
    ran: tuple[Ran, ...] = ()
    repository: Path | None = None

    @property
    def undecided(self) -> int:
        """How many findings say that a rule could not decide, or that a value is unknown."""
        return sum(finding.unknown or finding.rule == "unresolved-value" for finding in self.findings)

    @property
    def failed(self) -> bool:
        """True when a file could not be read or a rule crashed."""
        return bool(self.failures) or self.unreadable > 0

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return Counter(finding.severity for finding in self.findings)[severity]

    def at_least(self, severity: Severity) -> bool:
        """True when a finding is this severe or more."""
        return any(finding.severity >= severity for finding in self.findings)

    @property
    def unknowns(self) -> int:
        """How many settings cannot be known statically, and could be at the revision `since`."""
        return len(self.unknown_settings() - self.unknown_before)

    def unknown_settings(self) -> frozenset[SettingKey]:
        """Root module, address, environment and path of each setting that cannot be known statically."""
        return frozenset(
            (setting.block.root, setting.block.address, setting.environment, setting.path)
            for inheritance in self.inheritances
            for effective in inheritance.environments.values()
            for setting in effective.settings
            if not setting.value.is_known
        )


def introduced(
    report: Report, before: Report, since: str, renamed: Mapping[str, str] | None = None, list_old: bool = False
) -> Report:
    """The report with only those findings that were not there `before`; the others are `old`.

    Findings are the same when their fingerprints are, as often as they occur.
    `renamed` are addresses of modules as they are now and as they were: a
    fingerprint holds the address, so that for these its parts are compared.
    """
    addresses = renamed or {}
    left: list[Finding]
    new: list[Finding]
    old: list[Finding]
    left, new, old = list(before.findings), list(report.findings), []
    keys: tuple[Callable[[Finding, Mapping[str, str]], Hashable], ...] = (
        # Where one of several alike is new, it is the one in another file.
        lambda f, _: (f.fingerprint, f.span.path),
        lambda f, _: f.fingerprint,
        lambda f, was: (f.policy, was.get(f.address or "", f.address), f.environment, f.attribute, f.value),
    )
    for key in keys:
        there: dict[Hashable, list[Finding]] = {}
        for finding in left:
            there.setdefault(key(finding, {}), []).append(finding)
        rest: list[Finding] = []
        for finding in new:
            same = there.get(key(finding, addresses))
            if same:
                same.pop()
                old.append(finding)
            else:
                rest.append(finding)
        new, left = rest, [finding for listed in there.values() for finding in listed]
    return replace(
        report,
        findings=tuple(new),
        since=since,
        old=tuple(sorted(old, key=lambda finding: finding.order)),
        list_old=list_old,
        unknown_before=before.unknown_settings(),
    )
