"""A snapshot → files in an empty directory: what is asked for, links that stay inside, nothing beyond its bounds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kubestack_lint.git.command import GitError
from kubestack_lint.git.snapshots import Entry

# Longer files are kept as their length: whoever reads them refuses them for it.
MAX_BYTES = 5_000_000
MAX_BYTES_IN_ALL = 500_000_000
MAX_FILES = 100_000
MAX_LINK = 4_096
# A link that leads out of the repository leads here instead, where nothing is.
NOWHERE = ".git/leads-out-of-the-repository"


@dataclass(slots=True)
class _Copied:
    """What became of a copy: how much there is, and which links are left to be made."""

    target: Path
    files: int = 0
    size: int = 0
    done: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)


def copy_files(
    entries: Iterable[Entry],
    target: Path,
    wanted: Callable[[str], bool],
    needs_all: Callable[[str, bytes], bool],
) -> None:
    """Write files into `target`, made like the top of a repository.

    First those whose path is `wanted`; if `needs_all` says so of the content
    of one of them, all others. Raises GitError for paths that git itself
    would not check out, and beyond the bounds.
    """
    listed = list(entries)
    for entry in listed:
        _check(entry.path)
    (target / ".git").mkdir(parents=True)
    copied = _Copied(target)
    everything = False
    for entry in listed:
        if entry.kind == "link":
            leads = entry.read(MAX_LINK)
            copied.links[entry.path] = NOWHERE if isinstance(leads, int) else os.fsdecode(leads)
            # A link by the right name may lead to a file by any name.
            everything = everything or (wanted(entry.path) and not wanted(copied.links[entry.path]))
        elif entry.kind == "other":
            copied.links[entry.path] = NOWHERE
        elif entry.kind == "submodule":
            (target / entry.path).mkdir(parents=True, exist_ok=True)
        elif wanted(entry.path):
            content = _write(copied, entry)
            everything = everything or needs_all(entry.path, content)
    for entry in listed:
        if everything and entry.kind == "file" and entry.path not in copied.done:
            _write(copied, entry)
    _link(copied)


def _check(path: str) -> None:
    parts = path.split("/")
    if any(part in ("", ".", "..") or part.lower() == ".git" for part in parts) or (os.sep != "/" and os.sep in path):
        raise GitError(f"git holds the path {path!r}, which cannot be checked out", "git fsck says more")


def _write(copied: _Copied, entry: Entry) -> bytes:
    content = entry.read(MAX_BYTES)
    place = copied.target / entry.path
    copied.done.add(entry.path)
    copied.files += 1
    copied.size += 0 if isinstance(content, int) else len(content)
    if copied.files > MAX_FILES or copied.size > MAX_BYTES_IN_ALL:
        raise GitError(
            f"there are more than {MAX_FILES} files or {MAX_BYTES_IN_ALL // 1_000_000} MB to read at one revision",
            "kslint reads all files of a revision where configuration calls file(), templatefile() or the like",
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("xb") as file:
        if isinstance(content, int):
            file.truncate(content)
            return b""
        file.write(content)
    return content


def _link(copied: _Copied) -> None:
    """Make the links, last, so that nothing was written through one; those that lead out lead nowhere."""
    made: list[Path] = []
    for path, text in copied.links.items():
        place = copied.target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(text)
        made.append(place)
    root = os.path.realpath(copied.target)
    for place in made:
        real = os.path.realpath(place)
        if real != root and not real.startswith(root + os.sep):
            place.unlink()
            place.symlink_to(Path(root, NOWHERE))
