"""Preconditions of resources, as what they demand of the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubestack_lint.syntax import nodes
from kubestack_schemas.expressions import bare, null_test, reads, string, written
from kubestack_schemas.facts import Json

_MESSAGE = "missing required configuration attribute: "


def preconditions(blocks: Iterable[nodes.Block]) -> dict[str, Json]:
    """`required` of a spec by attribute path, for every precondition that names an attribute."""
    found: dict[str, Json] = {}
    for block in _nested(blocks):
        if block.type == "precondition":
            message = string(block.body.arguments["error_message"].expression) or ""
            if message.startswith(_MESSAGE):
                condition = bare(block.body.arguments["condition"].expression)
                found[message.removeprefix(_MESSAGE)] = {"message": message, **_limits(condition)}
    return found


def _nested(blocks: Iterable[nodes.Block]) -> Iterator[nodes.Block]:
    for block in blocks:
        yield block
        yield from _nested(block.body.blocks)


def _limits(condition: nodes.Expression) -> Json:
    """`x != null` demands x always; `switch == false || x != null` unless it is switched off.

    `x != null && …` demands even more, which is kept as text. Any other shape
    raises ValueError: guessing here would make the linter lie.
    """
    if null_test(condition):
        return {}
    if isinstance(condition, nodes.Binary) and condition.operator == "||" and null_test(condition.right):
        switch = bare(condition.left)
        if isinstance(switch, nodes.Binary) and switch.operator == "==":
            (read,) = reads(switch.left)
            return {"unless": f"{'.'.join(read.path)} == {written(switch.right)}"}
    if isinstance(condition, nodes.Binary) and condition.operator == "&&" and null_test(condition.left):
        return {"condition": written(condition)}
    raise ValueError(f"{condition.span!r}: cannot tell what {written(condition)} demands")
