"""unused-ignore: a comment that ignores nothing."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Edit, Fix, Severity
from kubestack_lint.ledger import Ledger, UnusedIgnore
from kubestack_lint.rule import Problem, rule
from kubestack_lint.syntax.edits import is_native, without_comment
from kubestack_lint.wording import listed


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
            fix=_fix(unused),
        )


def _fix(unused: UnusedIgnore) -> Fix | None:
    """Delete the comment, or of several rules the one; a name that is no rule may be a slip of the pen."""
    span, rules = unused.ignore.span, unused.ignore.rules
    if unused.unknown or not is_native(span.path):
        return None
    others = [name for name in rules if name != unused.rule]
    if not others:
        return Fix("delete the comment", (without_comment(span),))
    start = span.start + span.text.index("[") + 1
    end = span.start + span.text.index("]")
    return Fix(f"ignore only {listed(others)}", (Edit(span.source.span(start, end), ", ".join(others)),))
