"""`# kslint: ignore[rule-id] reason`: on a line, or on the line before a block or attribute for all that is in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.finding import Finding
from kubestack_lint.ledger import Ignore
from kubestack_lint.limits import deep_recursion
from kubestack_lint.source import Source, Span
from kubestack_lint.syntax.comments import read_comments

_MARK = re.compile(r"(?:#+|//+|/\*+)\s*kslint:(?P<rest>.*)", re.DOTALL)
_FORM = re.compile(r"\s*ignore\s*\[(?P<rules>[^\]]*)\](?P<reason>.*)", re.DOTALL)
_BLANK = re.compile(r"[ \t\r]*\n?[ \t]*")
HOW = "write # kslint: ignore[rule-id] and the reason behind it"


def find_ignores(sources: Iterable[Source]) -> tuple[Ignore, ...]:
    """Every such comment of these texts; most texts hold none and are not read again."""
    found: list[Ignore] = []
    for source in sources:
        # JSON has no comments; what cannot be read is reported as such.
        if "kslint:" in source.text and not source.path.endswith(".json"):
            try:
                with deep_recursion():
                    found += _ignores(source)
            except SyntaxProblem:
                continue
    return tuple(sorted(found, key=lambda ignore: ignore.span.order))


def _ignores(source: Source) -> list[Ignore]:
    comments, places = read_comments(source)
    starts: dict[int, Span] = {}
    for place in places:
        known = starts.get(place.start)
        if known is None or place.end > known.end:
            starts[place.start] = place
    after = {comment.start: comment.end for comment in comments}
    return [
        _ignore(comment, match["rest"], starts, after) for comment in comments if (match := _MARK.match(comment.text))
    ]


def _ignore(comment: Span, rest: str, starts: dict[int, Span], after: dict[int, int]) -> Ignore:
    form = _FORM.match(rest.removesuffix("*/") if comment.text.startswith("/*") else rest)
    if form is None:
        return Ignore(comment, (), "", mistake=f"kslint cannot read this comment: {HOW}")
    rules = tuple(name.strip() for name in form["rules"].split(",") if name.strip())
    if not rules:
        return Ignore(comment, (), "", mistake=f"this comment names no rule: {HOW}")
    first, last = _lines(comment, starts, after)
    return Ignore(comment, rules, form["reason"].strip(" \t\r\n:-–—"), first, last)


def _lines(comment: Span, starts: dict[int, Span], after: dict[int, int]) -> tuple[int, int]:
    """The lines that a comment speaks of: its own, or those of what begins on the line below it."""
    source, line = comment.source, comment.line
    if source.line(line)[: comment.column - 1].strip():
        return line, line
    position = _BLANK.match(source.text, comment.end)
    at = position.end() if position else comment.end
    while at in after:
        # More comments in between, one a line.
        position = _BLANK.match(source.text, after[at])
        at = position.end() if position else after[at]
    meant = starts.get(at)
    return (meant.line, meant.end_line) if meant is not None else (line, line)


def speaks_of(ignore: Ignore, finding: Finding) -> bool:
    """True when the comment is about the place of a finding, whatever the rule."""
    return ignore.span.path == finding.span.path and ignore.first <= finding.span.line <= ignore.last
