"""One environment's merged tree → its settings, each with every candidate for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kubestack_lint.inheritance.merge import Chosen, Tree
from kubestack_lint.inheritance.model import Definition, Setting
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.values.value import Value, find, leaves, object_of


def settings_of(block: InheritanceBlock, name: str, base_name: str, tree: Tree) -> Iterator[Setting]:
    """Every setting of an environment, as the merge with its base chose it."""
    for key, chosen in tree.items():
        parts = {(key, n): c for n, c in chosen.items()} if isinstance(chosen, dict) else {(key,): chosen}
        if not parts:
            parts = {(key,): Chosen(name, object_of({}), "")}
        for prefix, part in parts.items():
            for rest, value in leaves(part.value):
                if value.is_null and value.place is None:
                    continue
                path = prefix + rest
                definitions = _definitions(block, name, base_name, part.environment, path, value)
                yield Setting(block, name, path, value, definitions, part.rule)


def _definitions(
    block: InheritanceBlock, name: str, base_name: str, winner: str, path: tuple[str, ...], value: Value
) -> tuple[Definition, ...]:
    ordered = [winner] + [other for other in dict.fromkeys((name, base_name)) if other != winner]
    configuration = block.configuration(name)
    found: list[Definition] = []
    for environment in ordered:
        raw = find(configuration.items.get(environment), path)
        if raw is None and environment != winner:
            continue
        # Without a place it is a default of the type, a part of something
        # unknown, or was computed by a function.
        written = value if raw is None else raw
        found.append(Definition(environment, _nearest(configuration, (environment, *path), written)))
    return tuple(found)


def _nearest(raw: Value | None, path: tuple[str, ...], value: Value) -> Value:
    """The written value closest to a path that is not written itself."""
    if value.place is not None:
        return value
    for length in range(len(path) - 1, -1, -1):
        found = find(raw, path[:length])
        if found is not None and found.place is not None:
            return replace(value, span=found.span, key=found.key)
    return value
