"""What HCL text is made of: expressions and bodies, each with its place.

The shapes follow HashiCorp's hclsyntax package closely enough that the
evaluator can follow its evaluation rules one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kubestack_lint.source import Span


@dataclass(frozen=True, slots=True)
class Expression:
    """Any expression; `span` covers exactly its text."""

    span: Span


@dataclass(frozen=True, slots=True)
class Literal(Expression):
    """`null`, `true`, `false` or a number; numbers keep their exact decimal."""

    value: None | bool | Decimal


@dataclass(frozen=True, slots=True)
class Template(Expression):
    """A quoted or heredoc string. Parts are texts, expressions and directives.

    One lone interpolation (`"${x}"`) is a `TemplateWrap`, not a Template.
    """

    parts: tuple[str | Expression, ...]


@dataclass(frozen=True, slots=True)
class TemplateWrap(Expression):
    """`"${x}"`: the value of x itself, whatever its type."""

    wrapped: Expression


@dataclass(frozen=True, slots=True)
class TemplateIf(Expression):
    """`%{if c}…%{else}…%{endif}` inside a template."""

    condition: Expression
    then: Template
    otherwise: Template


@dataclass(frozen=True, slots=True)
class TemplateFor(Expression):
    """`%{for k, v in x}…%{endfor}` inside a template."""

    key: str | None
    value: str
    collection: Expression
    body: Template


@dataclass(frozen=True, slots=True)
class Tuple(Expression):
    """`[a, b]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ObjectItem:
    """`key = value` in an object; a bare identifier as key is a text."""

    key: Expression
    value: Expression
    bare: str | None

    @property
    def span(self) -> Span:
        """From the key to the end of the value."""
        return self.key.span.to(self.value.span)


@dataclass(frozen=True, slots=True)
class Object(Expression):
    """`{ a = 1 }`, items in written order, repeated keys included."""

    items: tuple[ObjectItem, ...]


@dataclass(frozen=True, slots=True)
class For(Expression):
    """`[for v in x : …]` or, with `key_result`, `{for k, v in x : … => …}`."""

    key: str | None
    value: str
    collection: Expression
    key_result: Expression | None
    result: Expression
    condition: Expression | None
    grouped: bool


@dataclass(frozen=True, slots=True)
class Variable(Expression):
    """A bare name: the root of a reference such as `var` in `var.region`."""

    name: str


@dataclass(frozen=True, slots=True)
class Attribute(Expression):
    """`x.name`."""

    subject: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Index(Expression):
    """`x[key]`, or the legacy `x.0`."""

    subject: Expression
    key: Expression


@dataclass(frozen=True, slots=True)
class Splat(Expression):
    """`x[*].y` (full) or `x.*.y`; `each` reads every element as `SplatItem`."""

    subject: Expression
    each: Expression
    full: bool


@dataclass(frozen=True, slots=True)
class SplatItem(Expression):
    """Stands for the element at hand inside a splat."""


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """`name(args)`; `expand` says that the last argument ends with `...`."""

    name: str
    name_span: Span
    arguments: tuple[Expression, ...]
    expand: bool


@dataclass(frozen=True, slots=True)
class Unary(Expression):
    """`-x` or `!x`."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Expression):
    """`a op b`, left associative."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Conditional(Expression):
    """`c ? a : b`."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Parentheses(Expression):
    """`(x)`."""

    inner: Expression


@dataclass(frozen=True, slots=True)
class Argument:
    """`name = expression` in a body; `name_span` is the name alone."""

    name: str
    name_span: Span
    expression: Expression

    @property
    def span(self) -> Span:
        """From the name to the end of the expression."""
        return self.name_span.to(self.expression.span)


@dataclass(frozen=True, slots=True)
class Block:
    """`type "label" { … }`; `header` runs from the type to the last label."""

    type: str
    labels: tuple[str, ...]
    header: Span
    span: Span
    body: Body


@dataclass(frozen=True, slots=True)
class Body:
    """Arguments by name and blocks in written order."""

    arguments: dict[str, Argument]
    blocks: tuple[Block, ...]
