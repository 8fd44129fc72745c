"""stale-baseline-entry: an entry of the baseline that fits no finding."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.ledger import Ledger
from kubestack_lint.rule import Problem, rule


@rule(on=Ledger, severity=Severity.INFO)
def stale_baseline_entry(ledger: Ledger) -> Iterator[Problem]:
    """The baseline holds a finding that is not there any more."""
    for stale in ledger.stale:
        about = ", ".join(part for part in (stale.address, stale.environment, stale.attribute) if part)
        yield Problem(
            message=f"the baseline holds {stale.rule}{f' of {about}' if about else ''}, which is not found any more",
            span=stale.span,
            label="fits no finding",
            remediation="Run kslint baseline --prune.",
            # No address of its own: this is about the entry, not about the module.
            value=stale.span.text,
        )
