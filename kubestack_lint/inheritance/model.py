"""What is known about a block once it is resolved: settings with every candidate, errors, losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kubestack_lint.inheritance.merge import Tree
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.source import Span
from kubestack_lint.values.conversion import ConversionProblem, Path
from kubestack_lint.values.value import Value


@dataclass(frozen=True, slots=True)
class Definition:
    """One candidate for a setting: an environment and the value it writes, before conversion."""

    environment: str
    value: Value


@dataclass(frozen=True, slots=True)
class Setting:
    """One effective value of one environment.

    `path` are attribute names from the environment down; lists are one
    setting. `definitions` holds every candidate, winner first, never empty.
    `rule` says in words why the first one wins.
    """

    block: InheritanceBlock
    environment: str
    path: tuple[str, ...]
    value: Value
    definitions: tuple[Definition, ...]
    rule: str

    @property
    def inherited(self) -> bool:
        """True when another environment's value won."""
        return self.definitions[0].environment != self.environment

    @property
    def place(self) -> Span:
        """Where the winning value is written."""
        return self.definitions[0].value.place or self.block.span

    @property
    def dotted(self) -> str:
        """The path as people write it."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class BlockError:
    """Why Terraform refuses a block: the rule that explains it, Terraform's words, the place."""

    rule: str
    message: str
    span: Span
    environment: str | None = None
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effective:
    """One environment after the merge; `tree` keeps which candidate won, key by key."""

    environment: str
    value: Value
    settings: tuple[Setting, ...]
    tree: Tree


@dataclass(frozen=True, slots=True)
class Dropped:
    """A written value that Terraform's type conversion discards without a word."""

    environment: str
    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class Problem:
    """A written value that Terraform refuses to convert."""

    environment: str | None
    problem: ConversionProblem


@dataclass(frozen=True, slots=True)
class Inheritance:
    """All that is known about a block: environments in written order, errors, losses.

    `raw` is what each environment writes. When `errors` is not empty Terraform
    refuses the block; the parts that do not depend on the error still stand.
    `cluster` is the one that a node pool belongs to, resolved, where that is known.
    """

    block: InheritanceBlock
    environments: Mapping[str, Effective]
    raw: Mapping[str, Value]
    errors: tuple[BlockError, ...] = ()
    problems: tuple[Problem, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    cluster: Inheritance | None = None

    @property
    def error(self) -> BlockError | None:
        """The error that Terraform stops at."""
        return self.errors[0] if self.errors else None

    @property
    def base(self) -> str | None:
        """Name of the base environment, where it is one and the same everywhere."""
        return self.block.base

    @property
    def others(self) -> tuple[str, ...]:
        """Environments that inherit, in written order."""
        return tuple(name for name in self.environments if name != self.block.base_of(name))

    def setting(self, environment: str, path: tuple[str, ...]) -> Setting | None:
        """The setting at a path, or None."""
        found = self.environments.get(environment)
        if found is None:
            return None
        return next((setting for setting in found.settings if setting.path == path), None)
