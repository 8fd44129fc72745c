"""`kslint show`: the effective configuration of each environment."""

from __future__ import annotations

from pathlib import Path

import click

from kubestack_lint.cli import common


@click.command("show", short_help="Show the effective configuration of each environment.")
@common.path_argument
@click.option("--module", metavar="ADDRESS", help="Only this module, such as module.gke_zero.")
@click.option("--env", "environments", metavar="NAME", multiple=True, help="Only this environment. Repeatable.")
@click.option("--all", "nulls", is_flag=True, help="Keep attributes that nobody set and that are null.")
@click.option("--defaults", is_flag=True, help="Add what the module itself fills in, marked as such.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "yaml", "hcl"]),
    default="text",
    show_default=True,
    help="Output format; hcl prints a map that could be pasted into terraform.",
)
@common.loading_options
@common.colour_option
def command(
    path: Path,
    module: str | None,
    environments: tuple[str, ...],
    nulls: bool,
    defaults: bool,
    form: str,
    var_files: tuple[Path, ...],
    env_vars: bool,
    kubestack_version: str | None,
    colour: str,
) -> int:
    """Show what each environment of PATH (a directory or a file) really gets, after inheritance.

    Exit code 0; 2 when something could not be read.
    """
    from kubestack_lint.inheritance.defaults import module_defaults

    loaded = common.read(path, var_files, env_vars, kubestack_version)
    chosen = common.veiled(loaded, common.choose(loaded, path, module, environments))
    filled = {i.block.address: module_defaults(i.block.definition) for i in chosen} if defaults else {}
    if form == "hcl":
        from kubestack_lint.reporters.show_hcl import show_hcl

        common.show(show_hcl(chosen, environments, nulls))
    elif form == "text":
        from kubestack_lint.reporters.show_text import show_text

        common.show(show_text(chosen, common.terminal(colour), environments, nulls, filled))
    else:
        from kubestack_lint.reporters.show_json import show_document, show_json, show_yaml

        document = show_document(chosen, environments, nulls, filled)
        common.show(show_json(document) if form == "json" else show_yaml(document))
    return 2 if common.unreadable(loaded) else 0
