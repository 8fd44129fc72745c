"""One block → its environments' effective configuration and every setting's candidates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kubestack_lint.inheritance.merge import Chosen, MergeError, merge
from kubestack_lint.inheritance.model import BlockError, Dropped, Effective, Inheritance, Problem
from kubestack_lint.inheritance.settings import settings_of
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.source import Span
from kubestack_lint.values.conversion import Conversion, ConversionProblem
from kubestack_lint.values.convert import convert_all
from kubestack_lint.values.defaults import with_defaults
from kubestack_lint.values.types import DYNAMIC, Collection, ObjectType
from kubestack_lint.values.value import Unknown, Value, object_of, passed_on

# The first Kubestack versions know these two by name and no others.
FIXED = ("apps", "ops")

NO_INDEX = "Invalid index: The given key does not identify an element in this collection value."
NULL_INDEX = "Attempt to index null value: This value is null, so it does not have any indices."
NULL_NOT_ALLOWED = "Required variable not set: the required variable may not be set to null."
NULL_MAP = 'Invalid function argument: Invalid value for "inputMap" parameter: argument must not be null.'
NOT_A_MAP = 'Invalid function argument: Invalid value for "inputMap" parameter: must have map or object type.'
NO_MERGE = 'Error in function call: Call to function "merge" failed: arguments must be maps or objects, got "{}".'
NO_ARGUMENT = 'Missing required argument: The argument "configuration" is required, but no definition was found.'
NULL_LOOP = "Iteration over null value: A null value cannot be used as the collection in a 'for' expression."


def resolve(block: InheritanceBlock) -> Inheritance:
    """Convert and merge a block for each of its environments."""
    return _Resolver(block).result()


def resolve_all(blocks: Iterable[InheritanceBlock]) -> tuple[Inheritance, ...]:
    """Each of the blocks, with the clusters of node pools, which need not be among them."""
    resolved: dict[int, Inheritance] = {}

    def of(block: InheritanceBlock) -> Inheritance:
        if id(block) not in resolved:
            cluster = None if block.cluster is None else of(block.cluster)
            resolved[id(block)] = replace(resolve(block), cluster=cluster)
        return resolved[id(block)]

    return tuple(of(block) for block in blocks)


@dataclass(slots=True)
class _Resolver:
    block: InheritanceBlock
    errors: list[BlockError] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    converted: dict[int, Conversion] = field(default_factory=dict)

    def result(self) -> Inheritance:
        block = self.block
        for configuration in block.configurations.values():
            self._convert(configuration)
        raw = {name: self._raw(name) for name in block.environments}
        environments: dict[str, Effective] = {}
        for name in block.environments:
            effective = self._environment(name)
            if effective is not None:
                environments[name] = effective
        self._fixed_environments()
        if not block.environments and not self.errors:
            self._error("missing-base", NO_INDEX, block.base_span)
        order = {"unresolved-value": 1}
        errors = sorted(self.errors, key=lambda error: order.get(error.rule, 0))
        return Inheritance(block, environments, raw, tuple(errors), tuple(self.problems), tuple(self.dropped))

    def _raw(self, name: str) -> Value:
        return self.block.configuration(name).items[name]

    # -- conversion -------------------------------------------------------

    def _convert(self, configuration: Value) -> None:
        """Convert the whole map once per distinct value of it."""
        if id(configuration) in self.converted:
            return
        block = self.block
        if isinstance(configuration.data, Unknown):
            place = configuration.data.span or block.configuration_span
            self._error("unresolved-value", f"the configuration is unknown: {configuration.data.because}", place)
            self.converted[id(configuration)] = Conversion(configuration)
            return
        if configuration.is_null:
            message = NULL_NOT_ALLOWED if block.definition.merge == "L6" else NULL_INDEX
            rule = "wrong-type"
            if block.configuration_span == block.span:
                rule, message = "missing-required-attribute", NO_ARGUMENT
            self._error(rule, message, configuration.place or block.configuration_span)
            self.converted[id(configuration)] = Conversion(configuration)
            return
        kind = block.definition.type
        conversion = convert_all(with_defaults(configuration, kind), kind)
        if not isinstance(conversion.value.data, dict | Unknown):
            self._error(
                "wrong-type", "the configuration must be a map of environments", configuration.place or block.span
            )
        first = len(self.converted) == 0
        self.converted[id(configuration)] = conversion
        if first or block.computed:
            self._record(conversion)

    def _record(self, conversion: Conversion) -> None:
        seen = {(d.environment, d.path, d.value.place) for d in self.dropped}
        for path, value in conversion.dropped:
            item = Dropped(str(path[0]), path[1:], value)
            if (item.environment, item.path, value.place) not in seen:
                self.dropped.append(item)
        known = {(p.environment, p.problem.path, p.problem.message) for p in self.problems}
        for problem in sorted(conversion.problems, key=lambda p: p.kind == "value"):
            environment = str(problem.path[0]) if problem.path else None
            if (environment, problem.path, problem.message) in known:
                continue
            self.problems.append(Problem(environment, problem))
            place = problem.value.place or self.block.configuration_span
            attribute = tuple(str(step) for step in problem.path[1:])
            self._error(_rule_of(problem, environment), problem.terraform, place, environment, attribute)

    def _error(
        self, rule: str, message: str, span: Span, environment: str | None = None, path: tuple[str, ...] = ()
    ) -> None:
        self.errors.append(BlockError(rule, message, span, environment, path))

    # -- merging ----------------------------------------------------------

    def _environment(self, name: str) -> Effective | None:
        block = self.block
        generation = block.definition.merge
        configuration = self.converted[id(block.configuration(name))].value
        base_name = block.base_of(name)
        if base_name is None or base_name not in configuration.items:
            self._missing_base(name)
            return None
        if generation in ("L0", "L1") and name not in FIXED:
            return None
        own, base = configuration.items[name], configuration.items[base_name]
        if own.is_null and self._null_passes(name, base_name, base, generation):
            return Effective(name, own if name == base_name else object_of({}), (), {})
        if self._unusable(name, own, generation) or self._unusable(base_name, base, generation):
            return None
        if generation in ("L5", "L6") or (generation in ("L3", "L4") and name != base_name):
            # Loops look at the keys; merge() and a base handed on as it is do not.
            own, base = _expanded(own), base if generation == "L3" else _expanded(base)
        if generation == "L3" and name != base_name:
            own = _for_keys_of(base, own)
        if isinstance(own.data, Unknown) or isinstance(base.data, Unknown):
            value = own if isinstance(own.data, Unknown) else base
            if generation not in ("L0", "L1", "L2"):
                # The loops over keys do not know even the type any more.
                value = replace(value, type=DYNAMIC)
            return Effective(name, value, (), {})
        try:
            tree = merge(generation, base_name, base, name, own)
        except MergeError as error:
            raw = self._raw(name).items.get(error.key)
            place = (raw.place if raw is not None else None) or block.configuration_span
            self._error("empty-without-base", error.message, place, name, (error.key,))
            return None
        value = replace(
            object_of({key: _tree_value(chosen) for key, chosen in tree.items()}), key=own.key, span=own.span
        )
        return Effective(name, value, tuple(settings_of(block, name, base_name, tree)), tree)

    def _missing_base(self, name: str) -> None:
        if any(error.rule == "missing-base" for error in self.errors):
            return
        base = self.block.bases[name]
        if isinstance(base.data, Unknown):
            self._error("unresolved-value", f"the base key is unknown: {base.data.because}", self.block.base_span)
        else:
            self._error("missing-base", NO_INDEX, self.block.base_span)

    def _null_passes(self, name: str, base_name: str, base: Value, generation: str) -> bool:
        """Null where nothing looks into it: no loop runs, or merge() takes it as it is."""
        if name == base_name:
            alone = len(self.block.environments) == 1
            return generation in ("L0", "L1", "L2") or (generation in ("L3", "L4") and alone)
        return generation == "L3" and isinstance(base.data, dict) and not base.data

    def _unusable(self, name: str, value: Value, generation: str) -> bool:
        """Null environments break every merge but merge() itself; scalars never get here typed."""
        if value.is_null and generation not in ("L0", "L1", "L2"):
            message = NULL_LOOP if generation == "L3" and name == self.block.base else NULL_MAP
            if not any(e.rule == "null-environment" and e.environment == name for e in self.errors):
                self._error("null-environment", message, value.place or self.block.configuration_span, name)
            return True
        if not value.is_null and not isinstance(value.data, dict | Unknown):
            if not any(e.environment == name for e in self.errors):
                merged = NO_MERGE.format(value.type.name)
                message = merged if generation in ("L0", "L1", "L2") else NOT_A_MAP
                self._error("misplaced-attribute", message, value.place or self.block.configuration_span, name)
            return True
        return False

    def _fixed_environments(self) -> None:
        """L0 and L1 name apps and ops in their code; nothing else works there."""
        if self.block.definition.merge not in ("L0", "L1") or not self.block.environments:
            return
        for name in FIXED:
            if name not in self.block.environments and name != self.block.base:
                self._error("missing-environment", NO_INDEX, self.block.configuration_span, name)


def _rule_of(problem: ConversionProblem, environment: str | None) -> str:
    """The rule whose page explains a conversion problem."""
    if len(problem.path) <= 1 and problem.kind == "type" and environment is not None:
        return "misplaced-attribute"
    return {"missing": "missing-required-attribute", "mixed": "type-conflict"}.get(problem.kind, "wrong-type")


def _expanded(value: Value) -> Value:
    """An unknown object has known attribute names, each unknown."""
    if isinstance(value.data, Unknown) and isinstance(value.type, ObjectType):
        cause = value.data
        items = {
            name: replace(passed_on(cause, kind, cause.span), key=value.key)
            for name, kind in value.type.attributes.items()
        }
        return replace(value, data=items)
    if (value.is_null and isinstance(value.type, ObjectType | Collection)) or (value.is_null and value.type == DYNAMIC):
        return replace(value, data={})
    return value


def _for_keys_of(base: Value, own: Value) -> Value:
    """An unknown map that is only asked for the keys of the base."""
    if not isinstance(own.data, Unknown) or not isinstance(base.data, dict):
        return own
    element = own.type.element if isinstance(own.type, Collection) else DYNAMIC
    hidden = replace(passed_on(own.data, element, own.data.span), key=own.key)
    return replace(own, data=dict.fromkeys(base.data, hidden))


def _tree_value(chosen: Chosen | dict[str, Chosen]) -> Value:
    if isinstance(chosen, Chosen):
        return chosen.value
    items = {name: inner.value for name, inner in chosen.items()}
    keyed = next((value for value in items.values() if value.place is not None), None)
    result = object_of(items)
    # The object itself stands where its parts do, so that it counts as written.
    return result if keyed is None else replace(result, span=keyed.span, key=keyed.key)
