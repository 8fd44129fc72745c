"""Terraform's JSON configuration syntax → the same bodies as the native one."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source, Span
from kubestack_lint.syntax import nodes
from kubestack_lint.syntax.json import parse_json

# How many labels a block type has; what is not listed has no blocks we read.
_LABELS = {
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "locals": 0,
    "terraform": 0,
}
_NESTED = {"variable": ("validation",)}
# What Terraform reads before there is anything to refer to: its strings are texts as they stand.
_LITERAL = {
    "variable": frozenset({"default", "description", "sensitive", "ephemeral", "nullable", "const", "deprecated"}),
    "output": frozenset({"description", "sensitive", "ephemeral", "deprecated"}),
    "module": frozenset({"depends_on", "providers"}),
}
# Types are expressions written in strings, without ${…}.
_TYPED = ("variable", "output")


def parse_json_body(source: Source) -> nodes.Body:
    """Read a `.tf.json` file. Raises SyntaxProblem."""
    root = parse_json(source)
    blocks: list[nodes.Block] = []
    for part in root.items if isinstance(root, nodes.Tuple) else (root,):
        if not isinstance(part, nodes.Object):
            raise SyntaxProblem("a configuration file is a JSON object, or an array of objects", part.span)
        for item in part.items:
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
            continue
        if name in _LITERAL.get(kind, ()):
            given = literal(item.value)
        elif name == "type" and kind in _TYPED:
            given = _expression(item.value)
        else:
            given = _templates(item.value)
        if name in arguments:
            raise _repeated(item, arguments[name].name_span)
        arguments[name] = nodes.Argument(name, item.key.span, given)
    return nodes.Body(arguments, tuple(blocks))


def literal(value: nodes.Expression) -> nodes.Expression:
    """A value whose strings are texts as they stand, as in defaults and files of values.

    Raises SyntaxProblem where an object has a key twice, as Terraform does.
    """
    match value:
        case nodes.Tuple(items=parts):
            for part in parts:
                literal(part)
        case nodes.Object(items=items):
            seen: dict[str | None, Span] = {}
            for item in items:
                if item.bare in seen:
                    raise _repeated(item, seen[item.bare])
                seen[item.bare] = item.key.span
                literal(item.value)
    return value


def _repeated(item: nodes.ObjectItem, earlier: Span) -> SyntaxProblem:
    return SyntaxProblem(
        f'"{item.bare}" is already written at {earlier.path}:{earlier.line}',
        item.key.span,
        "in JSON syntax Terraform refuses a key twice in one object; remove one",
    )


def _templates(value: nodes.Expression) -> nodes.Expression:
    """Every string in a value read as a template, as JSON syntax has it."""
    from kubestack_lint.syntax import parse_template

    match value:
        case nodes.Template(parts=(str(text),)) if "${" in text or "%{" in text:
            return parse_template(*_placed(value, text))
        case nodes.Tuple():
            return nodes.Tuple(value.span, tuple(_templates(item) for item in value.items))
        case nodes.Object():
            return nodes.Object(value.span, tuple(_template_items(value)))
    return value


def _template_items(value: nodes.Object) -> Iterator[nodes.ObjectItem]:
    seen: dict[str, Span] = {}
    for item in value.items:
        key = _templates(item.key)
        bare = item.bare if key is item.key else None
        if bare is not None:
            if bare in seen:
                raise _repeated(item, seen[bare])
            seen[bare] = item.key.span
        yield nodes.ObjectItem(key, _templates(item.value), bare)


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
