"""A module with the values it was called with: what `var.x` and `local.y` stand for in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from kubestack_lint.project.expansion import Each, Touch, expand, repetition
from kubestack_lint.project.inputs import flag, input_value
from kubestack_lint.project.module import TerraformModule, argument
from kubestack_lint.project.undeclared import bare, refused_reference
from kubestack_lint.project.variables import GivenValue
from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.syntax.references import references
from kubestack_lint.values.evaluate import Budget, EvaluationError, Scope, evaluate
from kubestack_lint.values.files import Files
from kubestack_lint.values.types import BOOL, STRING
from kubestack_lint.values.value import Unknown, Value, object_of, refused, string, tuple_of, unknown

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
    problems: Problems = field(default_factory=lambda: Problems())
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


@dataclass(slots=True)
class _Entry:
    """A cached value or error: under way while there is neither."""

    value: Value | None = None
    error: EvaluationError | None = None
    touched: Touch = Touch.NOT


class ModuleInstance:
    """One module as called from one place. Implements `Names` for the evaluator.

    `calls` are the names of the calls that lead here, `chain` their places and
    `above` the directories they are written in. `varies` is the for_each or
    count on the way here that asks for the workspace, if there is one.
    """

    def __init__(
        self,
        world: World,
        module: TerraformModule,
        address: str = "",
        given: Mapping[str, Value] | None = None,
        chain: tuple[Span, ...] = (),
        values: Mapping[str, GivenValue] | None = None,
        calls: tuple[str, ...] = (),
        above: tuple[Path, ...] = (),
        varies: Span | None = None,
    ) -> None:
        self.world = world
        self.module = module
        self.address = address
        self.given = given or {}
        self.chain = chain
        self.values = values or {}
        self.calls = calls
        self.above = above
        self.varies = varies
        self._cache: dict[tuple[str, str], _Entry] = {}
        self._instances: dict[str, tuple[Each, ...] | None] = {}
        self._children: dict[str, ModuleInstance | None] = {}

    @property
    def is_root(self) -> bool:
        """True for the module that Terraform is run in."""
        return not self.address

    def scope(self, each: Each | None = None, within: Span | None = None) -> Scope:
        """A lenient scope: errors are kept for the report, values become unknown."""
        problems = _Problems(self.world, within)
        names = self if each is None else _WithEach(self, each)
        return Scope(names=names, problems=problems, budget=self.world.budget, files=self.world.files)

    def evaluate(self, expression: nodes.Expression, each: Each | None = None) -> Value:
        """The value of an expression of this module.

        Terraform refuses names that nothing declares before it evaluates
        anything, so that not even `try` helps; they are kept for the report.
        """
        self.check(expression, each)
        try:
            return evaluate(expression, self.scope(each, expression.span))
        except EvaluationError as error:
            error.within = error.within or (expression.span,)
            raise

    def check(self, expression: nodes.Expression, each: Each | None = None) -> bool:
        """Keep references for the report that Terraform refuses wherever they stand; False when there are any."""
        if not self.module.complete:
            return True
        found = [refused_reference(self.module, reference, each) for reference in references(expression)]
        for refusal in found:
            if refusal is not None:
                self.world.problem(EvaluationError(*refusal))
        return not any(found)

    # -- Names ------------------------------------------------------------

    def root(self, root: str, span: Span) -> Value | None:
        """A bare root: what Terraform reads attributes of has no value of its own."""
        if root in ("var", "local", "path", "module", "terraform"):
            raise EvaluationError(bare(root), span)
        return None

    def member(self, root: str, name: str, span: Span) -> Value | None:
        """`root.name`; `root` may also be `module.CALL`, then `name` is an output."""
        match root:
            case "var":
                return self.variable(name, span)
            case "local":
                return self.local(name, span)
            case "path":
                return self._path(name, span)
            case "terraform":
                return self._terraform(name, span)
            case "each" | "count":
                where = "for_each" if root == "each" else "count"
                raise EvaluationError(f"{root}.{name} exists only where {where} is set", span)
            case "module":
                return self._call(name, span)
            case "data" | "ephemeral" | "resource":
                return unknown(f"{root}.{name} is read by terraform", span=span)
            case "self":
                return unknown("self is known only inside a resource", span=span)
        if root.startswith("module."):
            return self.output(root.removeprefix("module."), name, span)
        return self._resource(root, name, span)

    def variable(self, name: str, span: Span) -> Value:
        """`var.name`, converted to its type."""
        return self._cached("var", name, span, self._variable)

    def local(self, name: str, span: Span) -> Value:
        """`local.name`."""
        return self._cached("local", name, span, self._local)

    def _cached(self, kind: str, name: str, span: Span, compute: Callable[[str, Span], Value]) -> Value:
        entry = self._cache.get((kind, name))
        if entry is not None:
            self.world.touched |= entry.touched
            if entry.error is not None:
                raise entry.error
            if entry.value is None:
                raise EvaluationError(f"{kind}.{name} refers back to itself", span)
            return entry.value
        entry = self._cache[(kind, name)] = _Entry()
        before, self.world.touched = self.world.touched, Touch.NOT
        try:
            entry.value = compute(name, span)
            entry.touched = self.world.touched
        except EvaluationError as error:
            # Kept, so that what many others refer to fails once and not every time.
            entry.error = error
            raise
        finally:
            self.world.touched |= before
        return entry.value

    def _local(self, name: str, span: Span) -> Value:
        found = self.module.locals.get(name)
        if found is None:
            return self._missing(f'there is no local "{name}"', span)
        return self.evaluate(found.expression)

    def _missing(self, message: str, span: Span) -> Value:
        if not self.module.complete:
            return unknown("a file of this module cannot be read", span=span)
        raise EvaluationError(message, span)

    def _path(self, name: str, span: Span) -> Value:
        if name == "root":
            return string(".", span)
        if name == "module":
            relative = os.path.relpath(self.module.directory, self.world.root).replace(os.sep, "/")
            return string(relative, span)
        if name == "cwd":
            return unknown("path.cwd depends on the machine", STRING, span)
        raise EvaluationError(f"path has no {name}; there is module, root, cwd", span)

    def _terraform(self, name: str, span: Span) -> Value:
        if name == "applying":
            return unknown("terraform.applying is known while terraform runs", BOOL, span)
        if name != "workspace":
            raise EvaluationError(f"terraform has no {name}; there is workspace, applying", span)
        self.world.touched |= Touch.WORKSPACE
        if self.world.workspace is None:
            return unknown("it depends on the workspace", STRING, span)
        return string(self.world.workspace, span)

    def _resource(self, kind: str, name: str, span: Span) -> Value | None:
        if "_" not in kind and not any(kind == known for known, _ in self.module.resources):
            return None
        if (kind, name) in self.module.resources or not self.module.complete:
            return unknown(f"{kind}.{name} is known after apply", span=span)
        raise EvaluationError(f'there is no resource "{kind}" "{name}" in this module', span)

    def _variable(self, name: str, span: Span) -> Value:
        block = self.module.variables.get(name)
        if block is None:
            return self._missing(f'there is no variable "{name}"', span)
        return input_value(self, name, block)

    # -- calls of other modules -------------------------------------------

    def instances(self, call: str) -> tuple[Each, ...]:
        """Every instance that one of this module's calls makes. Raises EvaluationError for circles."""
        if call not in self._instances:
            self._instances[call] = None
            self._instances[call] = expand(self, self.module.calls[call])
        found = self._instances[call]
        if found is None:
            block = self.module.calls[call]
            raise EvaluationError(f"the instances of module.{call} depend on module.{call} itself", block.header)
        return found

    def child(self, call: str, each: Each) -> ModuleInstance | None:
        """The local module behind one instance of a call; None where it is no such module."""
        key = call + each.suffix
        if key not in self._children:
            self._children[key] = None if self.world.calls is None else self.world.calls.child(self, call, each)
        return self._children[key]

    def output(self, call: str, name: str, span: Span) -> Value | None:
        """`module.call.name`, where `call` may end with an instance key; None where a key is needed or wrong."""
        plain, bracket, _ = call.partition("[")
        if plain not in self.module.calls:
            return self._missing(f'there is no module "{plain}"', span)
        if not bracket and repetition(self.module.calls[plain]) is not None:
            return None
        each = next((each for each in self.instances(plain) if plain + each.suffix == call), None)
        return None if each is None else self._output(plain, each, name, span)

    def _output(self, call: str, each: Each, name: str, span: Span) -> Value:
        def compute(_: str, place: Span) -> Value:
            found = None if self.world.calls is None else self.world.calls.output(self, call, each, name, place)
            if found is not None:
                return found
            child = self.child(call, each)
            if child is not None:
                return child.own_output(name, place)
            return unknown(f"module.{call}{each.suffix}.{name} is known after apply", span=place)

        return self._cached("module", f"{call}{each.suffix}.{name}", span, compute)

    def own_output(self, name: str, span: Span) -> Value:
        """The value of one of this module's outputs, as its caller sees it."""
        block = self.module.outputs.get(name)
        if block is None:
            return self._missing(f'module "{self.address}" has no output "{name}"', span)
        expression = argument(block, "value")
        if expression is None:
            return unknown("this output has no value", span=block.header)
        value = self.evaluate(expression.expression)
        return replace(value, sensitive=True) if flag(self, block, "sensitive", False) else value

    def _call(self, name: str, span: Span) -> Value:
        """`module.name` as a whole: an object of outputs, or one for each instance."""
        block = self.module.calls.get(name)
        if block is None:
            return self._missing(f'there is no module "{name}"', span)
        instances = self.instances(name)
        if any(each.varies for each in instances):
            self.world.touched |= Touch.WORKSPACE
        for each in instances:
            if not each.known:
                because = next(iter(each.values.values())).data
                assert isinstance(because, Unknown)
                return unknown(f"module.{name} has unknown instances: its {because.because}", span=because.span)
        repeated = repetition(block)
        if repeated is None:
            return self._whole(name, instances[0], span)
        parts = tuple(self._whole(name, each, span) for each in instances)
        if repeated.name == "count":
            return tuple_of(parts, span)
        keys = [each.key.data for each in instances if each.key is not None]
        return object_of({str(key): part for key, part in zip(keys, parts, strict=True)}, span)

    def _whole(self, call: str, each: Each, span: Span) -> Value:
        """All outputs of one instance. One that Terraform refuses leaves the others as they are."""
        child = self.child(call, each)
        names = tuple(child.module.outputs) if child is not None else None
        if child is None and self.world.calls is not None:
            names = self.world.calls.outputs(self, call, each)
        if names is None:
            return unknown(f"module.{call}{each.suffix} is known after apply", span=span)
        outputs: dict[str, Value] = {}
        for name in names:
            try:
                outputs[name] = self._output(call, each, name, span)
            except EvaluationError as error:
                self.world.problem(error)
                outputs[name] = refused(error.message, span=error.span)
        return object_of(outputs, span)


