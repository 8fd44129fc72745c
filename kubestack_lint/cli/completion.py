"""`kslint completion`: the shell's completion script."""

from __future__ import annotations

import click

from kubestack_lint.cli import common


@click.command("completion", short_help="Print a shell completion script.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the completion script for SHELL; evaluate it in the shell's start-up file.

    For bash: eval "$(kslint completion bash)"
    """
    from click.shell_completion import get_completion_class

    from kubestack_lint.cli import cli

    made = get_completion_class(shell)
    assert made is not None
    common.show(made(cli, {}, "kslint", "_KSLINT_COMPLETE").source() + "\n")
    return 0
