"""missing-base: the environment that all others inherit from does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import BlockError, Inheritance
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.rule import Problem, rule
from kubestack_lint.suggest import closest
from kubestack_lint.wording import listed


@rule(on=Inheritance, severity=Severity.ERROR)
def missing_base(inheritance: Inheritance) -> Iterator[Problem]:
    """The base environment, which all others inherit from, does not exist."""
    for error in inheritance.errors:
        if error.rule == "missing-base":
            yield _problem(inheritance.block, error)


def _problem(block: InheritanceBlock, error: BlockError) -> Problem:
    base = _wanted(block)
    names = block.environments
    there = f"there {'is only' if len(names) == 1 else 'are'} {listed(names) or 'none'}"
    chosen = block.base_span != block.span
    return Problem(
        message=(
            f'the base environment "{base}" does not exist ({there}), '
            f"so Terraform stops in every workspace ({error.message.rstrip('.')})"
        ),
        span=error.span,
        label="no such environment" if chosen else f'the base is "{base}" where nothing else is said',
        related=(Label(block.configuration_span, there),),
        remediation=_way_out(block, base),
        value=base,
    )


def _wanted(block: InheritanceBlock) -> str:
    """The base key of the first workspace in which it names nothing."""
    for name, value in block.bases.items():
        if isinstance(value.data, str) and value.data not in block.configuration(name).items:
            return value.data
    return "null"


def _way_out(block: InheritanceBlock, base: str) -> str:
    argument = block.definition.base_key_argument
    if not argument:
        return "Name the base environment apps: before v0.9.3 no other can be chosen."
    if not block.environments:
        return f"Add an environment {base} with the attributes that all environments share."
    meant = closest(base, block.environments)
    if meant is not None:
        return f'Write {argument} = "{meant}", or rename the environment {meant} to {base}.'
    return f"Set {argument} to {' or '.join(block.environments)}, or add an environment {base}."
