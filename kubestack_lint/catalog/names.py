"""Names of modules and attributes: how to say them, and what one is called elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kubestack_lint.catalog.definitions import ModuleDefinition
from kubestack_lint.suggest import certain, closest


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A few words to stand under the place, and the way out as a sentence.

    `name` is what to write instead of the last name of the path, where
    nothing else can be meant.
    """

    label: str
    remediation: str
    name: str = ""


def called(definition: ModuleDefinition) -> str:
    """A module with its version, as people name it."""
    return f"{definition.path} {definition.version}" if definition.version else definition.path


def top_level(definition: ModuleDefinition) -> frozenset[str]:
    """Names that an environment of this module may hold directly."""
    return frozenset(path for path in definition.attributes if "." not in path) | definition.local_attributes


def instead(definition: ModuleDefinition, path: Sequence[str | int], environments: Sequence[str]) -> Suggestion | None:
    """What to write in place of an attribute that the module does not have; None when nothing is near."""
    dotted = _dotted(path)
    name = str(path[-1])
    if len(path) == 1 and name in environments:
        return Suggestion("an environment in an environment", f"Move {name} one level up, beside the others.")
    return _renamed(definition, dotted) or _moved(definition, dotted, name) or _misspelled(definition, dotted, name)


def _dotted(path: Sequence[str | int]) -> str:
    """The path as the catalog writes it: `taints[].key`."""
    text = ""
    for step in path:
        text += "[]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".")


def _renamed(definition: ModuleDefinition, dotted: str) -> Suggestion | None:
    for rename in definition.renames:
        note = f" ({rename.note})" if rename.note else ""
        if rename.old == dotted and rename.new in definition.attributes:
            label = f"called {rename.new} since {rename.since}"
            return Suggestion(label, f"Write {rename.new} instead{note}.", _beside(dotted, rename.new))
        if rename.new == dotted and rename.old in definition.attributes:
            label = f"called {rename.old} before {rename.since}"
            return Suggestion(
                label, f"Write {rename.old}, or move to {rename.since}{note}.", _beside(dotted, rename.old)
            )
        if rename.old in definition.attributes and (rename.new or "").startswith(f"{dotted}."):
            label = f"an object only since {rename.since}"
            return Suggestion(label, f"Write flat names, such as {rename.old}, or move to {rename.since}.")
    if any(rename.old == dotted and rename.new is None for rename in definition.renames):
        since = next(rename.since for rename in definition.renames if rename.old == dotted and rename.new is None)
        return Suggestion(f"removed in {since}", "Remove it: the module no longer has such a setting.")
    return None


def _beside(dotted: str, other: str | None) -> str:
    """The last name of another path, where it stands in the same object."""
    parent, _, name = (other or "").rpartition(".")
    return name if parent == dotted.rpartition(".")[0] and "[]" not in name else ""


def _moved(definition: ModuleDefinition, dotted: str, name: str) -> Suggestion | None:
    """The same name at another depth, where there is exactly one."""
    elsewhere = [
        path
        for path in sorted(definition.attributes)
        if path.rpartition(".")[2] == name and path != dotted and "[]" not in path
    ]
    if len(elsewhere) != 1:
        return None
    parent = elsewhere[0].rpartition(".")[0]
    where = f"inside {parent}" if parent else "directly in the environment"
    return Suggestion(f"belongs {where}", f"Write it {where}, as {elsewhere[0]}.")


def _misspelled(definition: ModuleDefinition, dotted: str, name: str) -> Suggestion | None:
    parent = dotted.rpartition(".")[0]
    siblings = {path.rpartition(".")[2] for path in definition.attributes if path.rpartition(".")[0] == parent}
    siblings = {sibling for sibling in siblings if not sibling.endswith("[]")}
    found = closest(name, siblings)
    if found is None:
        return None
    sure = found if certain(name, siblings) else ""
    return Suggestion(f"did you mean {found}?", f"Write {found} instead of {name}.", sure)
