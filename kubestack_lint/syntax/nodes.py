"""What HCL text is made of: expressions and bodies, each with its place.

The shapes follow HashiCorp's hclsyntax package closely enough that the
evaluator can follow its evaluation rules one by one. They are named tuples:
as frozen as dataclasses, and several times cheaper to define and to make, which
start-up and large files feel. Every expression has a `span` that covers exactly
its text.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple, TypeAlias

from kubestack_lint.source import Span


class Literal(NamedTuple):
    """`null`, `true`, `false` or a number; numbers keep their exact decimal."""

    span: Span
    value: bool | Decimal | None


class Template(NamedTuple):
    """A quoted or heredoc string. Parts are texts, expressions and directives.

    One lone interpolation (`"${x}"`) is a `TemplateWrap`, not a Template.
    """

    span: Span
    parts: tuple[str | Expression, ...]


class TemplateWrap(NamedTuple):
    """`"${x}"`: the value of x itself, whatever its type."""

    span: Span
    wrapped: Expression


class TemplateIf(NamedTuple):
    """`%{if c}…%{else}…%{endif}` inside a template."""

    span: Span
    condition: Expression
    then: Template
    otherwise: Template


class TemplateFor(NamedTuple):
    """`%{for k, v in x}…%{endfor}` inside a template."""

    span: Span
    key: str | None
    value: str
    collection: Expression
    body: Template


class Tuple(NamedTuple):
    """`[a, b]`."""

    span: Span
    items: tuple[Expression, ...]


class ObjectItem(NamedTuple):
    """`key = value` in an object; a bare identifier as key is a text."""

    key: Expression
    value: Expression
    bare: str | None

    @property
    def span(self) -> Span:
        """From the key to the end of the value."""
        return self.key.span.to(self.value.span)


class Object(NamedTuple):
    """`{ a = 1 }`, items in written order, repeated keys included."""

    span: Span
    items: tuple[ObjectItem, ...]


class For(NamedTuple):
    """`[for v in x : …]` or, with `key_result`, `{for k, v in x : … => …}`."""

    span: Span
    key: str | None
    value: str
    collection: Expression
    key_result: Expression | None
    result: Expression
    condition: Expression | None
    grouped: bool


class Variable(NamedTuple):
    """A bare name: the root of a reference such as `var` in `var.region`."""

    span: Span
    name: str


class Attribute(NamedTuple):
    """`x.name`."""

    span: Span
    subject: Expression
    name: str


class Index(NamedTuple):
    """`x[key]`, or the legacy `x.0`."""

    span: Span
    subject: Expression
    key: Expression


class Splat(NamedTuple):
    """`x[*].y` (full) or `x.*.y`; `each` reads every element as `SplatItem`."""

    span: Span
    subject: Expression
    each: Expression
    full: bool


class SplatItem(NamedTuple):
    """Stands for the element at hand inside a splat."""

    span: Span

class Call(NamedTuple):
    """`name(args)`; `expand` says that the last argument ends with `...`."""

    span: Span
    name: str
    name_span: Span
    arguments: tuple[Expression, ...]
    expand: bool


class Unary(NamedTuple):
    """`-x` or `!x`."""

    span: Span
    operator: str
    operand: Expression


class Binary(NamedTuple):
    """`a op b`, left associative."""

    span: Span
    operator: str
    left: Expression
    right: Expression


class Conditional(NamedTuple):
    """`c ? a : b`."""

    span: Span
    condition: Expression
    then: Expression
    otherwise: Expression


class Parentheses(NamedTuple):
    """`(x)`."""

    span: Span
    inner: Expression


class Argument(NamedTuple):
    """`name = expression` in a body; `name_span` is the name alone."""

    name: str
    name_span: Span
    expression: Expression

    @property
    def span(self) -> Span:
        """From the name to the end of the expression."""
        return self.name_span.to(self.expression.span)


class Block(NamedTuple):
    """`type "label" { … }`; `header` runs from the type to the last label.

    `parts` are the blocks as written, in order, where override files change one.
    """

    type: str
    labels: tuple[str, ...]
    header: Span
    span: Span
    body: Body
    parts: tuple[Block, ...] = ()


class Body(NamedTuple):
    """Arguments by name and blocks in written order."""

    arguments: dict[str, Argument]
    blocks: tuple[Block, ...]


Expression: TypeAlias = (
    Literal | Template | TemplateWrap | TemplateIf | TemplateFor | Tuple | Object | For | Variable | Attribute | Index
    | Splat | SplatItem | Call | Unary | Binary | Conditional | Parentheses
)
