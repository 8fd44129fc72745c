"""Edits of text: what goes, what stays, byte for byte. The place is marked «so»."""

from __future__ import annotations

import pytest

from kubestack_lint.finding import Edit
from kubestack_lint.source import Source, Span
from kubestack_lint.syntax import parse
from kubestack_lint.syntax.edits import entry_of, renamed, with_entries, without_comment, without_entry


def marked(text: str, path: str = "a.tf") -> Span:
    start, end = text.index("«"), text.index("»") - 1
    return Source(path, text.replace("«", "").replace("»", "")).span(start, end)


def done(edit: Edit | None) -> str | None:
    if edit is None:
        return None
    text = edit.span.source.text
    return text[: edit.span.start] + edit.replacement + text[edit.span.end :]


ENTRIES = {
    "line": ("x = {\n  a = 1\n  «b = 2»\n  c = 3\n}\n", "x = {\n  a = 1\n  c = 3\n}\n"),
    "crlf": ("x = {\r\n  a = 1\r\n  «b = 2»\r\n}\r\n", "x = {\r\n  a = 1\r\n}\r\n"),
    "its own comment": ("x = {\n  a = 1 # a\n  «b = 2» # b\n}", "x = {\n  a = 1 # a\n}"),
    "slashes": ("x = {\n  a = 1\n  «b = 2», // b\n}", "x = {\n  a = 1\n}"),
    "stars": ("x = {\n  a = 1\n  «b = 2» /* b */\n}", "x = {\n  a = 1\n}"),
    "a comment above stays": ("x = {\n  a = 1\n  # b\n  «b = 2»\n}", "x = {\n  a = 1\n  # b\n}"),
    "commas": ("x = {\n  a = 1,\n  «b = 2»,\n  c = 3,\n}", "x = {\n  a = 1,\n  c = 3,\n}"),
    "last after a comma": ("x = {\n  a = 1,\n  «b = 2»\n}", "x = {\n  a = 1,\n}"),
    "several lines": ("x = {\n  a = 1\n  «b = {\n    c = 1\n  }»\n  d = 2\n}", "x = {\n  a = 1\n  d = 2\n}"),
    "heredoc": ("x = {\n  «b = <<E\n b\nE»\n  d = 2\n}", "x = {\n  d = 2\n}"),
    "first of one line": ("x = { «a = 1», b = 2 }", "x = { b = 2 }"),
    "middle of one line": ("x = { a = 1, «b = 2», c = 3 }", "x = { a = 1, c = 3 }"),
    "last of one line": ("x = { a = 1, «b = 2» }", "x = { a = 1 }"),
    "last with a comma": ("x = { a = 1, «b = 2», }", "x = { a = 1, }"),
    "no blanks": ("x = {a=1,«b=2»,c=3}", "x = {a=1,c=3}"),
    "no blanks, last": ("x = {a=1,«b=2»}", "x = {a=1}"),
    "alone": ("x = { «a = 1» }", "x = {}"),
    "alone with a comma": ("x = {«a = 1»,}", "x = {}"),
    "alone on a line": ("x = {\n  «a = 1»\n}\n", "x = {}\n"),
    "alone among blank lines": ("x = {\r\n\r\n  «a = 1»\r\n\r\n  }\r\n", "x = {}\r\n"),
    "alone but for a comment": ("x = {\n  # b\n  «a = 1»\n}\n", "x = {\n  # b\n}\n"),
    "a brace in a comment": ("x = { # {\n  «a = 1»\n}\n", "x = { # {\n}\n"),
    "behind the brace": ("x = { «a = 1»\n  b = 2 }", "x = {\n  b = 2 }"),
    "before the brace": ("x = {\n  a = 1\n  «b = 2» }", "x = {\n  a = 1\n }"),
    "two on a line": ("x = {\n  «a = 1», b = 2\n}", "x = {\n  b = 2\n}"),
    "second on a line": ("x = {\n  a = 1, «b = 2»\n}", "x = {\n  a = 1\n}"),
    "a line that ends with a comma": ("x = {\n  a = 1, «b = 2»,\n  c = 3\n}", "x = {\n  a = 1,\n  c = 3\n}"),
    "comment in front": ("x = { /* a */ «a = 1» }", "x = { /* a */ }"),
    "in parentheses": ("x = {\n  a = («b = 1»)\n}", None),
}


