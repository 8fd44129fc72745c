"""`kslint why`: one setting, its candidates in order, and the rule of the merge that decides."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from kubestack_lint.inheritance import Inheritance, Setting
from kubestack_lint.reporters.terminal import Terminal, contrasted, plain_length, printable, shown, table
from kubestack_lint.values.value import Unknown, Value

# One sentence per generation, as `why` prints it.
GENERATIONS = {
    "L0": "merge(apps, ops) of Terraform 0.11",
    "L1": "merge(apps, ops): whatever ops writes wins, null included",
    "L2": "merge(base, environment): whatever the environment writes wins, null included",
    "L3": "loops over the keys of the base; a key only the environment has is lost",
    "L4": "every key: the environment's value unless it is null",
    "L5": "every key: the environment's value unless it is null",
    "L6": 'every key, one level deep in maps: the first that is neither null nor ""',
}


def why_text(
    inheritance: Inheritance,
    settings: Sequence[Setting],
    path: tuple[str, ...],
    default: Value | None,
    terminal: Terminal,
) -> str:
    """`settings` are those of each environment that was asked for, at `path` or below it."""
    block = inheritance.block
    bare = block.definition.stringly
    lines = [terminal.paint(f"{printable(block.address)}: {printable('.'.join(path))}", "bold")]
    for setting in settings:
        name = "" if setting.path == path else f" {printable('.'.join(setting.path[len(path) :]))}"
        said = f"{setting.environment}{name} = {terminal.paint(shown(setting.value, 60, bare), 'bold')}"
        fits = plain_length(said) + 3 + len(setting.rule) <= terminal.width
        lines += ["", f"{said}   {setting.rule}"] if fits else ["", said, _wrapped(f"  {setting.rule}", "  ", terminal)]
        if isinstance(setting.value.data, Unknown):
            lines.append(_wrapped(f"  unknown because {printable(setting.value.data.because)}", "  ", terminal))
        values = [definition.value for definition in setting.definitions]
        texts = (
            contrasted(values[0], values[1], 60, bare)
            if len(values) == 2
            else [shown(value, 60, bare) for value in values]
        )
        rows = [
            ["  loses" if index else "  wins", definition.environment, text, _places(setting, definition.value)]
            for index, (definition, text) in enumerate(zip(setting.definitions, texts, strict=True))
        ]
        lines.append(table(["", "in", "value", "where"], rows, terminal))
    version = f" {block.definition.version}" if block.definition.version else ""
    merge = f"{block.definition.path}{version} ({block.definition.merge}): {GENERATIONS[block.definition.merge]}"
    given = shown(default) if default is not None else "none: the module sets nothing by itself"
    lines += ["", *(_wrapped(text, " " * 8, terminal) for text in (f"merge   {merge}", f"default {given}"))]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, indent: str, terminal: Terminal) -> str:
    return textwrap.fill(text, terminal.width, subsequent_indent=indent, break_on_hyphens=False)


def _places(setting: Setting, value: Value) -> str:
    spot = value.place or setting.block.span
    text = repr(spot)
    if value.via is not None and value.via.source is spot.source and value.via != spot:
        text += f" from :{value.via.line}"
    elif value.via is not None and value.via != spot:
        text += f" from {value.via.spot}"
    return text
