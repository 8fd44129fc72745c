"""Splats: `list[*].name` and `list.*.name`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from kubestack_lint.syntax import nodes
from kubestack_lint.values.access import EvaluationError
from kubestack_lint.values.evaluate.evaluation import Parts, evaluate, shapeless
from kubestack_lint.values.evaluate.scope import Scope
from kubestack_lint.values.types import DYNAMIC, Collection, TupleType, Type
from kubestack_lint.values.value import Unknown, Value, collection, definitely_not_null, passed_on, tuple_of, unknown

_SPLAT_ITEM = "\0splat"


def splat(expression: nodes.Splat, scope: Scope) -> Value:
    """A value for each element; anything but a list or set counts as its only element."""
    source = shapeless(partial(evaluate, expression.subject, scope))
    sequence = isinstance(source.type, TupleType) or (
        isinstance(source.type, Collection) and source.type.kind != "map"
    )
    if source.is_null:
        if sequence:
            raise EvaluationError("a null list cannot be splatted", expression.span)
        return replace(tuple_of((), expression.span), sensitive=source.sensitive)
    if source.type == DYNAMIC:
        return replace(source, span=expression.span)
    parts = Parts()

    def each(item: Value) -> Value:
        return parts.evaluate(partial(evaluate, expression.each, scope.child({_SPLAT_ITEM: item})))

    several = source if sequence else replace(tuple_of((source,)), sensitive=source.sensitive)
    result = _splat_sequence(expression, several, each, parts)
    if not sequence and not definitely_not_null(source):
        assert isinstance(source.data, Unknown)
        result = passed_on(source.data, span=expression.span)
    return parts.whole(replace(result, sensitive=source.sensitive))


def _splat_sequence(
    expression: nodes.Splat, source: Value, each: Callable[[Value], Value], parts: Parts
) -> Value:
    results = tuple(each(item) for item in source.elements)
    if isinstance(source.data, Unknown):
        return Value(_splat_type(source.type, each), replace(source.data, not_null=True), expression.span)
    if parts.error is not None:
        return unknown(parts.error.message, _splat_type(source.type, each), expression.span)
    if isinstance(source.type, TupleType):
        return tuple_of(results, expression.span)
    if not results:
        return Value(_splat_type(source.type, each), (), expression.span)
    common = results[0].type
    if any(item.type != common for item in results):
        raise EvaluationError("the results of this splat have different types; use a for expression", expression.span)
    return collection("list", common, results, expression.span)


def _splat_type(kind: Type, each: Callable[[Value], Value]) -> Type:
    """The type of the result, from the type of what is splatted alone."""
    if isinstance(kind, TupleType):
        return TupleType(tuple(each(unknown("an element", element)).type for element in kind.elements))
    assert isinstance(kind, Collection)
    return Collection("list", each(unknown("an element", kind.element)).type)


def splat_item(expression: nodes.SplatItem, scope: Scope) -> Value:
    """The element that a splat is at."""
    return scope.local[_SPLAT_ITEM]
