"""unknown-module: modules that take environments and that kslint cannot look into."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule
from kubestack_lint.source import Span


@rule(on=Project, severity=Severity.INFO)
def unknown_module(project: Project) -> Iterator[Problem]:
    """A module takes a map of environments, but its attributes are not known."""
    # All instances of a call have one source.
    calls: dict[Span, InheritanceBlock] = {}
    for block in project.blocks:
        if block.note and block.definition.kind == "untyped" and block.source.kind != "framework":
            calls.setdefault(block.source_span or block.span, block)
    for place, block in calls.items():
        yield Problem(
            message=(
                f"{block.address} takes environments but is no module that kslint knows, "
                "so its attributes are not checked"
            ),
            span=place,
            label="not looked into",
            remediation="Nothing to do where this is meant; its environments are compared like any others.",
            address=block.address,
            value=block.source.text,
        )
