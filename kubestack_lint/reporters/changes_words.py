"""What all reports of changes between revisions say in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kubestack_lint.changes import Change, ChangeKind, Changes, ModuleChange, ModuleChangeKind
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.reporters.terminal import counted, printable, shown
from kubestack_lint.values.value import same
from kubestack_lint.wording import shown as exactly


@dataclass(frozen=True, slots=True)
class Group:
    """All that is said of one module: what became of the call, and its changed settings by environment.

    `names` are all environments with changes. `shared` are those changes that come to every environment of the
    module for the same reason, one for all of them; `environments` holds the others.
    """

    block: InheritanceBlock
    modules: tuple[ModuleChange, ...]
    names: tuple[str, ...]
    shared: tuple[Change, ...]
    environments: tuple[tuple[str, tuple[Change, ...]], ...]

    @property
    def whole(self) -> bool:
        """True when the module itself came or went, so that its settings need no list."""
        return any(m.kind in (ModuleChangeKind.ADDED, ModuleChangeKind.REMOVED) for m in self.modules)


def groups(changes: Changes) -> tuple[Group, ...]:
    """Changes module by module, in order of root module and address."""
    blocks = {(m.block.root, m.block.address): m.block for m in changes.modules}
    blocks |= {(c.block.root, c.block.address): c.block for c in changes.settings}
    found: list[Group] = []
    for key in sorted(blocks):
        modules = tuple(m for m in changes.modules if (m.block.root, m.block.address) == key)
        by_environment: dict[str, list[Change]] = {}
        for change in changes.settings:
            if (change.block.root, change.block.address) == key:
                by_environment.setdefault(change.environment, []).append(change)
        shared = _shared(blocks[key], by_environment)
        paths = {change.path for change in shared}
        rest = {name: tuple(c for c in listed if c.path not in paths) for name, listed in by_environment.items()}
        environments = tuple((name, listed) for name, listed in rest.items() if listed)
        found.append(Group(blocks[key], modules, tuple(by_environment), shared, environments))
    return tuple(found)


def _shared(block: InheritanceBlock, changes: Mapping[str, Sequence[Change]]) -> tuple[Change, ...]:
    """What changes in every environment of a module in the same way, such as its defaults with another version."""
    if len(changes) < 2 or not block.environments or not changes.keys() >= set(block.environments):
        return ()
    first, *others = ({change.path: change for change in listed} for listed in changes.values())
    return tuple(
        change
        for path, change in first.items()
        if all(path in other and _alike(change, other[path]) for other in others)
    )


def _alike(left: Change, right: Change) -> bool:
    """The same values, from the same lines, by the same way."""
    sides = ((left.before, right.before), (left.after, right.after))
    if left.whole or right.whole or (left.kind, note(left)) != (right.kind, note(right)):
        return False
    return all(
        one is other
        if one is None or other is None
        else (one.place, one.environment) == (other.place, other.environment) and same(one.value, other.value)
        for one, other in sides
    )


def verdict(changes: Changes, before: str, after: str) -> str:
    """One line: how much changes, or that nothing does; `before` and `after` are the names of the revisions."""
    if not changes:
        return f"no environment changes between {before} and {after}"
    parts: list[str] = []
    settings = [change for change in changes.settings if not change.whole]
    if settings:
        reached = len({change.environment for change in settings})
        verb = "changes" if len(settings) == 1 else "change"
        text = f"{counted(len(settings), 'setting')} {verb} in {counted(reached, 'environment')}"
        inherited = sum(change.inherited for change in settings)
        parts.append(text + (f", {inherited} by inheritance" if inherited else ""))
    parts += _counts(changes)
    return f"{'; '.join(parts)} between {before} and {after}"


def _counts(changes: Changes) -> Iterator[str]:
    words = {
        ModuleChangeKind.ADDED: "added",
        ModuleChangeKind.REMOVED: "removed",
        ModuleChangeKind.RENAMED: "renamed",
        ModuleChangeKind.VERSION: "with another version",
        ModuleChangeKind.SOURCE: "with another source",
        ModuleChangeKind.REFUSED: "with other errors",
    }
    came = {
        (change.block.root, change.block.address, change.environment, change.kind)
        for group in groups(changes)
        if not group.whole
        for _, listed in group.environments
        for change in listed
        if change.whole
    }
    for kind, word in words.items():
        number = sum(module.kind is kind for module in changes.modules)
        if number:
            yield f"{counted(number, 'module')} {word}"
    for change_kind, word in ((ChangeKind.ADDED, "added"), (ChangeKind.REMOVED, "removed")):
        number = sum(kind is change_kind for *_, kind in came)
        if number:
            yield f"{counted(number, 'environment')} {word}"


def note(change: Change) -> str:
    """How a change comes about, where its own line does not say it."""
    name, before, after = change.environment, change.before, change.after
    if change.inherited:
        side = after or before
        return f"by inheritance (the line is in {side.environment})" if side is not None else ""
    if before is not None and after is not None:
        if after.environment is None:
            return "module default" if before.environment is None else "no longer set: module default"
        if before.environment is None:
            return "was the module default"
        if after.environment != name:
            return f"no longer set in {name}: inherited from {after.environment}"
        if before.environment != name:
            return f"was inherited from {before.environment}"
        return ""
    side = after or before
    return "module default" if side is not None and side.environment is None else ""


def shared_sentence(group: Group) -> str:
    """`all 3 environments: 39 settings change in each`."""
    verb = "changes" if len(group.shared) == 1 else "change"
    who = "both" if len(group.names) == 2 else f"all {len(group.names)}"
    return f"{who} environments: {counted(len(group.shared), 'setting')} {verb} in each"


def environment_sentence(environment: str, changes: Sequence[Change], beside: bool = False) -> str:
    """`ops: 2 settings change, 1 by inheritance`, or that the environment is new or gone.

    They are `more` where others, beside them, change in all environments.
    """
    if all(change.whole for change in changes):
        word = "new" if changes[0].kind is ChangeKind.ADDED else "gone"
        # Defaults of the module are nobody's.
        sides = [change.after or change.before for change in changes]
        own = sum(side is not None and side.environment == environment for side in sides)
        return f"{environment} is {word}: {counted(len(changes), 'setting')}, {own} of its own"
    inherited = sum(change.inherited for change in changes)
    way = "" if not inherited else ", all by inheritance" if len(changes) > 1 else ", by inheritance"
    if inherited and inherited < len(changes):
        way = f", {inherited} by inheritance"
    verb = "changes" if len(changes) == 1 else "change"
    return f"{environment}: {counted(len(changes), 'more setting' if beside else 'setting')} {verb}{way}"


def values(change: Change, limit: int, nothing: str) -> tuple[str, str]:
    """Both values, short, and told apart where they look alike: "a,b" and ["a", "b"]."""
    bare = change.block.definition.stringly
    before, after = (nothing if s is None else shown(s.value, limit, bare) for s in (change.before, change.after))
    if before == after and change.before is not None and change.after is not None:
        before, after = exactly(change.before.value, limit), exactly(change.after.value, limit)
    return printable(before), printable(after)


def spot(change: Change) -> str:
    """The line that caused it; of a line that is gone, where it was before."""
    return change.place.spot + ("" if change.after is not None else "\u00a0before")


def module_sentence(change: ModuleChange) -> str:
    """What became of a module call."""
    before, after = change.before, change.after
    if before is None or after is None:
        inheritance = after or before
        assert inheritance is not None
        listed = ", ".join(
            f"{name} {counted(len(effective.settings), 'setting')}"
            for name, effective in inheritance.environments.items()
        )
        return ("a new module" if before is None else "removed") + (f": {listed}" if listed else "")
    old, new = before.block, after.block
    if change.kind is ModuleChangeKind.RENAMED:
        was = old.address if old.address != new.address else f"in {old.root or 'the top directory'}"
        return f"renamed: was {was} ({old.span.spot})"
    if change.kind is ModuleChangeKind.REFUSED:
        return _refused(before, after)
    if change.kind is ModuleChangeKind.SOURCE:
        return f"another source: {_module(old)} → {_module(new)}"
    return f"another version: {_version(old)} → {_version(new)}"


def _module(block: InheritanceBlock) -> str:
    return f"{block.definition.path} {_version(block)}" if block.definition.version else block.definition.path


def _version(block: InheritanceBlock) -> str:
    version, ref = block.definition.version or "none", block.source.ref
    return version if ref in (None, version) else f"{ref} (read as {version})"


def _refused(before: Inheritance, after: Inheritance) -> str:
    if after.error is None:
        return "terraform no longer refuses this block" if before.error is not None else ""
    word = "refuses this block" if before.error is None else "refuses this block for another reason"
    return f"terraform {word}: {after.error.message} ({after.error.span!r})"
