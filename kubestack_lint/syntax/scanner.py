"""Text → tokens, one at a time, because templates change what a character means."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source

# Names (wide, heredoc) are said by what they do not hold, ASCII other than letters, digits, _ and -: Python takes 10 ms
# to compile a set that reaches to the end of Unicode.
_TOKEN = re.compile(
    r"""
      (?P<space>   [ \t]+ | /\*(?s:.*?)\*/ )
    | (?P<newline> \r?\n | (?:\#|//)[^\n]*(?:\n|\Z) )
    | (?P<number>  [0-9](?:\.*(?:[0-9]|[eE][+-]?[0-9]))* )
    | (?P<name>    [A-Za-z_][A-Za-z0-9_-]*+(?![^\x00-\x7f]) )
    | (?P<wide>    [^\x00-@\[-^`{-\x7f][^\x00-,./:-@\[-^`{-\x7f]* )
    | (?P<heredoc> <<-?[^\x00-@\[-^`{-\x7f][^\x00-,./:-@\[-^`{-\x7f]*\r?\n )
    | (?P<quote>   " )
    | (?P<mark>    == | != | <= | >= | => | && | \|\| | \.\.\. | :: | ~\} | [-+*/%<>!?=:,.\[\](){}] )
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")

# Names follow Unicode's ID_Start and ID_Continue; Python's identifiers follow
# XID_Start and XID_Continue, which lack these.
_NAMES_TOO = frozenset("\u037a\u0e33\u0eb3\u309b\u309c\ufdfa\ufdfb\uff9e\uff9f").union(
    map(chr, range(0xFC5E, 0xFC64)), map(chr, range(0xFE70, 0xFE80, 2))
)


def _name_length(text: str) -> int:
    """How many characters at the start of a text make a name; 0 when it starts with none."""
    for index, character in enumerate(text):
        part = character == "-" if index else False
        if not part and character not in _NAMES_TOO and not (f"a{character}" if index else character).isidentifier():
            return index
    return len(text)


class Token(NamedTuple):
    """One token: `kind` is the mark itself, or newline, number, name, heredoc, quote, end."""

    kind: str
    start: int
    end: int


class Scanner:
    """Reads tokens from a source; the parser decides where newlines count."""

    def __init__(self, source: Source, start: int = 0) -> None:
        self.source = source
        self.text = source.text
        self.position = start
        self.newlines = True
        self._peeked: Token | None = None
        self._peeked_newlines = True

    def fail(self, message: str, start: int, end: int | None = None, hint: str = "") -> NoReturn:
        """Stop reading with a located problem."""
        stop = min(len(self.text), start + 1) if end is None else end
        raise SyntaxProblem(message, self.source.span(start, stop), hint)

    def peek(self) -> Token:
        """The next token that counts, without consuming it."""
        if self._peeked is None or self._peeked_newlines is not self.newlines:
            self._peeked = self._scan(self.position)
            self._peeked_newlines = self.newlines
        return self._peeked

    def count_newlines(self, count: bool) -> bool:
        """Let newlines count as tokens or not; returns what was set before."""
        before, self.newlines = self.newlines, count
        return before

    def take(self) -> Token:
        """The next token, consumed."""
        token = self.peek()
        self.position = token.end
        self._peeked = None
        return token

    def jump(self, position: int) -> None:
        """Continue reading at another place (a template reads its own characters)."""
        self.position = position
        self._peeked = None

    def word(self, token: Token) -> str:
        """The characters of a token."""
        return self.text[token.start : token.end]

    def _scan(self, position: int) -> Token:
        text = self.text
        while True:
            match = _TOKEN.match(text, position)
            if match is None:
                if position >= len(text):
                    return Token("end", len(text), len(text))
                self._invalid(position)
            kind = match.lastgroup
            if kind == "wide":
                length = _name_length(match[0])
                if not length:
                    self._invalid(position)
                return Token("name", position, position + length)
            if kind == "heredoc" and not match[0].isascii():
                marker = match[0].lstrip("<").removeprefix("-").rstrip("\r\n")
                if _name_length(marker) < len(marker):
                    self._invalid(position)
            position = match.end()
            if kind == "space" or (kind == "newline" and not self.newlines):
                continue
            if kind == "mark":
                return Token(match[0], match.start(), position)
            if kind == "number" and not _NUMBER.fullmatch(match[0]):
                self.fail(f"{match[0]} is not a number", match.start(), position)
            return Token(kind or "", match.start(), position)

    def _invalid(self, position: int) -> NoReturn:
        character = self.text[position]
        if self.text.startswith("/*", position):
            self.fail("this comment is never closed", position, position + 2, "end it with */")
        if character == "\r":
            self.fail(
                "a carriage return alone is not a line ending",
                position,
                hint="save the file with LF or CRLF line endings",
            )
        if character in "'`\u201c\u201d\u2018\u2019":
            self.fail(f"strings are written in double quotes, not {character}", position)
        if self.text.startswith("<<", position):
            self.fail("a heredoc starts with << and a name, followed by a new line", position, position + 2)
        self.fail(f"the character {character!r} has no meaning here", position)
