"""The text after `?ref=` → the version whose attributes and merge apply."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from kubestack_lint.folders import folder

_COMMIT = re.compile(r"[0-9a-f]{7,40}")
_RELEASE = re.compile(r"v?(\d{1,6})\.(\d{1,6})\.\d{1,6}(?:-.*)?")


@dataclass(frozen=True, slots=True)
class Version:
    """A version that we have data for.

    `name` is a tag or `master`, `merge` the generation of the inheritance, and
    `note` says why it stands for something else that was written, else "".
    `pinned` is False where nothing was written at all.
    """

    name: str
    merge: str
    note: str = ""
    pinned: bool = True


@cache
def index() -> dict[str, Any]:
    """schemas/kubestack/index.json."""
    data: dict[str, Any] = json.loads((folder("schemas") / "kubestack" / "index.json").read_text("utf-8"))
    return data


def newest_release() -> str:
    """The newest released tag that we have data for."""
    return str(index()["newest_release"])


def merge_of(name: str) -> str:
    """The merge generation of a tag or of master."""
    return str(index()["merge"][name])


def newest_merge() -> str:
    """The newest generation of all, released or not."""
    return str(max(index()["merge"].values()))


def resolve_version(ref: str | None, assumed: str | None = None) -> Version:
    """The version for a ref; `assumed` (a known tag or master) stands for refs that we do not know."""
    known = index()["merge"]
    if ref is None:
        # Without a ref, Terraform takes the default branch.
        return Version("master", merge_of("master"), pinned=False)
    if ref in known:
        return Version(ref, merge_of(ref))
    if ref in index()["branches"]:
        name = str(index()["branches"][ref])
        return Version(name, merge_of(name))
    if _COMMIT.fullmatch(ref):
        found = _commit(ref)
        if found is not None:
            return found
    if assumed is not None:
        return Version(assumed, merge_of(assumed))
    if is_to_come(ref):
        # What is on master now is what the next release will bring.
        note = f'"{ref}" is newer than every version that kslint knows; read as master'
        return Version("master", merge_of("master"), note)
    name = newest_release()
    return Version(name, merge_of(name), f'"{ref}" is no version that kslint knows; read as {name}')


def is_to_come(ref: str) -> bool:
    """True for a release beyond the newest one that is more than a patch of it."""
    found, newest = _RELEASE.fullmatch(ref), _RELEASE.fullmatch(newest_release())
    if found is None or newest is None:
        return False
    return tuple(map(int, found.groups())) > tuple(map(int, newest.groups()))


def _commit(ref: str) -> Version | None:
    """The first release that contains a commit, with the merge that the commit itself has."""
    path = folder("schemas") / "kubestack" / "commits.json"
    for name, generations in json.loads(path.read_text("utf-8")).items():
        if name.startswith("$"):
            continue
        for merge, commits in generations.items():
            for commit in commits:
                if ref.startswith(commit) or commit.startswith(ref):
                    # Before the types changed on master, it was as its last release.
                    read_as = name if merge == merge_of(name) else newest_release()
                    return Version(read_as, merge)
    return None
