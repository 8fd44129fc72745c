"""Files that configuration reads: only those of the repository, never by a way out of it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from kubestack_lint.values.globs import MAX_WILDCARDS, BadPattern, UnclearPattern, components, glob

# Git's and Terraform's own folders differ from one checkout to the next.
MACHINE_FOLDERS = frozenset({".git", ".terraform"})
MAX_ENTRIES = 20_000
MAX_FOLDERS_DEEP = 60
MAX_PATTERN = 1_000


class FileProblem(Exception):
    """Terraform refuses this path; the message says why."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """We do not read this; `because` becomes the reason of an unknown value."""

    because: str


class _Refused(Exception):
    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.refusal = Refusal(because)


@dataclass(frozen=True, slots=True)
class Files:
    """What `file` and its kin may read: everything below `root`, named relative to `base`.

    `root` is the repository's (or the linted) directory, `base` the directory
    in which Terraform runs, `start` the one that reported paths are relative to
    (by default the root).
    """

    root: Path
    base: Path
    max_bytes: int = 4_000_000
    start: Path | None = None

    def read(self, path: str) -> bytes | Refusal:
        """The content of a file. Raises FileProblem where Terraform does."""
        try:
            return self._read(path, self._named(path))
        except _Refused as refused:
            return refused.refusal

    def exists(self, path: str) -> bool | Refusal:
        """Whether there is a file. Raises FileProblem for a directory, as Terraform does."""
        try:
            return self._exists(path, self._named(path))
        except FileNotFoundError:
            return False
        except OSError as error:
            raise FileProblem(f'"{path}" cannot be looked up: {error.strerror}') from error
        except _Refused as refused:
            return refused.refusal

    def matching(self, directory: str, pattern: str) -> tuple[str, ...] | Refusal:
        """Regular files below a directory whose path from there matches, in order."""
        try:
            return self._matching(directory, pattern)
        except _Refused as refused:
            return refused.refusal

    def reported(self, path: str) -> str:
        """The path of a file that was read, relative to `start`, with forward slashes."""
        return os.path.relpath(self._named(path), os.path.realpath(self.start or self.root)).replace(os.sep, "/")

    def _named(self, path: str) -> str:
        """The real path of what a path in configuration names."""
        if path.startswith("~"):
            if path[1:2] not in ("", "/", "\\"):
                raise FileProblem("the home directory of another user cannot be looked up")
            raise _Refused("~ is the home directory of whoever runs Terraform")
        if "\0" in path:
            raise FileProblem("a path cannot hold a zero byte")
        return self.inside(path)

    def inside(self, path: str) -> str:
        """The real path of a path relative to `base`; refused when it leads out of the root."""
        if PurePath(path).is_absolute() or path.startswith("/") or os.path.splitdrive(path)[0]:
            raise _Refused(f'"{path}" is an absolute path, which depends on the machine')
        root = os.path.realpath(self.root)
        plain = os.path.normpath(Path(os.path.realpath(self.base), path))
        real = os.path.realpath(plain)
        for place in (plain, real):
            if place != root and not place.startswith(root.rstrip(os.sep) + os.sep):
                raise _Refused(f'"{path}" leads out of the repository')
        return real

    def _machine(self, path: str, real: str) -> None:
        """Refuse what git or Terraform keep for themselves."""
        root = os.path.realpath(self.root)
        for folder in Path(os.path.relpath(real, root)).parts:
            if folder in MACHINE_FOLDERS:
                raise _Refused(f'"{path}" lies in {folder}, which differs from one machine to the next')

    def _exists(self, path: str, real: str) -> bool:
        self._machine(path, real)
        mode = Path(real).stat().st_mode
        if stat.S_ISREG(mode):
            return True
        what = "a directory" if stat.S_ISDIR(mode) else "a special file"
        raise FileProblem(f'"{path}" is {what}, not a file')

    def _read(self, path: str, real: str) -> bytes:
        self._machine(path, real)
        try:
            mode = Path(real).stat().st_mode
            if stat.S_ISDIR(mode):
                raise FileProblem(f'"{path}" is a directory, not a file')
            if not stat.S_ISREG(mode):
                raise _Refused(f'"{path}" is a special file, whose content may change')
            # Neither follow a link that was put there just now nor wait for a pipe.
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            with os.fdopen(os.open(real, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
                content = file.read(self.max_bytes + 1)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise FileProblem(f'there is no file "{path}"') from error
        except PermissionError as error:
            raise _Refused(f'"{path}" may not be read on this machine') from error
        except OSError as error:
            raise FileProblem(f'"{path}" cannot be read: {error.strerror}') from error
        if len(content) > self.max_bytes:
            raise _Refused(f'"{path}" is longer than {self.max_bytes} bytes, and kslint reads no more')
        return content

    def _matching(self, directory: str, pattern: str) -> tuple[str, ...]:
        if "\0" in directory + pattern:
            raise FileProblem("a path cannot hold a zero byte")
        start = os.path.normpath(directory or ".")
        self.inside(start)
        whole = os.path.normpath(Path(start, pattern.lstrip("/")))
        if len(whole) > MAX_PATTERN or sum(map(whole.count, "*{")) > MAX_WILDCARDS:
            raise _Refused("this file pattern is longer than what kslint follows")
        anchor = Path(os.path.realpath(self.base), start)
        found: set[str] = set()
        try:
            for match in glob(_Walk(self), components(whole.replace(os.sep, "/"))):
                if self._counts(match):
                    path = os.path.relpath(Path(os.path.realpath(self.base), match), anchor)
                    found.add(path.replace(os.sep, "/"))
        except BadPattern as error:
            raise FileProblem(f'the file pattern "{pattern}" is malformed') from error
        except UnclearPattern as error:
            raise _Refused(f'the file pattern "{pattern}" is malformed') from error
        return tuple(sorted(found))

    def _counts(self, match: str) -> bool:
        """Whether a match is a regular file; a broken link is an error, as in Terraform."""
        real = self.inside(match)
        try:
            regular = stat.S_ISREG(Path(real).stat().st_mode)
        except OSError as error:
            raise FileProblem(f'"{match}" cannot be looked up: {error.strerror}') from error
        if regular:
            self._machine(match, real)
        return regular


@dataclass(slots=True)
class _Walk:
    """The repository as a tree to search, up to a number of entries."""

    files: Files
    seen: int = 0
    known: dict[str, list[str]] = field(default_factory=dict)

    def exists(self, path: str) -> bool:
        """Whether something has this name, be it a broken link."""
        folder, name = os.path.split(path)
        if name in ("", ".", ".."):
            return os.path.lexists(self.files.inside(path))
        return os.path.lexists(Path(self.files.inside(folder or "."), name))

    def is_directory(self, path: str) -> bool:
        """Whether it is a directory or a link to one."""
        return stat.S_ISDIR(_mode(self.files.inside(path)))

    def leads_nowhere(self, path: str) -> bool:
        """Whether it is a broken link."""
        return not _mode(self.files.inside(path))

    def names(self, path: str) -> list[str]:
        """Names in a directory, in order."""
        if path not in self.known:
            real = self.files.inside(path)
            parts = path.split("/")
            if len(parts) > MAX_FOLDERS_DEEP:
                raise _Refused(f"folders lie more than {MAX_FOLDERS_DEEP} deep here")
            if any(self.files.inside("/".join(parts[:depth])) == real for depth in range(1, len(parts))):
                raise _Refused(f'the link "{path}" leads back to a folder above it')
            try:
                self.known[path] = sorted(entry.name for entry in Path(real).iterdir())
            except OSError as error:
                raise _Refused(f'"{path}" may not be read on this machine') from error
            self.seen += len(self.known[path])
            if self.seen > MAX_ENTRIES:
                raise _Refused(f"more than {MAX_ENTRIES} files and folders would have to be searched")
        return self.known[path]


def _mode(real: str) -> int:
    """What kind of file it is, as in `stat`; 0 when that cannot be said."""
    try:
        return Path(real).stat().st_mode
    except OSError:
        return 0
