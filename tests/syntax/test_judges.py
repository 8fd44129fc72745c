"""Generated text: HashiCorp's parser accepts it exactly when kslint does, and reads the same literals.

Documented exceptions: kslint stops at MAX_DEPTH levels of nesting, takes letters
that are newer than Unicode 9 in names, and leaves a combining character at the
start of a line of a <<- heredoc where it is.
"""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse
from kubestack_lint.values.evaluate import Scope, evaluate
from tests.syntax.judges import REFUSED, UNCOMPUTED, exact, hashicorp, literal, ours

EXAMPLES = int(os.environ.get("KSLINT_SYNTAX_EXAMPLES", "0"))


# HashiCorp's parser computes 1e999999999 in full, which takes all memory there is.
HUGE = re.compile("[0-9.][eE][+-]?[0-9]{3}")


def examples(count: int) -> settings:
    """So many examples, the same each time; KSLINT_SYNTAX_EXAMPLES looks further."""
    return settings(
        max_examples=EXAMPLES or count,
        derandomize=EXAMPLES == 0,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def agree(text: str) -> None:
    """Both accept or both refuse."""
    assume(not HUGE.search(text))
    judged = hashicorp(text)
    found = ours(text)
    assert (found == REFUSED) == (judged == REFUSED), f"HashiCorp: {judged!r}, kslint: {found!r}"


def agree_on_literal(text: str) -> None:
    """As `agree`, and x is the same."""
    agree(text)
    judged = hashicorp(text)
    if judged in (REFUSED, UNCOMPUTED):
        return
    expression = parse(Source("main.tf", text)).arguments["x"].expression
    if is_literal(expression):
        assert exact(literal(evaluate(expression, Scope()))) == exact(judged["x"])


def is_literal(expression: nodes.Expression) -> bool:
    """True for what pygohcl computes: no references, operators or interpolations."""
    match expression:
        case nodes.Literal():
            return True
        case nodes.Unary(operator="-", operand=nodes.Literal(value=number)):
            return number is not None and not isinstance(number, bool)
        case nodes.Template(parts=parts):
            return all(isinstance(part, str) for part in parts)
        case nodes.Tuple(items=items):
            return all(is_literal(item) for item in items)
        case nodes.Object(items=items):
            return all(item.bare is not None or isinstance(item.key, nodes.Template) for item in items) and all(
                is_literal(item.value) and is_literal_key(item.key) for item in items
            )
    return False


def is_literal_key(key: nodes.Expression) -> bool:
    return isinstance(key, nodes.Variable) or is_literal(key)


# -- pieces ---------------------------------------------------------------

# HashiCorp's tables are those of Unicode 9, Python's newer ones: scripts that both know.
SCRIPTS = st.one_of(
    st.characters(max_codepoint=0x4FF, exclude_characters="\0"),
    st.characters(min_codepoint=0x2000, max_codepoint=0x206F),
    st.characters(min_codepoint=0x3041, max_codepoint=0x30FF),
    st.sampled_from(
        "\u4e2d\u6587\uac00\u0e33\u2118\u212e\u2163\u00b2\ufeff\ufffd\uff9e\U0001f600\U00020000\u05d0\u0905\u093e"
    ),
)
TEXT = SCRIPTS
NAMES = st.one_of(
    st.sampled_from(
        ["a", "b", "for", "in", "if", "null", "true", "a-b", "a--", "_", "_x", "é", "größe", "\u2118", "\u212e"]
    ),
    st.text(TEXT, min_size=1, max_size=4),
)
NUMBERS = st.one_of(
    st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,4})?([eE][+-]?[0-9]{1,2})?", fullmatch=True),
    st.from_regex(r"[0-9][0-9.eE+-]{0,5}", fullmatch=True),
    st.sampled_from(["9007199254740993", "123456789012345678901234567890", "0.1", "1e-7", "00", "1_000", "0x10"]),
)
PIECES = st.one_of(
    st.sampled_from(
        [
            "$",
            "%",
            "$$",
            "%%",
            "$${",
            "%%{",
            "$$$",
            "$$${",
            "{",
            "}",
            "~}",
            "\\n",
            "\\t",
            "\\r",
            '\\"',
            "\\\\",
            "\\u00e9",
            "\\U0001F600",
            "\\u12",
            "\\x41",
            "\\/",
            "\\ud800",
            "\\U00110000",
            "e\u0301",
            "\u0300",
            "\t",
            " ",
            "  ",
            "'",
            "#",
            "//",
            "\x1c",
            "\x85",
            "\u2028",
            "\ufeff",
            "\U0001f600",
        ]
    ),
    st.text(TEXT, max_size=3),
)
BREAKS = st.sampled_from(["\n", "\n", "\n", "\n", "\r\n", "\r"])
SPACE = st.sampled_from(["", " ", "  ", "\t", " /* c */ ", "/**/", " /* a\nb */ "])
LINE_END = st.sampled_from(
    ["\n", "\n", "\n", "\r\n", " # c\n", " // c\n", "# c\r\n", " \n", "\n\n", "", " /* c */\n", " # c"]
)


