"""Mistakes in conditions, found without any configuration: against the shapes of the modules they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kubestack_lint.catalog import ModuleDefinition
from kubestack_lint.conditions.evaluate import OwnScope
from kubestack_lint.conditions.expression import CLUSTER, EACH, MODULE, Condition, ExpressionProblem, Read, compiled
from kubestack_lint.conditions.shapes import POOL, Shape, all_definitions, merged, newest, pool_shape, shape_of
from kubestack_lint.conditions.slips import slips
from kubestack_lint.source import Span
from kubestack_lint.suggest import closest
from kubestack_lint.syntax import nodes
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.evaluate import EvaluationError, Scope, evaluate
from kubestack_lint.values.types import BOOL, DYNAMIC, STRING, Collection, ObjectType, Type
from kubestack_lint.values.value import Value, unknown

_MODULE = ObjectType(dict.fromkeys(("address", "path", "provider", "kind", "version"), STRING))


def check_condition(text: str, modules: Iterable[ModuleDefinition] | None = None) -> Iterator[ExpressionProblem]:
    """What is wrong with a `when` or `require`, for the modules it is about (all that we know, by default)."""
    yield from _checked(text, modules, template=False)


def check_message(text: str, modules: Iterable[ModuleDefinition] | None = None) -> Iterator[ExpressionProblem]:
    """What is wrong with the `${…}` of a message."""
    if "${" in text or "%{" in text:
        yield from _checked(text, modules, template=True)


def _checked(text: str, modules: Iterable[ModuleDefinition] | None, template: bool) -> Iterator[ExpressionProblem]:
    definitions = tuple(all_definitions() if modules is None else modules)
    try:
        condition = compiled(text, template)
    except ExpressionProblem as problem:
        yield problem
        return
    yield from slips(condition.tree)
    if any(not definition.typed for definition in definitions):
        return
    unknown_names = list(_unknown_attributes(condition, definitions))
    yield from unknown_names
    if not unknown_names:
        yield from _wrong_types(condition, definitions, template)


def _wrong_types(
    condition: Condition, definitions: tuple[ModuleDefinition, ...], template: bool
) -> Iterator[ExpressionProblem]:
    scope = OwnScope(local=_names(definitions))
    try:
        for part, inner in _guarded(condition.tree, scope):
            evaluate(part, inner)
        value = evaluate(condition.tree, scope)
        convert(value, STRING if template else BOOL)
    except EvaluationError as error:
        yield ExpressionProblem(error.message, error.span.start, error.span.end)
    except ConversionError as error:
        yield ExpressionProblem(f"it must be true or false: {error}", 0, len(condition.text))


def _guarded(node: Any, scope: Scope) -> Iterator[tuple[nodes.Expression, Scope]]:
    """Operands, branches and bodies of loops whose mistakes an unknown beside them hides, each with what it sees.

    Nothing is known here, so all would be hidden. try() and can() are asked to hide mistakes.
    """
    if isinstance(node, nodes.Splat | Span) or not isinstance(node, tuple):
        return
    if isinstance(node, nodes.Call) and node.name in ("try", "can"):
        return
    if isinstance(node, nodes.For | nodes.TemplateFor):
        yield from _guarded(node.collection, scope)
        # Mistakes in the collection itself are met before those in what is made of it.
        yield node.collection, scope
        inner = scope.child(_bound(node, evaluate(node.collection, scope)))
        for result in _results(node):
            if result is not None:
                yield from _guarded(result, inner)
                yield result, inner
        return
    for part in node:
        yield from _guarded(part, scope)
    if isinstance(node, nodes.Binary) and node.operator in ("&&", "||"):
        yield from ((node.left, scope), (node.right, scope))
    if isinstance(node, nodes.Conditional):
        yield from ((node.then, scope), (node.otherwise, scope))


def _results(loop: nodes.For | nodes.TemplateFor) -> tuple[nodes.Expression | None, ...]:
    return (loop.body,) if isinstance(loop, nodes.TemplateFor) else (loop.key_result, loop.result, loop.condition)


def _bound(loop: nodes.For | nodes.TemplateFor, collection: Value) -> dict[str, Value]:
    """The names that a loop binds, with as much of a type as the collection's says."""
    kind = collection.type
    element = kind.element if isinstance(kind, Collection) else DYNAMIC
    keyed = isinstance(kind, ObjectType) or (isinstance(kind, Collection) and kind.kind == "map")
    names = {loop.value: unknown("an element", element)}
    return names if loop.key is None else {**names, loop.key: unknown("a key", STRING if keyed else DYNAMIC)}


