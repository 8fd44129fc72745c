"""The settings of two revisions → what changed between them, environment by environment. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kubestack_lint.effective import alike
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.inheritance.defaults import module_defaults
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.source import Span
from kubestack_lint.values.value import Unknown, Value, find, identity, same

Path = tuple[str, ...]

_REFERENCE = re.compile(r"[\w-]+(?:\.[\w*-]+|\[[^\]\n]*\])*")


class ChangeKind(StrEnum):
    """What became of a setting."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class ModuleChangeKind(StrEnum):
    """What became of a module call; `refused` where Terraform's errors about it are others now."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    VERSION = "version"
    SOURCE = "source"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ChangeSide:
    """A setting at one revision: its value, the line it comes from, and whose line that is.

    `environment` is None for the module's own default, which stands where its version is chosen.
    """

    value: Value
    place: Span
    environment: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One setting of one environment that is not what it was.

    `block` is the module as it is now, or as it was where it is gone. `whole`
    says that the environment, or the module, came or went as a whole.
    """

    block: InheritanceBlock
    environment: str
    path: Path
    kind: ChangeKind
    before: ChangeSide | None
    after: ChangeSide | None
    whole: bool = False

    @property
    def dotted(self) -> str:
        """The path as people write it."""
        return ".".join(self.path)

    @property
    def inherited(self) -> bool:
        """True when no line of this environment has a part in it: the change reaches it by inheritance."""
        return all(side.environment not in (None, self.environment) for side in (self.before, self.after) if side)

    @property
    def place(self) -> Span:
        """The line that caused it: as it is now, or as it was where it is gone."""
        side = self.after or self.before
        return self.block.span if side is None else side.place


