"""unknown-module: modules that take environments and that kslint cannot look into."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule


@rule(on=Project, severity=Severity.INFO)
def unknown_module(project: Project) -> Iterator[Problem]:
    """A module takes a map of environments, but its attributes are not known."""
    places = {(call.root, call.address): call.source_span for call in project.calls}
    for block in project.blocks:
        if not block.note or block.definition.kind != "untyped" or block.source.kind == "framework":
            continue
        yield Problem(
            message=(
                f"{block.address} takes environments but is no module that kslint knows, "
                "so its attributes are not checked"
            ),
            span=places.get((block.root, block.address), block.span),
            label="not looked into",
            remediation="Nothing to do where this is meant; its environments are compared like any others.",
            address=block.address,
            value=block.source.text,
        )
