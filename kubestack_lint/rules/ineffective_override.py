"""An override that the merge passes over."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.differences import Difference, Kind, Side
from kubestack_lint.finding import Label, Severity
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.value import Value
from kubestack_lint.wording import exact, shown


@rule(on=Difference, severity=Severity.WARNING)
def ineffective_override(difference: Difference) -> Iterator[Problem]:
    """An environment sets null, "" or {} and inherits all the same."""
    own, inherited = difference.own, difference.inherited
    if difference.kind is not Kind.INEFFECTIVE or own is None or _harmless(own, inherited):
        return
    name, base, path = difference.environment, difference.against, difference.dotted
    written = shown(own.value)
    if inherited is None and difference.block.definition.merge == "L3":
        message = f"{name} sets {path} to {written}, but this version drops what {base} does not set as well"
    elif inherited is None:
        message = f'{name} sets {path} to "", but the merge turns it into null, so the module takes its default'
    else:
        message = f"{name} sets {path} to {written}, but inherits {shown(inherited.value)} from {base} all the same"
    yield Problem(
        message=message,
        span=own.place,
        label=_why(difference, own.value),
        related=() if inherited is None else (Label(inherited.place, f"{base} sets it"),),
        remediation=_way_out(difference, inherited),
        value=exact(own.value),
    )


def _harmless(own: Side, inherited: Side | None) -> bool:
    """True when nothing else was asked for: null over nothing or by a condition, or what is inherited anyway."""
    if own.value.is_null and own.value.span is not None and own.value.span.text != "null":
        # `condition ? value : null` is how one says: set it here only then.
        return True
    if inherited is None or inherited.value.is_null:
        return own.value.data != ""
    return bool(inherited.value.data == own.value.data)


def _why(difference: Difference, value: Value) -> str:
    if value.is_null:
        return "null means: not set here"
    if difference.block.definition.merge == "L3":
        return "only keys of the base are merged"
    if value.data == "":
        return 'coalesce() passes over ""'
    return "maps are merged key by key, so an empty one changes nothing"


def _way_out(difference: Difference, inherited: Side | None) -> str:
    name, base, path = difference.environment, difference.against, difference.dotted
    if inherited is None and difference.block.definition.merge == "L3":
        return f"set it in {base} too, or use v0.13.0-beta.1 or later, which repairs this"
    if inherited is None:
        return f'delete it; only {base} itself can set ""'
    data = inherited.value.data
    if isinstance(data, tuple):
        return f"write {path} = [] to clear the list"
    if data is True:
        return f"write {path} = false to turn it off"
    others = f"an inherited value cannot be unset: move it out of {base} into the environments that want it"
    return f"{others}, or set another value in {name}" if not isinstance(data, dict) else others
