"""Text → nodes with places, for HCL's native syntax.

Why our own reader and not python-hcl2: see ARCHITECTURE.md, "Reading HCL".
"""

from __future__ import annotations

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes
from kubestack_lint.syntax.parser import Parser

__all__ = ["nodes", "parse", "parse_expression", "parse_template"]


def parse(source: Source) -> nodes.Body:
    """Read a whole file. Raises SyntaxProblem with the place where it stops being HCL."""
    start = 1 if source.text.startswith("\ufeff") else 0
    return Parser(source, start).body("end")


def parse_expression(source: Source, start: int = 0) -> nodes.Expression:
    """Read one expression that fills the text from `start` to its end."""
    parser = Parser(source, start)
    parser.scan.newlines = False
    expression = parser.expression()
    rest = parser.scan.peek()
    if rest.kind != "end":
        raise SyntaxProblem("the expression should end here", source.span(rest.start, rest.end))
    return expression


def parse_template(source: Source, start: int = 0) -> nodes.Expression:
    """Read a text from `start` on as a template, as in `templatefile` and JSON configuration."""
    from kubestack_lint.syntax.templates import bare

    return bare(Parser(source, start))
