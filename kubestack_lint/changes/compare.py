"""The blocks of two revisions → what became of each call and of each setting of each environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kubestack_lint.changes.model import Change, ChangeKind, Changes, ChangeSide, ModuleChange, ModuleChangeKind, Path
from kubestack_lint.changes.pairing import pairs, reasons
from kubestack_lint.effective import alike
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.inheritance.defaults import module_defaults
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.values.value import Unknown, Value, find, same


def changes(before: Sequence[Inheritance], after: Sequence[Inheritance]) -> Changes:
    """What changed from one set of blocks to another: those that there are now in their order, then those gone.

    Blocks are the same when root module and address are; those left over when
    module, configuration and base key are.
    """
    modules: list[ModuleChange] = []
    settings: list[Change] = []
    for old, new, renamed in pairs(before, after):
        modules += _module_changes(old, new, renamed)
        settings += _setting_changes(old, new)
    return Changes(tuple(settings), tuple(modules))


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
    """True where an environment is written, or may be, but cannot be computed.

    Where there are no errors, the module's version ignores environments of this name: that is to say they are gone.
    """
    if environment in inheritance.environments or not inheritance.errors:
        return False
    return not inheritance.block.environments or environment in inheritance.block.environments


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
    return reasons(left) == reasons(right) and (same(left, right) or (loosely and alike(left, right)))
