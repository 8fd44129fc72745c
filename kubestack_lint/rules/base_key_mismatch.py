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
    """A module inherits from another environment than the rest do, or than the settings say."""
    for blocks in roots(project, _counts):
        if project.environments.base is not None:
            wanted = project.environments.base
            yield from (_unwanted(block, project, wanted) for block in blocks if block.base != wanted)
            continue
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


def _unwanted(block: InheritanceBlock, project: Project, wanted: str) -> Problem:
    said = project.environments.base_span
    return Problem(
        message=f"{block.address} inherits from {block.base}, but the settings say that {wanted} is the base",
        span=block.base_span,
        label=f"base is {block.base}",
        related=() if said is None else (Label(said, f"base is {wanted}"),),
        remediation=_way_out(block, wanted),
        address=block.address,
        value=str(block.base),
    )


def _way_out(block: InheritanceBlock, wanted: str) -> str:
    if not block.definition.base_key_argument:
        return f"Its base is {block.base} at this version and cannot be chosen: say so under environments: base."
    return f'Write {block.definition.base_key_argument} = "{wanted}", or change environments: base in the settings.'


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
