"""unused-waiver: a waiver that fits no finding."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.ledger import Ledger, WaiverState
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import listed


@rule(on=Ledger, severity=Severity.WARNING)
def unused_waiver(ledger: Ledger) -> Iterator[Problem]:
    """A waiver fits no finding: there is none any more, or its value is another one."""
    for state in ledger.waivers:
        if state.covers or (state.known and not state.ran):
            continue
        message, way_out = _said(state)
        yield Problem(
            message=message,
            span=state.waiver.span,
            label="waives nothing",
            remediation=way_out,
            value=f"{state.waiver.rule}\n{state.waiver.reason}\n{' '.join(state.others)}",
        )


def _said(state: WaiverState) -> tuple[str, str]:
    waiver = state.waiver
    hashes = listed(state.others)
    if not state.known:
        return (
            f"the waiver for {waiver.rule} waives nothing: there is no such rule",
            state.hint.capitalize() or "kslint rules lists all rules.",
        )
    if not state.others:
        return f"the waiver for {waiver.rule} waives nothing: the rule finds nothing there", "Delete the waiver."
    if not waiver.value:
        return (
            f"the waiver for {waiver.rule} is bound to no value, so it has no effect",
            f"Write value: {hashes}, so that a new value is looked at again.",
        )
    return (
        f"the waiver for {waiver.rule} is void: the value it was given for has changed",
        f"Delete it, or have it approved again for the new value ({hashes}).",
    )