_Key = tuple[tuple[str, str | None], ...]
_SHAPES: dict[_Key, tuple[Shape, Shape, Shape]] = {}
_NAMES: dict[_Key, dict[str, Value]] = {}


def _key(definitions: tuple[ModuleDefinition, ...]) -> _Key:
    return tuple((definition.path, definition.version) for definition in definitions)


def _shapes_of(definitions: tuple[ModuleDefinition, ...]) -> tuple[Shape, Shape, Shape]:
    """What `config`, `settings` and `cluster` may have: by own names of any version, and by the newest names."""
    key = _key(definitions)
    if key not in _SHAPES:
        own = merged(shape_of(definition) for definition in definitions)
        _SHAPES[key] = (own, merged(_current(definitions)), merged(_current(_clusters(definitions))))
    return _SHAPES[key]


def _clusters(definitions: tuple[ModuleDefinition, ...]) -> tuple[ModuleDefinition, ...]:
    """The clusters that the node pools among these may belong to."""
    providers = dict.fromkeys(definition.provider for definition in definitions if definition.kind == "node-pool")
    found = (newest(f"{provider}/cluster") for provider in providers)
    return tuple(cluster for cluster in found if cluster is not None)


def _current(definitions: tuple[ModuleDefinition, ...]) -> Iterator[Shape]:
    for definition in {item.path: item for item in definitions}.values():
        yield shape_of(newest(definition.path) or definition)
        if definition.kind in ("cluster", "node-pool"):
            pool = pool_shape(definition.provider)
            yield Shape({(POOL,): pool.type(), **{(POOL, *path): kind for path, kind in pool.types.items()}})


def _names(definitions: tuple[ModuleDefinition, ...]) -> dict[str, Value]:
    key = _key(definitions)
    if key not in _NAMES:
        _NAMES[key] = _typed_names(*_shapes_of(definitions))
    return _NAMES[key]


def _typed_names(own: Shape, current: Shape, cluster: Shape) -> dict[str, Value]:
    config, settings = own.type(), current.type()
    pool = settings.attributes.get(POOL, ObjectType({}))
    kinds: dict[str, Type] = {
        "environment": STRING,
        "base_environment": STRING,
        "environments": Collection("map", config),
        "config": config,
        "base": config,
        "settings": settings,
        "written": settings,
        "base_settings": settings,
        "pool": pool,
        CLUSTER: cluster.type(),
        "module": _MODULE,
    }
    return {name: unknown("only known with a configuration", kind) for name, kind in kinds.items()}


def _unknown_attributes(condition: Condition, definitions: tuple[ModuleDefinition, ...]) -> Iterator[ExpressionProblem]:
    own, current, cluster = _shapes_of(definitions)
    for read in condition.reads:
        if read.root == MODULE:
            continue
        shape = own if read.root in ("config", "base", "environments") else current
        shape = cluster if read.root == CLUSTER else shape
        path = read.path
        if read.root == "environments":
            path = path[1:]
        elif read.root == POOL:
            path = (POOL, *path)
        if shape is cluster and path and not cluster.types:
            message = f'"{".".join((CLUSTER, *path))}" is asked for, and no module that this is about is a node pool'
            yield ExpressionProblem(message, read.span.start, read.span.end, "only node pools have a cluster")
            continue
        problem = _missing(read, path, shape)
        if problem is not None:
            yield problem


def _missing(read: Read, path: tuple[str, ...], shape: Shape) -> ExpressionProblem | None:
    for length in range(1, len(path) + 1):
        part = path[:length]
        if part in shape.types:
            if not isinstance(shape.types[part], ObjectType):
                # What follows lies inside of a map or list; types are another check's matter.
                return None
            continue
        siblings = {other[-1] for other in shape.types if len(other) == length and other[:-1] == part[:-1]}
        if length > 1 and not siblings and shape.types.get(part[:-1], DYNAMIC) == DYNAMIC:
            return None
        found = closest(part[-1], siblings)
        written = ".".join((read.root, *(() if read.root != "environments" else (EACH,)), *part))
        message = f'no module that this is about has "{written.replace(f"{POOL}.{POOL}", POOL)}"'
        return ExpressionProblem(message, read.span.start, read.span.end, f"did you mean {found}?" if found else "")
    return None
