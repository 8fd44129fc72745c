"""empty-without-base: null or "" written where there is nothing to inherit."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import BlockError, Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.value import find
from kubestack_lint.wording import exact


@rule(on=Inheritance, severity=Severity.ERROR)
def empty_without_base(inheritance: Inheritance) -> Iterator[Problem]:
    """An environment leaves a value to the base that the base does not have."""
    for error in inheritance.errors:
        if error.rule == "empty-without-base" and error.environment is not None:
            yield _problem(inheritance, error, error.environment)


def _problem(inheritance: Inheritance, error: BlockError, name: str) -> Problem:
    block = inheritance.block
    base = block.base_of(name) or ""
    attribute = ".".join(error.path)
    value = find(inheritance.raw.get(name), error.path)
    written = "" if value is None else exact(value)
    base_value = inheritance.raw.get(base)
    place = base_value.place if base_value is not None else None
    return Problem(
        message=(
            f"{name} sets {attribute} to {written}, which stands for the value of {base}, "
            f"but {base} has no {attribute}; Terraform stops in every workspace ({error.message.rstrip('.')})"
        ),
        span=error.span,
        label="nothing to inherit",
        related=() if place is None else (Label(place, f"{base} does not set {attribute}"),),
        remediation=f"Remove {attribute} from {name}, or set it in {base}.",
        environment=name,
        attribute=error.path,
        value=written,
    )
