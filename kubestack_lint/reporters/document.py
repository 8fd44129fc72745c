"""What the JSON reporters share: values, places and the text of a document."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from kubestack_lint.source import CONTROL, Span
from kubestack_lint.values.value import Value, plain

SENSITIVE = {"$sensitive": True}
_CONTROL = re.compile(f"[{CONTROL}]")


def dumped(document: Any) -> str:
    """A JSON document, the same bytes for the same data; what steers terminals is written as JSON's own escapes."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    # Line breaks between the parts stay; those in strings are escaped already.
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def public(value: Value) -> Any:
    """JSON data of a value: `{"$unknown": reason}` and `{"$sensitive": true}` stand for what cannot be shown."""
    if value.sensitive:
        return dict(SENSITIVE)
    if isinstance(value.data, dict):
        return {name: public(item) for name, item in value.data.items()}
    if isinstance(value.data, tuple):
        return [public(item) for item in value.data]
    return plain(value)


def written(value: Value) -> Value:
    """The value without the nulls that nobody wrote but Terraform's types fill in, at any depth."""
    if isinstance(value.data, dict):
        items = {
            name: written(item) for name, item in value.data.items() if not (item.is_null and item.place is None)
        }
        return replace(value, data=items)
    if isinstance(value.data, tuple):
        return replace(value, data=tuple(written(item) for item in value.data))
    return value


def place(span: Span) -> dict[str, Any]:
    """`path`, `line` and `column`, counted from 1."""
    return {"path": span.path, "line": span.line, "column": span.column}
