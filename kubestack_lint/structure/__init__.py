"""A configuration against a JSON Schema (2020-12), three-valued."""

from __future__ import annotations

from kubestack_lint.structure.mistakes import mistakes
from kubestack_lint.structure.violations import Violation, violations

__all__ = ["Violation", "mistakes", "violations"]