class _WithEach:
    """An instance in which `each` or `count` of one of its calls can be seen."""

    def __init__(self, instance: ModuleInstance, each: Each) -> None:
        self.instance = instance
        self.each = each

    def root(self, root: str, span: Span) -> Value | None:
        names = [name for name in self.each.values if name.startswith(f"{root}.")]
        if not names:
            return self.instance.root(root, span)
        if self.each.touched:
            self.instance.world.touched |= Touch.WORKSPACE
        return object_of({name.split(".")[1]: self.each.values[name] for name in names}, span)

    def member(self, root: str, name: str, span: Span) -> Value | None:
        found = self.each.values.get(f"{root}.{name}")
        if found is None:
            return self.instance.member(root, name, span)
        if f"{root}.{name}" in self.each.touched:
            self.instance.world.touched |= Touch.WORKSPACE
        return found


class _Problems(list[EvaluationError]):
    """A list that hands every error to the world, which keeps each once."""

    def __init__(self, world: World, within: Span | None = None) -> None:
        super().__init__()
        self.world = world
        self.within = within

    def append(self, error: EvaluationError) -> None:
        if self.within is not None:
            error.within = error.within or (self.within,)
        self.world.problem(error)


__all__ = ["ANY_WORKSPACE", "ModuleInstance", "World"]
