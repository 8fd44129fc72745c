"""The command line: one file a command, imported only when called. The only place that prints or exits."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import traceback
from collections.abc import Sequence

import click

from kubestack_lint import __version__
from kubestack_lint.errors import KslintError
from kubestack_lint.source import one_line


class _Commands(click.Group):
    """A group whose commands are the modules of this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = [module.name for module in pkgutil.iter_modules(__path__)]
        return sorted(name for name in names if name not in ("common", "sinks"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"{__name__}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            close = get_close_matches(args[0], self.list_commands(ctx), 1)
            if not close or "Did you mean" in error.message:
                raise
            raise click.UsageError(f"{error.message} Did you mean {close[0]}?", ctx) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kslint")
def cli() -> None:
    """Show exactly how the environments of a Kubestack repository differ, before terraform runs."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; never a traceback."""
    try:
        result = cli.main(list(arguments), prog_name="kslint", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return 130
    except KslintError as error:
        _complain(error.message, error.hint)
        return 2
    except BrokenPipeError:
        # Whoever reads our help has seen enough, as with `| head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        _complain(f"{error.strerror or error}" + (f": {error.filename}" if error.filename else ""), "")
        return 2
    except Exception as error:  # noqa: BLE001 - a gate must fail with a message, whatever went wrong
        if os.environ.get("KSLINT_TRACEBACK"):
            traceback.print_exc()
        _complain(
            f"a bug in kslint: {type(error).__name__}: {error}",
            "please report it with the input; KSLINT_TRACEBACK=1 prints where it happened",
        )
        return 2
    return result if isinstance(result, int) else 0


def _complain(message: str, hint: str) -> None:
    click.echo(f"kslint: {one_line(message)}", err=True)
    if hint:
        click.echo(f"  {one_line(hint)}", err=True)
