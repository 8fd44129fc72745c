"""Regular expressions with Go's syntax and meaning, matched in linear time.

Python's own `re` backtracks without bound, and its syntax differs. Matching
here tries the alternatives in order as a backtracking matcher does, but never
twice from the same place of the pattern and of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kubestack_lint.values.re2_classes import CharacterClass, PatternError, Unsupported
from kubestack_lint.values.re2_nodes import Assertion, Characters, Choice, Group, Node, Repeat, Sequence
from kubestack_lint.values.re2_syntax import Parser

__all__ = ["MAX_STEPS", "Match", "Pattern", "PatternError", "TooMuchWork", "Unsupported", "Work", "compile_pattern"]

MAX_PROGRAM = 20_000
# Places of pattern times places of text, and steps in one text.
MAX_CELLS = 32_000_000
MAX_STEPS = 1_000_000
# To begin anew behind a match, and to use the match.
STEPS_PER_SEARCH = 16


class TooMuchWork(Exception):
    """Matching would take longer than a linter should."""


@dataclass(slots=True)
class Work:
    """How many steps the searches in a text may still take."""

    left: int = MAX_STEPS


@dataclass(frozen=True, slots=True)
class Match:
    """One match: places of the whole and of the groups, -1 for groups that took no part."""

    subject: str
    places: tuple[int, ...]

    @property
    def start(self) -> int:
        """Where the match begins."""
        return self.places[0]

    @property
    def end(self) -> int:
        """Just behind the match."""
        return self.places[1]

    def group(self, number: int) -> str | None:
        """Text of a group, 0 for the whole match; None when the group took no part."""
        first, last = self.places[2 * number], self.places[2 * number + 1]
        return None if first < 0 or last < 0 else self.subject[first:last]


# -- the program --------------------------------------------------------------
# An instruction: (TAKE, members, None) takes a character, (TRY, a, b) goes on at
# a, and at b if that fails, (SAVE, slot, None), (HOLD, place, None), (DONE, None, None).

TAKE, TRY, SAVE, HOLD, DONE = range(5)
Instruction = tuple[int, Any, Any]


class _Compiler:
    def __init__(self) -> None:
        self.program: list[Instruction] = []

    def add(self, kind: int, first: object = None, second: object = None) -> int:
        if len(self.program) >= MAX_PROGRAM:
            raise Unsupported("the pattern is larger than kslint compiles")
        self.program.append((kind, first, second))
        return len(self.program) - 1

    def compile(self, node: Node) -> None:
        match node:
            case Characters():
                self.add(TAKE, node.members)
            case Assertion():
                self.add(HOLD, node.place)
            case Group():
                self.add(SAVE, 2 * node.number)
                self.compile(node.inner)
                self.add(SAVE, 2 * node.number + 1)
            case Sequence():
                for part in node.parts:
                    self.compile(part)
            case Choice():
                self.choice(node.options)
            case Repeat():
                self.repeat(node)

    def choice(self, options: tuple[Node, ...]) -> None:
        jumps: list[int] = []
        for option in options[:-1]:
            fork = self.add(TRY, 0, 0)
            self.compile(option)
            jumps.append(self.add(TRY, 0, 0))
            self.program[fork] = (TRY, fork + 1, len(self.program))
        self.compile(options[-1])
        for jump in jumps:
            self.program[jump] = (TRY, len(self.program), None)

    def fork(self, at: int, inside: int, outside: int, greedy: bool) -> None:
        self.program[at] = (TRY, inside, outside) if greedy else (TRY, outside, inside)

    def repeat(self, node: Repeat) -> None:
        for _ in range(node.least - (node.most is None and node.least > 0)):
            self.compile(node.inner)
        if node.most is None:
            self.loop(node)
            return
        forks: list[int] = []
        for _ in range(node.most - node.least):
            forks.append(self.add(TRY, 0, 0))
            self.compile(node.inner)
        for fork in forks:
            self.fork(fork, fork + 1, len(self.program), node.greedy)

    def loop(self, node: Repeat) -> None:
        if node.least == 0 and not nullable(node.inner):
            start = self.add(TRY, 0, 0)
            self.compile(node.inner)
            self.add(TRY, start, None)
            self.fork(start, start + 1, len(self.program), node.greedy)
            return
        # At least once; x* of an x that may be empty counts as (x+)?, else the
        # order in which alternatives are tried would not be Go's.
        first = self.add(TRY, 0, 0) if node.least == 0 else None
        start = len(self.program)
        self.compile(node.inner)
        again = self.add(TRY, 0, 0)
        for fork in (again,) if first is None else (first, again):
            self.fork(fork, start, len(self.program), node.greedy)


def nullable(node: Node) -> bool:
    """Whether a node may match the empty text."""
    match node:
        case Characters():
            return False
        case Group():
            return nullable(node.inner)
        case Sequence():
            return all(map(nullable, node.parts))
        case Choice():
            return any(map(nullable, node.options))
        case Repeat():
            return node.least == 0 or nullable(node.inner)
    return True


# -- matching -----------------------------------------------------------------


@dataclass(slots=True)
class Pattern:
    """A compiled pattern; `names` are those of its groups, "" for unnamed ones."""

    source: str
    names: tuple[str, ...]
    program: list[Instruction]

    def search(self, subject: str, work: Work | None = None) -> Match | None:
        """The leftmost match."""
        return _Run(self, subject, work).search(0)

    def find_all(self, subject: str, work: Work | None = None) -> Iterator[Match]:
        """All matches that do not overlap; no empty one right behind another."""
        run = _Run(self, subject, work)
        position, before = 0, -1
        while position <= len(subject) and (match := run.search(position)) is not None:
            accepted = match.end != position or match.start != before
            position = match.end + (match.end == position)
            before = match.end
            if accepted:
                yield match

    def replaceable(self, subject: str, work: Work | None = None) -> Iterator[Match]:
        """All matches that a replacement replaces."""
        run = _Run(self, subject, work)
        position = before = 0
        while position <= len(subject) and (match := run.search(position)) is not None:
            if match.end > before or match.start == 0:
                yield match
            before = match.end
            position = max(match.end, position + 1)


def compile_pattern(source: str) -> Pattern:
    """Compile a pattern. Raises PatternError where Go does, Unsupported beyond kslint's means."""
    parser = Parser(source)
    tree = parser.pattern()
    compiler = _Compiler()
    compiler.compile(tree)
    compiler.add(DONE)
    return Pattern(source, tuple(parser.names), compiler.program)


