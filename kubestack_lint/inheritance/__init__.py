"""Block → the settings of every environment, as Terraform computes them."""

from __future__ import annotations

from kubestack_lint.inheritance.model import BlockError, Definition, Effective, Inheritance, Setting
from kubestack_lint.inheritance.resolve import resolve, resolve_all

__all__ = ["BlockError", "Definition", "Effective", "Inheritance", "Setting", "resolve", "resolve_all"]
