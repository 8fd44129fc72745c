"""misplaced-attribute: attributes that stand where environments belong."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.catalog import ModuleDefinition
from kubestack_lint.catalog.names import called, top_level
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import BlockError, Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.value import Value
from kubestack_lint.wording import article, exact, noun


@rule(on=Inheritance, severity=Severity.ERROR)
def misplaced_attribute(inheritance: Inheritance) -> Iterator[Problem]:
    """An attribute is written one level too high, among the environments."""
    refused = {error.environment: error for error in inheritance.errors if error.rule == "misplaced-attribute"}
    for name, value in inheritance.raw.items():
        if name in refused or _is_attribute(inheritance.block.definition, name, value):
            yield _problem(inheritance, name, value, refused.get(name))


def _is_attribute(definition: ModuleDefinition, name: str, value: Value) -> bool:
    """True for the name of an attribute, unless its content is that of an environment."""
    names = top_level(definition) | {rename.old for rename in definition.renames if "." not in rename.old}
    if name not in names:
        return False
    inside = [key for key in value.items if f"{name}.{key}" not in definition.attributes]
    return not any(key in names for key in inside)


def _problem(inheritance: Inheritance, name: str, value: Value, refused: BlockError | None) -> Problem:
    block = inheritance.block
    base = inheritance.raw.get(block.base or "")
    place = (base.place if base is not None and base is not value else None) or block.configuration_span
    here = f"attributes belong in an environment, such as {block.base}" if base else "only environments belong here"
    known = _is_attribute(block.definition, name, value)
    what = f"an attribute of {called(block.definition)}" if known else article(noun(value.type))
    if refused is not None:
        outcome = f"Terraform stops in every workspace ({refused.message})"
    else:
        outcome = "Terraform takes it for an environment, and no real one gets the value"
    return Problem(
        message=f"{name} stands among the environments, but it is {what}; {outcome}",
        span=value.place or block.configuration_span,
        label="one level too high" if known else "not an environment",
        related=(Label(place, here),),
        remediation=(
            f"Move {name} into the environments that it is for; set in the base, all of them inherit it."
            if known
            else f"Move {name} into an environment, or write {name} = {{}} if it is one."
        ),
        environment=name,
        value=exact(value),
    )
