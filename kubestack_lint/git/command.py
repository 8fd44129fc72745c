"""One call of git: fixed arguments, an environment that cannot redirect it, no network, no locks."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kubestack_lint.errors import KslintError

# What a user or a CI system sets on purpose (safe.directory travels this way).
_KEPT = ("GIT_CONFIG", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
# While a push is judged, git keeps its objects apart and says where.
_QUARANTINE = ("GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
_SECONDS = 300
FILTERED = "this clone was made with --filter; git fetch --refetch --no-filter brings the contents of files"


class GitError(KslintError):
    """Git cannot give what was asked for."""


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for git.

    Hooks inherit GIT_DIR, GIT_WORK_TREE and GIT_INDEX_FILE of the repository
    that they run for. We look at the one that the given path lies in, which
    git finds by itself, in linked worktrees too; a GIT_DIR would show the
    wrong one wherever those two differ.
    """
    kept = _KEPT + (_QUARANTINE if "GIT_QUARANTINE_PATH" in environment else ())
    return {
        **{name: text for name, text in environment.items() if not name.startswith("GIT_") or name.startswith(kept)},
        # Partial clones would fetch what is missing; kslint uses no network.
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


@dataclass(frozen=True, slots=True)
class Done:
    """What a call gave: exit code, output, and what it said on stderr."""

    code: int
    output: bytes
    said: str

    @property
    def line(self) -> str:
        """The output without its last newline; paths may hold others."""
        return os.fsdecode(self.output.removesuffix(b"\n"))


@dataclass(frozen=True, slots=True)
class Git:
    """The git command, run in a directory; `bare` for one that is a store of objects itself."""

    directory: Path
    bare: bool = False
    index_file: str = ""

    def index(self) -> Git:
        """The same, with the index that a commit under way is made from.

        `git commit -a` and `git commit FILE` tell their hooks of one of their
        own, in GIT_INDEX_FILE; it counts where it is of this repository.
        """
        given = os.environ.get("GIT_INDEX_FILE", "")
        if not given:
            return self
        # Git runs hooks at the top of the working tree, which the path starts from.
        file = Path(self.directory, given).resolve()
        own = file.parent == Path(self.run("rev-parse", "--absolute-git-dir").line).resolve()
        return replace(self, index_file=str(file)) if own and file.is_file() else self

    def command(self, arguments: Sequence[str]) -> list[str]:
        """The words of a call, to be run in `directory`."""
        # A file system monitor is a program that the repository names; we run none.
        store = ["--git-dir=.", "--work-tree=."] if self.bare else []
        safe = ["--no-optional-locks", "-c", "core.fsmonitor=false"]
        return ["git", *safe, *store, *arguments]

    def ask(self, *arguments: str) -> Done:
        """Run git, whatever it answers. Raises GitError where there is no git."""
        try:
            done = subprocess.run(
                self.command(arguments),
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env={
                    **clean_environment(os.environ),
                    **({"GIT_INDEX_FILE": self.index_file} if self.index_file else {}),
                },
                check=False,
                timeout=_SECONDS,
            )
        except FileNotFoundError as error:
            if not self.directory.is_dir():
                raise GitError(f"{self.directory} is no directory") from error
            raise GitError("the git command is not there", "install git; kslint reads revisions with it") from error
        except subprocess.TimeoutExpired as error:
            raise GitError(f"git {arguments[0]} did not end within {_SECONDS} seconds") from error
        return Done(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip())

    def run(self, *arguments: str) -> Done:
        """Run git and raise GitError, with what it says, unless it succeeds."""
        done = self.ask(*arguments)
        if done.code != 0:
            if "lazy fetching disabled" in done.said or "from promisor remote" in done.said:
                raise GitError(f"git {arguments[0]}: this clone lacks objects that it needs", FILTERED)
            first, _, rest = done.said.partition("\n")
            said = first.removeprefix("fatal: ") or f"exit code {done.code}"
            raise GitError(f"git {arguments[0]}: {said}", " ".join(rest.split()))
        return done
