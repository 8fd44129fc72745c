"""Which files below a directory belong to Terraform modules; what git ignores is passed over."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# The last one holds fixtures of policies: mistakes on purpose.
SKIPPED = frozenset({".git", ".terraform", ".terragrunt-cache", ".venv", "node_modules", "kslint-tests"})
SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
VALUE_SUFFIXES = (".tfvars", ".tfvars.json")


def git_root(path: Path) -> Path | None:
    """The nearest directory upward that holds `.git` (a folder, or a file in worktrees), or None."""
    for candidate in (path, *path.parents):
        if (candidate / ".git").exists():
            return candidate
    return None


def is_configuration(name: str) -> bool:
    """True for files that Terraform or OpenTofu load; hidden ones are not."""
    return name.endswith(SUFFIXES) and not name.startswith(".")


class Ignored:
    """What the .gitignore files from the repository's root down to a directory say."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.specs: dict[Path, GitIgnoreSpec | None] = {}

    def _spec(self, directory: Path) -> GitIgnoreSpec | None:
        if directory not in self.specs:
            lines = _lines(directory / ".gitignore")
            if directory == self.root:
                lines += _lines(directory / ".git" / "info" / "exclude")
            spec = None
            if lines:
                from pathspec import GitIgnoreSpec

                spec = GitIgnoreSpec.from_lines(lines)
            self.specs[directory] = spec
        return self.specs[directory]

    def covers(self, path: Path, is_directory: bool) -> bool:
        """True when git would ignore this path; the deepest .gitignore that speaks decides."""
        try:
            parts = path.relative_to(self.root).parts
        except ValueError:
            return False
        verdict = False
        directory = self.root
        for depth, part in enumerate(parts):
            spec = self._spec(directory)
            if spec is not None:
                inner = "/".join(parts[depth:]) + ("/" if is_directory else "")
                match = spec.check_file(inner)
                if match.include is not None:
                    verdict = match.include
            directory = directory / part
        return verdict


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []


def module_directories(start: Path, problems: list[tuple[Path, str]]) -> Iterator[Path]:
    """Every directory at or below `start` that holds configuration, in a stable order.

    Symlinked directories are followed unless they lead back into a directory
    that contains them. Directories that cannot be read go into `problems`.
    """
    ignored = Ignored(git_root(start) or start)
    yield from _walk(start, ignored, problems, frozenset())


def _walk(directory: Path, ignored: Ignored, problems: list[tuple[Path, str]], above: frozenset[str]) -> Iterator[Path]:
    real = os.path.realpath(directory)
    if real in above:
        return
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except OSError as error:
        problems.append((directory, error.strerror or str(error)))
        return
    if any(
        is_configuration(e.name) and not ignored.covers(directory / e.name, False)
        for e in entries
        if not is_directory(e)
    ):
        yield directory
    for entry in entries:
        if entry.name in SKIPPED or not is_directory(entry):
            continue
        path = directory / entry.name
        if not ignored.covers(path, True):
            yield from _walk(path, ignored, problems, above | {real})


def is_directory(entry: os.DirEntry[str]) -> bool:
    """True for directories and links to them; False where a link leads in a circle."""
    try:
        return entry.is_dir()
    except OSError:
        return False
