"""`kslint diff`: explicit differences between environments, or what changed in each between two revisions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kubestack_lint.cli import common
from kubestack_lint.errors import UsageError

if TYPE_CHECKING:
    from kubestack_lint.changes import Changes
    from kubestack_lint.project.load import LoadOptions
    from kubestack_lint.revisions import Range


@click.command("diff", short_help="Show how environments differ from the base, or from what they were.")
@common.path_argument
@click.option("--module", metavar="ADDRESS", help="Only this module, such as module.gke_zero.")
@click.option("--env", "environments", metavar="NAME", multiple=True, help="Only this environment. Repeatable.")
@click.option("--against", metavar="ENV", help="Compare with this environment instead of the base.")
@click.option("--all", "inherited", is_flag=True, help="Also list what is inherited.")
@click.option("--since", metavar="REF", help="Show what changed from this git revision to the working tree.")
@click.option("--from", "start", metavar="REF", help="The same; with --to up to another revision.")
@click.option("--to", "until", metavar="REF", help="The revision to compare with, instead of the working tree.")
@click.option("--staged", is_flag=True, help="With --since: up to what is staged in git.")
@click.option("--merge-base", is_flag=True, help="Compare with the merge base of the two revisions.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when there are differences, or changes.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Output format; markdown only with revisions.",
)
@common.loading_options
@common.colour_option
def command(
    path: Path,
    module: str | None,
    environments: tuple[str, ...],
    against: str | None,
    inherited: bool,
    since: str | None,
    start: str | None,
    until: str | None,
    staged: bool,
    merge_base: bool,
    exit_code: bool,
    form: str,
    var_files: tuple[Path, ...],
    env_vars: bool,
    kubestack_version: str | None,
    colour: str,
) -> int:
    """Show every explicit difference of each environment in PATH (a directory or a file) against the base.

    With --since, or --from and --to: show what changed in the effective configuration of every
    environment between two git revisions. The working tree counts as git add --all would take it.

    Exit code 0; with --exit-code 1 when environments differ; 2 when something could not be read.
    Lines that change nothing (redundant, ineffective, dropped) are shown but are no differences.
    """
    from kubestack_lint.differences import differences
    from kubestack_lint.masking import veil_over

    wanted_range = _range(since, start, until, merge_base, staged)
    if wanted_range is not None:
        if against is not None or inherited:
            raise UsageError("--against and --all compare environments; leave them out to compare revisions")
        options = common.load_options(var_files, env_vars, kubestack_version, common.secret_names(path))
        return _between(path, wanted_range, options, module, environments, exit_code, form, colour)
    if form == "markdown":
        raise UsageError("--format markdown shows changes between revisions", "add --since REF")
    loaded = common.read(path, var_files, env_vars, kubestack_version)
    wanted = (*environments, against) if against is not None else environments
    chosen = common.choose(loaded, path, module, wanted)
    veil = veil_over(loaded.inheritances)
    blocks = []
    for inheritance in chosen:
        rows = []
        for name in (*inheritance.block.environments, *inheritance.block.absent):
            other = against or inheritance.block.base_of(name)
            if other is None or name == other or (environments and name not in environments):
                continue
            rows.append((name, other, tuple(map(veil.difference, differences(inheritance, name, against)))))
        blocks.append((veil.inheritance(inheritance), rows))
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


def _range(since: str | None, start: str | None, until: str | None, merge_base: bool, staged: bool) -> Range | None:
    if since is not None and start is not None:
        raise UsageError("--since and --from say the same; give one of them")
    first = since if since is not None else start
    if first is None:
        if until is not None or merge_base or staged:
            raise UsageError("--to, --merge-base and --staged need a revision to start from", "add --from REF")
        return None
    from kubestack_lint.revisions import Range

    if staged and until is not None:
        raise UsageError("--to and --staged both say what to compare with; give one of them")
    return Range(first, until, merge_base, staged)


def _between(
    path: Path,
    wanted: Range,
    options: LoadOptions,
    module: str | None,
    environments: tuple[str, ...],
    exit_code: bool,
    form: str,
    colour: str,
) -> int:
    """Changes between revisions. Where a side cannot be read nothing is shown: half of it would mislead."""
    from kubestack_lint.changes import changes
    from kubestack_lint.masking import veil_over
    from kubestack_lint.revisions import copies

    with copies(path, wanted, options) as (before, after):
        old, new = before.loaded(), after.loaded()
    if [side for side, label in ((old, before.label), (new, after.label)) if common.unreadable(side, label)]:
        return 2
    common.named((*old.inheritances, *new.inheritances), path, module, environments)
    found = changes(old.inheritances, new.inheritances).of(module, environments)
    found = veil_over((*old.inheritances, *new.inheritances)).changes(found)
    _show(found, before.label, after.label, form, colour)
    return int(exit_code and bool(found))


def _show(found: Changes, before: str, after: str, form: str, colour: str) -> None:
    if form == "json":
        from kubestack_lint.reporters.changes_json import changes_json

        common.show(changes_json(found, before, after))
    elif form == "markdown":
        from kubestack_lint.reporters.changes_markdown import changes_markdown

        common.show(changes_markdown(found, before, after))
    else:
        from kubestack_lint.reporters.changes_text import changes_text

        common.show(changes_text(found, before, after, common.terminal(colour)))
