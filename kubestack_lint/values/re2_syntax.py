"""Regular expressions as Go's `regexp/syntax` reads them → a tree of nodes."""

from __future__ import annotations

import re

from kubestack_lint.values.re2_classes import (
    PERL,
    POSIX,
    CharacterClass,
    PatternError,
    Unsupported,
    unicode_class,
)
from kubestack_lint.values.re2_nodes import Assertion, Characters, Choice, Group, Node, Repeat, Sequence

# Go stops at 1000; our recursion is bounded lower.
MAX_NESTING = 150
MAX_REPEAT = 1000


_COUNT = re.compile(r"\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}")
_NAME = re.compile(r"[0-9A-Za-z_]+")
_CONTROL = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_PLACES = {"A": "text-start", "z": "text-end", "b": "word", "B": "no-word"}
_SIMPLE_COUNTS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class Parser:
    """One pattern under way; `names` are those of its groups, "" for unnamed ones."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.flags: frozenset[str] = frozenset()
        self.names: list[str] = []
        self.depth = 0

    def pattern(self) -> Node:
        """The whole pattern."""
        node = self.choice()
        if self.position < len(self.source):
            raise PatternError("there is a ) without (")
        return node

    def choice(self) -> Node:
        """Alternatives up to the closing parenthesis or the end; flags set inside end with it."""
        outer = self.flags
        options = [self.sequence()]
        while self.take("|"):
            options.append(self.sequence())
        self.flags = outer
        return options[0] if len(options) == 1 else Choice(max(o.weight for o in options), tuple(options))

    def sequence(self) -> Node:
        """Parts up to | or ) or the end."""
        parts: list[Node] = []
        repeated = False
        while self.position < len(self.source) and self.source[self.position] not in "|)":
            count = self.count()
            if count is None:
                parts.extend(self.atoms())
            elif repeated:
                raise PatternError("a repetition is repeated")
            elif not parts:
                raise PatternError("there is nothing to repeat")
            else:
                parts[-1] = self.repeated(parts[-1], *count)
            repeated = count is not None
        return parts[0] if len(parts) == 1 else Sequence(max((p.weight for p in parts), default=1), tuple(parts))

    def take(self, text: str) -> bool:
        """Move behind `text` if it comes next."""
        if self.source.startswith(text, self.position):
            self.position += len(text)
            return True
        return False

    def next(self, missing: str) -> str:
        """The next character."""
        if self.position >= len(self.source):
            raise PatternError(missing)
        self.position += 1
        return self.source[self.position - 1]

    # -- repetition ---------------------------------------------------------

    def count(self) -> tuple[int, int | None] | None:
        """How often the part before repeats, when a repetition comes next."""
        sign = self.source[self.position]
        if sign in _SIMPLE_COUNTS:
            self.position += 1
            return _SIMPLE_COUNTS[sign]
        match = _COUNT.match(self.source, self.position) if sign == "{" else None
        if match is None:
            return None
        self.position = match.end()
        least = int(match[1][:8])
        most = least if match[2] is None else None if match[3] is None else int(match[3][:8])
        if max(least, most or 0) > MAX_REPEAT or (most is not None and most < least):
            raise PatternError(f"the repeat count {match[0]} is invalid")
        return least, most

    def repeated(self, inner: Node, least: int, most: int | None) -> Node:
        """A part with its repetition; `?` behind it turns greediness around."""
        lazy = self.take("?")
        weight = inner.weight * max(least if most is None else most, 1) if most != 0 else 1
        if weight > MAX_REPEAT:
            raise PatternError(f"repetitions of repetitions amount to more than {MAX_REPEAT}")
        return Repeat(weight, inner, least, most, lazy == ("U" in self.flags))

    # -- atoms --------------------------------------------------------------

    def atoms(self) -> list[Node]:
        """What stands next: mostly one node, none for flags, several for a \\Q…\\E text."""
        character = self.next("")
        match character:
            case "(":
                return self.group()
            case "[":
                return [Characters(members=self.set())]
            case ".":
                every = CharacterClass(negated=True)
                if "s" not in self.flags:
                    every.ranges.append(("\n", "\n"))
                return [Characters(members=every)]
            case "^":
                return [Assertion(place="line-start" if "m" in self.flags else "text-start")]
            case "$":
                return [Assertion(place="line-end" if "m" in self.flags else "text-end")]
            case "\\":
                return self.escaped()
        return [self.literal(character)]

    def literal(self, character: str) -> Node:
        """A character that stands for itself, and for its other case under (?i)."""
        return Characters(members=CharacterClass("i" in self.flags, ranges=[(character, character)]))

    def escaped(self) -> list[Node]:
        """What a backslash begins."""
        character = self.source[self.position : self.position + 1]
        if character and character in _PLACES:
            self.position += 1
            return [Assertion(place=_PLACES[character])]
        if character == "Q":
            text, _, _ = self.source[self.position + 1 :].partition("\\E")
            self.position = min(self.position + 1 + len(text) + 2, len(self.source))
            return [self.literal(each) for each in text]
        members = CharacterClass("i" in self.flags)
        if self.named(members):
            return [Characters(members=members)]
        return [self.literal(self.escape())]

    def named(self, members: CharacterClass) -> bool:
        r"""Add \d, \pL and the like to a set, when one stands behind the backslash."""
        character = self.source[self.position : self.position + 1]
        if character and character.lower() in PERL:
            self.position += 1
            members.named.append((PERL[character.lower()], character.islower()))
            return True
        if character not in ("p", "P"):
            return False
        self.position += 1
        positive = character == "p"
        name = self.next(f"\\{character} needs a class")
        if name == "{":
            end = self.source.find("}", self.position)
            if end < 0:
                raise PatternError(f"\\{character}{{ is not closed")
            name = self.source[self.position : end]
            self.position = end + 1
            if name.startswith("^"):
                name, positive = name[1:], not positive
        members.named.append((unicode_class(name), positive))
        return True

    def escape(self) -> str:
        """The character that an escape sequence stands for."""
        character = self.next("it ends with a backslash")
        if character in _CONTROL:
            return _CONTROL[character]
        if character in "01234567":
            match = re.compile("[0-7]{0,2}").match(self.source, self.position)
            digits = match[0] if match else ""
            if digits or character == "0":
                self.position += len(digits)
                return chr(int(character + digits, 8))
        elif character == "x":
            match = re.compile(r"[0-9A-Fa-f]{2}|\{[0-9A-Fa-f]+\}").match(self.source, self.position)
            code = int(match[0].strip("{}"), 16) if match and len(match[0]) < 20 else -1
            if match and 0 <= code <= 0x10FFFF:
                self.position = match.end()
                return chr(code)
        elif character.isascii() and not character.isalnum():
            return character
        raise PatternError(f"\\{character} is no escape sequence here")

    def set(self) -> CharacterClass:
        """A set in brackets, behind its opening one."""
        members = CharacterClass("i" in self.flags, self.take("^"))
        missing = "there is a [ without ]"
        first = True
        while first or not self.take("]"):
            first = False
            posix = self.source.find(":]", self.position + 2) if self.source.startswith("[:", self.position) else -1
            if posix >= 0:
                name = self.source[self.position + 2 : posix]
                if name.removeprefix("^") not in POSIX:
                    raise PatternError(f"there is no class of characters [:{name}:]")
                members.named.append((POSIX[name.removeprefix("^")], not name.startswith("^")))
                self.position = posix + 2
            elif not (self.take("\\") and (self.named(members) or self.back())):
                low = high = self.member(missing)
                ahead = self.source[self.position : self.position + 2]
                if len(ahead) == 2 and ahead[0] == "-" and ahead[1] != "]":
                    self.position += 1
                    high = self.member(missing)
                if high < low:
                    raise PatternError(f"the range {low}-{high} runs backwards")
                members.ranges.append((low, high))
        return members

    def back(self) -> bool:
        """Return before the backslash that `set` has taken."""
        self.position -= 1
        return False

    def member(self, missing: str) -> str:
        """One character of a set."""
        character = self.next(missing)
        return self.escape() if character == "\\" else character

    # -- groups -------------------------------------------------------------

    def group(self) -> list[Node]:
        """A group behind its opening parenthesis; flags on their own are no node."""
        outer = self.flags
        name: str | None = ""
        if self.take("?"):
            if self.take("P<") or self.take("<"):
                match = _NAME.match(self.source, self.position)
                if match is None or not self.source.startswith(">", match.end()):
                    raise PatternError("the name of a group is invalid")
                name = match[0]
                self.position = match.end() + 1
            else:
                name = None
                if self.options() == ")":
                    return []
        if name is not None:
            self.names.append(name)
        number = len(self.names)
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise Unsupported(f"the pattern nests more than {MAX_NESTING} groups")
        inner = self.choice()
        self.depth -= 1
        if not self.take(")"):
            raise PatternError("there is a ( without )")
        self.flags = outer
        return [inner if name is None else Group(inner.weight, number, inner)]

    def options(self) -> str:
        """Flags behind (?, taken over; the character that ends them."""
        added: set[str] = set()
        removed: set[str] = set()
        given: set[str] | None = None
        character = ""
        while True:
            character = self.next("flags in (? are not closed")
            if character in "imsU":
                given = removed if given is removed else added
                given.add(character)
            elif character == "-" and given is not removed:
                given = removed
            else:
                break
        if character not in ":)" or (given is removed and not removed):
            raise PatternError("Terraform's regular expressions have no such group or flag")
        self.flags = (self.flags | added) - removed
        return character
