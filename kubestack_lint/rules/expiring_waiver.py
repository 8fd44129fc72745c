"""expiring-waiver: a waiver whose day is near."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.ledger import Ledger
from kubestack_lint.rule import Problem, rule


# An info: a warning would fail the gate on a day on which the waiver still holds.
@rule(on=Ledger, severity=Severity.INFO)
def expiring_waiver(ledger: Ledger, *, days: int = 14) -> Iterator[Problem]:
    """A waiver expires within the next days."""
    for state in ledger.waivers:
        waiver = state.waiver
        left = (waiver.expires - ledger.today).days
        if 0 <= left <= days:
            when = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"
            yield Problem(
                message=f"the waiver for {waiver.rule} expires {when}: {waiver.reason}",
                span=waiver.expires_span,
                label=f"{when} it has no effect any more" if left else "its last day",
                remediation="Mend what it is for, or have it approved again with a new date.",
                value=f"{waiver.rule}\n{waiver.expires}\n{waiver.reason}",
            )
