"""`kslint diff`: explicit differences between environments."""

from __future__ import annotations

from pathlib import Path

import click

from kubestack_lint.cli import common


@click.command("diff", short_help="Show how environments differ from the base.")
@common.path_argument
@click.option("--module", metavar="ADDRESS", help="Only this module, such as module.gke_zero.")
@click.option("--env", "environments", metavar="NAME", multiple=True, help="Only this environment. Repeatable.")
@click.option("--against", metavar="ENV", help="Compare with this environment instead of the base.")
@click.option("--all", "inherited", is_flag=True, help="Also list what is inherited.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when there are differences.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output format."
)
@common.loading_options
@common.colour_option
def command(
    path: Path,
    module: str | None,
    environments: tuple[str, ...],
    against: str | None,
    inherited: bool,
    exit_code: bool,
    form: str,
    var_files: tuple[Path, ...],
    env_vars: bool,
    kubestack_version: str | None,
    colour: str,
) -> int:
    """Show every explicit difference of each environment in PATH (a directory or a file) against the base.

    Exit code 0; with --exit-code 1 when environments differ; 2 when something could not be read.
    Lines that change nothing (redundant, ineffective, dropped) are shown but are no differences.
    """
    from kubestack_lint.differences import differences

    loaded = common.read(path, var_files, env_vars, kubestack_version)
    wanted = (*environments, against) if against is not None else environments
    chosen = common.choose(loaded, path, module, wanted)
    blocks = []
    for inheritance in chosen:
        rows = []
        for name in (*inheritance.block.environments, *inheritance.block.absent):
            other = against or inheritance.block.base_of(name)
            if other is None or name == other or (environments and name not in environments):
                continue
            rows.append((name, other, differences(inheritance, name, against)))
        blocks.append((inheritance, rows))
    found = [d for _, rows in blocks for _, _, listed in rows for d in listed]
    if form == "json":
        from kubestack_lint.reporters.diff_json import diff_json

        settings = None
        if inherited:
            named = {(d.block.address, d.environment, d.path) for d in found}
            settings = [
                setting
                for inheritance, rows in blocks
                for name, _, _ in rows
                if name in inheritance.environments
                for setting in inheritance.environments[name].settings
                if (setting.block.address, name, setting.path) not in named
            ]
        common.show(diff_json(found, settings))
    else:
        from kubestack_lint.reporters.diff_text import diff_text

        common.show(diff_text(blocks, common.terminal(colour), inherited))
    if common.unreadable(loaded):
        return 2
    return int(exit_code and any(d.kind.effective for d in found))