@dataclass(frozen=True, slots=True)
class ModuleChange:
    """A module call that came, went, moved, or has another version; as it was and as it is."""

    kind: ModuleChangeKind
    before: Inheritance | None
    after: Inheritance | None

    @property
    def block(self) -> InheritanceBlock:
        """The call as it is now, or as it was where it is gone."""
        inheritance = self.after or self.before
        assert inheritance is not None
        return inheritance.block


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed between two revisions; false when no environment did."""

    settings: tuple[Change, ...] = ()
    modules: tuple[ModuleChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.settings or self.modules)

    def of(self, address: str | None = None, environments: Sequence[str] = ()) -> Changes:
        """Those of one module (with or without `module.`), and of some environments."""
        names = {address, f"module.{address}"}

        def meant(*blocks: InheritanceBlock) -> bool:
            return address is None or any(block.address in names for block in blocks)

        return Changes(
            tuple(c for c in self.settings if meant(c.block) and (not environments or c.environment in environments)),
            tuple(m for m in self.modules if meant(*(side.block for side in (m.before, m.after) if side))),
        )


def changes(before: Sequence[Inheritance], after: Sequence[Inheritance]) -> Changes:
    """What changed from one set of blocks to another: those that there are now in their order, then those gone.

    Blocks are the same when root module and address are; those left over when
    module, configuration and base key are.
    """
    modules: list[ModuleChange] = []
    settings: list[Change] = []
    for old, new, renamed in _pairs(before, after):
        modules += _module_changes(old, new, renamed)
        settings += _setting_changes(old, new)
    return Changes(tuple(settings), tuple(modules))


def _pairs(
    before: Sequence[Inheritance], after: Sequence[Inheritance]
) -> Iterator[tuple[Inheritance | None, Inheritance | None, bool]]:
    """Who became whom, and whether it has another address now."""
    partners: dict[int, tuple[Inheritance, bool]] = {}
    old, new = list(before), list(after)
    keys: tuple[Callable[[Inheritance], Hashable], ...] = (
        lambda i: (i.block.root, i.block.address),
        lambda i: (_content(i.block), i.block.address),
        lambda i: (_content(i.block), i.block.root),
        lambda i: _content(i.block),
    )
    for number, key in enumerate(keys):
        matched = _matched(old, new, key)
        partners |= {id(other): (one, number > 0) for one, other in matched}
        gone = {id(one) for one, _ in matched}
        old = [item for item in old if id(item) not in gone]
        new = [item for item in new if id(item) not in partners]
    for item in after:
        one, renamed = partners.get(id(item), (None, False))
        yield one, item, renamed
    yield from ((item, None, False) for item in old)


def _matched(
    old: Iterable[Inheritance], new: Iterable[Inheritance], key: Callable[[Inheritance], Hashable]
) -> list[tuple[Inheritance, Inheritance]]:
    """Blocks with equal keys, paired in order of address where there are several."""
    groups: dict[Hashable, list[Inheritance]] = {}
    for item in sorted(old, key=lambda i: (i.block.root, i.block.address)):
        groups.setdefault(key(item), []).append(item)
    found: list[tuple[Inheritance, Inheritance]] = []
    for item in sorted(new, key=lambda i: (i.block.root, i.block.address)):
        candidates = groups.get(key(item))
        if candidates:
            found.append((candidates.pop(0), item))
    return found


def _content(block: InheritanceBlock) -> Hashable:
    """What makes two calls the same but for their address: the module and all that is given to it."""
    definition = block.definition
    given = [(name, identity(value), _reasons(value)) for name, value in sorted(block.configurations.items())]
    bases = [(name, identity(value)) for name, value in sorted(block.bases.items())]
    return (definition.path, definition.version, block.source.ref, tuple(given), tuple(bases))


def _reasons(value: Value) -> tuple[str, ...]:
    """Why parts of a value are unknown, and the expression: two unknowns are the same only when both are."""
    if isinstance(value.data, Unknown):
        return value.data.because, "" if value.data.span is None else _reference(value.data.span)
    parts = [value.items[name] for name in sorted(value.items)] if isinstance(value.data, dict) else value.elements
    return tuple(reason for part in parts for reason in _reasons(part))


def _reference(span: Span) -> str:
    """The whole reference that a place begins: `data.a.b.c` where the place is that of `data.a`."""
    found = _REFERENCE.match(span.source.text, span.start)
    return span.text if found is None or found.end() < span.end else found[0]


def _module_changes(before: Inheritance | None, after: Inheritance | None, renamed: bool) -> Iterator[ModuleChange]:
    if before is None or after is None:
        yield ModuleChange(ModuleChangeKind.REMOVED if after is None else ModuleChangeKind.ADDED, before, after)
        return
    if renamed:
        yield ModuleChange(ModuleChangeKind.RENAMED, before, after)
    old, new = before.block, after.block
    if old.definition.path != new.definition.path:
        yield ModuleChange(ModuleChangeKind.SOURCE, before, after)
    elif (old.definition.version, old.source.ref) != (new.definition.version, new.source.ref):
        yield ModuleChange(ModuleChangeKind.VERSION, before, after)
    if _errors(before) != _errors(after):
        yield ModuleChange(ModuleChangeKind.REFUSED, before, after)


def _errors(inheritance: Inheritance) -> list[tuple[Any, ...]]:
    return [(error.rule, error.message, error.environment, error.path) for error in inheritance.errors]


def _setting_changes(before: Inheritance | None, after: Inheritance | None) -> Iterator[Change]:
    there = [inheritance for inheritance in (after, before) if inheritance is not None]
    block = there[0].block
    other_version = before is not None and after is not None and _other_version(before.block, after.block)
    for name in dict.fromkeys(name for inheritance in there for name in inheritance.environments):
        if any(_uncomputed(inheritance, name) for inheritance in there):
            # What Terraform refuses has no settings, which is not to say that they are gone.
            continue
        old, new = _Table.of(before, name, other_version), _Table.of(after, name, other_version)
        for path in dict.fromkeys((*new.settings, *old.settings)):
            sides = _sides(path, old, new)
            if sides is not None and not _equal(*sides, other_version):
                yield Change(block, name, path, _kind(*sides), *sides, whole=not (old.there and new.there))


def _uncomputed(inheritance: Inheritance, environment: str) -> bool:
    """True where an environment is written, or may be, but cannot be computed."""
    if environment in inheritance.environments:
        return False
    return environment in inheritance.block.environments or (
        not inheritance.block.environments and bool(inheritance.errors)
    )


def _other_version(before: InheritanceBlock, after: InheritanceBlock) -> bool:
    old, new = before.definition, after.definition
    return old.path == new.path and old.version != new.version


@dataclass(frozen=True, slots=True)
class _Table:
    """The settings of an environment at one revision; `value` is the whole of it."""

    settings: Mapping[Path, ChangeSide]
    value: Value | None = None
    there: bool = False

    @classmethod
    def of(cls, inheritance: Inheritance | None, environment: str, defaults: bool) -> _Table:
        effective = None if inheritance is None else inheritance.environments.get(environment)
        if inheritance is None or effective is None:
            return cls({})
        found: dict[Path, ChangeSide] = {
            setting.path: ChangeSide(setting.value, setting.place, setting.definitions[0].environment)
            for setting in effective.settings
        }
        if isinstance(effective.value.data, Unknown):
            raw = inheritance.raw.get(environment)
            place = effective.value.place or (None if raw is None else raw.place) or inheritance.block.span
            found[()] = ChangeSide(effective.value, place, environment)
        if defaults:
            found = {**found, **_defaults(inheritance.block, found)}
        return cls(found, effective.value, True)

    def hidden(self, path: Path) -> ChangeSide | None:
        """The unknown setting in which the one at `path` would be."""
        for length in range(len(path)):
            side = self.settings.get(path[:length])
            if side is not None and isinstance(side.value.data, Unknown):
                return side
        return None

    def within(self, path: Path) -> bool:
        """True when there are settings inside of `path`."""
        return any(len(other) > len(path) and other[: len(path)] == path for other in self.settings)


def _defaults(block: InheritanceBlock, settings: Mapping[Path, ChangeSide]) -> dict[Path, ChangeSide]:
    """What the module itself fills in where nothing is set, at the line that chooses its version."""
    table = _Table(settings)
    return {
        path: ChangeSide(value, block.source_span or block.span, None)
        for path, value in module_defaults(block.definition).items()
        if not value.is_null
        and (path not in settings or settings[path].value.is_null)
        and table.hidden(path) is None
        and not table.within(path)
    }


def _sides(path: Path, old: _Table, new: _Table) -> tuple[ChangeSide | None, ChangeSide | None] | None:
    """What stands at a path before and after; None where that says nothing."""
    before, after = old.settings.get(path), new.settings.get(path)
    if before is None and after is not None:
        return None if _stands_for_nothing(path, after, old) else (old.hidden(path), after)
    if after is None and before is not None:
        return None if _stands_for_nothing(path, before, new) else (before, new.hidden(path))
    return before, after


def _kind(before: ChangeSide | None, after: ChangeSide | None) -> ChangeKind:
    return ChangeKind.ADDED if before is None else ChangeKind.REMOVED if after is None else ChangeKind.CHANGED


def _stands_for_nothing(path: Path, side: ChangeSide, other: _Table) -> bool:
    """True for a setting that the other side need not have: a container that is entered there, or a null
    where Terraform's type fills one in."""
    value = side.value
    if (isinstance(value.data, Unknown) or (isinstance(value.data, dict) and not value.data)) and other.within(path):
        return True
    there = find(other.value, path) if value.is_null else None
    return there is not None and there.is_null


def _equal(before: ChangeSide | None, after: ChangeSide | None, loosely: bool) -> bool:
    """The same value, unknown for the same reason. `loosely` takes 3 for "3": another version may want another type."""
    if before is None or after is None:
        return before is after
    left, right = before.value, after.value
    return _reasons(left) == _reasons(right) and (same(left, right) or (loosely and alike(left, right)))
