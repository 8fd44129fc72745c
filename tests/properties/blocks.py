"""Generated blocks for the laws of the engine, read in one go as users' files are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from kubestack_lint import Loaded, load
from kubestack_lint.differences import Difference, differences
from kubestack_lint.inheritance import Inheritance
from tests.oracle.configurations import Case, Mapping, Node, case, modules, render
from tests.oracle.terraform import RESOURCES


def generated(seed: str, count: int, typed: bool = False) -> list[Case]:
    """So many cases of all modules (or of those whose attributes have types); always the same ones."""
    rng = Random(seed)
    chosen = tuple(module for module in modules() if not typed or "object(" in module.type)
    return [case(rng, chosen) for _ in range(count)]


def block(index: int, item: Case) -> str:
    """The case as a module call."""
    base = "" if item.base is None else f"  {item.module.base_argument} = {item.base}\n"
    return (
        f'\nmodule "c{index}" {{\n  source = "{item.module.source}"\n'
        f"  configuration = {render(item.configuration)}\n{base}}}\n"
    )


def read(cases: Sequence[Case], directory: Path) -> Loaded:
    """All of them in one file."""
    directory.mkdir(parents=True, exist_ok=True)
    text = RESOURCES + "".join(block(index, item) for index, item in enumerate(cases))
    (directory / "main.tf").write_text(text, encoding="utf-8")
    return load(directory)


def resolved(cases: Sequence[Case], directory: Path) -> list[Inheritance]:
    """The blocks in the order of the cases."""
    found = {inheritance.block.address: inheritance for inheritance in read(cases, directory).inheritances}
    return [found[f"module.c{index}"] for index in range(len(cases))]


def between(inheritance: Inheritance, environment: str) -> tuple[Difference, ...]:
    """Differences of an environment that change something."""
    return tuple(found for found in differences(inheritance, environment) if found.kind.effective)


def name_of(key: str) -> str:
    """The attribute name in a key as it is written: `("a") :` is a."""
    return key.rstrip("=: ").strip('()"')


def without(node: Node, path: tuple[str, ...]) -> Node:
    """The node without what is written at a path."""
    if not isinstance(node, Mapping):
        return node
    if len(path) == 1:
        return Mapping(tuple(item for item in node.items if name_of(item[0]) != path[0]))
    return Mapping(
        tuple((key, without(item, path[1:]) if name_of(key) == path[0] else item) for key, item in node.items)
    )


def repeats(node: Node) -> bool:
    """True when a key is written twice anywhere in it."""
    if isinstance(node, Mapping):
        names = [name_of(key) for key, _ in node.items]
        return len(set(names)) < len(names) or any(repeats(item) for _, item in node.items)
    return any(repeats(item) for item in getattr(node, "items", ()))
