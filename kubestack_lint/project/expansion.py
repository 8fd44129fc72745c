"""`for_each` and `count` of a module call → the instances that it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Flag
from typing import TYPE_CHECKING

from kubestack_lint.project.module import argument
from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values.access import element_pairs
from kubestack_lint.values.evaluate import EvaluationError
from kubestack_lint.values.literal import quoted
from kubestack_lint.values.types import STRING, Collection
from kubestack_lint.values.value import Unknown, Value, count, object_of, string, unknown, unknown_in

if TYPE_CHECKING:
    from kubestack_lint.project.instance import ModuleInstance

# Nobody runs more copies of a module; a bound keeps modules that call each
# other in doubling trees from taking all time and memory.
MAX_INSTANCES = 1000


class Touch(Flag):
    """What makes a value depend on the workspace: `terraform.workspace` itself, or what a cluster has there."""

    NOT = 0
    WORKSPACE = 1
    CLUSTER = 2


@dataclass(frozen=True, slots=True)
class Each:
    """One instance that a call makes.

    `suffix` is what its address ends with: `["eu"]`, `[0]`, `[*]` where the
    instances cannot be told, "" without for_each and count. `values` is what
    `each.key`, `each.value` and `count.index` stand for; `touched` are those
    that depend on the workspace. `varies` is the name for_each or count as it
    is written, where different workspaces may make different instances.
    """

    suffix: str = ""
    key: Value | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    touched: frozenset[str] = frozenset()
    varies: Span | None = None

    @property
    def known(self) -> bool:
        """False for what stands for instances that cannot be told."""
        return self.suffix != "[*]"


def repetition(block: nodes.Block) -> nodes.Argument | None:
    """What makes a call addressed with a key: for_each or count, and where override files bring both, count."""
    return argument(block, "count") or argument(block, "for_each")


def expand(instance: ModuleInstance, block: nodes.Block) -> tuple[Each, ...]:
    """Every instance that a call makes; what Terraform refuses is kept for the report."""
    chosen = repetition(block)
    if chosen is None:
        return (Each(),)
    world = instance.world
    before, world.touched = world.touched, Touch.NOT
    try:
        value = instance.evaluate(chosen.expression)
    except EvaluationError as error:
        world.problem(error)
        value = unknown(error.message, span=error.span)
    touched, world.touched = world.touched, before
    if value.sensitive:
        message = f"{chosen.name} must not be sensitive: its keys become addresses that Terraform prints"
        world.problem(EvaluationError(message, chosen.expression.span))
    hidden = _hidden_keys(value)
    if hidden is not None:
        return (_untold(chosen, hidden, bool(touched)),)
    if chosen.name == "for_each":
        return tuple(_for_each(instance, chosen, value, bool(touched)))
    return tuple(_count(instance, chosen, value))


def _hidden_keys(value: Value) -> Unknown | None:
    """Why the keys cannot be told; the elements of a set are its keys."""
    if isinstance(value.data, Unknown):
        return value.data
    return next((item.data for item in value.elements if isinstance(item.data, Unknown)), None)


def _untold(chosen: nodes.Argument, because: Unknown, touched: bool) -> Each:
    names = ("each.key", "each.value") if chosen.name == "for_each" else ("count.index",)
    reason = f"{chosen.name} is unknown: {because.because}"
    values = {name: unknown(reason, span=because.span) for name in names}
    place = chosen.name_span if touched else None
    return Each("[*]", None, values, frozenset(names if touched else ()), place)


def _count(instance: ModuleInstance, chosen: nodes.Argument, value: Value) -> Iterator[Each]:
    if not isinstance(value.data, int) or isinstance(value.data, bool):
        return
    _bounded(instance, chosen, value.data)
    for index in range(min(value.data, MAX_INSTANCES)):
        key = count(index, chosen.expression.span)
        yield Each(f"[{index}]", key, {"count.index": key})


def _for_each(instance: ModuleInstance, chosen: nodes.Argument, value: Value, touched: bool) -> Iterator[Each]:
    strings = value.type == Collection("set", STRING) or not value.elements
    if not isinstance(value.data, dict) and not (getattr(value.type, "kind", "") == "set" and strings):
        message = f"for_each takes a map or a set of strings, not {value.type.name}"
        instance.world.problem(EvaluationError(message, chosen.expression.span))
        return
    pairs = element_pairs(value)
    _bounded(instance, chosen, len(pairs))
    for name, item in pairs[:MAX_INSTANCES]:
        if isinstance(name.data, str):
            key = string(name.data, chosen.expression.span)
            depends = touched and unknown_in(item) is not None
            yield Each(
                f"[{quoted(name.data)}]",
                key,
                {"each.key": key, "each.value": item},
                frozenset({"each.value"} if depends else ()),
            )


def _bounded(instance: ModuleInstance, chosen: nodes.Argument, count: int) -> None:
    if count > MAX_INSTANCES:
        message = f"{count} instances of one call are more than the {MAX_INSTANCES} that kslint looks at"
        instance.world.problem(EvaluationError(message, chosen.expression.span))


class WithEach:
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
