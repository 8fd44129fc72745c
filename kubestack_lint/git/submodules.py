"""Submodules: their files stand among those of the repository, out of their own object stores."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from kubestack_lint.git.command import Git, GitError
from kubestack_lint.git.objects import Objects
from kubestack_lint.git.snapshots import Entry, commit_files, working_files

MAX_DEPTH = 10
MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Missing:
    """A submodule whose content is not here; `commit` is "" for one that is not checked out."""

    path: str
    commit: str

    @property
    def way_out(self) -> str:
        """The command that brings it."""
        if self.commit:
            return f"git submodule update --init {self.path}, then git -C {self.path} fetch origin {self.commit}"
        return f"git submodule update --init {self.path}"


@dataclass(slots=True)
class Submodules:
    """Follows submodules in one snapshot; `stack` ends the processes that read their objects."""

    stack: ExitStack
    missing: list[Missing] = field(default_factory=list)

    def followed(
        self, git: Git, top: Path | None, entries: Iterable[Entry], prefix: str = "", depth: int = 0
    ) -> list[Entry]:
        """The entries with those of every submodule behind it, at any depth."""
        listed = list(entries)
        names: dict[str, str] | None = None
        found: list[Entry] = []
        for entry in listed:
            path = prefix + entry.path
            found.append(replace(entry, path=path))
            if entry.kind != "submodule":
                continue
            if names is None:
                names = _names(git, listed)
            inner = None
            if depth < MAX_DEPTH:
                inner = self._inside(git, top, entry, names.get(entry.path, entry.path), path + "/", depth + 1)
            if inner is None:
                self.missing.append(Missing(path, entry.commit))
            else:
                found += inner
        return found

    def _inside(
        self, git: Git, top: Path | None, entry: Entry, name: str, prefix: str, depth: int
    ) -> list[Entry] | None:
        folder = None if top is None else top / entry.path
        if not entry.commit:
            # Where .git is missing or broken, git would show the repository around it.
            if (
                folder is None
                or not folder.is_dir()
                or Git(folder).ask("rev-parse", "--show-toplevel").line != str(folder.resolve())
            ):
                return None
            inner = Git(folder)
            return self.followed(inner, folder, working_files(inner, self._objects(inner), folder), prefix, depth)
        store = _store(git, folder, name)
        if store is None or store.ask("cat-file", "-e", f"{entry.commit}^{{commit}}").code != 0:
            return None
        return self.followed(store, folder, commit_files(store, self._objects(store), entry.commit), prefix, depth)

    def _objects(self, git: Git) -> Objects:
        return self.stack.enter_context(Objects(git))


def _store(git: Git, folder: Path | None, name: str) -> Git | None:
    """Where the objects of a submodule are: in its own folder, else among the modules of the repository."""
    if folder is not None and (folder / ".git").exists():
        return Git(folder)
    if ".." in name.split("/") or name.startswith("/"):
        return None
    for question in ("--git-dir", "--git-common-dir"):
        found = git.ask("rev-parse", question)
        place = git.directory / found.line / "modules" / name
        if found.code == 0 and place.is_dir():
            return Git(place, bare=True)
    return None


def _names(git: Git, entries: Iterable[Entry]) -> dict[str, str]:
    """Path → name of each submodule, as .gitmodules has it."""
    file = next((entry for entry in entries if entry.path == ".gitmodules" and entry.kind == "file"), None)
    if file is None:
        return {}
    content = file.read(MAX_BYTES)
    if isinstance(content, int):
        raise GitError("the file .gitmodules is longer than kslint reads")
    with tempfile.TemporaryDirectory(prefix="kslint-") as folder:
        copy = Path(folder, "gitmodules")
        copy.write_bytes(content)
        listed = git.ask("config", "-z", "--file", str(copy), "--no-includes", "--get-regexp", r"^submodule\..*\.path$")
    found: dict[str, str] = {}
    for record in listed.output.split(b"\0"):
        key, _, path = record.partition(b"\n")
        if path:
            found[os.fsdecode(path)] = os.fsdecode(key)[len("submodule.") : -len(".path")]
    return found
