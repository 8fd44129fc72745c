"""Terraform's JSON configuration syntax → the same bodies as the native one."""

from __future__ import annotations

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source, Span
from kubestack_lint.syntax import nodes
from kubestack_lint.syntax.json import parse_json

# How many labels a block type has; what is not listed has no blocks we read.
_LABELS = {"variable": 1, "output": 1, "module": 1, "provider": 1, "resource": 2, "data": 2, "ephemeral": 2,
           "locals": 0, "terraform": 0}
_NESTED = {"variable": ("validation",)}
# These hold no templates: a type expression, or text that is read as it stands.
_LITERAL = frozenset({"source", "version", "depends_on", "providers"})


def parse_json_body(source: Source) -> nodes.Body:
    """Read a `.tf.json` file. Raises SyntaxProblem."""
    root = parse_json(source)
    if not isinstance(root, nodes.Object):
        raise SyntaxProblem("a configuration file is a JSON object", root.span)
    blocks: list[nodes.Block] = []
    for item in root.items:
        kind = item.bare or ""
        if kind in _LABELS:
            _blocks(kind, item.value, (), item.key.span, blocks)
    return nodes.Body({}, tuple(blocks))


def _blocks(
    kind: str, value: nodes.Expression, labels: tuple[str, ...], header: Span, found: list[nodes.Block]
) -> None:
    if isinstance(value, nodes.Tuple):
        for inner in value.items:
            _blocks(kind, inner, labels, header, found)
        return
    if not isinstance(value, nodes.Object):
        raise SyntaxProblem(f"an object is expected for {kind}", value.span)
    if len(labels) < _LABELS.get(kind, 0):
        for item in value.items:
            _blocks(kind, item.value, (*labels, item.bare or ""), item.key.span, found)
        return
    found.append(nodes.Block(kind, labels, header, header.to(value.span), _body(kind, value)))


def _body(kind: str, value: nodes.Object) -> nodes.Body:
    arguments: dict[str, nodes.Argument] = {}
    blocks: list[nodes.Block] = []
    for item in value.items:
        name = item.bare or ""
        if name == "//":
            continue
        if name in _NESTED.get(kind, ()):
            _blocks(name, item.value, (), item.key.span, blocks)
        elif name in _LITERAL and kind == "module":
            arguments[name] = nodes.Argument(name, item.key.span, item.value)
        elif name == "type" and kind == "variable":
            arguments[name] = nodes.Argument(name, item.key.span, _expression(item.value))
        else:
            arguments[name] = nodes.Argument(name, item.key.span, _templates(item.value))
    return nodes.Body(arguments, tuple(blocks))


def _templates(value: nodes.Expression) -> nodes.Expression:
    """Every string in a value read as a template, as JSON syntax has it."""
    from kubestack_lint.syntax import parse_template

    match value:
        case nodes.Template(parts=(str(text),)) if "${" in text or "%{" in text:
            return parse_template(*_placed(value, text))
        case nodes.Tuple():
            return nodes.Tuple(value.span, tuple(_templates(item) for item in value.items))
        case nodes.Object():
            items = tuple(
                nodes.ObjectItem(
                    key := _templates(item.key), _templates(item.value),
                    item.bare if isinstance(key, nodes.Template) and key is item.key else None,
                )
                for item in value.items
            )
            return nodes.Object(value.span, items)
    return value


def _expression(value: nodes.Expression) -> nodes.Expression:
    """The expression written in a string, as the `type` of a variable is."""
    from kubestack_lint.syntax import parse_expression

    match value:
        case nodes.Template(parts=(str(text),)):
            return parse_expression(*_placed(value, text))
    return value


def _placed(value: nodes.Template, text: str) -> tuple[Source, int]:
    """The decoded text, at the place in the file where the string begins.

    Escapes shift columns inside the string; its first character is exact.
    """
    start = value.span.start + 1
    return Source(value.span.path, value.span.source.text[:start] + text), start
