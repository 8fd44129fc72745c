"""Every place lies inside its file and its parent, and the text there is what the node says."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse
from kubestack_lint.syntax.json import parse_json
from tests.oracle.configurations import render
from tests.properties.blocks import generated
from tests.syntax.judges import REFUSED, bodies, ours
from tests.syntax.test_judges import BODIES, EXPRESSIONS, examples

ROOT = Path(__file__).parent.parent.parent
# Splats read every element through a stand-in that has no text of its own.
STAND_INS = (nodes.SplatItem,)


def children(node: nodes.Expression) -> Iterator[nodes.Expression]:
    """Expressions directly inside one."""
    for value in node:
        for item in value if type(value) is tuple else (value,):
            if isinstance(item, nodes.ObjectItem):
                yield from (item.key, item.value)
            elif hasattr(item, "span"):
                yield item


def expressions(body: nodes.Body) -> Iterator[nodes.Expression]:
    """All expressions that stand in a body and in the bodies inside it."""
    for inner in bodies(body):
        yield from (argument.expression for argument in inner.arguments.values())


def check_places(node: nodes.Expression, text: str) -> None:
    """The laws, for an expression and all inside it."""
    span = node.span
    assert 0 <= span.start <= span.end <= len(text)
    assert span.start < span.end or isinstance(node, nodes.Template)
    check_text(node)
    for inner in children(node):
        if not isinstance(inner, STAND_INS):
            assert span.start <= inner.span.start <= inner.span.end <= span.end, (node, inner)
            check_places(inner, text)


def check_text(node: nodes.Expression) -> None:
    """What stands at the place of a node."""
    text = node.span.text
    match node:
        case nodes.Literal(value=Decimal() as number):
            assert Decimal(text) == number
        case nodes.Literal(value=value):
            assert text == {None: "null", True: "true", False: "false"}[value]
        case nodes.Variable(name=name):
            assert text == name
        case nodes.Attribute(name=name):
            assert text.endswith(name)
        case nodes.Tuple() | nodes.For(key_result=None):
            assert text[0] + text[-1] == "[]"
        case nodes.Object() | nodes.For():
            assert text[0] + text[-1] == "{}"
        case nodes.Parentheses():
            assert text[0] + text[-1] == "()"
        case nodes.Call(name=name, name_span=place):
            assert text[-1] == ")" and place.start == node.span.start
            assert place.text.startswith(name.split("::")[0])
        case nodes.Unary(operator=operator):
            assert text.startswith(operator)
        case nodes.Binary(operator=operator, left=left, right=right):
            assert operator in node.span.source.text[left.span.end : right.span.start]
        case nodes.Template(parts=parts) if (
            text.startswith('"') and "\\" not in text and "$" not in text and "%" not in text
        ):
            assert unicodedata.normalize("NFC", text[1:-1]) == "".join(map(str, parts))


def check_body(body: nodes.Body, text: str, start: int, end: int) -> None:
    """The laws, for what stands in a body."""
    before = start
    items = sorted([*body.arguments.values(), *body.blocks], key=lambda item: item.span.start)
    for item in items:
        assert before <= item.span.start < item.span.end <= end
        before = item.span.end
        if isinstance(item, nodes.Argument):
            assert item.name_span.text == item.name
            assert item.name_span.end <= item.expression.span.start
            check_places(item.expression, text)
        else:
            assert item.header.text.startswith(item.type) and item.header.start == item.span.start
            assert item.header.end <= item.span.end and item.span.text.endswith("}")
            check_body(item.body, text, item.header.end, item.span.end)


@examples(120)
@given(st.one_of(BODIES, EXPRESSIONS.map(lambda text: f"x = {text}\n")))
def test_generated(text: str) -> None:
    body = ours(text)
    if body != REFUSED:
        assert isinstance(body, nodes.Body)
        check_body(body, text, 0, len(text))


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples").rglob("*.tf")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_examples(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    check_body(parse(Source(path.name, text)), text, 0, len(text))


def test_configurations() -> None:
    for case in generated("places", 300):
        text = f"x = {render(case.configuration)}\n"
        body = parse(Source("main.tf", text))
        assert body.arguments["x"].expression.span.text == text[4:-1]
        check_body(body, text, 0, len(text))


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_and_columns(ending: str) -> None:
    """Counted from 1, in characters; a byte order mark is no column of the text that follows."""
    text = ending.join(["# \u00e9\U0001f600", 'a = "\U0001f600" # x', "", "b {", "\tc = [1,", "    2]", "}", ""])
    body = parse(Source("main.tf", text))
    a = body.arguments["a"].expression.span
    assert (a.line, a.column, a.end_line, a.end_column) == (2, 5, 2, 8)
    c = body.blocks[0].body.arguments["c"].expression
    assert isinstance(c, nodes.Tuple)
    assert [(item.span.line, item.span.column) for item in c.items] == [(5, 7), (6, 5)]
    assert (c.span.line, c.span.column, c.span.end_line, c.span.end_column) == (5, 6, 6, 7)
    source = Source("main.tf", text)
    assert [source.line(number) for number in (1, 2, 3)] == ["# \u00e9\U0001f600", 'a = "\U0001f600" # x', ""]


def test_json_places() -> None:
    text = '{"a": [1, "b", {"c": null}], "d": -1.5e3, "e": "\\u00e9"}'
    root = parse_json(Source("main.tf.json", text))
    check_json(root, text)


def check_json(node: nodes.Expression, text: str) -> None:
    assert 0 <= node.span.start < node.span.end <= len(text)
    match node:
        case nodes.Literal(value=Decimal() as number):
            assert Decimal(node.span.text) == number
        case nodes.Template():
            assert node.span.text[0] + node.span.text[-1] == '""'
    for inner in children(node):
        assert node.span.start < inner.span.start and inner.span.end < node.span.end
        check_json(inner, text)
