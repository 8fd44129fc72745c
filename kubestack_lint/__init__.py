"""kubestack_lint: how the environments of a Kubestack repository differ, exactly and before terraform runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kubestack_lint.differences import Difference, Kind, Side, differences
    from kubestack_lint.errors import InputError, KslintError, NothingToLint, SyntaxProblem, UsageError
    from kubestack_lint.finding import Finding, Label, Severity
    from kubestack_lint.inheritance import Definition, Effective, Inheritance, Setting
    from kubestack_lint.project.blocks import InheritanceBlock
    from kubestack_lint.project.load import LoadOptions, Project
    from kubestack_lint.report import Report
    from kubestack_lint.run import Loaded, lint, load
    from kubestack_lint.source import Source, Span
    from kubestack_lint.values.value import Unknown, Value

__version__ = "0.1.0"

_WHERE = {
    "Definition": "inheritance",
    "Difference": "differences",
    "Effective": "inheritance",
    "Finding": "finding",
    "Inheritance": "inheritance",
    "InheritanceBlock": "project.blocks",
    "InputError": "errors",
    "Kind": "differences",
    "KslintError": "errors",
    "Label": "finding",
    "LoadOptions": "project.load",
    "Loaded": "run",
    "NothingToLint": "errors",
    "Project": "project.load",
    "Report": "report",
    "Setting": "inheritance",
    "Severity": "finding",
    "Side": "differences",
    "Source": "source",
    "Span": "source",
    "SyntaxProblem": "errors",
    "Unknown": "values.value",
    "UsageError": "errors",
    "Value": "values.value",
    "differences": "differences",
    "lint": "run",
    "load": "run",
}

__all__ = ["Definition", "Difference", "Effective", "Finding", "Inheritance", "InheritanceBlock", "InputError", "Kind",
           "KslintError", "Label", "LoadOptions", "Loaded", "NothingToLint", "Project", "Report", "Setting", "Severity",
           "Side", "Source", "Span", "SyntaxProblem", "Unknown", "UsageError", "Value", "__version__", "differences",
           "lint", "load"]


def __getattr__(name: str) -> Any:
    """Public names are imported when they are first used, so that `import kubestack_lint` costs nothing."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = value
    return value
