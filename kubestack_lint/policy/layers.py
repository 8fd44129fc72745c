"""`extends:` → the files that a settings file builds on, in the order in which they win."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kubestack_lint.errors import ConfigError
from kubestack_lint.folders import folder
from kubestack_lint.policy.document import Item, parse_yaml, read_yaml
from kubestack_lint.policy.schema import validate
from kubestack_lint.suggest import closest

PREFIX = "kslint:"

_POLICIES = re.compile(r"^policies:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Layer:
    """One file: what it is called and what it says."""

    name: str
    document: Item


@cache
def packs() -> dict[str, tuple[Path, ...]]:
    """Our own packs by name, each with its files; the folder is the list.

    A folder is a pack of all that is in it, and each of its files one, too:
    `tiers` and `tiers/google`. Files without policies are data of another kind.
    """
    top = folder("policies")
    found: dict[str, tuple[Path, ...]] = {}
    for path in sorted(top.glob("**/*.yaml")):
        if _POLICIES.search(path.read_text("utf-8")) is None:
            continue
        name = path.relative_to(top).with_suffix("").as_posix()
        for part in dict.fromkeys((name, name.split("/")[0])):
            found[part] = (*found.get(part, ()), path)
    return dict(sorted(found.items()))


def pack(name: str) -> tuple[Layer, ...]:
    """The files of one of our packs; our tests validate them, a run need not."""
    top = folder("policies")
    shown = [(path, PREFIX + path.relative_to(top).with_suffix("").as_posix()) for path in packs()[name]]
    return tuple(Layer(said, parse_yaml(path.read_text("utf-8"), said, trusted=True)) for path, said in shown)


def layers(path: Path, start: Path, boundary: Path, with_packs: bool = True) -> tuple[Layer, ...]:
    """The file at `path` and all that it extends, the strongest last. Raises ConfigError.

    Without `with_packs` our own packs are left out, for those who ask for no policies.
    """
    reader = _Reader(start, boundary, with_packs)
    reader.file(path.resolve())
    return tuple(reader.found)


class _Reader:
    """Files are read once; one that extends itself, however far around, is refused."""

    def __init__(self, start: Path, boundary: Path, with_packs: bool) -> None:
        self.with_packs = with_packs
        self.start = start
        self.boundary = boundary
        self.found: list[Layer] = []
        self.done: set[object] = set()
        self.above: list[Path] = []

    def file(self, path: Path) -> None:
        shown = os.path.relpath(path, self.start).replace(os.sep, "/")
        document = read_yaml(path, shown)
        validate(document)
        self.above.append(path)
        for item in document.words("extends"):
            self._extended(item, path)
        self.above.pop()
        self.done.add(path)
        self.found.append(Layer(shown, document))

    def _extended(self, item: Item, by: Path) -> None:
        name = str(item.data)
        if name.startswith(PREFIX):
            self._pack(item, name.removeprefix(PREFIX))
            return
        if "://" in name:
            raise ConfigError(
                f"{name} is not in this repository", item.span, "kslint reads no network; keep a copy of the file here"
            )
        target = (by.parent / name).resolve()
        if not target.is_relative_to(self.boundary):
            raise ConfigError(f"{name} lies outside of this repository", item.span, "keep a copy of the file here")
        if target in self.above:
            raise ConfigError(f"{name} leads back to this file, which it extends", item.span, "remove one of the two")
        if target in self.done:
            return
        if not target.is_file():
            hint = (
                f"packs of kslint are written {PREFIX}{name}"
                if name in packs()
                else "the path is relative to this file"
            )
            raise ConfigError(f"there is no file {name}", item.span, hint)
        self.file(target)

    def _pack(self, item: Item, name: str) -> None:
        if name not in packs():
            close = closest(name, packs())
            hint = (
                f"did you mean {PREFIX}{close}?" if close else "there is " + ", ".join(PREFIX + one for one in packs())
            )
            raise ConfigError(f"there is no pack {PREFIX}{name}", item.span, hint)
        if name in self.done or not self.with_packs:
            return
        self.done.add(name)
        for layer in pack(name):
            if layer.name in self.done:
                continue
            self.done.add(layer.name)
            for inner in layer.document.words("extends"):
                self._pack(inner, str(inner.data).removeprefix(PREFIX))
            self.found.append(layer)
