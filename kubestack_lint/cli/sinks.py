"""Formats and where they go: `--format` and `--output-file`, in pairs. No command, a part of several."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Callable, Sequence
from pathlib import Path

from kubestack_lint import reporters
from kubestack_lint.cli import common
from kubestack_lint.errors import UsageError


def forms(command: str) -> list[str]:
    """The formats of a command; the folder of reporters is the list. Text comes first."""
    names = [module.name for module in pkgutil.iter_modules(reporters.__path__)]
    found = [name.removeprefix(f"{command}_") for name in names if name.startswith(f"{command}_")]
    return sorted(found, key=lambda name: (name != "text", name))


def reporter(command: str, form: str) -> Callable[..., str]:
    """The function that writes a format."""
    name = f"{command}_{form}"
    function: Callable[..., str] = getattr(importlib.import_module(f"{reporters.__name__}.{name}"), name)
    return function


def paired(formats: Sequence[str], files: Sequence[str]) -> list[tuple[str, str | None]]:
    """Each format with its file; None is standard output. Raises UsageError where that is not clear."""
    formats = formats or ("text",)
    if len(formats) == 1 and not files:
        return [(formats[0], None)]
    if len(formats) != len(files):
        raise UsageError(
            f"{_counted(formats, 'format')} and {_counted(files, 'output file')} make no pairs",
            "give an --output-file for each --format, in the same order; - is standard output",
        )
    targets = [None if file == "-" else file for file in files]
    places = [None if target is None else os.path.realpath(target) for target in targets]
    for target, real in zip(targets, places, strict=True):
        # A device takes more than one.
        if places.count(real) > 1 and (real is None or not Path(real).exists() or Path(real).is_file()):
            raise UsageError(f"two formats go to {target or 'standard output'}", "give each its own --output-file")
    return list(zip(formats, targets, strict=True))


def write(text: str, file: str | None) -> None:
    """Write a report to its file, whole and in UTF-8 on every system, or to standard output."""
    if file is None:
        common.show(text)
        return
    with Path(file).open("w", encoding="utf-8", newline="", errors="replace") as stream:
        stream.write(text)


def summarise(text: str) -> None:
    """Add Markdown to the summary of the step, where GitHub asks for one."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path and text:
        with Path(path).open("a", encoding="utf-8", newline="", errors="replace") as stream:
            stream.write(text if text.endswith("\n") else f"{text}\n")


def _counted(items: Sequence[str], noun: str) -> str:
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}"
