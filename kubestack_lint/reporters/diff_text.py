"""`kslint diff` for people: one table a module, both places of every difference."""

from __future__ import annotations

from collections.abc import Sequence

from kubestack_lint.differences import Difference, Kind
from kubestack_lint.inheritance import Inheritance, Setting
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.reporters.terminal import (
    Terminal,
    contrasted,
    counted,
    plain_length,
    printable,
    shown,
    table,
    where,
)
from kubestack_lint.values.value import Value, identity, string

_COLOURS = {
    Kind.CHANGED: "yellow",
    Kind.CONVERTED: "yellow",
    Kind.COMPUTED: "yellow",
    Kind.ADDED: "green",
    Kind.LOST: "red",
    Kind.REMOVED: "red",
    Kind.UNKNOWN: "blue",
}


def diff_text(
    blocks: Sequence[tuple[Inheritance, Sequence[tuple[str, str, Sequence[Difference]]]]],
    terminal: Terminal,
    inherited: bool = False,
) -> str:
    """Blocks with (environment, against, differences) for each environment that was asked for."""
    parts = [_block(inheritance, rows, terminal, inherited) for inheritance, rows in blocks]
    return "\n\n".join(parts) + "\n" if parts else ""


def heading(inheritance: Inheritance, terminal: Terminal) -> str:
    """Address, module with version, and place, on one line where they fit."""
    return block_heading(inheritance.block, terminal)


def block_heading(block: InheritanceBlock, terminal: Terminal) -> str:
    """The same for a block alone."""
    version = f" {block.definition.version}" if block.definition.version else ""
    module = f"{printable(block.definition.path)}{printable(version)}"
    spot = block.span.spot
    address = printable(block.address)
    line = f"{terminal.paint(address, 'bold')}   {module}   {terminal.paint(spot, 'dim')}"
    if plain_length(line) <= terminal.width:
        return line
    return f"{terminal.paint(address, 'bold')}\n  {module}\n  {terminal.paint(spot, 'dim')}"


def _block(
    inheritance: Inheritance,
    environments: Sequence[tuple[str, str, Sequence[Difference]]],
    terminal: Terminal,
    inherited: bool,
) -> str:
    lines = [heading(inheritance, terminal)]
    error = inheritance.error
    if error is not None:
        lines.append(terminal.paint("terraform refuses this block", "red") + f": {printable(error.message)}")
        lines.append(f"  {error.span!r}   run kslint lint for the way out")
    if not environments and inheritance.environments and error is None:
        names = ", ".join(inheritance.environments)
        lines.append(
            f"{names} inherits from nothing" if len(inheritance.environments) == 1 else f"{names}: each its own base"
        )
    for environment, against, rows in environments:
        lines.append(_sentence(inheritance, environment, against, rows))
        cells = [_row(row, terminal) for row in rows if row.path]
        if inherited:
            cells += _inherited(inheritance, environment, rows, terminal)
        if cells:
            lines += ["", table(["setting", against, environment, "kind", "where"], cells, terminal, keep=(0, 3)), ""]
    return "\n".join(lines).rstrip("\n")


def _sentence(inheritance: Inheritance, environment: str, against: str, rows: Sequence[Difference]) -> str:
    absent = inheritance.block.absent
    for name in (environment, against):
        if name in absent:
            place = absent[name]
            if environment in absent and against in absent:
                who = f"neither {environment} nor {against} has"
            else:
                who = f"{name} does not have"
            argument = place.text.strip('"')
            return f"{who} this instance: {argument} at {place.spot} asks for the workspace"
    if environment not in inheritance.environments:
        return f"{environment} cannot be computed"
    if against not in inheritance.environments:
        return f"{environment} has nothing to be compared with: there is no {against}"
    effective = len({row.path for row in rows if row.kind.effective})
    idle = len({row.path for row in rows if not row.kind.effective})
    same = len(inheritance.environments[environment].settings) - len(
        {row.path for row in rows if row.kind.effective and row.kind not in (Kind.LOST, Kind.REMOVED)}
    )
    verb = "inherits" if against == inheritance.block.base_of(environment) else "shares"
    if not effective and not same:
        sentence = f"neither {environment} nor {against} sets anything"
    elif not effective:
        sentence = f"{environment} {verb} {'all' if same > 1 else 'the'} {counted(same, 'setting')} of {against}"
    else:
        sentence = f"{environment} differs from {against} in {counted(effective, 'setting')}, {verb} {same}"
    return sentence + (f"; {idle} written without effect" if idle else "")


