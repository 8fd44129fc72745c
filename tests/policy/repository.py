"""A small repository for tests of policies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from kubestack_lint.finding import Finding
from kubestack_lint.policy.aside import aside_for
from kubestack_lint.policy.settings import load_settings
from kubestack_lint.report import Report
from kubestack_lint.run import lint, load

TODAY = date(2026, 6, 15)
MODULE = """module "{name}" {{
  source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"

  configuration = {{
    apps = {{
      region = "europe-west1"
    }}
    ops = {{
{ops}
    }}
  }}
}}
"""
SAME = '      region = "europe-west1"'


def module(ops: str = SAME, name: str = "gke_zero") -> str:
    return MODULE.format(ops=ops, name=name)


def write(directory: Path, **files: str) -> Path:
    """Files by name; `_` stands for a dot, so that `_kslint_yaml` is .kslint.yaml."""
    (directory / ".git").mkdir(exist_ok=True)
    for name, text in files.items():
        shown = {"settings": ".kslint.yaml", "waivers": ".kslint-waivers.yaml", "clusters": "clusters.tf"}.get(
            name, name
        )
        path = directory / shown
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return directory


def run(directory: Path, select: Iterable[str] = (), today: date = TODAY) -> Report:
    """Lint as the command does."""
    settings = load_settings(directory)
    aside = aside_for(settings, directory, today)
    report = lint(load(directory), settings.active(select), aside, settings.environments)
    assert not report.failures
    return report


def said(findings: Iterable[Finding]) -> list[tuple[str, str, int]]:
    """Policy, file and line."""
    return [(finding.policy, finding.span.path, finding.span.line) for finding in findings]
