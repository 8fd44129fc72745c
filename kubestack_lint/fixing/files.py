"""Which files fixes may touch, and how they are written: whole or not at all, with all that a file has kept."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kubestack_lint.errors import InputError
from kubestack_lint.project.discovery import SKIPPED, git_root
from kubestack_lint.syntax.edits import is_native


def refusal(start: Path, shown: str) -> str:
    """Why the file at a reported path must not be touched when `start` is fixed, or nothing."""
    if not is_native(shown):
        return "kslint edits .tf and .tofu files only"
    start = start.resolve()
    named = Path(os.path.normpath(start / shown))
    if not named.is_relative_to(start):
        return "the file lies outside of the directory that is fixed"
    path = named.resolve()
    boundary = git_root(start) or start
    if not path.is_relative_to(boundary):
        return "the file is a link that leads out of the repository"
    skipped = next((part for part in path.relative_to(boundary).parts if part in SKIPPED), "")
    return f"the file lies in {skipped}, which kslint does not edit" if skipped else ""


def write(texts: Mapping[Path, tuple[str, str]]) -> None:
    """Write the new texts, each in one step. Raises InputError where a file is no longer what was read."""
    for path, (before, _) in texts.items():
        if path.read_bytes() != before.encode("utf-8"):
            raise InputError(f"{path} was changed while kslint read it; nothing was written", "run kslint fix again")
        if not os.access(path, os.W_OK):
            raise InputError(f"{path} may not be written; nothing was written")
    for path, (_, after) in texts.items():
        _replace(path, after.encode("utf-8"))


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".kslint", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, name)
        status = path.stat()
        if hasattr(os, "chown"):
            # Somebody else's file in a folder of ours: then it becomes ours, as with any editor.
            with contextlib.suppress(OSError):
                os.chown(name, status.st_uid, status.st_gid)
        os.replace(name, path)  # noqa: PTH105
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise
