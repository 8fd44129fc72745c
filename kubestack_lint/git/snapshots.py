"""The files of a commit, and those of the working tree that git knows or would take."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kubestack_lint.git.command import Git, GitError
from kubestack_lint.git.objects import Objects

Read = Callable[[int], bytes | int]

_CRLF = (b"w/crlf", b"w/mixed")


@dataclass(frozen=True, slots=True)
class Entry:
    """One path of a snapshot, `/` between its parts.

    `kind` is file, link, submodule, or other for what is neither; `read` gives
    the content (of a link: where it leads), or only the size beyond a limit.
    `commit` is the one that a submodule stands at, "" where it is as on disk.
    """

    path: str
    kind: str
    read: Read
    commit: str = ""


def commit_files(git: Git, objects: Objects, commit: str) -> Iterator[Entry]:
    """Everything in a commit, submodules as such."""
    for record in git.run("ls-tree", "-r", "-z", "--full-tree", commit).output.split(b"\0"):
        head, _, path = record.partition(b"\t")
        if path:
            mode, _, name = head.decode("ascii").split()
            yield _from_store(objects, os.fsdecode(path), mode, name)


def _from_store(objects: Objects, path: str, mode: str, name: str) -> Entry:
    kind = {"120000": "link", "160000": "submodule"}.get(mode, "file")
    return Entry(path, kind, lambda limit: objects.read(name, limit), name if kind == "submodule" else "")


def staged_files(git: Git, objects: Objects) -> Iterator[Entry]:
    """What the next commit would hold. Raises GitError while a merge is not resolved."""
    for path, (_, mode, name) in _tracked(git, staged=True).items():
        yield _from_store(objects, path, mode, name)


def working_files(git: Git, objects: Objects, top: Path) -> Iterator[Entry]:
    """The working tree as `git add --all` would take it: tracked files and untracked ones that are not ignored.

    Files that a sparse checkout leaves out come from the index. Line endings
    are those that git would store.
    """
    tracked = _tracked(git)
    others = git.run("ls-files", "-z", "--others", "--exclude-standard").output.split(b"\0")
    # A slash at the end: another repository lies there, which git passes over.
    names = [*tracked, *(os.fsdecode(path) for path in others if path and not path.endswith(b"/"))]
    endings = _Endings(git, names)
    folders: dict[Path, bool] = {}
    for path in dict.fromkeys(names):
        tag, mode, name = tracked.get(path, ("", "", ""))
        if tag == "S":
            yield _from_store(objects, path, mode, name)
        elif _real_folder(top, (top / path).parent, folders):
            entry = _on_disk(top / path, path, mode == "160000", endings)
            if entry is not None:
                yield entry


def _tracked(git: Git, staged: bool = False) -> dict[str, tuple[str, str, str]]:
    """Path → tag (S: left out by a sparse checkout), mode and object."""
    found: dict[str, tuple[str, str, str]] = {}
    listed = git.index() if staged else git
    for record in listed.run("ls-files", "-z", "--cached", "--stage", "-t").output.split(b"\0"):
        head, _, path = record.partition(b"\t")
        if path:
            tag, mode, name, stage = head.decode("ascii").split()
            if staged and stage != "0":
                raise GitError(f"{os.fsdecode(path)} has a conflict", "resolve it and git add the file")
            found[os.fsdecode(path)] = (tag, mode, name)
    return found


def _real_folder(top: Path, folder: Path, known: dict[Path, bool]) -> bool:
    """False below a link: git has nothing there, whatever the link leads to."""
    if folder == top:
        return True
    if folder not in known:
        known[folder] = _real_folder(top, folder.parent, known) and not folder.is_symlink()
    return known[folder]


def _on_disk(place: Path, path: str, submodule: bool, endings: _Endings) -> Entry | None:
    try:
        mode = place.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISLNK(mode):
        return Entry(path, "link", lambda _: os.fsencode(place.readlink()))
    if stat.S_ISREG(mode):
        return Entry(path, "file", lambda limit: endings.stored(path, _content(place, limit)))
    if stat.S_ISDIR(mode):
        return Entry(path, "submodule", lambda _: b"") if submodule else None
    return Entry(path, "other", lambda _: b"")


def _content(place: Path, limit: int) -> bytes | int:
    size = place.stat().st_size
    return size if size > limit else place.read_bytes()


class _Endings:
    """Which files git would store with other line endings than they have on disk."""

    def __init__(self, git: Git, names: list[str]) -> None:
        self.automatic = git.ask("config", "--get", "core.autocrlf").output.strip() in (b"true", b"input")
        self.paths: set[str] = set()
        has_attributes = any(name.rpartition("/")[2] == ".gitattributes" for name in names)
        if self.automatic or has_attributes or self._own_attributes(git):
            # Without one of them nothing is converted, and looking costs a read of every file.
            listed = git.run("ls-files", "-z", "--eol", "--cached", "--others", "--exclude-standard").output
            self.paths = {os.fsdecode(path) for path in self._converted(listed)}

    def stored(self, path: str, content: bytes | int) -> bytes | int:
        """The content as git would store it."""
        if isinstance(content, bytes) and path in self.paths:
            return content.replace(b"\r\n", b"\n")
        return content

    def _own_attributes(self, git: Git) -> bool:
        place = git.ask("rev-parse", "--git-path", "info/attributes")
        return git.ask("config", "--get", "core.attributesFile").code == 0 or (git.directory / place.line).is_file()

    def _converted(self, listed: bytes) -> Iterator[bytes]:
        for record in listed.split(b"\0"):
            head, _, path = record.partition(b"\t")
            words = head.split(maxsplit=2)
            if len(words) < 2 or words[1] not in _CRLF:
                continue
            wanted = words[2].removeprefix(b"attr/").split() if len(words) > 2 else []
            text = any(word.startswith((b"text", b"eol=")) for word in wanted)
            guessed = b"text=auto" in wanted or not wanted
            if b"-text" in wanted or not (text or (not wanted and self.automatic)):
                continue
            # What was guessed to be text stays as it was stored, if that was with CR.
            if not (guessed and words[0] in (b"i/crlf", b"i/mixed")):
                yield path
