"""unapproved-waiver: a waiver that nobody answers for."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.ledger import Ledger
from kubestack_lint.rule import Problem, rule


@rule(on=Ledger, severity=Severity.ERROR)
def unapproved_waiver(ledger: Ledger) -> Iterator[Problem]:
    """A waiver names nobody who approved it, so that it has no effect."""
    for state in ledger.waivers:
        waiver = state.waiver
        if not waiver.approved_by:
            yield Problem(
                message=f"the waiver for {waiver.rule} has no approved_by, so it has no effect",
                span=waiver.span,
                label="who answers for it?",
                remediation="Have it approved and write approved_by: and the name.",
                value=f"{waiver.rule}\n{waiver.reason}",
            )
