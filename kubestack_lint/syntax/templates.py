"""Quoted strings and heredocs → template expressions, strip markers applied.

Whitespace is trimmed here, on the written text, exactly where HCL does it:
never on what an interpolation yields.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.syntax.scanner import Token

if TYPE_CHECKING:
    from kubestack_lint.syntax.parser import Parser

_QUOTED = re.compile(
    r"""
      (?P<text>   [^"\\$%\r\n]+ )
    | (?P<escape> \\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^\r\n]) )
    | (?P<double> \$\$\{ | %%\{ )
    | (?P<open>   [$%]\{~? )
    | (?P<sign>   [$%] )
    | (?P<end>    " )
    """,
    re.VERBOSE,
)
_HEREDOC = re.compile(
    r"""
      (?P<text>   [^$%\r\n]*\r?\n | [^$%\r\n]+ )
    | (?P<double> \$\$\{ | %%\{ )
    | (?P<open>   [$%]\{~? )
    | (?P<sign>   [$%] )
    """,
    re.VERBOSE,
)
_BARE = re.compile(
    r"""
      (?P<text>   [^$%\n]*\n | [^$%\n]+ )
    | (?P<double> \$\$\{ | %%\{ )
    | (?P<open>   [$%]\{~? )
    | (?P<sign>   [$%] )
    """,
    re.VERBOSE,
)
# What Go calls space; Python's own idea of it has four control characters more.
_BLANK = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


@dataclass(slots=True)
class _Text:
    """Literal characters between two sequences; `place` is where they stand."""

    value: str
    place: Span


@dataclass(slots=True)
class _Interpolation:
    expression: nodes.Expression
    place: Span


@dataclass(slots=True)
class _Directive:
    """`%{if}`, `%{else}`, `%{endif}`, `%{for}` or `%{endfor}`."""

    word: str
    place: Span
    expression: nodes.Expression | None = None
    key: str | None = None
    value: str = ""


_Piece = _Text | _Interpolation | _Directive


def quoted(parser: Parser, opening: Token) -> nodes.Expression:
    """The string that starts with the quote just read."""
    pieces: list[_Piece] = []
    trim_next = False
    position = opening.end
    text = parser.source.text
    while True:
        match = _QUOTED.match(text, position)
        if match is None:
            parser.scan.fail(
                "this string is not closed on its line", opening.start, opening.end,
                'close it with " or use a heredoc for several lines',
            )
        kind = match.lastgroup
        position = match.end()
        if kind == "end":
            parser.scan.jump(position)
            return _assemble(parser, pieces, parser.source.span(opening.start, position))
        if kind == "open":
            trim_next = _sequence(parser, match, pieces)
            position = parser.scan.position
            continue
        place = parser.source.span(match.start(), position)
        _append_text(pieces, _quoted_text(parser, match), place, trim_next)
        trim_next = False


def _quoted_text(parser: Parser, match: re.Match[str]) -> str:
    if match.lastgroup == "double":
        return match[0][1:]
    if match.lastgroup != "escape":
        return match[0]
    selector = match[0][1:]
    if selector[0] in "uU" and len(selector) > 1:
        number = int(selector[1:], 16)
        if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            parser.scan.fail(f"{match[0]} is no character", match.start(), match.end())
        return chr(number)
    if selector not in _ESCAPES:
        parser.scan.fail(
            f"{match[0]} is no escape sequence", match.start(), match.end(),
            r'write \\ for a backslash; the others are \n \r \t \" \uNNNN \UNNNNNNNN',
        )
    return _ESCAPES[selector]


def heredoc(parser: Parser, opening: Token) -> nodes.Expression:
    """The text from the line below `<<NAME` to the line that holds only NAME."""
    word = parser.scan.word(opening)
    flush = word.startswith("<<-")
    marker = word[3 if flush else 2 :].rstrip("\r\n")
    pieces: list[_Piece] = []
    trim_next = False
    position = opening.end
    line_start = True
    text = parser.source.text
    while True:
        match = _HEREDOC.match(text, position)
        if match is None and text.startswith("\r", position):
            parser.scan.fail("a carriage return alone is not a line ending", position)
        if match is None:
            parser.scan.fail(
                f"this heredoc is never closed: no line holds only {marker}", opening.start, opening.end - 1,
                f"put {marker} on a line of its own, followed by a new line",
            )
        kind = match.lastgroup
        whole_line = kind == "text" and match[0].endswith("\n")
        if whole_line and line_start and match[0].strip(_BLANK) == marker:
            # The newline behind the marker ends the argument; it stays unread.
            end = match.end() - (2 if match[0].endswith("\r\n") else 1)
            parser.scan.jump(end)
            if flush:
                _flush(pieces)
            return _assemble(parser, pieces, parser.source.span(opening.start, end))
        position = match.end()
        if kind == "open":
            line_start = False
            trim_next = _sequence(parser, match, pieces)
            position = parser.scan.position
            continue
        line_start = whole_line
        value = match[0][1:] if kind == "double" else match[0]
        _append_text(pieces, value, parser.source.span(match.start(), position), trim_next, join=False)
        trim_next = False


def bare(parser: Parser) -> nodes.Expression:
    """The rest of the text as a template, without quotes, escapes or markers."""
    pieces: list[_Piece] = []
    trim_next = False
    start = position = parser.scan.position
    text = parser.source.text
    while position < len(text):
        match = _BARE.match(text, position)
        assert match is not None  # _BARE matches at every character
        position = match.end()
        if match.lastgroup == "open":
            trim_next = _sequence(parser, match, pieces)
            position = parser.scan.position
            continue
        value = match[0][1:] if match.lastgroup == "double" else match[0]
        _append_text(pieces, value, parser.source.span(match.start(), position), trim_next, join=False)
        trim_next = False
    return _assemble(parser, pieces, parser.source.span(start, len(text)))


def _append_text(pieces: list[_Piece], value: str, place: Span, trim: bool, join: bool = True) -> None:
    # Quoted text between two sequences is one literal for the strip markers;
    # heredoc text stays line by line, because flushing looks at line starts.
    if trim:
        value = value.lstrip(_BLANK)
    last = pieces[-1] if pieces else None
    if join and not trim and isinstance(last, _Text):
        last.value += value
        last.place = last.place.to(place)
    else:
        pieces.append(_Text(value, place))


def _sequence(parser: Parser, match: re.Match[str], pieces: list[_Piece]) -> bool:
    """Read `${…}` or `%{…}`; True when it ends with `~}`."""
    if match[0].endswith("~") and pieces and isinstance(pieces[-1], _Text):
        pieces[-1].value = pieces[-1].value.rstrip(_BLANK)
    scan = parser.scan
    scan.jump(match.end())
    before, scan.newlines = scan.newlines, False
    piece: _Piece
    if match[0].startswith("$"):
        expression = parser.expression()
        piece = _Interpolation(expression, expression.span)
    else:
        piece = _directive(parser)
    closing = scan.peek()
    if closing.kind not in ("}", "~}"):
        scan.fail(
            "a closing } is expected here", closing.start, closing.end,
            f"to write {match[0][0]}{{ as it is, double the sign: {match[0][0] * 2}{{",
        )
    scan.take()
    scan.newlines = before
    scan.jump(closing.end)
    piece.place = parser.source.span(match.start(), closing.end)
    pieces.append(piece)
    return closing.kind == "~}"


def _directive(parser: Parser) -> _Directive:
    scan = parser.scan
    token = scan.take()
    word = scan.word(token)
    place = parser.source.span(token.start, token.end)
    if word == "if":
        return _Directive(word, place, parser.expression())
    if word == "for":
        key, value = parser.loop_names()
        return _Directive(word, place, parser.expression(), key, value)
    if word not in ("else", "endif", "endfor"):
        scan.fail("a directive is one of if, else, endif, for, endfor", token.start, token.end)
    return _Directive(word, place)


def _flush(pieces: list[_Piece]) -> None:
    """Take the smallest common indentation off every line, as `<<-` does."""
    starts: list[_Text] = []
    smallest: int | None = None
    line_start = True
    for piece in pieces:
        if line_start:
            spaces: int | None = 0
            if isinstance(piece, _Text):
                stripped = piece.value.lstrip(_BLANK)
                if not stripped and piece.value.endswith("\n"):
                    spaces = None
                else:
                    spaces = len(piece.value) - len(stripped)
                    starts.append(piece)
            if spaces is not None:
                smallest = spaces if smallest is None else min(smallest, spaces)
        line_start = isinstance(piece, _Text) and piece.value.endswith("\n")
    for piece in starts:
        piece.value = piece.value[smallest or 0 :]


def _assemble(parser: Parser, pieces: list[_Piece], span: Span) -> nodes.Expression:
    if len(pieces) == 1 and isinstance(pieces[0], _Interpolation):
        return nodes.TemplateWrap(span, pieces[0].expression)
    parts, rest = _parts(parser, pieces, 0, ())
    if rest < len(pieces):
        stray = pieces[rest]
        assert isinstance(stray, _Directive)
        parser.scan.fail(f"%{{{stray.word}}} has no beginning", stray.place.start, stray.place.end)
    return nodes.Template(span, parts)


def _parts(
    parser: Parser, pieces: list[_Piece], index: int, closers: tuple[str, ...]
) -> tuple[tuple[str | nodes.Expression, ...], int]:
    parts: list[str | nodes.Expression] = []
    while index < len(pieces):
        piece = pieces[index]
        if isinstance(piece, _Text):
            if parts and isinstance(parts[-1], str):
                parts[-1] += piece.value
            else:
                parts.append(piece.value)
        elif isinstance(piece, _Interpolation):
            parts.append(piece.expression)
        elif piece.word in closers:
            break
        elif piece.word in ("if", "for"):
            parser.deeper()
            expression, index = _structure(parser, pieces, index, piece)
            parser.depth -= 1
            parts.append(expression)
            continue
        else:
            break
        index += 1
    # Terraform normalises strings to NFC; doing it on whole runs of text keeps
    # combining characters together with their base.
    return tuple(unicodedata.normalize("NFC", p) if isinstance(p, str) else p for p in parts), index


def _structure(
    parser: Parser, pieces: list[_Piece], index: int, opening: _Directive
) -> tuple[nodes.Expression, int]:
    assert opening.expression is not None
    closers = ("else", "endif") if opening.word == "if" else ("endfor",)
    body, index = _parts(parser, pieces, index + 1, closers)
    closing = _closing(parser, pieces, index, opening, closers)
    then = nodes.Template(opening.place.to(closing.place), body)
    if opening.word == "for":
        return nodes.TemplateFor(then.span, opening.key, opening.value, opening.expression, then), index + 1
    otherwise = nodes.Template(closing.place, ("",))
    if closing.word == "else":
        parts, index = _parts(parser, pieces, index + 1, ("endif",))
        closing = _closing(parser, pieces, index, opening, ("endif",))
        otherwise = nodes.Template(closing.place, parts)
    return nodes.TemplateIf(opening.place.to(closing.place), opening.expression, then, otherwise), index + 1


def _closing(
    parser: Parser, pieces: list[_Piece], index: int, opening: _Directive, closers: tuple[str, ...]
) -> _Directive:
    piece = pieces[index] if index < len(pieces) else None
    if not isinstance(piece, _Directive) or piece.word not in closers:
        parser.scan.fail(
            f"%{{{opening.word}}} is never closed; %{{{closers[-1]}}} is missing",
            opening.place.start,
            opening.place.end,
        )
    return piece
