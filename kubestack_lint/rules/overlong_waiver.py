"""overlong-waiver: a waiver that expires later than it may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kubestack_lint.finding import Severity
from kubestack_lint.ledger import Ledger
from kubestack_lint.rule import Problem, rule


@rule(on=Ledger, severity=Severity.ERROR)
def overlong_waiver(ledger: Ledger) -> Iterator[Problem]:
    """A waiver expires later than max_waiver_days allows, so that it has no effect."""
    last = ledger.today + timedelta(days=ledger.max_waiver_days)
    for state in ledger.waivers:
        waiver = state.waiver
        if waiver.expires > last:
            yield Problem(
                message=(
                    f"the waiver for {waiver.rule} expires on {waiver.expires}, "
                    f"more than {ledger.max_waiver_days} days ahead, so it has no effect"
                ),
                span=waiver.expires_span,
                label=f"{last} at the latest",
                remediation=f"Write {last} or earlier, or raise max_waiver_days.",
                value=f"{waiver.rule}\n{waiver.expires}",
            )
