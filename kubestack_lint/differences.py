"""Settings → explicit differences between environments. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kubestack_lint.inheritance import Effective, Inheritance, Setting
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.source import Span
from kubestack_lint.values.types import DYNAMIC, ObjectType, Type
from kubestack_lint.values.value import Unknown, Value, find, leaves, plain, same


class Kind(StrEnum):
    """What kind of difference it is; `effective` ones change the environment."""

    CHANGED = "changed"
    ADDED = "added"
    LOST = "lost"
    REMOVED = "removed"
    CONVERTED = "converted"
    UNKNOWN = "unknown"
    COMPUTED = "computed"
    REDUNDANT = "redundant"
    INEFFECTIVE = "ineffective"
    DROPPED = "dropped"

    @property
    def effective(self) -> bool:
        """False where something is written that changes nothing."""
        return self not in (Kind.REDUNDANT, Kind.INEFFECTIVE, Kind.DROPPED)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a difference: the value and where it is written."""

    value: Value
    place: Span


@dataclass(frozen=True, slots=True)
class Difference:
    """One explicit difference of `environment` against another one, usually the base.

    Where the path is empty the whole instance is the difference: one of the two
    environments does not have it, and for_each or count, where both sides are
    placed, says so.

    `inherited` is what the other environment has, None where it has nothing;
    `own` what this one writes, None where it only loses something or where the
    difference is computed.
    """

    block: InheritanceBlock
    environment: str
    against: str
    path: tuple[str, ...]
    kind: Kind
    inherited: Side | None
    own: Side | None

    @property
    def dotted(self) -> str:
        """The path as people write it."""
        return ".".join(self.path)

    @property
    def place(self) -> Span:
        """Where this difference is written."""
        side = self.own or self.inherited
        return side.place if side is not None else self.block.span


def differences(inheritance: Inheritance, environment: str, against: str | None = None) -> tuple[Difference, ...]:
    """Differences of one environment, in the order of its settings.

    Against the base by default. Nothing where either cannot be computed.
    """
    block = inheritance.block
    base = against or block.base_of(environment)
    if base is None or base == environment:
        return ()
    if (environment in block.absent) != (base in block.absent):
        return _existence(inheritance, environment, base)
    own, other = inheritance.environments.get(environment), inheritance.environments.get(base)
    if own is None or other is None:
        return ()
    comparison = _Comparison(inheritance, own, other, against is None or against == block.base_of(environment))
    return tuple(comparison.all())


def _existence(inheritance: Inheritance, environment: str, base: str) -> tuple[Difference, ...]:
    """The instance itself, which only one of two environments has."""
    block = inheritance.block
    made, missing = (base, environment) if environment in block.absent else (environment, base)
    effective = inheritance.environments.get(made)
    if effective is None:
        return ()
    side = Side(effective.value, block.absent[missing])
    own, inherited = (side, None) if made == environment else (None, side)
    return (Difference(block, environment, base, (), Kind.COMPUTED, inherited, own),)


