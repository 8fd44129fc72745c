"""`kslint lint`: findings, for people and for gates."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kubestack_lint.cli import common
from kubestack_lint.errors import UsageError

if TYPE_CHECKING:
    from kubestack_lint.rule import Rule


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
@click.option("--allow-empty", is_flag=True, help="Exit with 0 when there is nothing to lint.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output format."
)
@common.loading_options
@common.colour_option
def command(
    path: Path,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    allow_empty: bool,
    form: str,
    var_files: tuple[Path, ...],
    env_vars: bool,
    kubestack_version: str | None,
    colour: str,
) -> int:
    """Check the environments of PATH (a directory or a file) against the rules.

    Exit code 0 without findings, 1 with findings at or over --fail-on, 2 when kslint could not do its
    work: bad usage, nothing to lint, a file that cannot be read, a rule that crashed.
    """
    from kubestack_lint.finding import Severity
    from kubestack_lint.rule import all_rules
    from kubestack_lint.run import lint

    rules = _chosen(all_rules(), select, ignore)
    loaded = common.read(path, var_files, env_vars, kubestack_version)
    if not loaded.inheritances and not loaded.project.problems and not allow_empty:
        raise common.nothing(path)
    report = lint(loaded, rules)
    if form == "json":
        from kubestack_lint.reporters.lint_json import lint_json

        common.show(lint_json(report))
    else:
        from kubestack_lint.reporters.lint_text import lint_text

        common.show(lint_text(report, common.terminal(colour)))
    for failure in report.failures:
        click.echo(f"kslint: the rule {failure.rule} crashed: {failure.message}; please report it", err=True)
    if report.failed:
        if report.unreadable and not any(rule.id == "syntax-error" for rule in rules):
            common.unreadable(loaded)
        return 2
    return int(report.at_least(Severity.named(fail_on)))


def _chosen(rules: dict[str, Rule], select: Iterable[str], ignore: Iterable[str]) -> list[Rule]:
    """The rules to run, by --select and --ignore. Unknown names are errors: a gate must not guess."""
    selected, ignored = _names(select, rules), _names(ignore, rules)
    return [rule for name, rule in rules.items() if (not selected or name in selected) and name not in ignored]


def _names(texts: Iterable[str], rules: dict[str, Rule]) -> set[str]:
    names = {name.strip() for text in texts for name in text.split(",") if name.strip()}
    for name in sorted(names):
        if name not in rules:
            from difflib import get_close_matches

            close = get_close_matches(name, list(rules), 1)
            raise UsageError(f"there is no rule {name}", f"did you mean {close[0]}?" if close else "see kslint rules")
    return names
