"""Report: all that a run found, sorted and ready for any reporter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kubestack_lint.differences import Difference
from kubestack_lint.finding import Finding, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.ledger import Ignore, Waiver
from kubestack_lint.rule import Rule


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that crashed; the run goes on and ends with exit code 2."""

    rule: str
    message: str


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
    `waived`, `ignored` by comments, `known` from the baseline. `ran` are the
    policies that looked, by id. `repository` is what paths in a repository are
    relative to, `start` what ours are.
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
        """How many settings cannot be known statically."""
        return sum(
            not setting.value.is_known
            for inheritance in self.inheritances
            for effective in inheritance.environments.values()
            for setting in effective.settings
        )
