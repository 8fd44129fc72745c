"""What an expression can see, and how much evaluating it may cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from kubestack_lint.source import Span
from kubestack_lint.values.access import EvaluationError
from kubestack_lint.values.value import Value

# Python frames cost memory; nobody writes expressions nested this deep, but
# locals that refer to locals may add up. Beyond it the value is unknown.
MAX_DEPTH = 400
MAX_STRING = 4_000_000
# Locals that hold others twice grow exponentially, and whoever looks at all of
# their parts takes that long.
MAX_WEIGHT = 50_000
MAX_STEPS = 150_000
# Round a loop: a scope and what is evaluated in it cost more than a step each.
STEPS_PER_ROUND = 3
# Looking at so many parts of a value takes as long as a step.
PARTS_PER_STEP = 8
LEVELS = 8
TOO_MANY_STEPS = f"evaluating takes more than {MAX_STEPS} steps"


class Names(Protocol):
    """Resolves the names of a module, such as `var.x`, `local.y` and `path.module`."""

    def member(self, root: str, name: str, span: Span) -> Value | None:
        """The value of `root.name`; None when there is no such root."""

    def root(self, root: str, span: Span) -> Value | None:
        """The value of a bare root such as `var`; None when there is no such root."""


class NoNames:
    """Nothing to refer to, as in the default of a type constraint."""

    def member(self, root: str, name: str, span: Span) -> Value | None:
        """Nothing."""
        return None

    def root(self, root: str, span: Span) -> Value | None:
        """Nothing."""
        return None


@dataclass(slots=True)
class Budget:
    """How much one evaluation may still do; shared by all scopes of a run."""

    steps: int = MAX_STEPS
    depth: int = 0

    def round(self) -> bool:
        """Pay for one round of a loop; False when nothing is left."""
        self.steps -= STEPS_PER_ROUND
        return self.steps >= 0

    def charge(self, *values: Value) -> None:
        """Pay for looking at every part of large values."""
        self.steps -= sum(value.weight for value in values) // PARTS_PER_STEP


@dataclass(slots=True)
class Scope:
    """What an expression can see: loop variables, the module's names, functions' base."""

    names: Names = field(default_factory=NoNames)
    local: Mapping[str, Value] = field(default_factory=dict)
    problems: list[EvaluationError] | None = None
    budget: Budget = field(default_factory=Budget)
    functions: Callable[[str], object] | None = None
    files: object | None = None

    def child(self, local: Mapping[str, Value]) -> Scope:
        """A scope with more loop variables; inner names hide outer ones."""
        # Spelled out: `replace` takes three times as long, and loops call this most.
        return Scope(self.names, {**self.local, **local}, self.problems, self.budget, self.functions, self.files)

    def strict(self) -> Scope:
        """A scope in which every error is raised, as inside `try`."""
        return self if self.problems is None else replace(self, problems=None)
