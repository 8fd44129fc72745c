"""Values → JSON text, exactly as Terraform writes it."""

from __future__ import annotations

import re
from fractions import Fraction

from kubestack_lint.values.access import element_pairs
from kubestack_lint.values.evaluate import MAX_STRING
from kubestack_lint.values.functions.common import writable
from kubestack_lint.values.numbers import format_number
from kubestack_lint.values.value import Unknown, Value

# Deeper values are hostile; Python's own recursion ends a little later.
MAX_NESTING = 200


class Unwritable(Exception):
    """The text cannot be known; `hidden` is the unknown part if that is why."""

    def __init__(self, because: str, hidden: Unknown | None = None) -> None:
        super().__init__(because)
        self.hidden = hidden


_ESCAPED = re.compile('[\\x00-\\x1f"\\\\<>&\\u2028\\u2029\\ud800-\\udfff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def json_string(text: str) -> str:
    """A JSON string; Go also escapes what would matter inside HTML."""
    return '"' + _ESCAPED.sub(lambda found: _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}", text) + '"'


def to_json(value: Value) -> str:
    """The value as JSON without spaces, keys sorted. Raises Unwritable."""
    pieces = Pieces()
    _write(value, pieces, 0)
    return "".join(pieces.texts)


class Pieces:
    """Text under way; shared parts could make it long without end."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.size = 0

    def add(self, text: str) -> None:
        """Append, or raise Unwritable."""
        self.texts.append(text)
        # Even empty texts count, so that the time is bounded as well.
        self.size += len(text) + 1
        if self.size > MAX_STRING:
            raise Unwritable(f"the text is longer than {MAX_STRING} characters")


def _write(value: Value, pieces: Pieces, depth: int) -> None:
    data = value.data
    if depth > MAX_NESTING:
        raise Unwritable(f"the value is nested more than {MAX_NESTING} levels deep")
    if isinstance(data, Unknown):
        raise Unwritable(data.because, data)
    if isinstance(data, dict):
        pieces.add("{")
        for index, (key, item) in enumerate(element_pairs(value)):
            pieces.add(("," if index else "") + json_string(str(key.data)) + ":")
            _write(item, pieces, depth + 1)
        pieces.add("}")
    elif isinstance(data, tuple):
        pieces.add("[")
        for index, item in enumerate(data):
            if index:
                pieces.add(",")
            _write(item, pieces, depth + 1)
        pieces.add("]")
    else:
        pieces.add(scalar_text(data))


def scalar_text(data: bool | int | Fraction | str | None) -> str:
    """null, a bool, a number or a string as JSON."""
    if isinstance(data, str):
        return json_string(data)
    if data is None or isinstance(data, bool):
        return {None: "null", True: "true", False: "false"}[data]
    if not writable(data):
        raise Unwritable("the number has more digits than kslint computes")
    return format_number(data)


