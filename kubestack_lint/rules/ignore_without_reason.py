"""ignore-without-reason: a comment that ignores a rule and does not say why."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.ledger import Ledger
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import listed


@rule(on=Ledger, severity=Severity.WARNING)
def ignore_without_reason(ledger: Ledger) -> Iterator[Problem]:
    """A comment ignores a rule and does not say why, so that it has no effect."""
    for ignore in ledger.ignores:
        if ignore.rules and not ignore.reason and not ignore.mistake:
            yield Problem(
                message=f"this comment ignores {listed(ignore.rules)} without a reason, so it has no effect",
                span=ignore.span,
                label="why?",
                remediation=f"Write the reason behind it: # kslint: ignore[{', '.join(ignore.rules)}] because …",
                value=f"{ignore.span.path}\n{ignore.span.text}",
            )
