"""What comes of converting a value: the value it becomes, what Terraform refuses in it, what is lost."""

from __future__ import annotations

from dataclasses import dataclass, field

from kubestack_lint.values.types import Type
from kubestack_lint.values.value import Value

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ConversionProblem:
    """Why a part of a value does not convert.

    `kind` is "type" (wrong kind of value), "value" (text that is no number or
    bool), "missing" (a required attribute is absent) or "mixed" (parts have no
    common type). `message` is the core of Terraform's wording, `terraform` the
    whole of it with Terraform's own path, which value problems lack.
    """

    path: Path
    kind: str
    message: str
    terraform: str
    value: Value
    wanted: Type


class ConversionError(Exception):
    """A value does not convert; `problem` is the one that Terraform would name."""

    def __init__(self, problem: ConversionProblem) -> None:
        super().__init__(problem.terraform)
        self.problem = problem


@dataclass(slots=True)
class Conversion:
    """A converted value with all that went wrong and all that was thrown away."""

    value: Value
    problems: list[ConversionProblem] = field(default_factory=list)
    dropped: list[tuple[Path, Value]] = field(default_factory=list)

    @property
    def first(self) -> ConversionProblem | None:
        """The problem that Terraform names: kinds are checked before values."""
        return min(self.problems, key=lambda p: p.kind == "value", default=None)
