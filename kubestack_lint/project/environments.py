"""What a repository says about its environments: the base, the order of promotion, roles, other names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Environments:
    """The `environments:` of .kslint.yaml; empty where nobody said anything.

    `order` is the order of promotion, least critical first. `roles` are named
    groups of environments, `aliases` other names for one environment.
    """

    base: str | None = None
    order: tuple[str, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def meant(self, word: str) -> tuple[str, ...]:
        """The names or globs that a word in a `where` stands for: `role:x`, an alias, or the word itself."""
        if word == "role:base" and self.base is not None:
            return (self.base,)
        if word.startswith("role:"):
            return tuple(self.aliases.get(name, name) for name in self.roles.get(word[5:], ()))
        return (self.aliases.get(word, word),)
