"""The arguments of a module call → what its variables get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from kubestack_lint.project.expansion import Each, Touch
from kubestack_lint.project.instance import ModuleInstance
from kubestack_lint.project.module import TerraformModule
from kubestack_lint.syntax import nodes
from kubestack_lint.values.value import Value


class Arguments(Mapping[str, Value]):
    """The arguments of a call, each evaluated when it is asked for."""

    def __init__(self, caller: ModuleInstance, block: nodes.Block, each: Each, module: TerraformModule) -> None:
        self.caller = caller
        self.block = block
        self.each = each
        self.module = module
        self.cache: dict[str, tuple[Value, Touch]] = {}

    def __getitem__(self, name: str) -> Value:
        world = self.caller.world
        if name not in self.cache:
            given = self.block.body.arguments[name]
            before, world.touched = world.touched, Touch.NOT
            value = self.caller.evaluate(given.expression, self.each)
            self.cache[name] = (
                value.at(value.span or given.expression.span, value.key or given.name_span),
                world.touched,
            )
            world.touched |= before
        value, touched = self.cache[name]
        world.touched |= touched
        return value

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(name for name in self.block.body.arguments if name in self.module.variables)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names
