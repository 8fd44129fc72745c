"""`kslint verify`: the same computation by a real terraform, compared with ours."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kubestack_lint.cli import common

if TYPE_CHECKING:
    from kubestack_lint.reporters.terminal import Terminal
    from kubestack_lint.verify.judge import Outcome


@click.command("verify", short_help="Check kslint's results against a real terraform.")
@common.path_argument
@click.option("--module", metavar="ADDRESS", help="Only this module, such as module.gke_zero.")
@click.option(
    "--modules",
    "checkouts",
    metavar="DIR",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Take Kubestack's modules from this checkout of terraform-kubestack or of its catalog, "
    "at the versions that are pinned, instead of what terraform init downloaded. Repeatable.",
)
@click.option("--terraform", "program", metavar="FILE", help="The terraform or tofu program.  [default: from PATH]")
@click.option("--keep", is_flag=True, help="Keep the copy that terraform plans, and say where it is.")
@common.loading_options
@common.colour_option
def command(
    path: Path,
    module: str | None,
    checkouts: tuple[Path, ...],
    program: str | None,
    keep: bool,
    var_files: tuple[Path, ...],
    env_vars: bool,
    kubestack_version: str | None,
    colour: str,
) -> int:
    """Let terraform compute what each environment of PATH gets, and compare it with kslint's results.

    This runs `terraform init`, `plan` and `show` on a copy in a temporary directory, without providers,
    resources and data sources: no credentials and no network are used. But functions such as file() read what
    they name, wherever it is, so use it for repositories that you trust. Everything else in kslint works
    without terraform, and reads nothing outside the repository.

    Exit code 0 when all blocks agree in every value and type; 1 when any differs; 2 when something could
    not be verified or read.
    """
    import os

    from kubestack_lint.verify.terraform import find_binary

    terraform = find_binary(program, dict(os.environ) if env_vars else {})
    loaded = common.read(path, var_files, env_vars, kubestack_version)
    chosen = common.choose(loaded, path, module)
    with _folder(keep) as folder:
        from kubestack_lint.verify.replay import Settings, verify
        from kubestack_lint.verify.terraform import version

        name = version(terraform, folder)
        environment = dict(os.environ) if env_vars else {}
        settings = Settings(terraform, folder, checkouts, var_files, environment, name.startswith("OpenTofu"))
        outcomes = verify(loaded.project, chosen, settings)
    common.show(text(outcomes, name, common.terminal(colour)))
    unreadable = common.unreadable(loaded)
    return exit_code(outcomes) or (2 if unreadable else 0)


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """1 when anything differs, else 2 when anything was not verified, else 0."""
    from kubestack_lint.verify.judge import Verdict

    verdicts = {outcome.verdict for outcome in outcomes}
    if Verdict.DIFFERS in verdicts:
        return 1
    return 2 if Verdict.UNVERIFIED in verdicts else 0


def text(outcomes: Sequence[Outcome], version: str, terminal: Terminal) -> str:
    """A table of verdicts, every difference below it, and a summary."""
    from kubestack_lint.reporters.terminal import printable, table

    several = len({outcome.root for outcome in outcomes}) > 1
    rows = [
        [
            printable(f"{outcome.root or '.'}: {outcome.address}" if several else outcome.address),
            printable(", ".join(outcome.environments)),
            _verdict(outcome, terminal),
        ]
        for outcome in outcomes
    ]
    lines = [table(["module", "environments", "verdict"], rows, terminal, keep=(0,))] if rows else []
    for outcome in outcomes:
        if outcome.mismatches:
            lines += ["", *_differences(outcome, terminal)]
    notes: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.note:
            notes.setdefault(outcome.note, []).append(outcome.address)
    if notes:
        texts = [f"Replayed {note}: {', '.join(addresses)}" for note, addresses in notes.items()]
        lines += ["", *(terminal.paint(printable(note), "dim") for note in texts)]
    return "\n".join((*lines, "", _summary(outcomes, version))) + "\n"


def _verdict(outcome: Outcome, terminal: Terminal) -> str:
    from kubestack_lint.reporters.terminal import printable
    from kubestack_lint.verify.judge import Verdict

    colour = {Verdict.AGREES: "green", Verdict.DIFFERS: "red", Verdict.UNVERIFIED: "yellow"}[outcome.verdict]
    reason = f": {printable(outcome.reason)}" if outcome.reason else ""
    return terminal.paint(outcome.verdict.value + reason, colour)


def _differences(outcome: Outcome, terminal: Terminal) -> Iterator[str]:
    from kubestack_lint.reporters.terminal import printable

    yield terminal.paint(outcome.address, "bold")
    for mismatch in outcome.mismatches:
        where = f" ({mismatch.place!r})" if mismatch.place is not None else ""
        yield f"  {printable(' '.join(part for part in (mismatch.environment, mismatch.path) if part))}{where}"
        yield f"    kslint:    {printable(mismatch.ours)}"
        yield f"    terraform: {printable(mismatch.theirs)}"


def _summary(outcomes: Sequence[Outcome], version: str) -> str:
    from kubestack_lint.reporters.terminal import counted
    from kubestack_lint.verify.judge import Verdict

    words = {Verdict.AGREES: ("agrees", "agree"), Verdict.DIFFERS: ("differs", "differ")}
    parts = [counted(len(outcomes), "block")]
    for verdict in Verdict:
        number = sum(outcome.verdict is verdict for outcome in outcomes)
        if number:
            parts.append(counted(number, *words.get(verdict, ("not verified", "not verified"))))
    return f"{version}: {', '.join(parts)}"


@contextmanager
def _folder(keep: bool) -> Iterator[Path]:
    """A directory of our own; it holds values of variables, so it is removed unless it shall stay."""
    folder = Path(tempfile.mkdtemp(prefix="kslint-verify-")).resolve()
    try:
        yield folder
    finally:
        if keep:
            click.echo(f"kslint: the copy is in {folder}", err=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
