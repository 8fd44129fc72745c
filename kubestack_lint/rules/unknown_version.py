"""unknown-version: modules whose version kslint can only approximate."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.catalog import newest_release
from kubestack_lint.catalog.versions import is_to_come
from kubestack_lint.finding import Severity
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule
from kubestack_lint.source import Span


@rule(on=Project, severity=Severity.WARNING)
def unknown_version(project: Project) -> Iterator[Problem]:
    """A module is read as another version than the one that is written."""
    # All instances of a call have one source.
    calls: dict[Span, list[InheritanceBlock]] = {}
    for block in project.blocks:
        if block.note and (block.definition.kind != "untyped" or block.source.kind == "framework"):
            calls.setdefault(block.source_span or block.span, []).append(block)
    for place, (block, *others) in calls.items():
        more = f" and {len(others)} more instance{'s' if len(others) > 1 else ''}" if others else ""
        yield Problem(
            message=f"{block.address}{more} cannot be read exactly as written: {block.note}",
            span=place,
            label="results rest on an assumption",
            remediation=_way_out(block),
            address=block.address,
            value=block.source.text,
        )


def _way_out(block: InheritanceBlock) -> str:
    if block.definition.kind == "untyped":
        return f"Pin a version that has {block.source.path}."
    ref = block.source.ref
    # Who pins what was released after our data did nothing wrong.
    tag = "Upgrade kslint" if ref and is_to_come(ref) else f"Pin a released tag, such as ?ref={newest_release()}"
    if block.source.kind == "framework":
        return f"{tag}, run terraform init before kslint, or say with --kubestack-version which version it is like."
    return f"{tag}, or run terraform init before kslint."