@dataclass(frozen=True, slots=True)
class _Comparison:
    inheritance: Inheritance
    own: Effective
    other: Effective
    with_base: bool

    def all(self) -> Iterator[Difference]:
        mine = {setting.path: setting for setting in self.own.settings}
        theirs = {setting.path: setting for setting in self.other.settings}
        yield from self._present(mine, theirs)
        yield from self._absent(mine, theirs)
        if self.with_base:
            yield from self._without_effect(mine)
            yield from self._dropped()

    def _difference(self, path: tuple[str, ...], kind: Kind, inherited: Side | None, own: Side | None) -> Difference:
        return Difference(
            self.inheritance.block, self.own.environment, self.other.environment, path, kind, inherited, own
        )

    def _present(
        self, mine: Mapping[tuple[str, ...], Setting], theirs: Mapping[tuple[str, ...], Setting]
    ) -> Iterator[Difference]:
        # Whether a unit of the merge could be deleted is asked for each of its leaves.
        needed: dict[tuple[str, ...], bool] = {}
        for path, setting in mine.items():
            other = theirs.get(path) or _unknown_above(path, theirs)
            own = Side(setting.value, setting.place)
            if other is None:
                if not (_hollow(setting.value) and _below(path, theirs)):
                    kind = Kind.UNKNOWN if isinstance(setting.value.data, Unknown) else Kind.ADDED
                    yield self._difference(path, kind, None, own)
                continue
            written = setting.definitions[0].environment == self.own.environment
            inherited = Side(other.value, other.place)
            if isinstance(setting.value.data, Unknown) or isinstance(other.value.data, Unknown):
                if written:
                    yield from self._hidden(path, inherited, own)
                continue
            if same(setting.value, other.value) or (_hollow(setting.value) and _hollow(other.value)):
                unit = path[: 2 if isinstance(self.own.tree.get(path[0]), dict) else 1]
                if unit not in needed:
                    needed[unit] = not self._could_go(unit)
                if written and self.with_base and not needed[unit]:
                    yield self._difference(path, Kind.REDUNDANT, inherited, own)
                continue
            kind = Kind.CHANGED if written or not self.with_base else Kind.COMPUTED
            if kind is Kind.CHANGED and self.with_base and _only_type(setting.value, other.value):
                kind = Kind.CONVERTED
            yield self._difference(path, kind, inherited, own)

    def _could_go(self, unit: tuple[str, ...]) -> bool:
        """True when this unit of the merge could be deleted and nothing would change.

        Below the level that the merge looks into, an object is replaced whole,
        so that a repeated value is needed; as is what the type requires.
        """
        mine, theirs = find(self.own.value, unit), find(self.other.value, unit)
        if mine is None or theirs is None or not same(mine, theirs):
            return False
        kind: Type = self.inheritance.block.definition.element
        for name in unit[:-1]:
            kind = kind.attributes.get(name, DYNAMIC) if isinstance(kind, ObjectType) else DYNAMIC
        return not (isinstance(kind, ObjectType) and unit[-1] in kind.attributes and unit[-1] not in kind.optional)

    def _hidden(self, path: tuple[str, ...], inherited: Side, own: Side) -> Iterator[Difference]:
        """What this environment writes where the result is unknown: line by line, as far as lines can be seen."""
        raw = find(self.inheritance.raw.get(self.own.environment), path)
        base = find(self.inheritance.raw.get(self.other.environment), path)
        if raw is None or not raw.items:
            yield self._difference(path, Kind.UNKNOWN, inherited, own)
            return
        for rest, value in leaves(raw):
            below = find(base, rest)
            if below is not None and below.is_known and same(below, value):
                continue
            other = None if below is None or below.place is None else Side(below, below.place)
            yield self._difference(path + rest, Kind.UNKNOWN, other, Side(value, value.place or own.place))

    def _absent(
        self, mine: Mapping[tuple[str, ...], Setting], theirs: Mapping[tuple[str, ...], Setting]
    ) -> Iterator[Difference]:
        """What the other environment has and this one lacks."""
        hidden = [path for path, setting in mine.items() if isinstance(setting.value.data, Unknown)]
        for path, other in theirs.items():
            if path in mine or other.value.is_null or (_below(path, mine) and not _solid(other.value)):
                continue
            if any(path[: len(prefix)] == prefix for prefix in hidden):
                continue
            cause = self._cause(path)
            own = None if cause is None else Side(cause, cause.place or self.inheritance.block.span)
            kind = Kind.LOST if self.with_base else Kind.REMOVED
            yield self._difference(path, kind, Side(other.value, other.place), own)

    def _cause(self, path: tuple[str, ...]) -> Value | None:
        """The value that this environment writes above a setting, and so takes it away."""
        raw = self.inheritance.raw.get(self.own.environment)
        for length in range(len(path) - 1, 0, -1):
            found = find(raw, path[:length])
            if found is not None and found.place is not None:
                return found
        return None

    def _without_effect(self, mine: Mapping[tuple[str, ...], Setting]) -> Iterator[Difference]:
        """Values that this environment writes and that the merge passes over."""
        dropped = {item.path for item in self.inheritance.dropped if item.environment == self.own.environment}
        raw = self.inheritance.raw.get(self.own.environment)
        if raw is None:
            return
        refused = {problem.problem.path for problem in self.inheritance.problems}
        for path, value in leaves(raw):
            if not path or value.place is None or any(path[: len(gone)] == gone for gone in dropped):
                continue
            if (self.own.environment, *path) in refused:
                continue  # Terraform stops at it, long before the merge.
            setting = mine.get(path)
            if setting is not None and not setting.inherited:
                continue
            if setting is None and not value.is_null and value.data != "" and not _hollow(value):
                # Another shape took its place (an unknown, or a failed conversion);
                # only L3 passes over keys that the base does not have.
                if self.inheritance.block.definition.merge == "L3" and path[0] not in self.other.value.items:
                    yield self._difference(path, Kind.INEFFECTIVE, None, Side(value, value.place))
                continue
            inherited = None
            if setting is not None:
                inherited = Side(setting.value, setting.place)
            elif _hollow(value) and not _below(path, mine):
                continue
            elif _below(path, mine):
                below = next(s for p, s in mine.items() if p[: len(path)] == path)
                if not below.inherited:
                    continue
                whole = find(self.other.value, path)
                inherited = None if whole is None else Side(whole, below.place)
            yield self._difference(path, Kind.INEFFECTIVE, inherited, Side(value, value.place))

    def _dropped(self) -> Iterator[Difference]:
        for item in self.inheritance.dropped:
            if item.environment == self.own.environment:
                path = tuple(str(step) for step in item.path)
                place = item.value.place or self.inheritance.block.span
                yield self._difference(path, Kind.DROPPED, None, Side(item.value, place))


def _unknown_above(path: tuple[str, ...], settings: Mapping[tuple[str, ...], Setting]) -> Setting | None:
    """The unknown setting that hides what stands at `path` on the other side."""
    for length in range(1, len(path)):
        found = settings.get(path[:length])
        if found is not None and isinstance(found.value.data, Unknown):
            return found
    return None


def _solid(value: Value) -> bool:
    """True for values that nothing can stand inside of: neither empty maps nor unknowns."""
    return not _hollow(value) and not isinstance(value.data, Unknown)


def _hollow(value: Value) -> bool:
    """An empty map or object: it stands for nothing by itself."""
    return isinstance(value.data, dict) and not value.data


def _below(path: tuple[str, ...], settings: Mapping[tuple[str, ...], Setting]) -> bool:
    """True when settings exist inside the one at `path`."""
    return any(len(other) > len(path) and other[: len(path)] == path for other in settings)


def _only_type(left: Value, right: Value) -> bool:
    """True for values that look alike and differ in type: 3 and "3"."""
    return left.type != right.type and str(plain(left)).lower() == str(plain(right)).lower()
