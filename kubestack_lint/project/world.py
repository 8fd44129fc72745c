"""What all instances of modules share that are evaluated for one workspace of one root module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kubestack_lint.project.expansion import Each, Touch
from kubestack_lint.project.module import TerraformModule
from kubestack_lint.source import Span
from kubestack_lint.values.evaluate import Budget, EvaluationError
from kubestack_lint.values.files import Files
from kubestack_lint.values.value import Value

if TYPE_CHECKING:
    from kubestack_lint.project.instance import ModuleInstance

# What stands for the workspace where no environment's name is known at all.
ANY_WORKSPACE = "${terraform.workspace}"


class Problems:
    """Errors by place and message, each once; what leads to them is collected."""

    def __init__(self, errors: Iterable[EvaluationError] = ()) -> None:
        self._errors: dict[tuple[tuple[str, int, int], str], EvaluationError] = {}
        for error in errors:
            self.add(error)

    def add(self, error: EvaluationError) -> None:
        """Keep an error, or what leads to it where it is kept already."""
        kept = self._errors.setdefault((error.span.order, error.message), error)
        kept.within += tuple(span for span in error.within if span not in kept.within)

    def __iter__(self) -> Iterator[EvaluationError]:
        """All errors, by place."""
        return (self._errors[key] for key in sorted(self._errors))


class Recording(list[EvaluationError]):
    """A list that hands every error to the world, which keeps each once."""

    def __init__(self, world: World, within: Span | None = None) -> None:
        super().__init__()
        self.world = world
        self.within = within

    def append(self, error: EvaluationError) -> None:
        if self.within is not None:
            error.within = error.within or (self.within,)
        self.world.problem(error)


@dataclass(slots=True)
class World:
    """Everything evaluated for one workspace of one root module.

    `touched` gathers what makes values depend on the workspace.
    `calls` knows what the calls of modules lead to.
    `start` is the directory that reported paths are relative to.
    """

    root: Path
    boundary: Path
    load: Callable[[Path], TerraformModule]
    workspace: str | None = None
    touched: Touch = Touch.NOT
    instances: int = 0
    problems: Problems = field(default_factory=Problems)
    budget: Budget = field(default_factory=Budget)
    calls: Calls | None = None
    start: Path | None = None

    @property
    def files(self) -> Files:
        """What `file` and its kin may read: the repository, named from where Terraform runs."""
        return Files(self.boundary, self.root, start=self.start)

    def problem(self, error: EvaluationError) -> None:
        """Keep an error for the report, once."""
        self.problems.add(error)


class Calls(Protocol):
    """What the module calls of an instance lead to."""

    def child(self, instance: ModuleInstance, call: str, each: Each) -> ModuleInstance | None:
        """The local module that a call leads to; None for any other."""

    def outputs(self, instance: ModuleInstance, call: str, each: Each) -> tuple[str, ...] | None:
        """Names of the outputs of a module that is not evaluated here; None where they are not known."""

    def output(self, instance: ModuleInstance, call: str, each: Each, name: str, span: Span) -> Value | None:
        """An output that is known without evaluating the called module; None for any other."""
