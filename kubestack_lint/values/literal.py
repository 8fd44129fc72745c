"""Values → the HCL text that would write them."""

from __future__ import annotations

import json
import re
from fractions import Fraction

from kubestack_lint.values.numbers import format_number
from kubestack_lint.values.value import Unknown, Value

_NAME = re.compile(r"[^\W\d][\w-]*")


def key_text(name: str) -> str:
    """An object key: bare where HCL allows it."""
    return name if _NAME.fullmatch(name) else quoted(name)


def quoted(text: str) -> str:
    """A quoted string; template signs are escaped so that it reads back as itself."""
    escaped = json.dumps(text, ensure_ascii=False).replace("\\b", "\\u0008").replace("\\f", "\\u000c")
    return escaped.replace("${", "$${").replace("%{", "%%{")


def inline(value: Value) -> str:
    """One line of HCL. Unknown values and sensitive ones are said in parentheses."""
    if value.sensitive:
        return "(sensitive)"
    data = value.data
    if isinstance(data, Unknown):
        return f"(unknown: {data.because})"
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int | Fraction):
        return format_number(data)
    if isinstance(data, str):
        return quoted(data)
    if isinstance(data, tuple):
        return "[" + ", ".join(inline(item) for item in data) + "]"
    if not data:
        return "{}"
    return "{ " + ", ".join(f"{key_text(name)} = {inline(item)}" for name, item in data.items()) + " }"


def block_text(value: Value, indent: str = "") -> str:
    """HCL over several lines, aligned as `terraform fmt` does; comments where a value is unknown or sensitive."""
    data = value.data
    if value.sensitive or isinstance(data, Unknown):
        return f"null # {inline(value)[1:-1]}"
    inner = indent + "  "
    if isinstance(data, dict) and data:
        return "{\n" + _items(data, inner) + indent + "}"
    if isinstance(data, tuple) and any(isinstance(item.data, dict) and item.data for item in data):
        rows = "".join(f"{inner}{block_text(item, inner)},\n" for item in data)
        return f"[\n{rows}{indent}]"
    if isinstance(data, str) and data.endswith("\n") and "\r" not in data and data.isprintable() is False:
        return _heredoc(data, inner)
    return inline(value)


def _items(items: dict[str, Value], indent: str) -> str:
    lines: list[str] = []
    group: list[tuple[str, str]] = []

    def flush() -> None:
        width = max((len(name) for name, _ in group), default=0)
        lines.extend(f"{indent}{name:<{width}} = {text}\n" for name, text in group)
        group.clear()

    for name, item in items.items():
        text = block_text(item, indent)
        group.append((key_text(name), text))
        if "\n" in text:
            # terraform fmt aligns only neighbours on single lines.
            last = group.pop()
            flush()
            lines.append(f"{indent}{last[0]} = {last[1]}\n")
    flush()
    return "".join(lines)


def _heredoc(text: str, indent: str) -> str:
    lines = text.split("\n")[:-1]
    if any(line.strip() == "EOT" for line in lines) or any(ord(c) < 32 and c != "\n" for c in text):
        return quoted(text)
    body = "".join(f"{indent}{line}\n" if line else "\n" for line in lines)
    if any(line.startswith((" ", "\t")) for line in lines) and all(
        line.startswith((" ", "\t")) for line in lines if line
    ):
        # A flush heredoc would take this indentation off.
        return quoted(text)
    return f"<<-EOT\n{body.replace('${', '$${').replace('%{', '%%{')}{indent}EOT"
