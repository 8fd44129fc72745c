"""`module.NAME` as a whole: an object of the call's outputs, or one for each of its instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubestack_lint.project.expansion import Each, Touch, repetition
from kubestack_lint.source import Span
from kubestack_lint.values.evaluate import EvaluationError
from kubestack_lint.values.value import Unknown, Value, object_of, refused, tuple_of, unknown

if TYPE_CHECKING:
    from kubestack_lint.project.instance import ModuleInstance


def called_module(instance: ModuleInstance, call: str, span: Span) -> Value:
    """What `module.NAME` stands for in a module that has this call."""
    instances = instance.instances(call)
    if any(each.varies for each in instances):
        instance.world.touched |= Touch.WORKSPACE
    for each in instances:
        if not each.known:
            because = next(iter(each.values.values())).data
            assert isinstance(because, Unknown)
            return unknown(f"module.{call} has unknown instances: its {because.because}", span=because.span)
    repeated = repetition(instance.module.calls[call])
    if repeated is None:
        return _outputs(instance, call, instances[0], span)
    parts = tuple(_outputs(instance, call, each, span) for each in instances)
    if repeated.name == "count":
        return tuple_of(parts, span)
    keys = [each.key.data for each in instances if each.key is not None]
    return object_of({str(key): part for key, part in zip(keys, parts, strict=True)}, span)


def _outputs(instance: ModuleInstance, call: str, each: Each, span: Span) -> Value:
    """All outputs of one instance. One that Terraform refuses leaves the others as they are."""
    world = instance.world
    child = instance.child(call, each)
    names = tuple(child.module.outputs) if child is not None else None
    if child is None and world.calls is not None:
        names = world.calls.outputs(instance, call, each)
    if names is None:
        return unknown(f"module.{call}{each.suffix} is known after apply", span=span)
    outputs: dict[str, Value] = {}
    for name in names:
        try:
            outputs[name] = instance.output_of(call, each, name, span)
        except EvaluationError as error:
            world.problem(error)
            outputs[name] = refused(error.message, span=error.span)
    return object_of(outputs, span)
