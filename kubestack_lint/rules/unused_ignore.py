"""unused-ignore: a comment that ignores nothing."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.ledger import Ledger
from kubestack_lint.rule import Problem, rule


@rule(on=Ledger, severity=Severity.WARNING)
def unused_ignore(ledger: Ledger) -> Iterator[Problem]:
    """A comment ignores a rule that finds nothing there, or that does not exist."""
    for ignore in ledger.ignores:
        if ignore.mistake:
            yield Problem(message=ignore.mistake, span=ignore.span, value=f"{ignore.span.path}\n{ignore.span.text}")
    for unused in ledger.unused:
        span = unused.ignore.span
        if unused.unknown:
            message, way_out = (
                f"this comment ignores {unused.rule}, but there is no such rule",
                unused.hint.capitalize(),
            )
        else:
            message, way_out = f"this comment ignores {unused.rule}, which finds nothing here", "Delete the comment."
        yield Problem(
            message=message,
            span=span,
            label="ignores nothing",
            remediation=way_out or "kslint rules lists all rules.",
            value=f"{span.path}\n{unused.rule}\n{span.text}",
        )