@pytest.mark.parametrize("name", list(ENTRIES))
def test_entries_go_and_nothing_else(name: str) -> None:
    text, expected = ENTRIES[name]
    span = marked(text)
    assert done(without_entry(span)) == expected
    if expected is not None:
        parse(Source("a.tf", expected))


COMMENTS = {
    "its own line": ("a = 1\n  «# b»\nc = 1\n", "a = 1\nc = 1\n"),
    "behind": ("a = 1  «# b»\r\nc = 1\r\n", "a = 1\r\nc = 1\r\n"),
    "at the end": ("a = 1\n«# b»", "a = 1\n"),
    "behind a byte order mark": ("\ufeff«# b»\na = 1\n", "\ufeffa = 1\n"),
    "several lines": ("«/* b\n c */»\na = 1\n", "a = 1\n"),
    "inside": ("a = «/* b */» 1\n", "a = 1\n"),
    "between": ("a = 1«/* b */»+ 1\n", "a = 1 + 1\n"),
    "before a comma": ("a = [1 «/* b */», 2]\n", "a = [1, 2]\n"),
}


@pytest.mark.parametrize("name", list(COMMENTS))
def test_comments_go_and_nothing_else(name: str) -> None:
    text, expected = COMMENTS[name]
    assert done(without_comment(marked(text))) == expected
    parse(Source("a.tf", expected))


ADDED = {
    "lines": ("x = «{\n    a = 1\n  }»\n", "x = {\n    a = 1\n    b = 2\n    c = 3\n  }\n"),
    "crlf": ("x = «{\r\n\ta = 1\r\n}»\r\n", "x = {\r\n\ta = 1\r\n\tb = 2\r\n\tc = 3\r\n}\r\n"),
    "one line": ("x = «{ a = 1 }»\n", "x = { a = 1, b = 2, c = 3 }\n"),
    "one line with a comma": ("x = «{ a = 1, }»\n", "x = { a = 1, b = 2, c = 3 }\n"),
    "empty": ("x = «{}»\n", "x = { b = 2, c = 3}\n"),
    "the brace behind the last": ("x = «{\n  a = 1 }»\n", "x = {\n  a = 1, b = 2, c = 3 }\n"),
    "a function": ("x = «merge({}, {})»\n", None),
    "a comment before the brace": ("x = «{ a = 1 /* a */ }»\n", None),
}


@pytest.mark.parametrize("name", list(ADDED))
def test_entries_are_added_at_the_end(name: str) -> None:
    text, expected = ADDED[name]
    assert done(with_entries(marked(text), ["b = 2", "c = 3"])) == expected
    if expected is not None:
        parse(Source("a.tf", expected))


def test_keys_are_renamed_in_their_quotes() -> None:
    assert done(renamed(marked("x = { «ab» = 1 }"), "ab", "cd")) == "x = { cd = 1 }"
    assert done(renamed(marked('x = { «"ab"» = 1 }'), "ab", "cd")) == 'x = { "cd" = 1 }'
    assert renamed(marked("x = { «(ab)» = 1 }"), "ab", "cd") is None
    assert renamed(marked("x = { «ab» = 1 }"), "ab", "c.d") is None
    assert renamed(marked("«ab»: 1", "a.yaml"), "ab", "cd") is None


@pytest.mark.parametrize("path", ["a.tf.json", "a.tofu.json", "a.yaml", "a.tfvars"])
def test_only_native_configuration_is_edited(path: str) -> None:
    source = Source(path, "a = 1")
    assert entry_of(source.span(0, 1), source.span(4, 5)) is None
    assert entry_of(*(Source("a.tofu", "a = 1").span(*ends) for ends in ((0, 1), (4, 5)))) is None
    same = Source("a.tofu", "a = 1")
    assert entry_of(same.span(0, 1), same.span(4, 5)) is not None
