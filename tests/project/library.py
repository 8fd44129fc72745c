"""Repositories for tests of the project: written, read, and their values asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kubestack_lint import load
from kubestack_lint.run import Loaded, lint
from kubestack_lint.values.value import plain

RELEASE = "v0.19.2-beta.0"
GKE = f"github.com/kbst/terraform-kubestack//google/cluster?ref={RELEASE}"
POOL = f"github.com/kbst/terraform-kubestack//google/cluster/node-pool?ref={RELEASE}"


def read(directory: Path, files: Mapping[str, str]) -> Loaded:
    """A repository of these files, loaded."""
    (directory / ".git").mkdir(exist_ok=True)
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load(directory)


def effective(loaded: Loaded, path: str) -> dict[str, dict[str, object]]:
    """Values of one attribute by address and environment, where there are any."""
    found: dict[str, dict[str, object]] = {}
    for inheritance in loaded.inheritances:
        values = found.setdefault(inheritance.block.address, {})
        for name in inheritance.environments:
            setting = inheritance.setting(name, tuple(path.split(".")))
            if setting is not None:
                values[name] = plain(setting.value)
    return found


def refusals(loaded: Loaded) -> list[tuple[str, str]]:
    """`file:line` and message of all that Terraform refuses or kslint cannot read."""
    found = [(f"{e.span.path}:{e.span.line}", e.message) for e in loaded.project.errors]
    return found + [(f"{p.span.path}:{p.span.line}", p.message) for p in loaded.project.problems]


def findings(loaded: Loaded, *rules: str) -> list[tuple[str, str, str]]:
    """Rule, `file:line` and message of the findings of some rules."""
    report = lint(loaded)
    assert not report.failures, report.failures
    return [(f.rule, f"{f.span.path}:{f.span.line}", f.message) for f in report.findings if f.rule in rules]
