"""An override that writes what the environment inherits anyway."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Fix, Label, Severity
from kubestack_lint.inheritance import Effective, Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.syntax.edits import entry_of, without_entry
from kubestack_lint.values.types import DYNAMIC, ObjectType, Type
from kubestack_lint.values.value import Value, find, same, unknown_in
from kubestack_lint.wording import dotted, exact, is_literal, shown

_Path = tuple[str, ...]


@rule(on=Inheritance, severity=Severity.WARNING)
def redundant_override(inheritance: Inheritance) -> Iterator[Problem]:
    """An environment repeats what it inherits from the base."""
    definition = inheritance.block.definition
    if definition.typed and definition.element == DYNAMIC:
        # map(any) wants the same attributes in every environment: repeating them may be needed.
        return
    for name in inheritance.others:
        base = inheritance.environments.get(inheritance.block.base_of(name) or "")
        if base is not None:
            for path, own, other in _repeated(inheritance, name, base):
                yield _problem(name, base.environment, path, own, other)


def _problem(name: str, base: str, path: _Path, own: Value, other: Value) -> Problem:
    assert own.place is not None and other.place is not None
    entry = entry_of(own.key, own.span)
    edit = without_entry(entry) if entry is not None else None
    return Problem(
        message=f"{name} repeats {dotted(path)} = {shown(own)}, which it inherits from {base} anyway",
        span=own.place,
        label=f"the same as in {base}",
        related=(Label(other.place, f"{base} sets it"),),
        remediation=f"delete it from {name}, or write the value that {name} was meant to have",
        environment=name,
        attribute=path,
        value=exact(own),
        fix=None if edit is None else Fix(f"delete {dotted(path)} from {name}", (edit,)),
    )


def _repeated(inheritance: Inheritance, name: str, base: Effective) -> Iterator[tuple[_Path, Value, Value]]:
    """What could be deleted, with the written value and the base's; whole objects where all of one could go."""
    mine = inheritance.environments[name]
    for key, chosen in mine.tree.items():
        if not isinstance(chosen, dict):
            yield from _one(inheritance, mine, base, (key,))
            continue
        # Merged key by key: each of them can go alone.
        written = find(inheritance.raw[name], (key,))
        inner = [found for part in chosen for found in _one(inheritance, mine, base, (key, part))]
        theirs = find(inheritance.raw[base.environment], (key,))
        if written is not None and theirs is not None and written.place and len(inner) == len(written.items) > 1:
            yield (key,), written, theirs
        else:
            kind = inheritance.block.definition.element
            yield from (found for found in inner if not _needed(kind, found[0]))


def _one(
    inheritance: Inheritance, mine: Effective, base: Effective, path: _Path
) -> Iterator[tuple[_Path, Value, Value]]:
    own, other = find(inheritance.raw[mine.environment], path), find(inheritance.raw[base.environment], path)
    if own is None or other is None or own.data in (None, "", (), {}) or not _both_meant(own, other):
        # Empty values are places still to be filled in.
        return
    effective, inherited = find(mine.value, path), find(base.value, path)
    if effective is None or inherited is None or unknown_in(effective) is not None:
        return
    if same(effective, inherited) and not _needed(inheritance.block.definition.element, path[:1]):
        yield path, own, other


def _both_meant(own: Value, other: Value) -> bool:
    """True when both stand in the text and are equal by what is written, not by what a reference happens to hold."""
    if own.place is None or other.place is None or own.span is None or other.span is None or own.place == other.place:
        return False
    return (is_literal(own) and is_literal(other)) or own.span.text == other.span.text


def _needed(kind: Type, path: _Path) -> bool:
    """True when the type demands the last name of the path wherever its object is written."""
    for name in path[:-1]:
        kind = kind.attributes.get(name, DYNAMIC) if isinstance(kind, ObjectType) else DYNAMIC
    return isinstance(kind, ObjectType) and path[-1] in kind.attributes and path[-1] not in kind.optional
