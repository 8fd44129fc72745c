"""JSON with places → the same nodes as HCL, for .tf.json and .tfvars.json files.

The standard library's reader keeps no positions, and every finding needs one.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import NoReturn

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes
from kubestack_lint.syntax.parser import MAX_DEPTH

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z]+")


def parse_json(source: Source) -> nodes.Expression:
    """Read a JSON text. Strings become literal Templates. Raises SyntaxProblem."""
    reader = _Reader(source)
    value = reader.value(0)
    reader.skip()
    if reader.position < len(source.text):
        reader.fail("the JSON value should end here")
    return value


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.position = 1 if source.text.startswith("\ufeff") else 0

    def fail(self, message: str, hint: str = "") -> NoReturn:
        end = min(len(self.text), self.position + 1)
        raise SyntaxProblem(message, self.source.span(self.position, end), hint)

    def skip(self) -> str:
        match = _SPACE.match(self.text, self.position)
        assert match is not None
        self.position = match.end()
        return self.text[self.position : self.position + 1]

    def value(self, depth: int) -> nodes.Expression:
        if depth > MAX_DEPTH:
            self.fail(f"this is nested more than {MAX_DEPTH} levels deep")
        start = self.skip()
        if start == "{":
            return self.object(depth)
        if start == "[":
            return self.array(depth)
        if start == '"':
            return self.string()
        return self.scalar()

    def scalar(self) -> nodes.Expression:
        begin = self.position
        number = _NUMBER.match(self.text, begin)
        if number:
            self.position = number.end()
            return nodes.Literal(self.source.span(begin, number.end()), Decimal(number[0]))
        word = _WORD.match(self.text, begin)
        constants = {"true": True, "false": False, "null": None}
        if word is None or word[0] not in constants:
            self.fail("a JSON value is expected here" if begin < len(self.text) else "the JSON text ends too early")
        self.position = word.end()
        return nodes.Literal(self.source.span(begin, word.end()), constants[word[0]])

    def string(self) -> nodes.Template:
        match = _STRING.match(self.text, self.position)
        if match is None:
            self.fail("this string is not closed, or holds a character that JSON forbids")
        span = self.source.span(self.position, match.end())
        self.position = match.end()
        text = json.loads(match[0])
        if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return nodes.Template(span, (text,))

    def object(self, depth: int) -> nodes.Object:
        begin = self.position
        self.position += 1
        items: list[nodes.ObjectItem] = []
        while self.skip() != "}":
            if self.text[self.position : self.position + 1] != '"':
                self.fail("a key in double quotes is expected here")
            key = self.string()
            if self.skip() != ":":
                self.fail("a colon must follow the key")
            self.position += 1
            items.append(nodes.ObjectItem(key, self.value(depth + 1), str(key.parts[0])))
            if self.skip() == ",":
                self.position += 1
                if self.skip() == "}":
                    self.fail("JSON allows no comma before }")
            elif self.text[self.position : self.position + 1] != "}":
                self.fail("a comma or } is expected here")
        self.position += 1
        return nodes.Object(self.source.span(begin, self.position), tuple(items))

    def array(self, depth: int) -> nodes.Tuple:
        begin = self.position
        self.position += 1
        items: list[nodes.Expression] = []
        while self.skip() != "]":
            items.append(self.value(depth + 1))
            if self.skip() == ",":
                self.position += 1
                if self.skip() == "]":
                    self.fail("JSON allows no comma before ]")
            elif self.text[self.position : self.position + 1] != "]":
                self.fail("a comma or ] is expected here")
        self.position += 1
        return nodes.Tuple(self.source.span(begin, self.position), tuple(items))
