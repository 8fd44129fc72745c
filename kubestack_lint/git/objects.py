"""Contents of files out of git's object store, all through one `git cat-file --batch`."""

from __future__ import annotations

import os
import subprocess
from types import TracebackType

from kubestack_lint.git.command import FILTERED, Git, GitError, clean_environment

_PIECE = 1 << 20


class Objects:
    """The objects of one repository; the process starts with the first question and ends with the block."""

    def __init__(self, git: Git) -> None:
        self.git = git
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Objects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            for stream in (self.process.stdin, self.process.stdout):
                if stream is not None:
                    stream.close()
            self.process.wait()
            self.process = None

    def read(self, name: str, limit: int) -> bytes | int:
        """The content of a blob, or only its size where that is beyond `limit`. Raises GitError."""
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(name.encode("ascii") + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            raise self._missing(name) from None
        head = process.stdout.readline().split()
        if len(head) != 3 or not head[2].isdigit():
            raise self._missing(name)
        size = int(head[2])
        if size <= limit:
            content = process.stdout.read(size + 1)[:size]
            if len(content) == size:
                return content
            raise self._missing(name)
        left = size + 1
        while left > 0:
            piece = process.stdout.read(min(left, _PIECE))
            if not piece:
                raise self._missing(name)
            left -= len(piece)
        return size

    def _started(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            self.process = subprocess.Popen(
                self.git.command(["cat-file", "--batch"]),
                cwd=self.git.directory,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=clean_environment(os.environ),
            )
        return self.process

    def _missing(self, name: str) -> GitError:
        hint = "git fsck says what is damaged"
        if self.git.ask("config", "--get-regexp", r"^remote\..*\.promisor$").output:
            hint = FILTERED
        return GitError(f"the object {name[:12]} is not in this repository", hint)
