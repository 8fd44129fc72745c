"""expired-waiver: a waiver whose day has passed."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.ledger import Ledger
from kubestack_lint.rule import Problem, rule


@rule(on=Ledger, severity=Severity.ERROR)
def expired_waiver(ledger: Ledger) -> Iterator[Problem]:
    """A waiver has expired, so that what it set aside counts again."""
    for state in ledger.waivers:
        waiver = state.waiver
        if waiver.expires < ledger.today:
            yield Problem(
                message=f"the waiver for {waiver.rule} expired on {waiver.expires}: {waiver.reason}",
                span=waiver.expires_span,
                label="has no effect any more",
                remediation="Mend what it was for and delete it, or have it approved again with a new date.",
                value=f"{waiver.rule}\n{waiver.expires}\n{waiver.reason}",
            )
