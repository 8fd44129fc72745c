"""base-key-mismatch: modules of one repository that inherit from different environments."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Label, Severity
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.project.consensus import reference, roots
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule


@rule(on=Project, severity=Severity.WARNING)
def base_key_mismatch(project: Project) -> Iterator[Problem]:
    """A module inherits from another environment than the rest do."""
    for blocks in roots(project, _counts):
        if not blocks:
            continue
        rest = reference(blocks, lambda block: block.base)
        for block in blocks:
            if block.base != rest.base:
                yield _problem(block, rest)


def _counts(block: InheritanceBlock) -> bool:
    """A base that is computed, or that does not exist, says nothing about what is meant."""
    given = block.configuration_span != block.span and block.definition.typed
    return given and not block.computed and block.base is not None and block.base in block.environments


def _problem(block: InheritanceBlock, rest: InheritanceBlock) -> Problem:
    said = f'{block.definition.base_key_argument} = "{rest.base}"'
    return Problem(
        message=(
            f"{block.address} inherits from {block.base}, but {rest.address} inherits from {rest.base}; "
            "a value set in one of them reaches other environments than its reader expects"
        ),
        span=block.base_span,
        label=f"base is {block.base}",
        related=(Label(rest.base_span, f"{rest.address}: base is {rest.base}"),),
        remediation=f"Write {said}, or use {block.base} everywhere.",
        address=block.address,
        value=str(block.base),
    )
