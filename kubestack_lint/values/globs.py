"""File patterns as `fileset` reads them: `*`, `**`, `?`, `[a-z]`, `{a,b}`, `\\x`.

They follow the library that Terraform uses (doublestar 1.x), with its habits:
`*` matches hidden files, and an alternative never matches an empty rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

# Stars and braces in one name; every one of them may cost a recursion.
MAX_WILDCARDS = 40


class BadPattern(Exception):
    """The pattern is malformed; Terraform refuses it."""


class UnclearPattern(Exception):
    """Terraform's verdict on a malformed pattern depends on the order of files on the disk."""


class Tree(Protocol):
    """Directories to search, by paths relative to where the search starts."""

    def exists(self, path: str) -> bool:
        """Whether something has this name, be it a broken link."""

    def is_directory(self, path: str) -> bool:
        """Whether it is a directory or a link to one."""

    def leads_nowhere(self, path: str) -> bool:
        """Whether it is a broken link."""

    def names(self, path: str) -> list[str]:
        """Names in a directory."""


def components(pattern: str) -> list[str]:
    """The pattern's parts between slashes; an escaped slash is none."""
    return re.split(r"(?<!\\)/", pattern)


def glob(tree: Tree, parts: list[str], base: str = ".") -> Iterator[str]:
    """Paths below `base` that match, directories included, some perhaps twice."""
    plain = next((index for index, part in enumerate(parts) if set("*?[{\\") & set(part)), len(parts))
    for part in parts[:plain]:
        base = part if base == "." else f"{base}/{part}"
    if not tree.exists(base):
        return
    parts = parts[plain:]
    if not parts:
        yield base
        return
    if not tree.is_directory(base):
        return
    names = tree.names(base)
    if parts[0] == "**":
        yield from _deep(tree, parts, base, names)
        parts = parts[1:]
        if not parts:
            return
    for name in names:
        if matches(parts[0], name):
            path = name if base == "." else f"{base}/{name}"
            if len(parts) == 1:
                yield path
            else:
                yield from _below(tree, parts[1:], path, len(names) == 1)


def _below(tree: Tree, parts: list[str], base: str, only: bool) -> Iterator[str]:
    """Matches in one of several folders; what is malformed there may be overlooked in favour of the next."""
    try:
        yield from glob(tree, parts, base)
    except BadPattern:
        if only:
            raise
        raise UnclearPattern from None


def _deep(tree: Tree, parts: list[str], base: str, names: list[str]) -> Iterator[str]:
    """What `**` finds: everything below when it comes last, else what the rest matches there."""
    for name in names:
        path = name if base == "." else f"{base}/{name}"
        if tree.leads_nowhere(path):
            continue
        if len(parts) == 1:
            yield path
        if tree.is_directory(path):
            yield from _below(tree, parts, path, len(names) == 1)


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern without slashes matches a name. Raises BadPattern when it shows."""
    return _matches(pattern, name, {})


# What is already decided, so that many stars cost no more than a few; None is malformed.
_Seen = dict[tuple[str, str], bool | None]


def _group(pattern: str) -> tuple[str, str] | None:
    """The text up to the first unescaped end of a class, and the rest."""
    found = re.search(r"(?<!\\)\]", pattern)
    return (pattern[: found.start()], pattern[found.end() :]) if found else None


def _matches(pattern: str, name: str, seen: _Seen) -> bool:
    key = (pattern, name)
    if key not in seen:
        try:
            seen[key] = _walk(pattern, name, seen)
        except BadPattern:
            seen[key] = None
    verdict = seen[key]
    if verdict is None:
        raise BadPattern
    return verdict


def _walk(pattern: str, name: str, seen: _Seen) -> bool:
    if not pattern:
        return not name
    if not name and pattern != "*":
        return False
    while pattern and name:
        sign = pattern[0]
        if sign == "*":
            return _star(pattern[1:], name, seen)
        if sign == "{":
            return _alternatives(pattern[1:], name, seen)
        if sign == "[":
            group = _group(pattern[1:])
            if group is None:
                raise BadPattern
            if not _in_class(group[0], name[0]):
                return False
            pattern, name = group[1], name[1:]
            continue
        if sign == "\\":
            pattern = pattern[1:]
            if not pattern:
                raise BadPattern
            sign = pattern[0]
            if sign != name[0]:
                return False
        elif sign not in ("?", name[0]):
            return False
        pattern, name = pattern[1:], name[1:]
    return (not pattern and not name) or (not name and pattern == "*") or pattern == "**"


def _star(rest: str, name: str, seen: _Seen) -> bool:
    if not rest:
        return True
    for start in range(len(name)):
        try:
            if _matches(rest, name[start:], seen):
                return True
        except BadPattern:
            # The library overlooks what is malformed behind a star.
            continue
    return False


def _alternatives(pattern: str, name: str, seen: _Seen) -> bool:
    found = re.search(r"(?<!\\)\}", pattern)
    if found is None:
        raise BadPattern
    rest = pattern[found.end() :]
    options = re.split(r"(?<!\\),", pattern[: found.start()])
    return any(_matches(option + rest, name, seen) for option in options)


def _in_class(text: str, character: str) -> bool:
    """Whether a class such as `a-z` or `^0-9` holds the character."""
    if not text:
        raise BadPattern
    # All ranges are read before one counts: what is malformed is malformed for every name.
    ranges = list(_ranges(text.removeprefix("^")))
    holds = any(low <= character <= high for low, high in ranges)
    return holds != text.startswith("^")


def _ranges(text: str) -> Iterator[tuple[str, str]]:
    position = 0

    def take() -> str:
        nonlocal position
        if position >= len(text) or text[position] == "-":
            raise BadPattern
        if text[position] == "\\":
            position += 1
            if position >= len(text):
                raise BadPattern
        position += 1
        return text[position - 1]

    while position < len(text):
        low = high = take()
        if text[position : position + 1] == "-":
            position += 1
            high = take()
        yield low, high
