"""Text in which some parts are replaced, such as references by an unknown value."""

from __future__ import annotations

# Terraform keeps the clock unknown until apply, so this is a value of which
# not even the type is known: what a resource's attribute is during a first
# plan. It needs neither a resource nor a provider.
UNKNOWN = "jsondecode(timestamp())"


def replaced(text: str, start: int, end: int, changes: list[tuple[int, int, str]]) -> str:
    """`text[start:end]` with some parts exchanged; of parts inside each other the outer one counts."""
    pieces: list[str] = []
    position = start
    for begin, stop, new in sorted(changes, key=lambda change: (change[0], -change[1])):
        if position <= begin and stop <= end:
            pieces += [text[position:begin], new]
            position = stop
    return "".join((*pieces, text[position:end]))
