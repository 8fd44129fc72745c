"""What expressions refer to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kubestack_lint.syntax import nodes


@dataclass(frozen=True, slots=True)
class Reference:
    """`root.name` in an expression, such as `local.region`; calls of functions have the root `()`.

    A bare root, as in `keys(var)` or `local["x"]`, has the name "". `node` is the
    part that says so; for `data.a.b` and resources that is all that names the
    object, without the attributes behind it. For modules, `output` is the output
    that is read, where one is named.
    """

    root: str
    name: str
    node: nodes.Expression
    output: str = ""


def references(expression: nodes.Expression, bound: frozenset[str] = frozenset()) -> Iterator[Reference]:
    """Every reference in an expression, in no particular order; names that a `for` binds are none."""
    # A list of what is left instead of recursion: sums may have thousands of terms.
    waiting = [(expression, bound)]
    while waiting:
        expression, bound = waiting.pop()
        match expression:
            case nodes.Attribute(subject=nodes.Attribute(subject=nodes.Variable(name=root), name=kind)) if (
                root in ("data", "ephemeral", "resource") and root not in bound
            ):
                yield Reference(root, f"{kind}.{expression.name}", expression)
            case nodes.Attribute(subject=subject, name=name) if (call := _module(subject, bound)) is not None:
                yield Reference("module", call.name, call, name)
                if isinstance(subject, nodes.Index):
                    waiting.append((subject.key, bound))
            case nodes.Attribute(subject=nodes.Variable(name=root), name=name):
                if root not in bound:
                    yield Reference(root, name, expression)
            case nodes.Variable(name=root):
                if root not in bound:
                    yield Reference(root, "", expression)
            case nodes.For(key=key, value=value, collection=collection):
                inner = bound | {name for name in (key, value) if name is not None}
                parts = (expression.key_result, expression.result, expression.condition)
                waiting += [(collection, bound), *((part, inner) for part in parts if part is not None)]
            case nodes.TemplateFor(key=key, value=value, collection=collection, body=body):
                inner = bound | {name for name in (key, value) if name is not None}
                waiting += [(collection, bound), (body, inner)]
            case _:
                if isinstance(expression, nodes.Call):
                    yield Reference("()", expression.name, expression)
                waiting += [(part, bound) for part in _parts(expression)]


def _module(subject: nodes.Expression, bound: frozenset[str]) -> nodes.Attribute | None:
    """The `module.name` in `module.name` and `module.name["key"]`."""
    inner = subject.subject if isinstance(subject, nodes.Index) else subject
    match inner:
        case nodes.Attribute(subject=nodes.Variable(name="module")) if "module" not in bound:
            return inner
    return None


def _parts(expression: nodes.Expression) -> Iterator[nodes.Expression]:
    match expression:
        case nodes.Template(parts=parts):
            yield from (part for part in parts if not isinstance(part, str))
        case nodes.Object(items=items):
            for item in items:
                # A bare key is a text that only looks like a reference.
                if item.bare is None:
                    yield item.key
                yield item.value
        case nodes.Tuple(items=items):
            yield from items
        case nodes.TemplateWrap(wrapped=inner) | nodes.Parentheses(inner=inner) | nodes.Unary(operand=inner):
            yield inner
        case nodes.Attribute(subject=inner):
            yield inner
        case nodes.TemplateIf(condition=a, then=b, otherwise=c) | nodes.Conditional(condition=a, then=b, otherwise=c):
            yield from (a, b, c)
        case nodes.Index(subject=a, key=b) | nodes.Splat(subject=a, each=b) | nodes.Binary(left=a, right=b):
            yield from (a, b)
        case nodes.Call(arguments=arguments):
            yield from arguments
