"""path-outside-repository: files that are not part of what is linted, and never read."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.source import Span
from kubestack_lint.values.value import Unknown, Value, unknowns

ID = "path-outside-repository"


@rule(on=Inheritance, severity=Severity.WARNING)
def path_outside_repository(inheritance: Inheritance) -> Iterator[Problem]:
    """A value comes from a file outside of the repository, so that it depends on the machine."""
    seen = set()
    for what, environment, path, value, place in _values(inheritance):
        for hidden in unknowns(value):
            if hidden.rule == ID and hidden.span is not None and hidden.span not in seen:
                seen.add(hidden.span)
                yield Problem(
                    message=f"{what} comes from a file that kslint does not read: {hidden.because}",
                    span=hidden.span,
                    label="not part of the repository",
                    related=_use(place, hidden.span),
                    remediation="Put the file into the repository and read it there, or write the value itself.",
                    environment=environment,
                    attribute=path or None,
                    value=hidden.because,
                )


_Use = tuple[str, str | None, tuple[str, ...], Value, Span]


def _values(inheritance: Inheritance) -> Iterator[_Use]:
    """Settings, environments that are unknown as a whole, configurations and base keys that are."""
    block = inheritance.block
    for name, effective in inheritance.environments.items():
        for setting in effective.settings:
            written = setting.definitions[0].environment
            attribute = f"{written}.{'.'.join(setting.path)}"
            yield attribute, written, setting.path, setting.value, setting.place
        if isinstance(effective.value.data, Unknown):
            place = inheritance.raw[name].place or block.configuration_span
            yield f"environment {name}", name, (), effective.value, place
    for value in block.configurations.values():
        if isinstance(value.data, Unknown):
            yield f"the configuration of {block.address}", None, (), value, block.configuration_span
    for value in block.bases.values():
        yield f"the base key of {block.address}", None, (), value, block.base_span


def _use(place: Span, call: Span) -> tuple[Label, ...]:
    return () if (place.path, place.line) == (call.path, call.line) else (Label(place, "used here"),)
