"""A module with the values it was called with: what `var.x` and `local.y` stand for in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kubestack_lint.project.called import called_module
from kubestack_lint.project.expansion import Each, Touch, WithEach, expand, repetition
from kubestack_lint.project.inputs import flag, input_value
from kubestack_lint.project.module import TerraformModule, argument
from kubestack_lint.project.undeclared import bare, refused_reference
from kubestack_lint.project.variables import GivenValue
from kubestack_lint.project.world import Recording, World
from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.syntax.references import references
from kubestack_lint.values.evaluate import EvaluationError, Scope, evaluate
from kubestack_lint.values.types import BOOL, STRING
from kubestack_lint.values.value import Value, string, unknown


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
        problems = Recording(self.world, within)
        names = self if each is None else WithEach(self, each)
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
                if name not in self.module.calls:
                    return self._missing(f'there is no module "{name}"', span)
                return called_module(self, name, span)
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
        return None if each is None else self.output_of(plain, each, name, span)

    def output_of(self, call: str, each: Each, name: str, span: Span) -> Value:
        """An output of one instance of a call."""

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
