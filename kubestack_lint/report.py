"""Report: all that a run found, sorted and ready for any reporter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kubestack_lint.differences import Difference
from kubestack_lint.finding import Finding, Severity
from kubestack_lint.inheritance import Inheritance


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that crashed; the run goes on and ends with exit code 2."""

    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """Findings and what they rest on. `failed` says that some of the work could not be done."""

    start: Path
    findings: tuple[Finding, ...]
    inheritances: tuple[Inheritance, ...]
    differences: tuple[Difference, ...]
    failures: tuple[Failure, ...] = ()
    files: int = 0
    unreadable: int = 0

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
