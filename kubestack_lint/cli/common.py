"""What several commands share: options, colour, reading a project, printing."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kubestack_lint.errors import NothingToLint, UsageError
from kubestack_lint.source import one_line

if TYPE_CHECKING:
    from kubestack_lint.inheritance import Inheritance
    from kubestack_lint.policy.settings import Settings
    from kubestack_lint.project.load import LoadOptions
    from kubestack_lint.report import Failure
    from kubestack_lint.reporters.terminal import Terminal
    from kubestack_lint.run import Loaded

_F = TypeVar("_F", bound=Callable[..., Any])


def path_argument(command: _F) -> _F:
    """PATH: a directory or a file; the current directory by default."""
    return click.argument("path", default=".", type=click.Path(path_type=Path))(command)


def loading_options(command: _F) -> _F:
    """Options that decide which values the configuration has."""
    for option in reversed(
        (
            click.option(
                "--var-file",
                "var_files",
                multiple=True,
                type=click.Path(path_type=Path),
                help="A file of variable values, as terraform's -var-file. Repeatable.",
            ),
            click.option("--env-vars", is_flag=True, help="Let TF_VAR_… environment variables give variable values."),
            click.option(
                "--kubestack-version",
                metavar="VERSION",
                help="Read modules whose ?ref= kslint does not know as this version.",
            ),
        )
    ):
        command = option(command)
    return command


def settings_options(command: _F) -> _F:
    """Options that decide which settings apply."""
    for option in reversed(
        (
            click.option(
                "--config",
                "config_file",
                metavar="FILE",
                type=click.Path(path_type=Path),
                help="The settings file, instead of the nearest .kslint.yaml.",
            ),
            click.option("--no-config", is_flag=True, help="Read no settings file, waivers or baseline."),
        )
    ):
        command = option(command)
    return command


def settings_for(path: Path, config_file: Path | None, no_config: bool) -> Settings:
    """The settings that apply to a path."""
    from kubestack_lint.policy.settings import default_settings, load_settings

    if no_config and config_file is not None:
        raise UsageError("--config and --no-config exclude each other")
    return default_settings() if no_config else load_settings(path, config_file)


def colour_option(command: _F) -> _F:
    """--color auto|always|never."""
    return click.option(
        "--color",
        "--colour",
        "colour",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colour the output; auto means on a terminal, unless NO_COLOR is set.",
    )(command)


def read(
    path: Path,
    var_files: Sequence[Path],
    env_vars: bool,
    version: str | None,
    secrets: Sequence[str] | None = None,
) -> Loaded:
    """Read a project; what could not be read is said on stderr by the caller.

    `secrets` are names that promise a secret, by default those of the nearest settings file.
    """
    from kubestack_lint.run import load

    names = secret_names(path) if secrets is None else secrets
    return load(path, load_options(var_files, env_vars, version, names))


def secret_names(path: Path) -> Sequence[str]:
    """Names that promise a secret, as the nearest settings file says."""
    from kubestack_lint.policy.settings import secret_names as names

    return names(path)


def load_options(
    var_files: Sequence[Path], env_vars: bool, version: str | None, secrets: Sequence[str] = ()
) -> LoadOptions:
    """The options of `loading_options`. Raises UsageError for a version that there is not."""
    from kubestack_lint.catalog.versions import index
    from kubestack_lint.project.load import LoadOptions

    if version is not None and version not in index()["merge"]:
        from difflib import get_close_matches

        close = get_close_matches(version, list(index()["merge"]), 1)
        hint = f"did you mean {close[0]}?" if close else "versions are tags such as v0.19.2-beta.0, or master"
        raise UsageError(f"{version} is no version that kslint knows", hint)
    environment = dict(os.environ) if env_vars else {}
    return LoadOptions(tuple(var_files), version, environment, secrets=tuple(secrets))


def choose(loaded: Loaded, path: Path, module: str | None, environments: Sequence[str] = ()) -> tuple[Inheritance, ...]:
    """The blocks that a command is about. Raises when there is nothing, or nothing of that name."""
    if not loaded.inheritances and loaded.project.problems:
        return ()
    return named(loaded.inheritances, path, module, environments)


def named(
    inheritances: tuple[Inheritance, ...], path: Path, module: str | None, environments: Sequence[str] = ()
) -> tuple[Inheritance, ...]:
    """Those of these blocks that a command is about. Raises when there is nothing, or nothing of that name."""
    if not inheritances:
        raise nothing(path)
    chosen = inheritances
    if module is not None:
        chosen = tuple(i for i in chosen if i.block.address in (module, f"module.{module}"))
        if not chosen:
            addresses = list(dict.fromkeys(i.block.address for i in inheritances))
            raise UsageError(f"there is no {module}", _close(module, addresses))
    known = {name for i in chosen for name in (*i.environments, *i.block.environments)}
    for name in environments:
        if name not in known and known:
            raise UsageError(f"there is no environment {name}", _close(name, sorted(known)))
    return chosen


def veiled(loaded: Loaded, inheritances: Iterable[Inheritance]) -> tuple[Inheritance, ...]:
    """Blocks to be shown, in which no secret of the project stands."""
    from kubestack_lint.masking import veil_over

    veil = veil_over(loaded.inheritances)
    return tuple(map(veil.inheritance, inheritances))


def nothing(path: Path) -> NothingToLint:
    """The error for a path without Kubestack configuration."""
    return NothingToLint(
        f"no Kubestack configuration in {path}",
        "kslint looks for module blocks with a configuration argument in .tf files, in this directory and below",
    )


def _close(name: str, names: Sequence[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, names, 1)
    if close:
        return f"did you mean {close[0]}?"
    return "there is " + ", ".join(names[:8]) + (", …" if len(names) > 8 else "") if names else ""


def unreadable(loaded: Loaded, label: str = "") -> bool:
    """Say on stderr what could not be read, and at which revision; True when there was something."""
    where = f"{label}: " if label else ""
    for problem in loaded.project.problems:
        click.echo(one_line(f"kslint: {where}{problem.span!r}: {problem.message}"), err=True)
        if problem.hint:
            click.echo(f"  {one_line(problem.hint)}", err=True)
    return bool(loaded.project.problems)


def crashed(failures: Sequence[Failure], where: str = "") -> bool:
    """Say on stderr which rules crashed, and whose they are; True when one did."""
    for failure in failures:
        report = (
            f"please report it to those who made {failure.distribution}" if failure.distribution else "please report it"
        )
        click.echo(one_line(f"kslint: {where}the rule {failure.rule} crashed: {failure.message}; {report}"), err=True)
    return bool(failures)


def terminal(colour: str) -> Terminal:
    """How standard output looks: its width, and colour when it is a terminal that wants it."""
    from kubestack_lint.reporters.terminal import Terminal

    is_terminal = _is_terminal()
    wanted = colour == "always" or (
        colour == "auto"
        and not os.environ.get("NO_COLOR")
        and (bool(os.environ.get("FORCE_COLOR")) or (is_terminal and os.environ.get("TERM") != "dumb"))
    )
    width = shutil.get_terminal_size((100, 24)).columns if is_terminal or os.environ.get("COLUMNS") else 100
    return Terminal(max(40, min(width, 160)), wanted)


def screen_width() -> int | None:
    """The columns of the terminal that somebody reads on, None where output goes to a file or another program."""
    return terminal("never").width if _is_terminal() or os.environ.get("COLUMNS") else None


def _is_terminal() -> bool:
    # There is none where it was closed before we began.
    return sys.stdout is not None and sys.stdout.isatty()


def show(text: str) -> None:
    """Write results to standard output, in UTF-8 whatever the locale says, all or an error.

    A reader that has seen enough, as `head`, is no error: what else there is to do is done, and the exit
    code is what it would be.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    stream = sys.stdout.buffer
    try:
        sys.stdout.flush()
        stream.write(text.encode("utf-8", "replace"))
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
