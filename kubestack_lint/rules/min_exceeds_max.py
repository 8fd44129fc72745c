"""min-exceeds-max: sizes of a pool that contradict each other after inheritance."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kubestack_lint.capacity import autoscales, has_nodes
from kubestack_lint.catalog.roles import Role
from kubestack_lint.effective import Reading, news, number_of, read_role
from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.numbers import format_number


@rule(on=Inheritance, severity=Severity.ERROR)
def min_exceeds_max(inheritance: Inheritance) -> Iterator[Problem]:
    """A pool's minimum is above its maximum, or its first size lies outside of them."""
    if not has_nodes(inheritance.block):
        return
    for name in inheritance.environments:
        if autoscales(inheritance, name) is not True:
            continue  # Without autoscaling the bounds are not read.
        low, high = read_role(inheritance, name, Role.MIN), read_role(inheritance, name, Role.MAX)
        if _above(low, high):
            yield from _problem(inheritance, name, low, high, "greater than")
            continue
        first = _initial(inheritance, name)
        if _above(low, first):
            yield from _problem(inheritance, name, first, low, "less than")
        elif _above(first, high):
            yield from _problem(inheritance, name, first, high, "greater than")


def _initial(inheritance: Inheritance, name: str) -> Reading | None:
    """The first size, where the provider holds it against the bounds."""
    definition = inheritance.block.definition
    reading = read_role(inheritance, name, Role.INITIAL)
    if definition.provider == "azurerm" and definition.kind == "cluster":
        return None  # Not sent while the pool scales by itself.
    if definition.provider == "google" and reading is not None and reading.setting is None:
        return None  # GKE takes a default below the minimum; only what is written was meant.
    return reading


def _above(left: Reading | None, right: Reading | None) -> bool:
    a, b = _number(left), _number(right)
    return a is not None and b is not None and a > b


def _number(reading: Reading | None) -> int | Fraction | None:
    number = number_of(reading) if reading is not None else None
    return number if isinstance(number, int | Fraction) else None


def _problem(
    inheritance: Inheritance, name: str, one: Reading | None, other: Reading | None, relation: str
) -> Iterator[Problem]:
    if one is None or other is None or not news(inheritance, name, (one, other)):
        return
    # Look first at what this environment wrote; the other is what it overlooked.
    first, second = (other, one) if other.own and not one.own else (one, other)
    low, high = _said(one, name), _said(other, name)
    yield Problem(
        message=f"{name} has {low}, {relation} {high}; nothing checks that before the cloud refuses the pool",
        span=first.place,
        label=f"{first.name} = {format_number(_number(first) or 0)}",
        related=(second.label,),
        remediation=_way_out(name, first, second),
        environment=name,
        attribute=first.path,
        value=f"{first.identity} {second.identity}",
    )


def _said(reading: Reading, name: str) -> str:
    number = format_number(_number(reading) or 0)
    if reading.setting is None:
        return f"{reading.name} = {number} (the module's default)"
    return f"{reading.name} = {number}" + (f" (inherited from {reading.source})" if reading.source != name else "")


def _way_out(name: str, first: Reading, second: Reading) -> str:
    if second.setting is None:
        return f"Set {second.name} in {name} as well."
    if first.setting is None:
        return f"Set {first.name} in {name}."
    return f"Change {first.name}, or set {second.name} in {name} as well."
