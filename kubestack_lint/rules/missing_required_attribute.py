"""missing-required-attribute: what the module cannot work without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kubestack_lint.catalog import AttributeDefinition
from kubestack_lint.catalog.names import called
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import BlockError, Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.source import Span
from kubestack_lint.values.conditions import holds
from kubestack_lint.values.value import Unknown, Value, find
from kubestack_lint.wording import dotted, listed


@rule(on=Inheritance, severity=Severity.ERROR)
def missing_required_attribute(inheritance: Inheritance) -> Iterator[Problem]:
    """An environment ends up without an attribute that the module requires."""
    for error in inheritance.errors:
        if error.rule == "missing-required-attribute":
            yield _unconfigured(inheritance, error) if error.environment is None else _incomplete(
                inheritance, error, error.environment
            )
    if inheritance.block.note and inheritance.block.source.kind == "framework":
        return  # The version is a guess, and so would this be.
    missing: dict[_Missing, list[str]] = {}
    for name, effective in inheritance.environments.items():
        for item in _missing(inheritance, effective.value):
            missing.setdefault(item, []).append(name)
    for item, names in missing.items():
        yield from _problems(inheritance, item, names)


@dataclass(frozen=True, slots=True)
class _Missing:
    """A required attribute, or an object with the required attributes in it."""

    path: tuple[str, ...]
    inside: tuple[str, ...]
    terraform: str


def _missing(inheritance: Inheritance, environment: Value) -> Iterator[_Missing]:
    """What one environment lacks, with the parts of one missing object told together."""
    if not isinstance(environment.data, dict):
        return
    found: dict[tuple[str, ...], tuple[str, list[str]]] = {}
    stringly = inheritance.block.definition.stringly
    for attribute in inheritance.block.definition.attributes.values():
        path = tuple(attribute.path.split("."))
        if not _lacks(environment, attribute, path, stringly):
            continue
        parent = find(environment, path[:-1])
        whole = len(path) > 1 and (parent is None or parent.is_null)
        _, inside = found.setdefault(path[:-1] if whole else path, (attribute.required, []))
        inside += [path[-1]] if whole else []
    for path, (terraform, inside) in found.items():
        yield _Missing(path, tuple(inside), terraform)


def _lacks(environment: Value, attribute: AttributeDefinition, path: tuple[str, ...], stringly: bool) -> bool:
    if not attribute.required or "[]" in attribute.path:
        return False
    for length in range(1, len(path)):
        above = find(environment, path[:length])
        if above is not None and isinstance(above.data, Unknown):
            return False
    value = find(environment, path)
    # A map's key counts when it is there, even as null: what fails is looking it up.
    if value is not None and (stringly or not value.is_null):
        return False
    return holds(attribute.condition, environment) is True


def _problems(inheritance: Inheritance, item: _Missing, names: list[str]) -> Iterator[Problem]:
    """One finding at the base where nobody has it, else one for each environment without it."""
    base = inheritance.base
    everywhere = base in names and len(names) == len(inheritance.environments)
    owner = next((name for name in inheritance.environments if name not in names), None)
    for name in [base] if everywhere and base is not None else names:
        yield _problem(inheritance, item, name, everywhere, owner)


def _problem(inheritance: Inheritance, item: _Missing, name: str, everywhere: bool, owner: str | None) -> Problem:
    block = inheritance.block
    base = block.base_of(name)
    what = dotted(item.path)
    heirs = everywhere and len(inheritance.environments) > 1
    others = f", nor does any environment that inherits from {name}" if heirs else ""
    parts = f" and with it {listed(item.inside)}" if item.inside else ""
    related = [Label(block.span, f"{called(block.definition)} requires it")]
    setting = None if owner is None else find(inheritance.raw.get(owner), item.path)
    if setting is not None and setting.place is not None:
        related.append(Label(setting.place, f"only {owner} sets it; other environments inherit from {base} alone"))
    return Problem(
        message=(
            f"{name} has no {what}{parts}, which {called(block.definition)} requires{others}; "
            f"Terraform stops ({item.terraform})"
        ),
        span=_place(inheritance, name, item.path),
        label=f"{item.path[-1]} is missing",
        related=tuple(related),
        remediation=f"Set {what} in {base}, so that every environment has it." if base else f"Set {what}.",
        environment=name,
        attribute=item.path,
    )


def _place(inheritance: Inheritance, name: str, path: tuple[str, ...]) -> Span:
    """The innermost place that is written: the object that lacks it, or the environment."""
    for length in range(len(path) - 1, -1, -1):
        found = find(inheritance.raw.get(name), path[:length])
        if found is not None and found.place is not None:
            return found.place
    return inheritance.block.configuration_span


def _unconfigured(inheritance: Inheritance, error: BlockError) -> Problem:
    """A call that gives the module no configuration at all."""
    block = inheritance.block
    return Problem(
        message=f"{called(block.definition)} needs a configuration and is called without one ({error.message})",
        span=error.span,
        label="no configuration",
        remediation="Give it configuration = { apps = { … }, ops = {} }.",
        value="",
    )


def _incomplete(inheritance: Inheritance, error: BlockError, name: str) -> Problem:
    """An object without a part that its type demands; Terraform refuses to convert it."""
    block = inheritance.block
    base = block.base_of(name) or ""
    what = dotted(int(step) if step.isdigit() else step for step in error.path)
    inherited = find(inheritance.raw.get(base), error.path) if name != base else None
    related: tuple[Label, ...] = ()
    if inherited is not None and inherited.place is not None:
        related = (Label(inherited.place, f"{base} has it, but {name} is converted before it inherits"),)
    return Problem(
        message=(
            f"{name} writes {what} without all the parts it must have; "
            f"Terraform stops in every workspace ({error.message})"
        ),
        span=error.span,
        label="incomplete",
        related=related,
        remediation=f"Write every required part of {what} in {name}, even those that {base} has.",
        environment=name,
        attribute=error.path,
        value=error.span.text,
    )
