"""unresolved-value: what cannot be known before Terraform runs."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.source import Span
from kubestack_lint.values.value import Unknown, Value, unknowns


@rule(on=Inheritance, severity=Severity.INFO)
def unresolved_value(inheritance: Inheritance) -> Iterator[Problem]:
    """A value is known only to Terraform, so that no rule can judge it."""
    block = inheritance.block
    for error in inheritance.errors:
        if error.rule == "unresolved-value" and not _explained(inheritance):
            yield Problem(
                message=f"nothing can be said about {block.address}: {error.message}",
                span=block.configuration_span,
                label="unknown before Terraform runs",
                related=_reason(error.span, block.configuration_span),
                value=error.message,
            )
    seen = set()
    for name, path, value, place in _values(inheritance):
        hidden = next((found for found in unknowns(value) if not found.rule), None)
        if hidden is None or place in seen or hidden.refused:
            continue
        seen.add(place)
        yield _problem(name, path, hidden, place)


def _explained(inheritance: Inheritance) -> bool:
    """Whether another rule says why the configuration or the base key is unknown."""
    block = inheritance.block
    whole = (*block.configurations.values(), *block.bases.values())
    return any(isinstance(value.data, Unknown) and bool(value.data.rule) for value in whole)


def _values(inheritance: Inheritance) -> Iterator[tuple[str, tuple[str, ...], Value, Span]]:
    """Whole environments that are unknown, and the settings of all others."""
    for name, effective in inheritance.environments.items():
        if isinstance(effective.value.data, Unknown):
            raw = inheritance.raw[name]
            yield name, (), effective.value, raw.place or inheritance.block.configuration_span
        for setting in effective.settings:
            yield setting.definitions[0].environment, setting.path, setting.value, setting.place


def _problem(name: str, path: tuple[str, ...], hidden: Unknown, place: Span) -> Problem:
    what = f"{name}.{'.'.join(path)}" if path else f"environment {name}"
    return Problem(
        message=f"{what} is known only to Terraform: {hidden.because}",
        span=place,
        label="unknown before Terraform runs",
        related=_reason(hidden.span, place),
        environment=name,
        attribute=path or None,
        value=hidden.because,
    )


def _reason(reason: Span | None, place: Span) -> tuple[Label, ...]:
    if reason is None or (reason.path, reason.line) == (place.path, place.line):
        return ()
    return (Label(reason, "because of this"),)
