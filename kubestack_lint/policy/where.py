"""`where:`: which modules, versions and environments something is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from kubestack_lint.catalog.definitions import known_modules
from kubestack_lint.differences import Difference
from kubestack_lint.errors import ConfigError
from kubestack_lint.inheritance import Inheritance, Setting
from kubestack_lint.policy.document import Item
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.project.environments import Environments
from kubestack_lint.project.load import Project

KEYS = ("environment", "module", "address", "version")


@dataclass(frozen=True, slots=True)
class Where:
    """Globs for each aspect; an empty tuple fits everything. `*` is any text, `?` one character."""

    environment: tuple[str, ...] = ()
    module: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    version: tuple[str, ...] = ()

    @property
    def about_blocks(self) -> bool:
        """True when it says something about modules, not only about environments."""
        return bool(self.module or self.address or self.version)

    def modules(self) -> tuple[str, ...]:
        """The modules of Kubestack that are meant; none where modules of others may be meant, or any."""
        known = known_modules()
        if not all(any(fits(path, (glob,)) for path in known) for glob in self.module):
            return ()
        return tuple(path for path in known if fits(path, self.module)) if self.module else ()

    def fits_environment(self, name: str | None) -> bool:
        """True for environments that are meant; what is about no environment always fits."""
        return name is None or fits(name, self.environment)

    def fits_block(self, block: InheritanceBlock) -> bool:
        """True for modules that are meant."""
        definition = block.definition
        version = definition.version or block.source.ref or ""
        return fits(block.address, self.address) and fits(definition.path, self.module) and fits(version, self.version)

    def fits_subject(self, subject: Any) -> bool:
        """True for subjects of rules that are meant."""
        if isinstance(subject, Inheritance):
            return self.fits_block(subject.block)
        if isinstance(subject, Setting | Difference):
            return self.fits_block(subject.block) and self.fits_environment(subject.environment)
        return True

    def part(self, project: Project) -> Project:
        """The project with only the blocks that are meant, for rules that look across them."""
        if not self.about_blocks:
            return project
        calls = tuple(call for call in project.calls if fits(call.address, self.address))
        return replace(project, blocks=tuple(block for block in project.blocks if self.fits_block(block)), calls=calls)


def fits(text: str, globs: Iterable[str]) -> bool:
    """True when one of the globs fits the whole text, or when there is none."""
    patterns = tuple(globs)
    return not patterns or any(_pattern(glob).fullmatch(text) for glob in patterns)


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    """Only * and ? mean anything: addresses are full of brackets."""
    parts = re.split(r"(\*+|\?)", glob)
    translated = (".*" if part.startswith("*") else "." if part == "?" else re.escape(part) for part in parts)
    return re.compile("".join(translated), re.DOTALL)


def read_where(item: Item | None, environments: Environments) -> Where:
    """A `where` as it is written, roles and aliases replaced. Raises ConfigError at a glob that cannot work."""
    if item is None:
        return Where()
    found = {key: tuple(_glob(word, key, environments) for word in item.words(key)) for key in KEYS}
    named = tuple(name for names in found["environment"] for name in names)
    return Where(named, *(tuple(names[0] for names in found[key]) for key in KEYS[1:]))


def _glob(item: Item, key: str, environments: Environments) -> tuple[str, ...]:
    text = str(item.data)
    mistake, hint = _mistake(text, key)
    if mistake:
        raise ConfigError(f"{text!r} is no glob: {mistake}", item.span, hint)
    if key != "environment":
        return (text,)
    meant = environments.meant(text)
    if not meant:
        roles = ", ".join(environments.roles) or "none"
        if text == "role:base":
            raise ConfigError("no base is known that role:base could mean", item.span, "add environments: {base: …}")
        raise ConfigError(f"there is no role {text[5:]}", item.span, f"environments: roles: names {roles}")
    return meant


def _mistake(text: str, key: str) -> tuple[str, str]:
    if not text.strip() or text != text.strip() or not text.isprintable():
        return "it is empty or has blanks around it", 'write "*" to mean everything, or leave the key out'
    if text.count("*") > 10 or len(text) > 300:
        return "it has too many parts", "a list of shorter globs says the same"
    # In versions and addresses `.*` is a dot and any text.
    dotted = key in ("version", "address")
    if re.search(r"^\^|\$$|\\" if dotted else r"\.\*|^\^|\$$|\\", text):
        return "this is a regular expression", "* is any text and ? one character; everything else means itself"
    sets = r"[{}!]" if key == "address" else r"[\[\]{}!]"
    if re.search(sets, text):
        return "sets and negations mean nothing here", "write a list of globs: [ops, apps-*]"
    return "", ""
