"""A map or object that takes the place of the base's, and of the keys in it."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.differences import Difference, Kind, differences
from kubestack_lint.finding import Fix, Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.syntax.edits import with_entries
from kubestack_lint.values.value import Value, find
from kubestack_lint.wording import dotted, exact, is_literal, listed, shown

SHOWN_PLACES = 3

_Path = tuple[str, ...]


@rule(on=Inheritance, severity=Severity.WARNING)
def lost_inherited_keys(inheritance: Inheritance) -> Iterator[Problem]:
    """An environment overrides a whole object and loses keys of the base."""
    for name in inheritance.others:
        groups: dict[_Path, list[Difference]] = {}
        for difference in differences(inheritance, name):
            if difference.kind is Kind.LOST and difference.inherited is not None:
                above = _override(inheritance.raw[name], difference.path)
                if above is not None:
                    groups.setdefault(above, []).append(difference)
        for path, lost in groups.items():
            yield from _problem(inheritance, name, path, lost)


def _override(raw: Value, path: _Path) -> _Path | None:
    """The path of what the environment writes above a lost key; None where it empties it on purpose."""
    for length in range(len(path) - 1, 0, -1):
        found = find(raw, path[:length])
        if found is not None and found.place is not None:
            # {} says that nothing of the base is wanted.
            return path[:length] if found.items else None
    return None


def _problem(inheritance: Inheritance, name: str, path: _Path, lost: list[Difference]) -> Iterator[Problem]:
    own = find(inheritance.raw[name], path)
    if own is None or own.place is None:
        return
    base = lost[0].against
    keys = [_assignment(difference, path) for difference in lost]
    place, label = _culprit(inheritance, base, path, own)
    yield Problem(
        message=f"{name} loses {listed(keys)}, because its {dotted(path)} replaces the whole one in {base}",
        span=(place.place if place is not None else None) or own.place,
        label=label,
        related=tuple(_places(name, base, lost)),
        remediation=f"repeat {listed(_key(d, path) for d in lost)} in {name}, or make the change in {base}"
        if place is None
        else f"give the key a value or delete it; {name} then inherits the rest of {dotted(path)}",
        environment=name,
        attribute=lost[0].path if len(lost) == 1 else path,
        value=f"{exact(own)} {', '.join(keys)}",
        fix=_fix(inheritance.raw.get(base), name, path, own, lost) if place is None else None,
    )


def _fix(raw: Value | None, name: str, path: _Path, own: Value, lost: list[Difference]) -> Fix | None:
    """Copy what is lost; only what means the same wherever it stands."""
    copied: dict[str, str] = {}
    for key in dict.fromkeys(difference.path[len(path)] for difference in lost):
        found = find(raw, (*path, key))
        if found is None or found.key is None or found.span is None or not is_literal(found) or "<<" in found.span.text:
            return None
        copied[key] = f"{found.key.text} = {found.span.text}"
    edit = with_entries(own.span, copied.values())
    if edit is None:
        return None
    return Fix(f"copy {listed(copied)} from {lost[0].against} into {dotted(path)} of {name}", (edit,), safe=False)


def _culprit(inheritance: Inheritance, base_name: str, path: _Path, own: Value) -> tuple[Value | None, str]:
    """The single key that made a nested merge fail, if it was one, and the words for the override."""
    if inheritance.block.definition.merge != "L6":
        return None, "replaces the whole object; nothing below an attribute is merged"
    if len(path) > 1:
        return None, "replaces the whole object; only one nested level is merged"
    base = find(inheritance.raw.get(base_name), path)
    known = base.items if base is not None else {}
    empty = [item for key, item in own.items.items() if key not in known and (item.is_null or item.data == "")]
    return (empty[0] if empty else None), 'a key with null or "" that the base lacks stops the merge of this map'


def _places(name: str, base: str, lost: list[Difference]) -> Iterator[Label]:
    for difference in lost[:SHOWN_PLACES]:
        if difference.inherited is not None:
            yield Label(difference.inherited.place, f"{base} sets this, {name} loses it")


def _key(difference: Difference, path: _Path) -> str:
    return dotted(difference.path[len(path) :])


def _assignment(difference: Difference, path: _Path) -> str:
    assert difference.inherited is not None
    return f"{_key(difference, path)} = {shown(difference.inherited.value)}"
