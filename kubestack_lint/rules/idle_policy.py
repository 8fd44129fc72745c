"""idle-policy: a policy that is about an environment or a module that nobody has."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.ledger import Ledger
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import listed


@rule(on=Ledger, severity=Severity.INFO)
def idle_policy(ledger: Ledger) -> Iterator[Problem]:
    """A policy of .kslint.yaml is about an environment or a module that there is not, so it finds nothing."""
    for one in ledger.idle:
        plural = "s" if len(one.names) > 1 else ""
        lacking = "which no module has" if one.kind == "environment" else f"which {'are' if plural else 'is'} not there"
        coming = ", or name it in environments: order: if it is still to come" if one.kind == "environment" else ""
        yield Problem(
            message=f"the policy {one.policy} is about the {one.kind}{plural} {listed(one.names)}, {lacking}",
            span=one.span,
            label="finds nothing",
            remediation=one.hint.capitalize() or f"Write a name that there is{coming}.",
            value=f"{one.policy}\n{' '.join(one.names)}",
        )
