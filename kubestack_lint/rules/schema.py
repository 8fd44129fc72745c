"""schema: the effective configuration of an environment does not fit a JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Effective, Inheritance, Setting
from kubestack_lint.rule import ParameterProblem, Problem, rule
from kubestack_lint.source import Span
from kubestack_lint.values.value import Value
from kubestack_lint.wording import dotted, exact, shown

Path = tuple[str | int, ...]

# jsonschema is imported where there is a schema: most runs have none.


def _mistakes(*, schema: Mapping[str, Any] | None = None, **others: Any) -> Iterator[ParameterProblem]:
    from kubestack_lint.structure import mistakes

    if schema is not None:
        yield from (ParameterProblem(("schema", *path), message, hint) for path, message, hint in mistakes(schema))


@rule(on=Inheritance, severity=Severity.ERROR, check_parameters=_mistakes)
def schema(inheritance: Inheritance, *, schema: Mapping[str, Any], defaults: bool = False) -> Iterator[Problem]:
    """The effective configuration of an environment does not fit a JSON Schema."""
    from kubestack_lint.conditions.views import views_of
    from kubestack_lint.structure import violations

    for name, effective in inheritance.environments.items():
        value = effective.value
        if defaults:
            view = views_of(inheritance).view(name)
            value = value if view is None else view.config
        for violation in violations(schema, value):
            found, span = _at(inheritance, effective, value, violation.path)
            about = dotted(violation.path)
            subject = f"{name}.{about}" if about else name
            setting = _setting(inheritance, name, violation.path)
            yield Problem(
                message=f"{subject} {violation.message}" + ("" if found is None else _value(violation.says, found)),
                span=span,
                label=_label(violation.unknown, setting, name, violation.path, found),
                related=() if setting is None else tuple(_others(setting)),
                remediation=violation.description,
                environment=name,
                attribute=tuple(str(step) for step in violation.path) or None,
                value="" if found is None else exact(found),
                unknown=violation.unknown,
            )


def _value(says: bool, found: Value) -> str:
    return f", it is {shown(found)}" if says else ""


def _at(inheritance: Inheritance, effective: Effective, value: Value, path: Path) -> tuple[Value | None, Span]:
    """The value at a path and the nearest place where something of it is written."""
    raw = inheritance.raw.get(effective.environment)
    place = (raw.place if raw is not None else None) or inheritance.block.span
    found: Value | None = value
    for step in path:
        if found is None:
            break
        if isinstance(step, int):
            found = found.elements[step] if step < len(found.elements) else None
        else:
            found = found.items.get(step)
        here = found.place if found is not None else None
        # What the module fills in stands in no file.
        place = here if here is not None and here.source.real else place
    setting = _setting(inheritance, effective.environment, path)
    if setting is not None and (found is None or found.place is None):
        place = setting.place
    return found, place


def _setting(inheritance: Inheritance, environment: str, path: Path) -> Setting | None:
    """The setting that a path leads to or into."""
    names = tuple(step for step in path if isinstance(step, str))
    for length in range(len(names), 0, -1):
        found = inheritance.setting(environment, names[:length])
        if found is not None:
            return found
    return None


def _label(unknown: bool, setting: Setting | None, environment: str, path: Path, found: Value | None) -> str:
    if unknown:
        return "not known"
    if setting is None:
        unset = found is not None and found.place is not None and not found.place.source.real
        return f"{environment} leaves {dotted(path)} to the module" if unset else f"{environment} as a whole"
    by = setting.definitions[0].environment
    return f"{by} sets it" if by == environment else f"{environment} inherits it from {by}"


def _others(setting: Setting) -> Iterator[Label]:
    for definition in setting.definitions[1:]:
        if definition.value.place is not None:
            yield Label(definition.value.place, f"{definition.environment} sets it to {shown(definition.value)}")
