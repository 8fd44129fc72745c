"""How modules take strings apart that stand for lists and maps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kubestack_lint.syntax import nodes
from kubestack_schemas.expressions import bare, children, reads, split_at

LIST = "comma-separated string"
PAIRS = "comma-separated key=value string"


def formats(
    expressions: Iterable[nodes.Expression], local_values: Mapping[str, nodes.Expression]
) -> dict[str, str]:
    """Format by attribute, wherever its value, or a local that holds it, is split at commas."""
    found: dict[str, str] = {}
    for expression in expressions:
        for text, form in _splits(expression):
            for read in reads(_resolved(text, local_values)):
                found.setdefault(".".join(read.path), form)
    return found


def _splits(node: nodes.Expression) -> Iterator[tuple[nodes.Expression, str]]:
    node = bare(node)
    if isinstance(node, nodes.For) and split_at(node.result, "=") is not None:
        text = split_at(node.collection, ",")
        if text is not None:
            yield text, PAIRS
    text = split_at(node, ",")
    if text is not None:
        yield text, LIST
    for child in children(node):
        yield from _splits(child)


def _resolved(node: nodes.Expression, local_values: Mapping[str, nodes.Expression]) -> nodes.Expression:
    node = bare(node)
    if not isinstance(node, nodes.Attribute):
        return node
    is_local = isinstance(node.subject, nodes.Variable) and node.subject.name == "local"
    return local_values.get(node.name, node) if is_local else node
