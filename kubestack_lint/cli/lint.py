"""`kslint lint`: findings, for people and for gates."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kubestack_lint.cli import common, sinks
from kubestack_lint.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from kubestack_lint.changes import Changes
    from kubestack_lint.policy.instance import Policy
    from kubestack_lint.policy.settings import Settings
    from kubestack_lint.project.load import LoadOptions
    from kubestack_lint.report import Report
    from kubestack_lint.run import Loaded
    from kubestack_lint.source import Span

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
@click.option("--since", metavar="REF", help="Report only findings that were not there at this git revision.")
@click.option("--merge-base", is_flag=True, help="With --since: compare with the merge base of REF and HEAD.")
@click.option("--new-only", type=bool, metavar="BOOL", help="With --since: false lists the old findings too, marked.")
@click.option("--staged", is_flag=True, help="Lint what is staged in git instead of what is on disk.")
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
    since: str | None,
    merge_base: bool,
    new_only: bool | None,
    staged: bool,
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

    Settings come from the nearest .kslint.yaml; kslint config shows them. With --since, what kslint lint
    would have said at that revision, by its own settings, is old and does not count.

    Exit code 0 without findings, 1 with findings at or over --fail-on, 2 when kslint could not do its
    work: bad usage, nothing to lint, a file that cannot be read, a rule that crashed.
    """
    from kubestack_lint.finding import Severity
    from kubestack_lint.policy.clock import day_of

    if since is None and (merge_base or new_only is not None):
        raise UsageError("--merge-base and --new-only need a revision to compare with", "add --since REF")
    outputs = sinks.paired(forms, files)
    job = _Job(path, select, ignore, day_of(now, os.environ), config_file, no_config, allow_empty)
    options = common.load_options(var_files, env_vars, kubestack_version, job.settings(path).secrets)
    if since is not None:
        found = job.since(since, merge_base, staged, options, new_only is False)
    else:
        found = job.staged(options) if staged else job.run(options)
    if found is None:
        return 2
    report = found.report
    _write(found, outputs, tag, colour)
    common.crashed(report.failures)
    if report.failed:
        if report.unreadable and not any(policy.rule.id == "syntax-error" for policy in found.policies):
            found.say()
        return 2
    unknown = fail_on_unknown and (report.undecided or report.unknowns)
    return int(report.at_least(Severity.named(fail_on)) or bool(unknown))


@dataclass(frozen=True, slots=True)
class _Found:
    """A report, the policies that ran, and what says on stderr what could not be read.

    With a revision to compare with: what changed since, the names of both
    sides, and which places were touched.
    """

    report: Report
    policies: tuple[Policy, ...]
    say: Callable[[], object]
    changes: tuple[Changes, str, str] | None = None
    changed: Callable[[Span], bool] | None = None


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
    read: dict[Path, Settings] = field(default_factory=dict)

    def run(self, options: LoadOptions) -> _Found:
        """Lint what is on disk."""
        from kubestack_lint.run import load

        loaded = load(self.path, options)
        return _Found(*self._lint(loaded, self.path), lambda: common.unreadable(loaded))

    def staged(self, options: LoadOptions) -> _Found:
        """Lint what the next commit would hold."""
        from kubestack_lint.revisions import staged_copy

        with staged_copy(self.path, options) as side:
            loaded = side.loaded()
            return _Found(*self._lint(loaded, side.path), lambda: common.unreadable(loaded))

    def since(self, ref: str, merge_base: bool, staged: bool, options: LoadOptions, list_old: bool) -> _Found | None:
        """Lint the working tree as git sees it, or what is staged, less what was found at a revision.

        None where that cannot be said.
        """
        from kubestack_lint.changes import ModuleChangeKind, changes
        from kubestack_lint.masking import veil_over
        from kubestack_lint.report import Report, introduced
        from kubestack_lint.revisions import Range, copies, touched

        with copies(self.path, Range(ref, None, merge_base, staged), options, settings=True) as (before, after):
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
            changed = touched(before, after, new)
        between = changes(old.inheritances, new.inheritances)
        moved = [m for m in between.modules if m.kind is ModuleChangeKind.RENAMED]
        renamed = {m.after.block.address: m.before.block.address for m in moved if m.before and m.after}
        found = introduced(report, was, before.label, renamed, list_old)
        shown = veil_over((*old.inheritances, *new.inheritances)).changes(between)
        labels = (shown, before.label, after.label)
        return _Found(found, policies, lambda: common.unreadable(new, after.label), labels, changed)

    def _lint(self, loaded: Loaded, path: Path, empty: bool = False) -> tuple[Report, tuple[Policy, ...]]:
        from kubestack_lint.policy.aside import aside_for
        from kubestack_lint.run import lint

        settings = self.settings(path)
        policies = settings.active(self.select, self.ignore)
        if not loaded.inheritances and not loaded.project.problems and not (self.allow_empty or empty):
            raise common.nothing(self.path)
        aside = aside_for(settings, path, self.today, not self.no_config)
        return lint(loaded, policies, aside, settings.environments), policies

    def settings(self, path: Path) -> Settings:
        """The settings of one side, read once; a file named on the command line judges both."""
        path = self.path if self.config_file else path
        if path not in self.read:
            self.read[path] = common.settings_for(path, self.config_file, self.no_config)
        return self.read[path]


def _write(found: _Found, outputs: list[tuple[str, str | None]], tag: str, colour: str) -> None:
    """Every report that was asked for, without secrets."""
    from kubestack_lint.masking import masked
    from kubestack_lint.reporters.terminal import Terminal

    report = masked(found.report)

    def text(form: str, file: str | None, **more: object) -> str:
        if form == "text":
            more = {"terminal": common.terminal(colour) if file is None else Terminal(FILE_WIDTH)}
        elif form == "markdown":
            more = {"tag": tag, "changes": found.changes, **more}
        elif form == "sarif":
            more = {"changed": found.changed}
        return sinks.reporter("lint", form)(report, **more)

    for form, file in outputs:
        sinks.write(text(form, file), file)
    if any(form == "github" for form, _ in outputs):
        sinks.summarise(text("markdown", None, limit=SUMMARY_LIMIT))
