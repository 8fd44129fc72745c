"""Values → YAML text, exactly as Terraform writes it.

Terraform's writer is a port of libyaml: block style, every string in double
quotes (folded at spaces behind column 80) or, with newlines, as literal block.
"""

from __future__ import annotations

import re

from kubestack_lint.values.access import element_pairs
from kubestack_lint.values.functions.jsontext import (
    MAX_NESTING,
    Pieces,
    Unwritable,
    scalar_text,
)
from kubestack_lint.values.value import Unknown, Value

_INDENT = 2
_WIDTH = 80
_LONGEST_KEY = 128

_BREAKS = "\n\r\x85\u2028\u2029"
# Everything that is escaped: no tab, nothing beyond the basic plane is "printable".
_SPECIAL = re.compile("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
# In double quotes: a run of ordinary characters, a space, or a character to escape.
_RUN = re.compile('[!#-\\[\\]-~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]+| |(?P<escaped>.)', re.DOTALL)
_SINGLE = re.compile("(?P<escaped>.)", re.DOTALL)
_LETTERS = {
    "\x00": "0", "\x07": "a", "\x08": "b", "\t": "t", "\n": "n", "\x0b": "v", "\x0c": "f", "\r": "r", "\x1b": "e",
    '"': '"', "\\": "\\", "\x85": "N", "\xa0": "_", "\u2028": "L", "\u2029": "P",
}  # fmt: skip


def to_yaml(value: Value) -> str:
    """The value as YAML document. Raises Unwritable."""
    emitter = _Emitter()
    emitter.node(value, 0)
    emitter.line(0)
    if emitter.open_ended:
        emitter.mark("...")
        emitter.line(0)
    return "".join(emitter.pieces.texts)


class _Emitter:
    """A document under way. `fresh`: only indentation so far in this line."""

    def __init__(self) -> None:
        self.pieces = Pieces()
        self.column = 0
        self.indent = -1
        self.space = True
        self.fresh = True
        self.open_ended = False

    def put(self, text: str) -> None:
        self.pieces.add(text)
        self.column += len(text)

    def newline(self) -> None:
        self.pieces.add("\n")
        self.column = 0

    def line(self, indent: int) -> None:
        """Go to a new line, unless this one is still empty, and indent it."""
        indent = max(indent, 0)
        if not self.fresh or self.column > indent or (self.column == indent and not self.space):
            self.newline()
        if self.column < indent:
            self.put(" " * (indent - self.column))
        self.space = self.fresh = True

    def mark(self, text: str, apart: bool = True, keeps_fresh: bool = False) -> None:
        """An indicator such as `-`; `apart` from what stands before it."""
        if apart and not self.space:
            self.put(" ")
        self.put(text)
        self.space = False
        self.fresh = self.fresh and keeps_fresh
        self.open_ended = False

    # -- nodes --------------------------------------------------------------

    def node(self, value: Value, depth: int, in_mapping: bool = False) -> None:
        """Any value."""
        if depth > MAX_NESTING:
            raise Unwritable(f"the value is nested more than {MAX_NESTING} levels deep")
        data = value.data
        if isinstance(data, Unknown):
            raise Unwritable(data.because, data)
        if isinstance(data, dict | tuple):
            outer = self.indent
            if not data:
                self.mark("{}" if isinstance(data, dict) else "[]")
            elif isinstance(data, dict):
                self.mapping(value, depth)
            else:
                self.sequence(value, depth, in_mapping)
            self.indent = outer
        elif isinstance(data, str):
            self.text(data, key=False)
        else:
            if not self.space:
                self.put(" ")
            self.put(scalar_text(data))
            self.space = self.fresh = False
            self.open_ended = depth == 0

    def deeper(self) -> int:
        return 0 if self.indent < 0 else self.indent + _INDENT

    def sequence(self, value: Value, depth: int, in_mapping: bool) -> None:
        if not (in_mapping and not self.fresh):
            self.indent = self.deeper()
        for item in value.elements:
            self.line(self.indent)
            self.mark("-", keeps_fresh=True)
            self.node(item, depth + 1)

    def mapping(self, value: Value, depth: int) -> None:
        self.indent = self.deeper()
        for key, item in element_pairs(value):
            assert isinstance(key.data, str)
            self.line(self.indent)
            if len(key.data.encode("utf-8", "surrogatepass")) <= _LONGEST_KEY and not _has_break(key.data):
                self.text(key.data, key=True)
                self.mark(":", apart=False)
            else:
                self.mark("?", keeps_fresh=True)
                self.text(key.data, key=False)
                self.line(self.indent)
                self.mark(":", keeps_fresh=True)
            self.node(item, depth + 1, in_mapping=True)

    # -- strings ------------------------------------------------------------

    def text(self, text: str, key: bool) -> None:
        """A string; those that break lines as literal block where that is possible."""
        outer = self.indent
        self.indent = _INDENT if self.indent < 0 else self.indent + _INDENT
        if "\n" in text and not key and _may_be_literal(text):
            self.literal(text)
        else:
            self.quoted(text, folds=not key)
        self.indent = outer

    def literal(self, text: str) -> None:
        self.mark("|")
        if text[0] == " " or text[0] in _BREAKS:
            self.mark(str(_INDENT), apart=False)
        if text[-1] not in _BREAKS:
            self.mark("-", apart=False)
        elif len(text) == 1 or text[-2] in _BREAKS:
            self.mark("+", apart=False)
        self.newline()
        self.space = self.fresh = True
        for line in re.findall(f"[^{_BREAKS}]+|[{_BREAKS}]", text):
            if line == "\n":
                self.newline()
                self.fresh = True
            elif line in _BREAKS:
                self.pieces.add(line)
                self.column = 0
                self.fresh = True
            else:
                self.line(self.indent)
                self.put(line)
                self.fresh = False

    def quoted(self, text: str, folds: bool) -> None:
        self.mark('"')
        after_space = False
        # A byte order mark in front makes Terraform escape every character.
        escape_all = text.startswith("\ufeff")
        for match in (_SINGLE if escape_all else _RUN).finditer(text):
            piece, index = match[0], match.start()
            if escape_all or match.lastgroup == "escaped":
                self.put(_escape(piece))
                after_space = False
            elif piece != " ":
                self.put(piece)
                after_space = False
            else:
                if folds and not after_space and self.column > _WIDTH and 0 < index < len(text) - 1:
                    self.line(self.indent)
                    if text[index + 1] == " ":
                        self.put("\\")
                else:
                    self.put(" ")
                after_space = True
        self.mark('"', apart=False)


def _escape(character: str) -> str:
    letter = _LETTERS.get(character)
    if letter is not None:
        return "\\" + letter
    code = ord(character)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _has_break(text: str) -> bool:
    return any(character in text for character in _BREAKS)


def _may_be_literal(text: str) -> bool:
    if text.endswith(" ") or _SPECIAL.search(text):
        return False
    return not any(" " + character in text for character in _BREAKS)
