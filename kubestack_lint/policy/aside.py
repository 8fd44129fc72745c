"""Settings and the baseline beside them → what may set findings aside in one run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kubestack_lint.policy.baseline import NAME, read_baseline
from kubestack_lint.policy.settings import Settings, upward
from kubestack_lint.policy.waiving import Aside


def directory_of(path: Path) -> Path:
    """The directory that reported paths are relative to."""
    start = path.resolve()
    return start if start.is_dir() else start.parent


def baseline_path(settings: Settings, path: Path) -> Path:
    """The baseline that applies: the nearest one, else where a new one belongs."""
    start = directory_of(path)
    beside = settings.path.parent if settings.path is not None and start.is_relative_to(settings.path.parent) else start
    return upward(start, NAME) or beside / NAME


def aside_for(settings: Settings, path: Path, today: date, with_baseline: bool = True) -> Aside:
    """Waivers and the baseline for a run on a path."""
    baseline = None
    if with_baseline:
        found = baseline_path(settings, path)
        # A single file shows only some of its directory's findings: nothing can be said about the others.
        baseline = read_baseline(found, directory_of(path), path.is_dir()) if found.is_file() else None
    whole = settings.path is not None and path.is_dir() and settings.path.parent == directory_of(path)
    own = settings.path.name if whole and settings.path is not None else ""
    return Aside(today, settings.waivers, settings.max_waiver_days, baseline, own)
