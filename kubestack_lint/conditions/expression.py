"""The text of a condition → what is evaluated, and which values it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source, Span
from kubestack_lint.syntax import nodes, parse_expression, parse_template

# Names that hold configurations, so that reading them is reading a setting.
ROOTS = frozenset({"config", "base", "environments", "settings", "written", "pool", "base_settings", "cluster"})
# What belongs to another block: the cluster of a node pool.
CLUSTER = "cluster"
# What is said of the module itself is read, too, but is no setting of an environment.
MODULE = "module"
EACH = "*"


class ExpressionProblem(Exception):
    """A mistake in an expression; `start` and `end` are offsets in its text, `hint` the way out."""

    def __init__(self, message: str, start: int = 0, end: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.hint = hint


class OwnCall(nodes.Call):
    """A call of one of our functions, which configurations do not have."""


@dataclass(frozen=True, slots=True)
class Read:
    """One reference to a configuration: `config.default_node_pool.min_size` reads that path of `config`.

    `span` is its text. `total` (min, max or both) says that its nodes are counted; `closed`
    that what follows lies inside of a list, where no settings are.
    """

    root: str
    path: tuple[str, ...]
    span: Span
    total: str = ""
    closed: bool = False

    def step(self, name: str, span: Span) -> Read:
        """The same reference, one attribute deeper."""
        return replace(self, span=span) if self.closed else replace(self, path=(*self.path, name), span=span)


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed expression or message, with its reads in written order and every name that stands in it."""

    text: str
    tree: nodes.Expression
    reads: tuple[Read, ...]
    names: frozenset[str]


@lru_cache(maxsize=4096)
def compiled(text: str, template: bool = False) -> Condition:
    """Parse a condition, or a message with `${…}` in it. Raises ExpressionProblem."""
    source = Source("condition", text)
    try:
        tree = parse_template(source) if template else parse_expression(source)
    except SyntaxProblem as problem:
        raise ExpressionProblem(problem.message, problem.span.start, problem.span.end, problem.hint) from problem
    own: nodes.Expression = _with_own_calls(tree)
    return Condition(text, own, tuple(dict.fromkeys(_reads(own, {}))), frozenset(_names(own)))


def _names(node: Any) -> Iterator[str]:
    if isinstance(node, Span) or not isinstance(node, tuple):
        return
    if isinstance(node, nodes.Variable):
        yield node.name
    for part in node:
        yield from _names(part)


def _with_own_calls(node: Any) -> Any:
    """The same tree with calls of our functions marked as such; Span and Source stay as they are."""
    from kubestack_lint.conditions.functions import own_functions

    if isinstance(node, Span) or not isinstance(node, tuple):
        return node
    if not hasattr(node, "_fields"):
        return tuple(_with_own_calls(item) for item in node)
    parts = [_with_own_calls(item) for item in node]
    if isinstance(node, nodes.Call) and node.name in own_functions():
        return OwnCall(*parts)
    return type(node)(*parts)


def compared_environments(text: str) -> tuple[str, ...]:
    """The names that an expression compares the environment with, by ==, != or contains()."""
    return tuple(_compared(compiled(text).tree))


def _compared(node: Any) -> Iterator[str]:
    if isinstance(node, Span) or not isinstance(node, tuple):
        return
    if isinstance(node, nodes.Binary) and node.operator in ("==", "!="):
        sides: tuple[Any, ...] = (node.left, node.right)
    elif isinstance(node, nodes.Call) and node.name == "contains":
        listed = [part.items if isinstance(part, nodes.Tuple) else (part,) for part in node.arguments]
        sides = tuple(part for parts in listed for part in parts)
    else:
        sides = ()
    if any(isinstance(side, nodes.Variable) and side.name in ("environment", "base_environment") for side in sides):
        texts = [side.parts for side in sides if isinstance(side, nodes.Template)]
        yield from (parts[0] for parts in texts if len(parts) == 1 and isinstance(parts[0], str))
    for part in node:
        yield from _compared(part)


_Bound = Mapping[str, Read | None]


def _reads(node: Any, bound: _Bound) -> Iterator[Read]:
    """References below a node, each as long as it is written."""
    reference = _reference(node, bound)
    if reference is not None:
        yield reference
        if isinstance(node, nodes.Index):
            yield from _reads(node.key, bound)
        return
    if isinstance(node, nodes.For):
        yield from _loop(node, bound)
        return
    counted = _counted(node, bound)
    if counted is not None:
        yield counted
        return
    if isinstance(node, tuple) and not isinstance(node, Span):
        for part in node:
            yield from _reads(part, bound)


def _counted(node: Any, bound: _Bound) -> Read | None:
    """`nodes(config).max`, or `nodes(config)` as a whole."""
    which = ""
    if isinstance(node, nodes.Attribute):
        node, which = node.subject, node.name
    if isinstance(node, OwnCall) and node.name == "nodes" and len(node.arguments) == 1:
        found = _reference(node.arguments[0], bound)
        return None if found is None else replace(found, total=which or "both")
    return None


def _loop(node: nodes.For, bound: _Bound) -> Iterator[Read]:
    over = _reference(node.collection, bound)
    # Only the whole of `environments` has settings inside of its elements.
    each = None
    if over is not None:
        all_of_them = over.root == "environments" and not over.path
        each = over.step(EACH, over.span) if all_of_them else replace(over, closed=True)
        if each.closed:
            yield over
    else:
        yield from _reads(node.collection, bound)
    inner = {**bound, node.value: each} | ({node.key: None} if node.key is not None else {})
    for part in (node.key_result, node.result, node.condition):
        yield from _reads(part, inner)


def _reference(node: Any, bound: _Bound) -> Read | None:
    if isinstance(node, nodes.Variable):
        if node.name in bound:
            return bound[node.name]
        return Read(node.name, (), node.span) if node.name in ROOTS or node.name == MODULE else None
    if isinstance(node, nodes.Parentheses):
        return _reference(node.inner, bound)
    if isinstance(node, nodes.Attribute):
        subject = _reference(node.subject, bound)
        return None if subject is None else subject.step(node.name, node.span)
    if isinstance(node, nodes.Splat):
        subject = _reference(node.subject, bound)
        return None if subject is None else replace(subject, closed=True, span=node.span)
    if isinstance(node, nodes.Index):
        subject = _reference(node.subject, bound)
        key = node.key.parts if isinstance(node.key, nodes.Template) else ()
        if subject is not None and len(key) == 1 and isinstance(key[0], str):
            return subject.step(key[0], node.span)
        return None if subject is None else replace(subject, closed=True, span=node.span)
    return None
