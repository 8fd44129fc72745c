"""`kslint show` for people: settings down, environments across."""

from __future__ import annotations

from collections.abc import Sequence

from kubestack_lint.inheritance import Inheritance, Setting
from kubestack_lint.reporters.diff_text import heading
from kubestack_lint.reporters.terminal import Terminal, printable, shown, table, uncoloured
from kubestack_lint.values.value import Value, leaves, same

Defaults = dict[str, dict[tuple[str, ...], Value]]


def show_text(
    inheritances: Sequence[Inheritance],
    terminal: Terminal,
    environments: Sequence[str] = (),
    nulls: bool = False,
    defaults: Defaults | None = None,
) -> str:
    """One table per block."""
    parts = [_block(i, terminal, environments, nulls, (defaults or {}).get(i.block.address, {})) for i in inheritances]
    return "\n\n".join(parts) + "\n" if parts else ""


def _block(
    inheritance: Inheritance,
    terminal: Terminal,
    environments: Sequence[str],
    nulls: bool,
    defaults: dict[tuple[str, ...], Value],
) -> str:
    lines = [heading(inheritance, terminal)]
    if inheritance.error is not None:
        error = inheritance.error
        lines.append(
            terminal.paint("terraform refuses this block", "red") + f": {printable(error.message)} ({error.span!r})"
        )
    names = [name for name in inheritance.environments if not environments or name in environments]
    if len(names) == 1:
        rows = _one(inheritance, names[0], nulls, defaults, terminal)
        headers = ["setting", names[0], "from", "where"]
    else:
        rows = _matrix(inheritance, names, nulls, defaults, terminal)
        headers = ["setting", *names]
    if rows:
        lines += ["", table(headers, rows, terminal, keep=(0,))]
    if any(uncoloured(cell) == "=" for row in rows for cell in row[2:]) and inheritance.base:
        lines += ["", terminal.paint(f"= inherited from {inheritance.base}", "dim")]
    absent = [name for name in inheritance.block.absent if not environments or name in environments]
    if absent:
        place = inheritance.block.absent[absent[0]]
        argument = place.text.strip('"')
        reason = f"{argument} at {place.spot} asks for the workspace"
        lines += ["", f"not made in {', '.join(absent)}: {reason}"]
    return "\n".join(lines)


def _one(
    inheritance: Inheritance, name: str, nulls: bool, defaults: dict[tuple[str, ...], Value], terminal: Terminal
) -> list[list[str]]:
    rows: list[list[str]] = []
    seen: set[tuple[str, ...]] = set()
    for setting in inheritance.environments[name].settings:
        seen.add(setting.path)
        origin = setting.definitions[0].environment
        spot = setting.place.spot
        text = shown(setting.value, 64, setting.block.definition.stringly)
        rows.append([printable(setting.dotted), text, origin, spot])
    for path, value in _rest(inheritance, name, seen, nulls, defaults):
        origin = "module default" if path in defaults else "nobody"
        rows.append([terminal.paint(cell, "dim") for cell in (printable(".".join(path)), shown(value), origin, "")])
    return rows


def _matrix(
    inheritance: Inheritance,
    names: Sequence[str],
    nulls: bool,
    defaults: dict[tuple[str, ...], Value],
    terminal: Terminal,
) -> list[list[str]]:
    by_name: dict[str, dict[tuple[str, ...], Setting]] = {
        name: {setting.path: setting for setting in inheritance.environments[name].settings} for name in names
    }
    order: dict[tuple[str, ...], None] = {}
    for name in names:
        order.update(dict.fromkeys(by_name[name]))
    limit = max(16, terminal.width // (len(names) + 1))
    rows = [
        [
            printable(".".join(path)),
            *(_cell(inheritance, by_name[name].get(path), name, limit, terminal) for name in names),
        ]
        for path in order
    ]
    rest: dict[tuple[str, ...], dict[str, str]] = {}
    for name in names:
        for path, value in _rest(inheritance, name, set(by_name[name]), nulls, defaults):
            note = " (module)" if path in defaults else ""
            rest.setdefault(path, {})[name] = terminal.paint(shown(value, limit) + note, "dim")
    rows += [[printable(".".join(path)), *(cells.get(name, "") for name in names)] for path, cells in rest.items()]
    return rows


def _cell(inheritance: Inheritance, setting: Setting | None, name: str, limit: int, terminal: Terminal) -> str:
    if setting is None:
        return ""
    base = inheritance.block.base_of(name)
    if name != base and setting.inherited:
        inherited = inheritance.setting(base or "", setting.path)
        if inherited is not None and same(inherited.value, setting.value):
            return terminal.paint("=", "dim")
    text = shown(setting.value, limit, inheritance.block.definition.stringly)
    return text if name == base else terminal.paint(text, "bold")


def _rest(
    inheritance: Inheritance,
    name: str,
    seen: set[tuple[str, ...]],
    nulls: bool,
    defaults: dict[tuple[str, ...], Value],
) -> list[tuple[tuple[str, ...], Value]]:
    """Module defaults of what is not set, and with --all the nulls that nobody wrote."""
    found = {path: value for path, value in defaults.items() if path not in seen}
    if nulls:
        for path, value in leaves(inheritance.environments[name].value):
            if path and path not in seen:
                found.setdefault(path, value)
    return list(found.items())
