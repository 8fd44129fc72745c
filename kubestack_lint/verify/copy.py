"""Files of the repository that expressions may read, copied within bounds."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from kubestack_lint.project.discovery import SKIPPED, is_configuration

MAX_FILE = 4_000_000
MAX_TOTAL = 256_000_000
MAX_FILES = 20_000


@dataclass(slots=True)
class Copied:
    """What was copied; `left` are files that were too large or too many, as paths in the repository."""

    files: int = 0
    size: int = 0
    left: list[str] = field(default_factory=list)


def copy_files(source: Path, target: Path) -> Copied:
    """Copy everything but configuration; symlinks become what they lead to, as long as that is in `source`."""
    copied = Copied()
    root = source.resolve()
    _copy(root, root, target, copied, frozenset())
    return copied


def _copy(directory: Path, root: Path, target: Path, copied: Copied, above: frozenset[Path]) -> None:
    real = directory.resolve()
    if real in above or not real.is_relative_to(root):
        return
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = directory / entry.name
        if entry.is_dir():
            if entry.name not in SKIPPED:
                _copy(path, root, target / entry.name, copied, above | {real})
        elif entry.is_file() and not is_configuration(entry.name) and path.resolve().is_relative_to(root):
            _copy_file(path, root, target / entry.name, copied)


def _copy_file(path: Path, root: Path, target: Path, copied: Copied) -> None:
    try:
        size = path.stat().st_size
        if size > MAX_FILE or copied.size + size > MAX_TOTAL or copied.files >= MAX_FILES:
            copied.left.append(os.path.relpath(path, root))
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    except OSError:
        copied.left.append(os.path.relpath(path, root))
        return
    copied.files += 1
    copied.size += size