def _row(row: Difference, terminal: Terminal) -> list[str]:
    bare = row.block.definition.stringly
    if row.inherited is not None and row.own is not None:
        inherited, own = contrasted(row.inherited.value, row.own.value, 64, bare)
    else:
        inherited = "" if row.inherited is None else shown(row.inherited.value, 64, bare)
        own = "" if row.own is None else shown(row.own.value, 64, bare)
    if row.kind in (Kind.LOST, Kind.REMOVED):
        own = "(none)"
    changes = elements(row)
    if changes:
        own = f"{own}\n{changes}"
    cells = [printable(row.dotted), inherited, own, str(row.kind), where(row.own, row.inherited, row.against)]
    if row.kind in _COLOURS:
        cells[3] = terminal.paint(cells[3], _COLOURS[row.kind])
        return cells
    return [terminal.paint(cell, "dim") for cell in cells]


def elements(row: Difference) -> str:
    """What a list gains and loses between the two sides of a difference."""
    if row.inherited is None or row.own is None or row.kind not in (Kind.CHANGED, Kind.COMPUTED):
        return ""
    return elements_text(row.block, row.dotted, row.inherited.value, row.own.value)


def elements_text(block: InheritanceBlock, dotted: str, old: Value, new: Value) -> str:
    """What a list gains and loses, also for lists written as comma-separated text; one element a line."""
    before, after = _listed(block, dotted, old), _listed(block, dotted, new)
    if not before or not after or len(before) + len(after) < 3:
        return ""
    left, right = [identity(item) for item in before], [identity(item) for item in after]
    lost = [item for item, key in zip(before, left, strict=True) if key not in right]
    gained = [item for item, key in zip(after, right, strict=True) if key not in left]
    if not lost and not gained:
        return "(another order)" if len(left) == len(right) else "(repeated elements)"
    if len(lost) == len(gained) == 1:
        texts = contrasted(lost[0], gained[0], 48)
        return f"− {texts[0]}\n+ {texts[1]}"
    return "\n".join([*(f"− {shown(item, 48)}" for item in lost), *(f"+ {shown(item, 48)}" for item in gained)])


def _listed(block: InheritanceBlock, dotted: str, value: Value) -> tuple[Value, ...] | None:
    if value.sensitive:
        return None
    if isinstance(value.data, tuple):
        return value.data
    definition = block.definition.attributes.get(dotted)
    if isinstance(value.data, str) and definition is not None and definition.format.startswith("comma"):
        return tuple(string(part) for part in value.data.split(",")) if value.data else ()
    return None


def _inherited(
    inheritance: Inheritance, environment: str, rows: Sequence[Difference], terminal: Terminal
) -> list[list[str]]:
    """Settings that are the same in both, for --all."""
    named = {row.path for row in rows}
    effective = inheritance.environments.get(environment)
    settings = effective.settings if effective is not None else ()
    return [
        [terminal.paint(cell, "dim") for cell in _inherited_row(setting)]
        for setting in settings
        if setting.path not in named
    ]


def _inherited_row(setting: Setting) -> list[str]:
    kind = "inherited" if setting.inherited else "same"
    text = shown(setting.value, 64, setting.block.definition.stringly)
    return [printable(setting.dotted), text, text, kind, setting.place.spot]
