"""What an expression of a module reads from its merged configuration, `local.cfg`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse_expression

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """One use of an attribute. `default` replaces it when it is missing or null."""

    path: Path
    default: str | None = None


def reads(node: nodes.Expression) -> Iterator[Read]:
    """Every use of `local.cfg` below an expression; tests against null are not uses."""
    node = bare(node)
    with_default = _defaulted(node)
    if with_default is not None:
        path, default = with_default
        yield Read(path, written(default))
        yield from reads(default)
    elif isinstance(node, nodes.Binary) and _null_test(node) is not None:
        return
    elif path_of(node):
        yield Read(path_of(node) or ())
    else:
        for child in children(node):
            yield from reads(child)


def path_of(node: nodes.Expression) -> Path | None:
    """`local.cfg.a.b`, `local.cfg["a"]`, `lookup(local.cfg, "a")`; () for `local.cfg` itself."""
    node = bare(node)
    if isinstance(node, nodes.Call) and node.name == "lookup" and len(node.arguments) == 2:
        return _below(*node.arguments)
    if isinstance(node, nodes.Call) and node.name == "try" and _second_is_null(node):
        return path_of(node.arguments[0])
    if isinstance(node, nodes.Index):
        return _below(node.subject, node.key)
    if not isinstance(node, nodes.Attribute):
        return None
    if node.name == "cfg" and isinstance(node.subject, nodes.Variable) and node.subject.name == "local":
        return ()
    subject = path_of(node.subject)
    return None if subject is None else (*subject, node.name)


def _below(subject: nodes.Expression, key: nodes.Expression) -> Path | None:
    path, name = path_of(subject), string(key)
    return None if path is None or name is None else (*path, name)


def _defaulted(node: nodes.Expression) -> tuple[Path, nodes.Expression] | None:
    """The attribute and its default, for each of the ways in which modules write one."""
    if isinstance(node, nodes.Conditional):
        return _conditional_default(node)
    if not isinstance(node, nodes.Call) or node.expand:
        return None
    arguments = node.arguments
    path: Path | None = None
    if node.name == "lookup" and len(arguments) == 3:
        path = _below(*arguments[:2])
    elif node.name == "try" and len(arguments) == 2:
        inner = bare(arguments[0])
        if isinstance(inner, nodes.Call) and inner.name == "coalesce" and _second_is_null(inner):
            path = path_of(inner.arguments[0])
    elif node.name == "coalesce" and len(arguments) == 2 and not is_null(arguments[1]):
        path = path_of(arguments[0])
    return (path, arguments[-1]) if path else None


def _conditional_default(node: nodes.Conditional) -> tuple[Path, nodes.Expression] | None:
    test = _null_test(node.condition)
    if test is None:
        return None
    path, equal = test
    default, value = (node.then, node.otherwise) if equal else (node.otherwise, node.then)
    text = split_at(value, ",")
    return (path, default) if path_of(value if text is None else text) == path else None


def _null_test(node: nodes.Expression) -> tuple[Path, bool] | None:
    """Path and "is it ==" of a comparison of an attribute with null."""
    node = bare(node)
    if not isinstance(node, nodes.Binary) or node.operator not in {"==", "!="} or not is_null(node.right):
        return None
    path = path_of(node.left)
    return (path, node.operator == "==") if path else None


def null_test(node: nodes.Expression) -> Path | None:
    """The attribute of `x != null`."""
    test = _null_test(node)
    return test[0] if test and not test[1] else None


def bare(node: nodes.Expression) -> nodes.Expression:
    """An expression without the parentheses or the lone `"${…}"` around it."""
    while isinstance(node, nodes.Parentheses | nodes.TemplateWrap):
        node = node.inner if isinstance(node, nodes.Parentheses) else node.wrapped
    return node


def is_null(node: nodes.Expression) -> bool:
    """Whether this is the literal null."""
    return isinstance(node, nodes.Literal) and node.value is None


def string(node: nodes.Expression) -> str | None:
    """The text of a string without interpolation, else None."""
    if isinstance(node, nodes.Template) and all(isinstance(part, str) for part in node.parts):
        return "".join(part for part in node.parts if isinstance(part, str))
    return None


def split_at(node: nodes.Expression, separator: str) -> nodes.Expression | None:
    """The text that `split(separator, text)` takes apart."""
    node = bare(node)
    if isinstance(node, nodes.Call) and node.name == "split" and string(node.arguments[0]) == separator:
        return node.arguments[1]
    return None


def written(node: nodes.Expression) -> str:
    """An expression as written; in one line unless its line breaks separate something."""
    text = node.span.text
    line = " ".join(part.strip() for part in text.splitlines())
    try:
        parse_expression(Source("expression", line))
    except SyntaxProblem:
        return text
    return line


def children(node: Any) -> Iterator[nodes.Expression]:
    """The expressions directly below a node."""
    for value in node:
        # Nodes are tuples themselves; only plain ones hold several.
        for item in value if type(value) is tuple else (value,):
            if isinstance(item, nodes.Expression):
                yield item
            elif isinstance(item, nodes.ObjectItem):
                yield from (item.key, item.value)


def _second_is_null(node: nodes.Call) -> bool:
    return len(node.arguments) == 2 and is_null(node.arguments[1])
