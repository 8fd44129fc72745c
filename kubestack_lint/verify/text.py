"""One configuration file → the parts of it that the replay needs, in the same words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse, parse_template
from kubestack_lint.syntax.json import parse_json
from kubestack_lint.syntax.references import Reference, references
from kubestack_lint.values.literal import quoted
from kubestack_lint.verify.references import replaced
from kubestack_lint.verify.stubs import META

_OUTPUT = frozenset({"value", "sensitive", "ephemeral"})


@dataclass(frozen=True, slots=True)
class Call:
    """A module call to write in the place of one that was written: under another name, with another source."""

    name: str
    source: str | None = None
    arguments: frozenset[str] | None = None

    def takes(self, argument: str) -> bool:
        """Whether an argument of the written call belongs into this one."""
        if argument == "source":
            return True
        return argument not in META and (self.arguments is None or argument in self.arguments)


@dataclass(frozen=True, slots=True)
class Page:
    """What to keep of the files of one module, and what to put in the place of references.

    `exchange` gives the text for a reference, or None to leave it as it is.
    """

    exchange: Callable[[Reference], str | None]
    locals: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    outputs: bool = False
    calls: Mapping[str, tuple[Call, ...]] = field(default_factory=dict)

    def changes(self, expression: nodes.Expression) -> list[tuple[int, int, str]]:
        """Places in the text of an expression and what to write there."""
        found: list[tuple[int, int, str]] = []
        for reference in references(expression):
            text = self.exchange(reference)
            if text is not None:
                found.append((reference.node.span.start, reference.node.span.end, text))
        return found


def reduced(source: Source, page: Page) -> str:
    """The text of a file with only what the page keeps. Raises SyntaxProblem."""
    if source.path.endswith(".json"):
        return "[" + ",\n".join(_json(source, page)) + "]\n"
    return "\n".join(_native(source, page)) + "\n"


# -- native syntax ------------------------------------------------------------


def _native(source: Source, page: Page) -> Iterator[str]:
    for block in parse(source).blocks:
        name = block.labels[0] if block.labels else ""
        if block.type == "variable" and name not in page.left_out:
            yield replaced(source.text, block.span.start, block.span.end, list(_inside(block.body, page)))
        elif block.type == "locals":
            kept = [a for a in block.body.arguments.values() if a.name in page.locals]
            if kept:
                yield _block("locals", [_argument(a, page) for a in kept])
        elif block.type == "output" and page.outputs:
            kept = [a for a in block.body.arguments.values() if a.name in _OUTPUT]
            yield _block(f'output "{name}"', [_argument(a, page) for a in kept])
        elif block.type == "module":
            for call in page.calls.get(name, ()):
                yield _block(f'module "{call.name}"', list(_call(block, call, page)))


def _inside(body: nodes.Body, page: Page) -> Iterator[tuple[int, int, str]]:
    for argument in body.arguments.values():
        if argument.name != "type":
            yield from page.changes(argument.expression)
    for block in body.blocks:
        yield from _inside(block.body, page)


def _call(block: nodes.Block, call: Call, page: Page) -> Iterator[str]:
    for argument in block.body.arguments.values():
        if argument.name == "source" and call.source is not None:
            yield f"source = {quoted(call.source)}"
        elif call.takes(argument.name):
            yield _argument(argument, page)


def _argument(argument: nodes.Argument, page: Page) -> str:
    span = argument.span
    return replaced(span.source.text, span.start, span.end, page.changes(argument.expression))


def _block(header: str, lines: list[str]) -> str:
    return "\n".join((f"{header} {{", *(f"  {line}" for line in lines), "}"))


# -- JSON syntax --------------------------------------------------------------


def _json(source: Source, page: Page) -> Iterator[str]:
    for kind, name, value in _json_blocks(parse_json(source)):
        if kind == "variable" and name not in page.left_out:
            # Only conditions refer to anything; the rest are texts, whatever they look like.
            parts = [
                (i, _json_text(i.value, page) if i.bare == "validation" else i.value.span.text) for i in value.items
            ]
            yield _object(kind, name, parts)
        elif kind == "locals":
            kept = [(item, _json_text(item.value, page)) for item in value.items if item.bare in page.locals]
            yield _object(kind, None, kept)
        elif kind == "output" and page.outputs:
            kept = [(item, _json_text(item.value, page)) for item in value.items if item.bare in _OUTPUT]
            yield _object(kind, name, kept)
        elif kind == "module":
            for call in page.calls.get(name, ()):
                yield _object(kind, call.name, list(_json_call(value, call, page)))


def _json_blocks(value: nodes.Expression, kind: str = "", name: str = "") -> Iterator[tuple[str, str, nodes.Object]]:
    """Kind, name and content of the blocks in a file; arrays stand for several objects."""
    if isinstance(value, nodes.Tuple):
        for inner in value.items:
            yield from _json_blocks(inner, kind, name)
    elif isinstance(value, nodes.Object):
        if kind == "locals" or name:
            yield kind, name, value
            return
        for item in value.items:
            text = item.bare or ""
            if kind or text in ("variable", "locals", "output", "module"):
                yield from _json_blocks(item.value, kind or text, text if kind else "")


def _json_call(value: nodes.Object, call: Call, page: Page) -> Iterator[tuple[nodes.ObjectItem, str]]:
    for item in value.items:
        if item.bare == "source":
            yield item, item.value.span.text if call.source is None else json.dumps(call.source)
        elif call.takes(item.bare or ""):
            yield item, _json_text(item.value, page)


def _json_text(value: nodes.Expression, page: Page) -> str:
    """The text of a JSON value with references exchanged inside its strings; numbers stay as written."""
    changes = list(_json_changes(value, page))
    return replaced(value.span.source.text, value.span.start, value.span.end, changes)


def _json_changes(value: nodes.Expression, page: Page) -> Iterator[tuple[int, int, str]]:
    match value:
        case nodes.Template(parts=(str(text),)) if "${" in text or "%{" in text:
            changes = page.changes(parse_template(Source(value.span.path, text)))
            if changes:
                yield value.span.start, value.span.end, json.dumps(replaced(text, 0, len(text), changes))
        case nodes.Tuple(items=parts):
            for part in parts:
                yield from _json_changes(part, page)
        case nodes.Object(items=items):
            for item in items:
                yield from _json_changes(item.key, page)
                yield from _json_changes(item.value, page)


def _object(kind: str, name: str | None, items: list[tuple[nodes.ObjectItem, str]]) -> str:
    inner = "{" + ", ".join(f"{item.key.span.text}: {text}" for item, text in items) + "}"
    return f'{{"{kind}": {inner}}}' if name is None else f'{{"{kind}": {{{json.dumps(name)}: {inner}}}}}'
