"""`kslint lint`: findings, for people and for gates."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kubestack_lint.cli import common, sinks

# Columns of a text report that goes to a file.
FILE_WIDTH = 100
# Characters that GitHub takes as the summary of a step.
SUMMARY_LIMIT = 1_000_000


@click.command("lint", short_help="Report what is wrong with the environments.")
@common.path_argument
@click.option("--select", metavar="RULES", multiple=True, help="Run only these rules (comma-separated, repeatable).")
@click.option("--ignore", metavar="RULES", multiple=True, help="Do not run these rules (comma-separated, repeatable).")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info"]),
    default="warning",
    show_default=True,
    help="The least severity that makes the exit code 1.",
)
@click.option("--fail-on-unknown", is_flag=True, help="Exit with 1 when a value or a verdict is unknown.")
@click.option("--now", metavar="DATE", help="The day of the run, for waivers; else SOURCE_DATE_EPOCH's, else today.")
@click.option("--allow-empty", is_flag=True, help="Exit with 0 when there is nothing to lint.")
@click.option(
    "--format",
    "forms",
    type=click.Choice(sinks.forms("lint")),
    multiple=True,
    envvar="KSLINT_FORMAT",
    help="Output format, text by default. Repeatable, with an --output-file for each.",
)
@click.option(
    "--output-file",
    "-o",
    "files",
    metavar="FILE",
    multiple=True,
    help="Where the format given at the same place goes; - is standard output. Repeatable.",
)
@click.option("--tag", metavar="TEXT", default="", help="Tells the Markdown comments of several runs apart.")
@common.settings_options
@common.loading_options
@common.colour_option
def command(
    path: Path,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    fail_on_unknown: bool,
    now: str | None,
    allow_empty: bool,
    forms: tuple[str, ...],
    files: tuple[str, ...],
    tag: str,
    config_file: Path | None,
    no_config: bool,
    var_files: tuple[Path, ...],
    env_vars: bool,
    kubestack_version: str | None,
    colour: str,
) -> int:
    """Check the environments of PATH (a directory or a file) against the rules and policies.

    Settings come from the nearest .kslint.yaml; kslint config shows them.
    Exit code 0 without findings, 1 with findings at or over --fail-on, 2 when kslint could not do its
    work: bad usage, nothing to lint, a file that cannot be read, a rule that crashed.
    """
    from kubestack_lint.finding import Severity
    from kubestack_lint.masking import masked
    from kubestack_lint.policy.aside import aside_for
    from kubestack_lint.policy.clock import day_of
    from kubestack_lint.reporters.terminal import Terminal
    from kubestack_lint.run import lint

    outputs = sinks.paired(forms, files)
    today = day_of(now, os.environ)
    settings = common.settings_for(path, config_file, no_config)
    loaded = common.read(path, var_files, env_vars, kubestack_version, settings.secrets)
    policies = settings.active(select, ignore)
    if not loaded.inheritances and not loaded.project.problems and not allow_empty:
        raise common.nothing(path)
    aside = aside_for(settings, path, today, not no_config)
    report = lint(loaded, policies, aside, settings.environments)
    shown = masked(report)
    more = {"text": (common.terminal(colour),), "markdown": (tag,)}
    for form, file in outputs:
        terminal_only = (Terminal(FILE_WIDTH),) if form == "text" and file is not None else more.get(form, ())
        sinks.write(sinks.reporter("lint", form)(shown, *terminal_only), file)
    if any(form == "github" for form, _ in outputs):
        sinks.summarise(sinks.reporter("lint", "markdown")(shown, tag, SUMMARY_LIMIT))
    for failure in report.failures:
        click.echo(f"kslint: the rule {failure.rule} crashed: {failure.message}; please report it", err=True)
    if report.failed:
        if report.unreadable and not any(policy.rule.id == "syntax-error" for policy in policies):
            common.unreadable(loaded)
        return 2
    unknown = fail_on_unknown and (report.undecided or report.unknowns)
    return int(report.at_least(Severity.named(fail_on)) or bool(unknown))
