"""What a regular expression is made of."""

from __future__ import annotations

from dataclasses import dataclass

from kubestack_lint.values.re2_classes import CharacterClass


@dataclass(frozen=True, slots=True)
class Node:
    """Part of a pattern; `weight` is how often its inner counted parts repeat."""

    weight: int = 1


@dataclass(frozen=True, slots=True)
class Characters(Node):
    """One character of a set."""

    members: CharacterClass | None = None


@dataclass(frozen=True, slots=True)
class Assertion(Node):
    """An empty match at a place: `text-start`, `line-end`, `word` and so on."""

    place: str = ""


@dataclass(frozen=True, slots=True)
class Group(Node):
    """A group that captures."""

    number: int = 0
    inner: Node = Node()


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """Parts one after another; no part at all matches the empty text."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """Alternatives, the first that matches wins."""

    options: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeat(Node):
    """`inner` from `least` to `most` times (None: without end)."""

    inner: Node = Node()
    least: int = 0
    most: int | None = None
    greedy: bool = True
