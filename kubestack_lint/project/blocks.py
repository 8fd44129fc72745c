"""Module calls → the Kubestack blocks among them, with their configuration evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kubestack_lint.catalog import ModuleDefinition, ModuleSource
from kubestack_lint.project.expansion import Each, Touch
from kubestack_lint.project.instance import ModuleInstance
from kubestack_lint.project.module import argument
from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values.evaluate import EvaluationError, evaluate
from kubestack_lint.values.value import Value, refused, unknown


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """One module call of any kind: where it is and what it calls."""

    address: str
    root: str
    source: ModuleSource | None
    source_span: Span
    span: Span
    directory: str
    pinned: bool
    version: str | None


@dataclass(frozen=True, slots=True)
class InheritanceBlock:
    """A module call that takes a map of environments.

    `address` is Terraform's (`module.gke_zero`, with instance keys). `span` is
    the header of the call, `configuration_span` the argument. `environments`
    are names in written order. `configurations` holds the whole map as each
    environment's workspace sees it; it is one and the same Value unless the
    map depends on the workspace, which `computed` says, and `conditional` that
    it does so by `terraform.workspace`, not only by what a cluster has there.
    `bases` is the base key in each workspace. `absent` are environments in
    whose workspace Terraform does not make this instance, though it makes others
    of the call or this one elsewhere, each with the place of the name for_each
    or count that decides so; the configuration is not known there. `chain` are
    the calls that lead here from the root module, outermost first.
    `source_span` is where the source is written, the header where there is none.
    `cluster` is the one that a node pool belongs to, where that is known.
    """

    address: str
    root: str
    definition: ModuleDefinition
    source: ModuleSource
    span: Span
    configuration_span: Span
    base_span: Span
    environments: tuple[str, ...]
    configurations: Mapping[str, Value]
    bases: Mapping[str, Value]
    computed: bool = False
    conditional: bool = False
    chain: tuple[Span, ...] = ()
    note: str = ""
    source_span: Span | None = None
    absent: Mapping[str, Span] = field(default_factory=dict)
    cluster: InheritanceBlock | None = None

    @property
    def base(self) -> str | None:
        """The base key where it is known and the same everywhere."""
        names = {value.data for value in self.bases.values() if isinstance(value.data, str)}
        return names.pop() if len(names) == 1 else None

    def base_of(self, environment: str) -> str | None:
        """The base key in the workspace of an environment."""
        if environment in self.absent:
            return self.base
        value = self.bases.get(environment)
        return value.data if value is not None and isinstance(value.data, str) else None

    def configuration(self, environment: str) -> Value:
        """The whole map as the workspace of an environment sees it."""
        return self.configurations[environment]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A Kubestack call as one workspace sees it; several make an InheritanceBlock.

    `calls` are the names of the calls that lead to it, its own last. `varies`
    is the for_each or count among them that asks for the workspace.
    """

    address: str
    definition: ModuleDefinition
    source: ModuleSource
    span: Span
    configuration_span: Span
    base_span: Span
    configuration: Value
    base: Value
    touched: Touch
    chain: tuple[Span, ...]
    note: str
    instance: ModuleInstance
    calls: tuple[str, ...]
    varies: Span | None
    source_span: Span


def assembled(root: str, found: Candidate, seen: Mapping[str, Candidate]) -> InheritanceBlock:
    """A block as the workspaces of its environments see it; `found` stands for it where there are none."""
    return InheritanceBlock(
        address=found.address,
        root=root,
        definition=found.definition,
        source=found.source,
        span=found.span,
        configuration_span=found.configuration_span,
        base_span=found.base_span,
        environments=tuple(seen),
        configurations={name: item.configuration for name, item in seen.items()} or {"": found.configuration},
        bases={name: item.base for name, item in seen.items()} or {"": found.base},
        computed=bool(found.touched),
        conditional=Touch.WORKSPACE in found.touched,
        chain=found.chain,
        note=found.note or found.definition.note,
        source_span=found.source_span,
    )


def candidate(
    instance: ModuleInstance,
    block: nodes.Block,
    address: str,
    each: Each,
    definition: ModuleDefinition,
    source: ModuleSource,
    note: str,
) -> Candidate | None:
    """Evaluate one call's configuration and base key; None when it has no configuration.

    A Kubestack module that requires one and gets none has null: Terraform refuses the call.
    """
    given = argument(block, "configuration")
    if given is None and definition.default is None and not (definition.typed and definition.attributes):
        return None
    before, instance.world.touched = instance.world.touched, Touch.NOT
    configuration = _evaluated(instance, given, each) if given is not None else _default(definition, block)
    base_argument = argument(block, definition.base_key_argument) if definition.base_key_argument else None
    base = _base(instance, base_argument, each, definition, block)
    touched = instance.world.touched
    instance.world.touched = before | touched
    written = argument(block, "source")
    return Candidate(
        address=address,
        definition=definition,
        source=source,
        span=block.header,
        configuration_span=given.name_span if given is not None else block.header,
        base_span=base_argument.span if base_argument is not None else block.header,
        configuration=configuration,
        base=base,
        touched=touched,
        chain=instance.chain,
        note=note,
        instance=instance,
        calls=(*instance.calls, block.labels[0]),
        varies=instance.varies or each.varies,
        source_span=written.expression.span if written is not None else block.header,
    )


def _evaluated(instance: ModuleInstance, given: nodes.Argument, each: Each) -> Value:
    try:
        value = instance.evaluate(given.expression, each)
    except EvaluationError as error:
        instance.world.problem(error)
        return refused(error.message, span=error.span)
    return value if value.key is not None else value.at(given.expression.span, given.name_span)


def _default(definition: ModuleDefinition, block: nodes.Block) -> Value:
    from kubestack_lint.source import Source
    from kubestack_lint.syntax import parse_expression
    from kubestack_lint.values.evaluate import Scope

    text = Source(f"default of {definition.path}", definition.default or "null", real=False)
    value = evaluate(parse_expression(text), Scope())
    return _placed(value, block.header)


def _placed(value: Value, span: Span) -> Value:
    from dataclasses import replace

    if isinstance(value.data, dict):
        return replace(value, span=span, data={name: _placed(item, span) for name, item in value.data.items()})
    return replace(value, span=span)


def _base(
    instance: ModuleInstance,
    given: nodes.Argument | None,
    each: Each,
    definition: ModuleDefinition,
    block: nodes.Block,
) -> Value:
    from kubestack_lint.values.convert import ConversionError, convert
    from kubestack_lint.values.types import STRING
    from kubestack_lint.values.value import null, string

    default = null(span=block.header) if definition.base_key is None else string(definition.base_key, block.header)
    if given is None:
        return default
    value = _evaluated(instance, given, each)
    try:
        value = convert(value, STRING)
    except ConversionError as error:
        instance.world.problem(EvaluationError(f"the base key must be a string: {error}", given.expression.span))
        return unknown(f"the base key must be a string: {error}", STRING, given.expression.span)
    # On master the argument is not nullable: null falls back to the default.
    return default if value.is_null else value