@st.composite
def quoted(draw: Any) -> str:
    text = "".join(draw(st.lists(PIECES, max_size=5)))
    if not draw(st.booleans()):
        # Mostly on one line and closed where it should be.
        text = text.replace("\n", "").replace("\r", "").replace('"', "")
    return f'"{text}"'


@st.composite
def heredocs(draw: Any) -> str:
    marker = draw(st.sampled_from(["EOF", "E", "_E", "E-F", "é"]))
    flush = draw(st.sampled_from(["", "-"]))
    end = draw(BREAKS)
    lines = [f"<<{flush}{marker}{end}"]
    blanks = st.sampled_from(["", "", " ", "  ", "\t", " \t", "\u00a0", "\u2003", "\x1c"])
    for _ in range(draw(st.integers(0, 4))):
        body = draw(
            st.one_of(st.sampled_from(["a", "", "x y", f"{marker}x", f"x{marker}", f"{marker}{marker}"]), PIECES)
        )
        # HashiCorp's parser cuts a combining character off together with the blank before it.
        body = body.lstrip("".join(map(chr, range(0x300, 0x370))))
        lines.append(draw(blanks) + body.replace("\n", "") + draw(st.sampled_from(["", " "])) + draw(BREAKS))
    lines.append(draw(blanks) + marker + draw(blanks))
    return "".join(lines)


@st.composite
def collections(draw: Any, inner: st.SearchStrategy[str]) -> str:
    space = lambda: draw(st.sampled_from(["", " ", "\n", " # c\n", "/* c */", "\r\n"]))  # noqa: E731
    items = draw(st.lists(inner, max_size=3))
    if draw(st.booleans()):
        return "[" + ",".join(space() + item + space() for item in items) + draw(st.sampled_from(["", ","])) + "]"
    comma = draw(st.sampled_from([",", ", ", "\n", ",\n", "\n,", " # c\n", ""]))
    keys = st.one_of(NAMES, quoted(), NUMBERS)
    pairs = [draw(keys) + draw(st.sampled_from([" = ", "=", ":", " : "])) + item for item in items]
    return "{" + space() + comma.join(pairs) + space() + "}"


LITERALS = st.recursive(
    st.one_of(NUMBERS, quoted(), st.sampled_from(["true", "false", "null", "-1", "-1.5"])), collections, max_leaves=5
)
OPERATORS = st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "=", "!", "&", "|"])


