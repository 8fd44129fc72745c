"""`kslint lint`: findings, for people and for gates."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kubestack_lint.cli import common
from kubestack_lint.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from kubestack_lint.policy.instance import Policy
    from kubestack_lint.policy.settings import Settings
    from kubestack_lint.project.load import LoadOptions
    from kubestack_lint.report import Report
    from kubestack_lint.run import Loaded

    # The report, the policies that ran, and what says on stderr what could not be read.
    _Found = tuple[Report, tuple[Policy, ...], Callable[[], object]]


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
@click.option("--since", metavar="REF", help="Report only findings that were not there at this git revision.")
@click.option("--merge-base", is_flag=True, help="With --since: compare with the merge base of REF and HEAD.")
@click.option("--new-only", type=bool, metavar="BOOL", help="With --since: false lists the old findings too, marked.")
@click.option("--now", metavar="DATE", help="The day of the run, for waivers; else SOURCE_DATE_EPOCH's, else today.")
@click.option("--allow-empty", is_flag=True, help="Exit with 0 when there is nothing to lint.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output format."
)
@common.settings_options
@common.loading_options
@common.colour_option
def command(
    path: Path,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    fail_on_unknown: bool,
    since: str | None,
    merge_base: bool,
    new_only: bool | None,
    now: str | None,
    allow_empty: bool,
    form: str,
    config_file: Path | None,
    no_config: bool,
    var_files: tuple[Path, ...],
    env_vars: bool,
    kubestack_version: str | None,
    colour: str,
) -> int:
    """Check the environments of PATH (a directory or a file) against the rules and policies.

    Settings come from the nearest .kslint.yaml; kslint config shows them. With --since, what kslint lint
    would have said at that revision, by its own settings, is old and does not count.

    Exit code 0 without findings, 1 with findings at or over --fail-on, 2 when kslint could not do its
    work: bad usage, nothing to lint, a file that cannot be read, a rule that crashed.
    """
    from kubestack_lint.finding import Severity
    from kubestack_lint.policy.clock import day_of

    if since is None and (merge_base or new_only is not None):
        raise UsageError("--merge-base and --new-only need a revision to compare with", "add --since REF")
    job = _Job(path, select, ignore, day_of(now, os.environ), config_file, no_config, allow_empty)
    options = common.load_options(var_files, env_vars, kubestack_version)
    found = job.run(options) if since is None else job.since(since, merge_base, options, new_only is False)
    if found is None:
        return 2
    report, policies, say = found
    _show(report, form, colour)
    common.crashed(report.failures)
    if report.failed:
        if report.unreadable and not any(policy.rule.id == "syntax-error" for policy in policies):
            say()
        return 2
    unknown = fail_on_unknown and (report.undecided or report.unknowns)
    return int(report.at_least(Severity.named(fail_on)) or bool(unknown))


@dataclass(frozen=True, slots=True)
class _Job:
    """What is linted, and by which settings."""

    path: Path
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    today: date
    config_file: Path | None
    no_config: bool
    allow_empty: bool

    def run(self, options: LoadOptions) -> _Found:
        """Lint what is on disk."""
        from kubestack_lint.run import load

        loaded = load(self.path, options)
        report, policies = self._lint(loaded, self.path)
        return report, policies, lambda: common.unreadable(loaded)

    def since(self, ref: str, merge_base: bool, options: LoadOptions, list_old: bool) -> _Found | None:
        """Lint the working tree as git sees it, less what was found at a revision; None where that cannot be said."""
        from kubestack_lint.changes import ModuleChangeKind, changes
        from kubestack_lint.report import Report, introduced
        from kubestack_lint.revisions import Range, copies

        with copies(self.path, Range(ref, None, merge_base), options, settings=True) as (before, after):
            old, new = before.loaded(), after.loaded()
            if common.unreadable(old, before.label):
                return None
            report, policies = self._lint(new, after.path)
            try:
                was = self._lint(old, before.path, True)[0] if before.exists else Report(old.project.start, (), (), ())
            except ConfigError as error:
                raise UsageError(f"{before.label}: {error.message}", error.hint) from error
            if was.failed:
                common.crashed(was.failures)
                return None
        moved = [m for m in changes(old.inheritances, new.inheritances).modules if m.kind is ModuleChangeKind.RENAMED]
        renamed = {m.after.block.address: m.before.block.address for m in moved if m.before and m.after}
        found = introduced(report, was, before.label, renamed, list_old)
        return found, policies, lambda: common.unreadable(new, after.label)

    def _lint(self, loaded: Loaded, path: Path, empty: bool = False) -> tuple[Report, tuple[Policy, ...]]:
        from kubestack_lint.policy.aside import aside_for
        from kubestack_lint.run import lint

        settings = self._settings(path)
        policies = settings.active(self.select, self.ignore)
        if not loaded.inheritances and not loaded.project.problems and not (self.allow_empty or empty):
            raise common.nothing(self.path)
        aside = aside_for(settings, path, self.today, not self.no_config)
        return lint(loaded, policies, aside, settings.environments), policies

    def _settings(self, path: Path) -> Settings:
        """The settings of one side; a file named on the command line judges both."""
        return common.settings_for(self.path if self.config_file else path, self.config_file, self.no_config)


def _show(report: Report, form: str, colour: str) -> None:
    if form == "json":
        from kubestack_lint.reporters.lint_json import lint_json

        common.show(lint_json(report))
    else:
        from kubestack_lint.reporters.lint_text import lint_text

        common.show(lint_text(report, common.terminal(colour)))
