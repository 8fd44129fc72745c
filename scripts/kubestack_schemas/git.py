"""Pure reads from a git checkout; nothing is ever checked out or written."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Checkout:
    """A git checkout of terraform-kubestack."""

    folder: Path

    def run(self, *arguments: str, stdin: str | None = None) -> str:
        """Output of a git command; raises CalledProcessError with git's own message."""
        command = ["git", "-C", str(self.folder), *arguments]
        done = subprocess.run(command, input=stdin, check=True, stdout=subprocess.PIPE, encoding="utf-8")
        return done.stdout

    def tags(self) -> list[str]:
        """Every tag."""
        return self.run("tag", "--list").split()

    def files(self, ref: str) -> list[str]:
        """Paths of all files at a ref, sorted."""
        return sorted(self.run("ls-tree", "-r", "-z", "--name-only", ref).split("\0")[:-1])

    def text(self, ref: str, path: str) -> str:
        """Content of a file at a ref."""
        return self.run("show", f"{ref}:{path}")

    def commits(self, ref: str, without: Iterable[str] = ()) -> list[str]:
        """Commits that a ref contains and none of `without` does."""
        return self.run("rev-list", ref, *(f"^{other}" for other in without)).split()

    def blobs(self, refs: Iterable[str], path: str) -> dict[str, str | None]:
        """Blob of a path at each ref, None where the path does not exist."""
        asked = list(refs)
        stdin = "".join(f"{ref}:{path}\n" for ref in asked)
        answers = self.run("cat-file", "--batch-check", stdin=stdin).splitlines()
        found = (None if answer.endswith(" missing") else answer.split()[0] for answer in answers)
        return dict(zip(asked, found, strict=True))
