"""Comments of a text, and what they speak of. Read only where somebody looks for them: the parser passes them over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kubestack_lint.source import Source, Span
from kubestack_lint.syntax import nodes
from kubestack_lint.syntax.parser import Parser
from kubestack_lint.syntax.scanner import Scanner, Token

_COMMENT = re.compile(r"(?:#|//)[^\n]*|/\*(?s:.*?)\*/")


class _Listening(Scanner):
    """A scanner that keeps what lies between two tokens: blanks and comments, and nothing else."""

    def __init__(self, source: Source, start: int) -> None:
        super().__init__(source, start)
        self.comments: list[Span] = []

    def take(self) -> Token:
        before = self.position
        token = super().take()
        end = token.end if token.kind == "newline" else token.start
        for found in _COMMENT.finditer(self.text, before, end):
            self.comments.append(self.source.span(found.start(), found.start() + len(found[0].rstrip("\r"))))
        return token


def read_comments(source: Source) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The comments of a text, and the places of all its blocks, arguments and object entries.

    Raises SyntaxProblem for what is no HCL, as the parser does.
    """
    start = 1 if source.text.startswith("\ufeff") else 0
    parser = Parser(source, start)
    parser.scan = scanner = _Listening(source, start)
    body = parser.body("end")
    return tuple(scanner.comments), tuple(_places(body))


def _places(node: Any) -> Iterator[Span]:
    """Every block, argument and entry below a node, outer ones first."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, nodes.Body):
            waiting += [*one.arguments.values(), *one.blocks]
            continue
        if isinstance(one, nodes.Block | nodes.Argument | nodes.ObjectItem):
            yield one.span
        if isinstance(one, nodes.Template):
            continue
        if isinstance(one, tuple) and not isinstance(one, Span):
            waiting += [part for part in one if isinstance(part, tuple)]