@st.composite
def combined(draw: Any, inner: st.SearchStrategy[str]) -> str:
    a, b, c = draw(inner), draw(inner), draw(inner)
    space = lambda: draw(st.sampled_from(["", " ", " ", "\n", " # c\n"]))  # noqa: E731
    return str(
        draw(
            st.sampled_from(
                [
                    f"{a} {draw(OPERATORS)} {b}",
                    f"{a}{space()}{draw(OPERATORS)}{space()}{b}",
                    f"({space()}{a}{space()})",
                    f"!{a}",
                    f"-{a}",
                    f"{a} ? {b} : {c}",
                    f"({a}{space()}?{space()}{b}{space()}:{space()}{c})",
                    f"f({space()}{a},{space()}{b}{space()})",
                    f"f({a}...)",
                    f"f({a},)",
                    "f()",
                    f"f::g({a})",
                    f"f (\n{a})",
                    f"{a}.b",
                    f"{a}.0",
                    f"{a}.0.1",
                    f"{a}.*",
                    f"{a}.*.b",
                    f"{a}[*].b",
                    f"{a}[ * ]",
                    f"{a}[{b}]",
                    f"{a}[{space()}{b}{space()}]",
                    f"{a}{space()}.b",
                    f"({a}{space()}.b)",
                    f"{a}.*.b[0]",
                    f"{a}[*].b.*.c",
                    f"[for x in {a} : {b}]",
                    f"[for x, y in {a} : {b} if {c}]",
                    f"{{for x in {a} : {b} => {c}}}",
                    f"{{for x, y in {a} : {b} => {c}...}}",
                    f"{{for x in {a} : {b} => {c}... if true}}",
                    f"[{space()}for x in {a} : {b}{space()}]",
                    f"[for x in {a} : {b}...]",
                    f"{{for x in {a} : {b}}}",
                    f"[for in {a} : {b}]",
                    f'"${{{a}}}"',
                    f'"x${{ {a} }}y"',
                    f'"${{~ {a} ~}}"',
                    f'" ${{~{a}~}} z"',
                    f'"${{{space()}{a}{space()}}}"',
                    f'"%{{ if {a} }}x%{{ else }}y%{{ endif }}"',
                    f'"%{{ for v in {a} }}x${{v}}%{{ endfor }}"',
                    f'"%{{ if {a} }}"',
                    '"%{ else }"',
                    f'"%{{ if {a} ~}} x %{{~ endif }}"',
                    f"<<E\n  ${{{a}}}\nE",
                    f"<<-E\n  %{{ if {a} ~}}\n  x\n  %{{ endif ~}}\n  E",
                    f"<<E\n${{ {a} }}E\nE",
                    f"{{ {a} = {b} }}",
                    f"{{ ({a}) = {b} }}",
                    f"{{ {a} : {b}, }}",
                    f"[{a}, {b}\n,]",
                    f"{{ a = {a}\n\n, b = {b} }}",
                    f"{a} {b}",
                ]
            )
        )
    )


EXPRESSIONS = st.recursive(
    st.one_of(NUMBERS, quoted(), st.sampled_from(["true", "null", "var.a", "a", "local.x[0]", "each.key"])),
    combined,
    max_leaves=6,
)


# -- literals -------------------------------------------------------------


@examples(250)
@given(quoted())
@example('"\\u0065\\u0301"')
def test_quoted(text: str) -> None:
    agree_on_literal(f"x = {text}\n")


@examples(250)
@given(heredocs(), st.sampled_from(["\n", "\r\n", "", " \n", "\ny = 1\n"]))
@example("<<EOF\na\rb\nEOF", "\n")
@example("<<EOF\n\x1cEOF\nEOF", "\n")
@example("<<-EOF\n\n  a\n \n   b\nEOF", "\n")
def test_heredoc(text: str, end: str) -> None:
    agree_on_literal(f"x = {text}{end}")


@examples(250)
@given(NUMBERS)
@example("1e3")
@example("1E+3")
@example("1.")
@example("1..2")
def test_number(text: str) -> None:
    agree_on_literal(f"x = {text}\n")


@examples(250)
@given(LITERALS, SPACE, SPACE, LINE_END)
def test_literal(text: str, before: str, after: str, end: str) -> None:
    agree_on_literal(f"x{before}={after}{text}{end}")


@examples(250)
@given(NAMES)
def test_name(text: str) -> None:
    agree(f"{text} = 1\n")
    agree(f'{text} "l" {text} {{\n}}\n')
    agree(f"x = {{ {text} = 1 }}\n")
    agree(f"x = var.{text}\n")


