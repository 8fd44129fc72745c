"""`kslint why`: where one setting comes from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kubestack_lint.cli import common
from kubestack_lint.errors import UsageError

if TYPE_CHECKING:
    from kubestack_lint.inheritance import Inheritance, Setting


@click.command("why", short_help="Show where one setting comes from.")
@click.argument("setting", metavar="ADDRESS.PATH")
@common.path_argument
@click.option("--env", "environments", metavar="NAME", multiple=True, help="Only this environment. Repeatable.")
@common.loading_options
@common.colour_option
def command(
    setting: str,
    path: Path,
    environments: tuple[str, ...],
    var_files: tuple[Path, ...],
    env_vars: bool,
    kubestack_version: str | None,
    colour: str,
) -> int:
    """Show all candidates for one setting of PATH, which one wins and by which rule of the merge.

    ADDRESS.PATH is a module and an attribute: module.gke_zero.default_node_pool.max_node_count. Keys of maps follow a
    dot or stand in brackets, also with dots in them: module.gke_zero.labels.example.com/team or
    labels["example.com/team"]. A list is one setting.
    """
    from kubestack_lint.inheritance.defaults import module_defaults
    from kubestack_lint.reporters.why_text import why_text

    loaded = common.read(path, var_files, env_vars, kubestack_version)
    chosen = common.veiled(loaded, common.choose(loaded, path, None, environments))
    inheritance, names = _find(chosen, setting)
    found = [
        item
        for name, effective in inheritance.environments.items()
        if not environments or name in environments
        for item in effective.settings
        if item.path[: len(names)] == names
    ]
    default = module_defaults(inheritance.block.definition).get(names)
    if not found and default is None:
        raise UsageError(f"{inheritance.block.address} has no setting {'.'.join(names)}", _near(inheritance, names))
    common.show(why_text(inheritance, found, names, default, common.terminal(colour)))
    return 2 if common.unreadable(loaded) else 0


def _find(inheritances: tuple[Inheritance, ...], text: str) -> tuple[Inheritance, tuple[str, ...]]:
    """The block whose address begins the text, and the path behind it."""
    for prefix in ("", "module."):
        matches = [i for i in inheritances if f"{prefix}{text}".startswith(i.block.address + ".")]
        if matches:
            best = max(matches, key=lambda i: len(i.block.address))
            return best, _path(best, f"{prefix}{text}"[len(best.block.address) + 1 :])
    addresses = ", ".join(i.block.address for i in inheritances[:8])
    raise UsageError(f"{text} begins with no module that is here", f"there is {addresses}")


def _path(inheritance: Inheritance, text: str) -> tuple[str, ...]:
    """The names that a text means: keys of maps may hold dots, so what is there decides where one ends."""
    plain = re.sub(r'\["((?:[^"\\]|\\.)*)"\]', r".\1", text)
    settings = (s for effective in inheritance.environments.values() for s in effective.settings)
    paths = (setting.path[:length] for setting in settings for length in range(1, len(setting.path) + 1))
    return next((path for path in paths if ".".join(path) == plain), tuple(plain.split(".")))


def _near(inheritance: Inheritance, names: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    settings: list[Setting] = [s for effective in inheritance.environments.values() for s in effective.settings]
    known = sorted({setting.dotted for setting in settings} | set(inheritance.block.definition.attributes))
    close = get_close_matches(".".join(names), known, 3)
    return f"did you mean {' or '.join(close)}?" if close else "see kslint show for all settings"
