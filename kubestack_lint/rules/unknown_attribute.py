"""unknown-attribute: attributes that Terraform's type conversion throws away, or that no module reads."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.catalog.names import Suggestion, called, instead, top_level
from kubestack_lint.finding import Fix, Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.syntax.edits import renamed
from kubestack_lint.values.value import Value
from kubestack_lint.wording import dotted, exact


@rule(on=Inheritance, severity=Severity.ERROR)
def unknown_attribute(inheritance: Inheritance) -> Iterator[Problem]:
    """An attribute is written that the module does not have, and Terraform says nothing."""
    block = inheritance.block
    if block.note and block.source.kind == "framework":
        return  # The version is a guess, and so would this be.
    seen = set()
    for environment, path, value, what in (*_dropped(inheritance), *_unread(inheritance)):
        place = value.place or block.configuration_span
        if place in seen or environment in top_level(block.definition):
            continue  # The second is no environment at all but an attribute out of place.
        seen.add(place)
        meant = instead(block.definition, path, block.environments)
        yield Problem(
            message=f"{environment} sets {dotted(path)}, which {called(block.definition)} {what}",
            span=place,
            label=meant.label if meant else "has no effect",
            related=(Label(block.span, f"{called(block.definition)} is called here"),),
            remediation=meant.remediation if meant else "Remove it, or write an attribute that the module has.",
            environment=environment,
            attribute=tuple(str(step) for step in path),
            value=exact(value),
            fix=_fix(inheritance.raw.get(environment), path, value, meant),
        )


def _fix(raw: Value | None, path: tuple[str | int, ...], value: Value, meant: Suggestion | None) -> Fix | None:
    """The other name, where there is one and nobody has written it yet."""
    above = raw
    for step in path[:-1]:
        if above is None:
            return None
        above = above.items.get(step) if isinstance(step, str) else above.elements[step]
    if above is None or meant is None or not meant.name or meant.name in above.items:
        return None
    edit = renamed(value.key, str(path[-1]), meant.name)
    return None if edit is None else Fix(f"rename {path[-1]} to {meant.name}", (edit,), safe=False)


_Row = tuple[str, tuple[str | int, ...], Value, str]


def _dropped(inheritance: Inheritance) -> Iterator[_Row]:
    """What the declared type of a module does not name."""
    for item in inheritance.dropped:
        yield item.environment, item.path, item.value, "does not have, so Terraform drops it without a word"


def _unread(inheritance: Inheritance) -> Iterator[_Row]:
    """Keys of a map(map(string)) are kept, and the module reads only those that it knows."""
    definition = inheritance.block.definition
    known = top_level(definition)
    if not (definition.stringly and definition.attributes):
        return
    for environment, written in inheritance.raw.items():
        for name, value in written.items.items():
            if name not in known:
                yield environment, (name,), value, "never reads, so it has no effect"
