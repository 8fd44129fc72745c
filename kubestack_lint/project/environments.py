"""What a repository says about its environments: the base, the order of promotion, roles, other names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kubestack_lint.source import Span

# Names that speak for themselves where no order is given: these carry the workloads, and a base of the
# others runs nothing itself.
_LIVE = re.compile(r"apps|live|main|pr(o?d|d)(uction)?", re.IGNORECASE)
_TEMPLATE = re.compile(r"default|base|common|shared|global|all", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Environments:
    """The `environments:` of .kslint.yaml; empty where nobody said anything.

    `base` is the environment that all modules are to inherit from, `base_span`
    where that is said. `order` is the order of promotion, least critical
    first. `roles` are named groups of environments, `aliases` other names for
    one environment.
    """

    base: str | None = None
    base_span: Span | None = None
    order: tuple[str, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def before(self, one: str, other: str) -> bool | None:
        """True when changes reach `one` before `other`; None where the order does not say."""
        if one not in self.order or other not in self.order:
            return None
        return self.order.index(one) < self.order.index(other)

    def rehearses(self, one: str, other: str) -> bool:
        """True where changes are tried out in `one` before they reach `other`, by the order or else by the names."""
        before = self.before(one, other)
        return before if before is not None else not (self.is_template(other) or _live(one))

    def is_template(self, base: str) -> bool:
        """True for a base that by its name runs nothing itself."""
        return base not in self.order and _TEMPLATE.fullmatch(base) is not None

    def meant(self, word: str) -> tuple[str, ...]:
        """The names or globs that a word in a `where` stands for: `role:x`, an alias, or the word itself."""
        if word == "role:base" and self.base is not None:
            return (self.base,)
        if word.startswith("role:"):
            return tuple(self.aliases.get(name, name) for name in self.roles.get(word[5:], ()))
        return (self.aliases.get(word, word),)


def _live(name: str) -> bool:
    return any(_LIVE.fullmatch(part) for part in re.split(r"[-_]", name))
