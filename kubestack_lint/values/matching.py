"""Searching with regular expressions, as regex(), regexall() and replace() do; imported when one of them does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice

from kubestack_lint.values.evaluate import Scope
from kubestack_lint.values.functions.common import MAX_PARTS, fits, quoted, text, too_long, too_many
from kubestack_lint.values.functions.signature import FunctionError
from kubestack_lint.values.re2 import (
    MAX_STEPS,
    Match,
    Pattern,
    PatternError,
    TooMuchWork,
    Unsupported,
    Work,
    compile_pattern,
)
from kubestack_lint.values.types import DYNAMIC, STRING, ObjectType, TupleType, Type, list_of
from kubestack_lint.values.value import Unknown, Value, collection, null, object_of, string, tuple_of, unknown

# So many steps of a search take as long as one of the evaluation.
_STEPS_PER_STEP = 4


@lru_cache(maxsize=256)
def _compiled(source: str) -> Pattern:
    return compile_pattern(source)


@contextmanager
def _work(scope: Scope) -> Iterator[Work]:
    """The steps that a call may take, paid for by the run, so that many calls are bounded too."""
    given = min(MAX_STEPS, max(scope.budget.steps, 0) * _STEPS_PER_STEP)
    work = Work(given)
    try:
        yield work
    finally:
        scope.budget.steps -= (given - work.left) // _STEPS_PER_STEP


def _pattern(value: Value) -> Pattern:
    """The pattern of an argument; raises Unsupported for the few that kslint does not read."""
    assert isinstance(value.data, str)
    try:
        pattern = _compiled(value.data)
    except PatternError as error:
        raise FunctionError(f"the pattern {quoted(value.data)} is invalid: {error}", 0) from error
    if len(set(map(bool, pattern.names))) > 1:
        raise FunctionError(f"the pattern {quoted(value.data)} mixes named and unnamed groups", 0)
    return pattern


def _type(pattern: Pattern) -> Type:
    if not pattern.names:
        return STRING
    if pattern.names[0]:
        return ObjectType(dict.fromkeys(map(str, pattern.names), STRING))
    return TupleType((STRING,) * len(pattern.names))


def result_type(arguments: tuple[Value, ...]) -> Type:
    """What the pattern makes of one match: a string, a tuple or an object of strings."""
    if isinstance(arguments[0].data, Unknown):
        return DYNAMIC
    try:
        return _type(_pattern(arguments[0]))
    except Unsupported:
        return DYNAMIC


def _result(pattern: Pattern, match: Match) -> Value:
    if not pattern.names:
        return string(match.group(0) or "")
    groups = [match.group(index + 1) for index in range(len(pattern.names))]
    values = [null(STRING) if group is None else string(group) for group in groups]
    if pattern.names[0]:
        return object_of(dict(zip(map(str, pattern.names), values, strict=True)))
    return tuple_of(tuple(values))


def first(scope: Scope, source: Value, subject: Value) -> Value:
    """The first match: a text, or its groups as tuple or object."""
    assert isinstance(subject.data, str)
    kind: Type = DYNAMIC
    try:
        pattern = _pattern(source)
        kind = _type(pattern)
        with _work(scope) as work:
            match = pattern.search(subject.data, work)
    except (TooMuchWork, Unsupported) as limit:
        return unknown(str(limit), kind)
    if match is None:
        raise FunctionError(f"the pattern {quoted(pattern.source)} matches no part of {quoted(subject.data)}")
    return _result(pattern, match)


def every(scope: Scope, source: Value, subject: Value) -> Value:
    """Every match from left to right, as a list of what `regex` returns."""
    assert isinstance(subject.data, str)
    kind: Type = DYNAMIC
    try:
        pattern = _pattern(source)
        kind = _type(pattern)
        with _work(scope) as work:
            found = islice(pattern.find_all(subject.data, work), MAX_PARTS + 1)
            matches = tuple(_result(pattern, match) for match in found)
    except (TooMuchWork, Unsupported) as limit:
        return unknown(str(limit), list_of(kind))
    return collection("list", kind, matches) if len(matches) <= MAX_PARTS else too_many(list_of(kind))


def replaced(scope: Scope, source: str, expression: str, template: str) -> Value:
    """Every match replaced by a template."""
    with _work(scope) as work:
        return _replaced(source, expression, template, work)


def _replaced(source: str, expression: str, template: str, work: Work) -> Value:
    try:
        pattern = _compiled(expression)
        pieces: list[str] = []
        size = end = 0
        for match in pattern.replaceable(source, work):
            pieces += [source[end : match.start], _expanded(template, pattern, match)]
            size += len(pieces[-1])
            end = match.end
            if not fits(size):
                return too_long()
    except PatternError as error:
        raise FunctionError(f"the pattern {quoted(expression)} is invalid: {error}", 1) from error
    except (TooMuchWork, Unsupported) as limit:
        return unknown(str(limit), STRING)
    return text("".join((*pieces, source[end:])))


_REFERENCE = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))")


def _expanded(template: str, pattern: Pattern, match: Match) -> str:
    """A replacement with its `$1`, `${name}` and `$$` filled in; what does not exist is empty."""

    def reference(found: re.Match[str]) -> str:
        if found[1]:
            return "$"
        name = found[2] or found[3]
        if name.isascii() and name.isdigit():
            # A number with a leading zero is a name, and no group has such a name.
            if (len(name) > 1 and name[0] == "0") or len(name) > 8:
                return ""
            return match.group(int(name)) or "" if int(name) <= len(pattern.names) else ""
        # Of groups with one name the last that took part counts.
        numbers = [index + 1 for index, group in enumerate(pattern.names) if group == name]
        return next((group for index in numbers if (group := match.group(index)) is not None), "")

    return _REFERENCE.sub(reference, template)