# -- expressions, bodies, anything ----------------------------------------


@examples(300)
@given(EXPRESSIONS, LINE_END)
def test_expression(text: str, end: str) -> None:
    agree(f"x = {text}{end}")


@st.composite
def blocks(draw: Any, inner: st.SearchStrategy[str]) -> str:
    label = st.sampled_from(
        ["", ' "a"', " a", ' "a" "b"', ' "a${b}"', ' "é"', " /* c */", ' "a\\n"', ' "$${"', "\n", ' "a\nb"']
    )
    opening = draw(st.sampled_from(["{\n", "{", "{ ", "{ # c\n", "{\r\n", "\n{\n"]))
    closing = draw(st.sampled_from(["}\n", "}\n", "}", "} # c\n", "}\r\n", "} x = 1\n", ""]))
    return draw(st.sampled_from(["b", "module", "größe"])) + draw(label) + " " + opening + draw(inner) + closing


ARGUMENT = st.builds(
    lambda name, a, b, value, end: f"{name}{a}={b}{value}{end}",
    st.sampled_from(["x", "y", "x", "é", '"x"', "x y"]),
    SPACE,
    SPACE,
    LITERALS,
    LINE_END,
)
BODIES = st.recursive(
    st.lists(st.one_of(ARGUMENT, LINE_END), max_size=2).map("".join),
    lambda inner: st.lists(st.one_of(blocks(inner), ARGUMENT), max_size=2).map("".join),
    max_leaves=4,
)


@examples(200)
@given(st.sampled_from(["", "", "\ufeff", "\n"]), BODIES)
def test_body(start: str, text: str) -> None:
    agree(start + text)


TOKENS = [
    "x",
    " ",
    " ",
    "\n",
    "=",
    "= ",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ",",
    ".",
    ":",
    "?",
    '"',
    '"a"',
    "1",
    "1.5",
    "-",
    "!",
    "+",
    "*",
    "...",
    "=>",
    "==",
    "&&",
    "::",
    "${",
    "%{",
    "~",
    "~}",
    "$",
    "%",
    "<<E\n",
    "<<-E\n",
    "\nE\n",
    "E",
    "#",
    "//",
    "/*",
    "*/",
    "for ",
    " in ",
    " if ",
    "null",
    "true",
    "é",
    "\\",
    "'",
    "\t",
    "\r\n",
    "\r",
    "a.b",
    "f(",
    ";",
    "^",
    "`",
    "&",
    "|",
    "<",
    ">=",
    "<<",
]


@examples(700)
@given(st.lists(st.sampled_from(TOKENS), max_size=12).map("".join))
def test_any_tokens(text: str) -> None:
    agree(text)
    agree(f"x = {text}\n")
    agree(f"x = [{text}]\n")
    agree(f'x = "${{{text}}}"\n')


@examples(200)
@given(st.text(TEXT, max_size=12))
def test_any_text(text: str) -> None:
    agree(text)
    agree(f"x = {text}\n")
    agree(f"b {{\n{text}\n}}\n")


# -- the other Python parser ----------------------------------------------


@examples(40)
@given(st.dictionaries(st.from_regex("[a-z]{1,3}", fullmatch=True), LITERALS, max_size=3))
def test_python_hcl2(arguments: dict[str, str]) -> None:
    """Where python-hcl2 and HashiCorp's parser say the same, so do we."""
    hcl2 = pytest.importorskip("hcl2")
    text = "".join(f"{name} = {value}\n" for name, value in arguments.items())
    assume(not HUGE.search(text))
    judged = hashicorp(text)
    try:
        other = hcl2.loads(text)
    except Exception:  # noqa: BLE001 - it fails in many ways
        return
    if judged not in (REFUSED, UNCOMPUTED) and exact(other) == exact(judged):
        body = parse(Source("main.tf", text))
        got = {name: literal(evaluate(item.expression, Scope())) for name, item in body.arguments.items()}
        assert exact(got) == exact(judged)
