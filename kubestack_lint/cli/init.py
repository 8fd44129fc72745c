"""`kslint init`: a first settings file, fitted to the repository."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kubestack_lint.cli import common
from kubestack_lint.errors import UsageError


@click.command("init", short_help="Write a first .kslint.yaml, fitted to the repository.")
@common.path_argument
@click.option("--force", is_flag=True, help="Overwrite a .kslint.yaml that is there.")
@click.option("--dry-run", is_flag=True, help="Print the file instead of writing it.")
@common.loading_options
def command(
    path: Path, force: bool, dry_run: bool, var_files: tuple[Path, ...], env_vars: bool, kubestack_version: str | None
) -> int:
    """Write a commented .kslint.yaml into PATH (a directory) and print snippets for pre-commit and CI."""
    from kubestack_lint.policy.settings import NAME
    from kubestack_lint.policy.starting import CI, PRE_COMMIT, starting_text

    if path.exists() and not path.is_dir():
        raise UsageError(f"{path} is no directory", f"kslint init {path.parent}")
    target = path / NAME
    if target.exists() and not force and not dry_run:
        raise UsageError(f"there is a {target} already", "--force overwrites it, --dry-run only prints a new one")
    loaded = common.read(path, var_files, env_vars, kubestack_version)
    if not loaded.inheritances and not loaded.project.problems:
        raise common.nothing(path)
    text = starting_text(loaded.inheritances)
    if dry_run:
        common.show(text)
        return 2 if common.unreadable(loaded) else 0
    target.write_text(text, "utf-8", newline="\n")
    common.show(
        f"wrote {os.path.normpath(target)}\n\n"
        f"for .pre-commit-config.yaml:\n\n{PRE_COMMIT}\n"
        f"for a CI job, such as the steps of a GitHub workflow:\n\n{CI}\n"
        "kslint baseline writes down what is found today, so that the gate reports only what is new.\n"
    )
    return 2 if common.unreadable(loaded) else 0
