"""`kslint test`: a team tests its own policies."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kubestack_lint.cli import common


@click.command("test", short_help="Test policies and rules of one's own against fixtures.")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="A policy of one's own that no fixture hits is an error.")
@click.option("--now", metavar="DATE", help="The day of the run, for waivers; else SOURCE_DATE_EPOCH's, else today.")
@common.settings_options
@common.colour_option
def command(
    path: Path | None, strict: bool, now: str | None, config_file: Path | None, no_config: bool, colour: str
) -> int:
    """Run the policies that apply to PATH on its fixtures; kslint-tests beside .kslint.yaml by default.

    Fixtures are .md pages with ```hcl blocks, .tf files, and directories of them one level down. A comment
    `# expect: POLICY [environment] ["part of the message"]` on a line says what must be found there; of
    policies of one's own nothing else may be found. A fixture that is named after a policy or rule runs that alone.
    Exit code 0 when all is as expected, 1 when not, 2 when something could not be read.
    """
    from kubestack_lint.errors import UsageError
    from kubestack_lint.fixtures.find import FOLDER, find_cases
    from kubestack_lint.fixtures.run import own_policies, run_case
    from kubestack_lint.fixtures.text import results_text
    from kubestack_lint.policy.clock import day_of

    today = day_of(now, os.environ)
    settings = common.settings_for(path or Path(), config_file, no_config)
    if path is None:
        path = (settings.path.parent if settings.path is not None else Path()) / FOLDER
        if not path.is_dir():
            raise UsageError(f"there is no directory {FOLDER} beside .kslint.yaml", "give PATH: where the fixtures are")
    results = [run_case(case, settings, today, directory) for case, directory in find_cases(path)]
    if not results:
        raise UsageError(
            f"there are no fixtures in {path}", "a fixture is a .md page with ```hcl blocks, or a .tf file"
        )
    hit = {name for result in results for name in result.hits}
    unhit = [policy.id for policy in own_policies(settings) if policy.id not in hit]
    common.show(results_text(results, unhit, strict, common.terminal(colour)))
    broken = False
    for result in results:
        broken = common.crashed(result.report.failures, f"{result.case.span!r}: ") or broken
        for problem in result.problems:
            click.echo(f"kslint: {result.case.origin(problem.span)!r}: {problem.message}", err=True)
            if problem.hint:
                click.echo(f"  {problem.hint}", err=True)
            broken = True
    if broken:
        return 2
    return int(any(result.missing or result.unexpected for result in results) or (strict and bool(unhit)))
