"""`kslint fix`: make the changes that rules propose."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kubestack_lint.cli import common


@click.command("fix", short_help="Make the changes that rules propose.")
@common.path_argument
@click.option("--diff", "only_diff", is_flag=True, help="Write nothing; print what would change as a unified diff.")
@click.option("--unsafe", is_flag=True, help="Also make changes that change what environments get.")
@click.option(
    "--rule", "names", metavar="RULES", multiple=True, help="Only fixes of these (comma-separated, repeatable)."
)
@click.option("--now", metavar="DATE", help="The day of the run, for waivers; else SOURCE_DATE_EPOCH's, else today.")
@common.settings_options
@common.loading_options
@common.colour_option
def command(
    path: Path,
    only_diff: bool,
    unsafe: bool,
    names: tuple[str, ...],
    now: str | None,
    config_file: Path | None,
    no_config: bool,
    var_files: tuple[Path, ...],
    env_vars: bool,
    kubestack_version: str | None,
    colour: str,
) -> int:
    """Make the changes that rules propose in the .tf and .tofu files of PATH (a directory or a file).

    Safe ones change no environment's effective configuration: overrides that say nothing new, comments that
    ignore nothing. Each is proved by reading everything again; what cannot be proved is left and said.
    Exit code 0; with --diff 1 when something would change; 2 when something could not be read.
    """
    from kubestack_lint.fixing.engine import Fixer
    from kubestack_lint.fixing.files import write
    from kubestack_lint.fixing.text import diff_text, fix_text
    from kubestack_lint.masking import masked_lines
    from kubestack_lint.policy.aside import aside_for
    from kubestack_lint.policy.clock import day_of
    from kubestack_lint.run import lint

    today = day_of(now, os.environ)
    loaded = common.read(path, var_files, env_vars, kubestack_version)
    settings = common.settings_for(path, config_file, no_config)
    settings.active(names)  # a name that does not exist is an error
    if not loaded.inheritances and not loaded.project.problems:
        raise common.nothing(path)
    policies = settings.active()
    aside = aside_for(settings, path, today, not no_config)
    wanted = frozenset(name.strip() for text in names for name in text.split(",") if name.strip())
    options = common.load_options(var_files, env_vars, kubestack_version, settings.secrets)
    fixer = Fixer(path, options, lambda found: lint(found, policies, aside, settings.environments), unsafe, wanted)
    if common.unreadable(loaded):
        return 2
    outcome = fixer.run()
    if only_diff:
        hidden = masked_lines(loaded.inheritances, loaded.project.sources)
        text, masked = diff_text(outcome, hidden)
        common.show(text)
        if masked:
            said = "lines that hold secrets are shown with dots, so that this is no patch to apply"
            click.echo(f"kslint: {said}", err=True)
            click.echo("  kslint fix makes the changes", err=True)
        return int(bool(outcome.texts))
    write(outcome.texts)
    common.show(fix_text(outcome, common.terminal(colour)))
    return 0
