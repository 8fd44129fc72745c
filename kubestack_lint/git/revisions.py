"""Names of revisions → commits; where one is missing, the error names the fetch that brings it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kubestack_lint.errors import UsageError
from kubestack_lint.git.command import Git, GitError

# The tree without files, which git always has.
_EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT = re.compile(r"(?=.*[0-9])[0-9a-f]{7,39}")
_ABOVE = re.compile(r"(?P<name>[^~^]+)(?P<steps>(?:[~^][0-9]*)+)")
_STEP = re.compile(r"([~^])([0-9]*)")


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository; `top` is the real path of its working tree, None where it has none."""

    git: Git
    top: Path | None

    @property
    def shallow(self) -> bool:
        """True when the history was cut off by a fetch with a depth."""
        return self.git.ask("rev-parse", "--is-shallow-repository").output.strip() == b"true"


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit and what the user called it."""

    name: str
    commit: str

    @property
    def label(self) -> str:
        """`main (1a2b3c4)`, or the short commit alone where it was given as such."""
        short = self.commit[:7]
        return short if self.commit.startswith(self.name) else f"{self.name} ({short})"


def find_repository(directory: Path) -> Repository:
    """The repository that an existing directory lies in. Raises GitError."""
    git = Git(directory)
    top = git.ask("rev-parse", "--show-toplevel")
    if top.code == 0:
        path = Path(top.line).resolve()
        return Repository(Git(path), path)
    if git.ask("rev-parse", "--is-bare-repository").output.strip() == b"true":
        return Repository(git, None)
    if "not a git repository" in top.said:
        raise GitError(f"{directory} is in no git repository", "revisions are compared where there is git history")
    git.run("rev-parse", "--show-toplevel")
    raise GitError(f"{directory} is in no working tree of git")


def revision(repository: Repository, name: str) -> Revision:
    """The commit that a name stands for. Raises UsageError, with the fetch that is needed."""
    if not name or name.startswith("-") or "\0" in name:
        raise UsageError(f"{name!r} is no name of a revision", "give a branch, a tag or a commit")
    if ".." in name:
        raise UsageError(f"{name} names two revisions", "give them apart: --from A --to B, or --merge-base")
    found = repository.git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    commit = found.output.decode("ascii", "replace").strip()
    if found.code == 0 and _ID.fullmatch(commit):
        return Revision(name, commit)
    if name == "HEAD" and repository.git.ask("rev-list", "--max-count=1", "--all").output == b"":
        # Before the first commit there is nothing.
        return Revision(name, _EMPTY)
    where = "this shallow clone" if repository.shallow else "this repository"
    raise UsageError(f"there is no revision {name} in {where}", _way_out(repository, name))


def _way_out(repository: Repository, name: str) -> str:
    """The exact command that brings a missing revision."""
    remotes = repository.git.ask("remote").line.split()
    if not remotes:
        return "git branch -a lists the branches, git log the commits"
    remote = "origin" if "origin" in remotes else remotes[0]
    depth = " --depth=1" if repository.shallow else ""
    if _ID.fullmatch(name):
        return f"git fetch{depth} {remote} {name}"
    if _SHORT.fullmatch(name):
        whole = "git fetch --unshallow" if repository.shallow else f"git fetch {remote}"
        return f"{whole}, or give all of the commit's digits: no remote is asked for a part of them"
    above = _ABOVE.fullmatch(name)
    if above is not None:
        if not repository.shallow:
            return "git log shows how far the history goes"
        return f"git fetch --deepen={_steps(above['steps'])} {remote}"
    if name.startswith("FETCH_HEAD") or "@{" in name:
        return "it is kept only where it was made; give a branch, a tag or a commit"
    owner, _, branch = name.partition("/")
    if branch and owner in remotes:
        return f"git fetch{depth} {owner} +{branch}:refs/remotes/{name}"
    if repository.git.ask("rev-parse", "--verify", "--quiet", f"refs/remotes/{remote}/{name}^{{commit}}").code == 0:
        return f"did you mean {remote}/{name}?"
    fetch = f"git fetch{depth} {remote}"
    return f"{fetch} +{name}:refs/remotes/{remote}/{name} brings a branch as {remote}/{name}, {fetch} tag {name} a tag"


def _steps(text: str) -> int:
    """How many commits `~2^` goes back along one line."""
    return sum(int(count or 1) if sign == "~" else 1 for sign, count in _STEP.findall(text))


def merge_base(repository: Repository, one: Revision, other: Revision) -> Revision:
    """The best common ancestor of two commits. Raises UsageError where there is none in this clone."""
    found = repository.git.ask("merge-base", one.commit, other.commit)
    commit = found.output.decode("ascii", "replace").strip().partition("\n")[0]
    if found.code == 0 and _ID.fullmatch(commit):
        return Revision(f"merge base of {one.name} and {other.name}", commit)
    if repository.shallow:
        raise UsageError(
            f"this shallow clone does not reach back to the merge base of {one.name} and {other.name}",
            "git fetch --unshallow",
        )
    raise UsageError(f"{one.name} and {other.name} have no common history", "leave out --merge-base")
