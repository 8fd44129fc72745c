"""unknown-key: keys of a map(map(string)) that the module never reads."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.catalog.names import called, instead, top_level
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import exact


@rule(on=Inheritance, severity=Severity.WARNING)
def unknown_key(inheritance: Inheritance) -> Iterator[Problem]:
    """A key is written that Terraform keeps and the module never reads."""
    block = inheritance.block
    known = top_level(block.definition)
    if not (block.definition.stringly and block.definition.attributes):
        return
    if block.note and block.source.kind == "framework":
        return  # The version is a guess, and so would this be.
    seen = set()
    for environment, written in inheritance.raw.items():
        if environment in known:
            continue  # No environment at all but an attribute out of place.
        for name, value in written.items.items():
            place = value.place or block.configuration_span
            if name in known or place in seen:
                continue
            seen.add(place)
            meant = instead(block.definition, (name,), block.environments)
            yield Problem(
                message=f"{environment} sets {name}, which {called(block.definition)} never reads, so it has no effect",
                span=place,
                label=meant.label if meant else "never read",
                related=(Label(block.span, f"{called(block.definition)} is called here"),),
                remediation=meant.remediation if meant else "Remove it, or write an attribute that the module reads.",
                environment=environment,
                attribute=(name,),
                value=exact(value),
            )
