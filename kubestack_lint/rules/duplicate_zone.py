"""duplicate-zone: one zone named twice in one list."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.catalog.roles import KINDS, Role
from kubestack_lint.effective import Word, news, read_role, words_of
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.value import Unknown


@rule(on=Inheritance, severity=Severity.WARNING)
def duplicate_zone(inheritance: Inheritance) -> Iterator[Problem]:
    """A list of zones names one zone twice."""
    if inheritance.block.definition.kind not in KINDS:
        return
    for environment in inheritance.environments:
        reading = read_role(inheritance, environment, Role.ZONES)
        if reading is None or reading.setting is None or not news(inheritance, environment, (reading,)):
            continue
        words = words_of(reading)
        seen: dict[str, Word] = {}
        for word in () if isinstance(words, Unknown) else words:
            name = word.text.strip()
            if name in seen:
                yield Problem(
                    message=f"{environment} names zone {name} twice in {reading.name}",
                    span=word.span,
                    label="the second time",
                    related=(Label(seen[name].span, "the first time"),),
                    remediation="Remove one of them, or name the zone that was meant.",
                    environment=environment,
                    attribute=reading.path,
                    value=reading.identity,
                )
            elif name:
                seen[name] = word
