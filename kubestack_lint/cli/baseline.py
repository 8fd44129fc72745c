"""`kslint baseline`: write down what is found today, so that lint reports only what is new."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kubestack_lint.cli import common


@click.command("baseline", short_help="Write down today's findings, so that lint reports only new ones.")
@common.path_argument
@click.option("--prune", is_flag=True, help="Only remove entries that fit no finding any more.")
@click.option("--now", metavar="DATE", help="The day of the run, for waivers; else SOURCE_DATE_EPOCH's, else today.")
@common.settings_options
@common.loading_options
def command(
    path: Path,
    prune: bool,
    now: str | None,
    config_file: Path | None,
    no_config: bool,
    var_files: tuple[Path, ...],
    env_vars: bool,
    kubestack_version: str | None,
) -> int:
    """Write the findings of PATH (a directory) to .kslint-baseline.yaml; kslint lint then reports only new ones.

    The nearest such file is rewritten; a first one is written beside .kslint.yaml, or into PATH. Findings
    that are ignored or waived do not go into it. Exit code 2 when something could not be read.
    """
    from kubestack_lint.errors import UsageError
    from kubestack_lint.policy.aside import aside_for, baseline_path, directory_of
    from kubestack_lint.policy.baseline import MERGED, read_baseline, updated, write_text
    from kubestack_lint.policy.clock import day_of
    from kubestack_lint.reporters.terminal import counted
    from kubestack_lint.run import lint

    if path.is_file():
        raise UsageError("a baseline is written for a directory", f"kslint baseline {path.parent}")
    loaded = common.read(path, var_files, env_vars, kubestack_version)
    settings = common.settings_for(path, config_file, no_config)
    if not loaded.inheritances and not loaded.project.problems:
        raise common.nothing(path)
    aside = aside_for(settings, path, day_of(now, os.environ), False)
    report = lint(loaded, settings.active(), aside, settings.environments)
    if report.failed:
        common.unreadable(loaded)
        common.crashed(report.failures)
        raise UsageError("no baseline was written: findings would be missing from it", "mend what is said above first")
    target = baseline_path(settings, path)
    before = read_baseline(target, directory_of(path))
    entries = updated(before, report.findings, prune)
    text = write_text(entries)
    first = not target.is_file()
    if first or target.read_text("utf-8") != text:
        target.write_text(text, "utf-8", newline="\n")
    shown = os.path.relpath(target)
    gone = len({one for one, _ in before.entries} - set(entries))
    common.show(f"{shown} holds {counted(len(entries), 'finding')}" + (f", {gone} removed" if gone else "") + "\n")
    if first:
        common.show(f"so that git merges it line by line: {MERGED}\n")
    return 0
