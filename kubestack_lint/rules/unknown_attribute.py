"""unknown-attribute: attributes that Terraform's type conversion throws away."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.catalog.names import called, instead, top_level
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import dotted, exact


@rule(on=Inheritance, severity=Severity.ERROR)
def unknown_attribute(inheritance: Inheritance) -> Iterator[Problem]:
    """An attribute is written that the module does not have, and Terraform drops it without a word."""
    block = inheritance.block
    if block.note and block.source.kind == "framework":
        return  # The version is a guess, and so would this be.
    seen = set()
    for item in inheritance.dropped:
        place = item.value.place or block.configuration_span
        if place in seen or item.environment in top_level(block.definition):
            continue  # The second is no environment at all but an attribute out of place.
        seen.add(place)
        meant = instead(block.definition, item.path, block.environments)
        path = tuple(str(step) for step in item.path)
        yield Problem(
            message=(
                f"{item.environment} sets {dotted(item.path)}, which {called(block.definition)} does not have, "
                "so Terraform drops it without a word"
            ),
            span=place,
            label=meant.label if meant else "dropped",
            related=(Label(block.span, f"{called(block.definition)} is called here"),),
            remediation=meant.remediation if meant else "Remove it, or write an attribute that the module has.",
            environment=item.environment,
            attribute=path,
            value=exact(item.value),
        )
