"""One block → its environments' effective configuration and every setting's candidates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from kubestack_lint.inheritance.merge import Chosen, MergeError, Tree, merge
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.source import Span
from kubestack_lint.values.convert import Conversion, ConversionProblem, Path, convert_all, with_defaults
from kubestack_lint.values.types import DYNAMIC, Collection, ObjectType
from kubestack_lint.values.value import Unknown, Value, find, leaves, object_of, passed_on

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
        return Effective(name, value, tuple(self._settings(name, base_name, tree)), tree)

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

    def _settings(self, name: str, base_name: str, tree: Tree) -> Iterator[Setting]:
        for key, chosen in tree.items():
            parts = {(key, n): c for n, c in chosen.items()} if isinstance(chosen, dict) else {(key,): chosen}
            if not parts:
                parts = {(key,): Chosen(name, object_of({}), "")}
            for prefix, part in parts.items():
                for rest, value in leaves(part.value):
                    if value.is_null and value.place is None:
                        continue
                    path = prefix + rest
                    definitions = self._definitions(name, base_name, part.environment, path, value)
                    yield Setting(self.block, name, path, value, definitions, part.rule)

    def _definitions(
        self, name: str, base_name: str, winner: str, path: tuple[str, ...], value: Value
    ) -> tuple[Definition, ...]:
        ordered = [winner] + [other for other in dict.fromkeys((name, base_name)) if other != winner]
        configuration = self.block.configuration(name)
        found: list[Definition] = []
        for environment in ordered:
            raw = find(configuration.items.get(environment), path)
            if raw is None and environment != winner:
                continue
            # Without a place it is a default of the type, a part of something
            # unknown, or was computed by a function.
            written = value if raw is None else raw
            found.append(Definition(environment, _nearest(configuration, (environment, *path), written)))
        return tuple(found)


def _nearest(raw: Value | None, path: tuple[str, ...], value: Value) -> Value:
    """The written value closest to a path that is not written itself."""
    if value.place is not None:
        return value
    for length in range(len(path) - 1, -1, -1):
        found = find(raw, path[:length])
        if found is not None and found.place is not None:
            return replace(value, span=found.span, key=found.key)
    return value


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