class _Run:
    """Searches in one text, with one budget of steps for all of them."""

    def __init__(self, pattern: Pattern, subject: str, work: Work | None = None) -> None:
        self.program = pattern.program
        # A pattern that begins with a character needs trying only there.
        self.first: CharacterClass | None = self.program[0][1] if self.program[0][0] == TAKE else None
        self.slots = 2 * len(pattern.names) + 2
        self.subject = subject
        self.work = work or Work()
        self.steps = self.work.left
        cells = len(self.program) * (len(subject) + 1)
        if cells > MAX_CELLS:
            raise TooMuchWork("the text is too long to be matched with this pattern")
        self.seen = bytearray(cells)

    def search(self, position: int) -> Match | None:
        """The leftmost match from a position on."""
        self.steps -= STEPS_PER_SEARCH
        try:
            return self._search(position)
        finally:
            self.work.left = self.steps

    def _search(self, position: int) -> Match | None:
        self.farthest = position
        found = None
        first, end = self.first, len(self.subject)
        for start in range(position, end + 1):
            self.steps -= 1
            if first is None or (start < end and self.subject[start] in first):
                found = self.match(start)
                if found is not None:
                    break
            if self.steps < 0:
                raise TooMuchWork("matching this pattern takes too many steps")
        # The next search begins anew, but only where this one has been.
        width = len(self.program)
        self.seen[position * width : (self.farthest + 1) * width] = bytes((self.farthest + 1 - position) * width)
        return found

    def match(self, start: int) -> Match | None:
        """A match that begins exactly at `start`."""
        subject, seen, width, end = self.subject, self.seen, len(self.program), len(self.subject)
        places = [-1] * self.slots
        places[0] = start
        # Alternatives still to try, and (~slot, place) to undo a save on the way back.
        pending = [(0, start)]
        while pending:
            at, position = pending.pop()
            if at < 0:
                places[~at] = position
                continue
            while not seen[position * width + at]:
                seen[position * width + at] = 1
                self.steps -= 1
                kind, first, second = self.program[at]
                at += 1
                if kind == TAKE:
                    if position == end or subject[position] not in first:
                        break
                    position += 1
                elif kind == TRY:
                    if second is not None:
                        pending.append((second, position))
                    if self.steps < 0:
                        raise TooMuchWork("matching this pattern takes too many steps")
                    at = first
                elif kind == SAVE:
                    pending.append((~first, places[first]))
                    places[first] = position
                elif kind == DONE:
                    places[1] = position
                    self.farthest = max(self.farthest, position)
                    return Match(subject, tuple(places))
                elif not _holds(first, subject, position):
                    break
            self.farthest = max(self.farthest, position)
        return None


def _holds(place: str, subject: str, position: int) -> bool:
    before = subject[position - 1 : position] if position else ""
    after = subject[position : position + 1]
    match place:
        case "text-start":
            return position == 0
        case "text-end":
            return position == len(subject)
        case "line-start":
            return before in ("", "\n")
        case "line-end":
            return after in ("", "\n")
    boundary = _is_word(before) != _is_word(after)
    return boundary == (place == "word")


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")
