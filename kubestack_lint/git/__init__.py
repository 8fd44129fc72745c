"""What git knows: revisions, their files, and the working tree; read with the git command, never written."""

from __future__ import annotations

from kubestack_lint.git.command import GitError
from kubestack_lint.git.copying import copy_files
from kubestack_lint.git.objects import Objects
from kubestack_lint.git.revisions import Repository, Revision, find_repository, merge_base, revision
from kubestack_lint.git.snapshots import commit_files, staged_files, working_files
from kubestack_lint.git.submodules import Missing, Submodules

__all__ = [
    "GitError",
    "Missing",
    "Objects",
    "Repository",
    "Revision",
    "Submodules",
    "commit_files",
    "copy_files",
    "find_repository",
    "merge_base",
    "revision",
    "staged_files",
    "working_files",
]
