"""The settings of two revisions → what changed between them, environment by environment. Pure."""

from __future__ import annotations

from kubestack_lint.changes.compare import changes
from kubestack_lint.changes.model import Change, ChangeKind, Changes, ChangeSide, ModuleChange, ModuleChangeKind

__all__ = ["Change", "ChangeKind", "ChangeSide", "Changes", "ModuleChange", "ModuleChangeKind", "changes"]
