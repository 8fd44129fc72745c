"""What a change is: of a setting, and of a module call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kubestack_lint.inheritance import Inheritance
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.source import Span
from kubestack_lint.values.value import Value

Path = tuple[str, ...]


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
