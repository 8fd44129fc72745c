"""Literals, references, lists and objects."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values.access import EvaluationError, get_attribute, get_index
from kubestack_lint.values.evaluate.evaluation import Parts, converted, evaluate, shapeless
from kubestack_lint.values.evaluate.scope import Scope
from kubestack_lint.values.literal import quoted
from kubestack_lint.values.numbers import BEYOND, from_decimal
from kubestack_lint.values.types import NUMBER, STRING
from kubestack_lint.values.value import (
    Unknown,
    Value,
    boolean,
    null,
    number,
    object_of,
    passed_on,
    refused,
    string,
    tuple_of,
    unknown,
)


def literal(expression: nodes.Literal, scope: Scope) -> Value:
    """`1`, `true` or `null`."""
    value = expression.value
    if value is None:
        return null(span=expression.span)
    if isinstance(value, bool):
        return boolean(value, expression.span)
    exact = from_decimal(value)
    if exact is None:
        return unknown(BEYOND, NUMBER, expression.span)
    return number(exact, expression.span)


def variable(expression: nodes.Variable, scope: Scope) -> Value:
    """A bare name: that of a loop, or one that has no attributes."""
    value = scope.local.get(expression.name)
    if value is None:
        value = scope.names.root(expression.name, expression.span)
    if value is None:
        raise EvaluationError(
            f'"{expression.name}" refers to nothing; a string is written in quotes', expression.span
        )
    return value


def attribute(expression: nodes.Attribute, scope: Scope) -> Value:
    """`subject.name`."""
    subject = expression.subject
    root = ""
    if isinstance(subject, nodes.Variable) and subject.name not in scope.local:
        root = subject.name
    elif (
        isinstance(subject, nodes.Attribute)
        and isinstance(subject.subject, nodes.Variable)
        and subject.subject.name == "module"
        and "module" not in scope.local
    ):
        # One output of a module, without computing its other outputs.
        root = f"module.{subject.name}"
    elif isinstance(subject, nodes.Index):
        root = _module_instance(subject, scope)
    if root:
        value = scope.names.member(root, expression.name, expression.span)
        if value is not None:
            return value
    return get_attribute(evaluate(subject, scope), expression.name, expression.span)


def _module_instance(expression: nodes.Index, scope: Scope) -> str:
    """`module.name["key"]` as an address, "" for anything else."""
    match expression.subject:
        case nodes.Attribute(subject=nodes.Variable(name="module"), name=name) if "module" not in scope.local:
            key = evaluate(expression.key, scope)
            if isinstance(key.data, str | int) and not key.sensitive and not isinstance(key.data, bool):
                text = quoted(key.data) if isinstance(key.data, str) else str(key.data)
                return f"module.{name}[{text}]"
    return ""


def index(expression: nodes.Index, scope: Scope) -> Value:
    """`subject[key]`."""
    return get_index(evaluate(expression.subject, scope), evaluate(expression.key, scope), expression.span)


def parentheses(expression: nodes.Parentheses, scope: Scope) -> Value:
    """`(inner)`."""
    return evaluate(expression.inner, scope)


def tuple_expression(expression: nodes.Tuple, scope: Scope) -> Value:
    """`[a, b]`."""
    parts = Parts()
    items = tuple(parts.evaluate(partial(_item, item, scope, None)) for item in expression.items)
    return parts.whole(tuple_of(items, expression.span))


def _item(expression: nodes.Expression, scope: Scope, key: Span | None) -> Value:
    """One element or attribute, with its place; lenient scopes survive its error."""
    try:
        return evaluate(expression, scope).at(expression.span, key)
    except EvaluationError as error:
        if scope.problems is None:
            raise
        scope.problems.append(error)
        return replace(refused(error.message, span=error.span), span=expression.span, key=key)


def object_expression(expression: nodes.Object, scope: Scope) -> Value:
    """`{ a = 1 }`."""
    items: dict[str, Value] = {}
    parts = Parts()
    hidden: Unknown | None = None
    sensitive = False
    for item in expression.items:
        if item.bare is not None:
            name: str | None = item.bare
        else:
            key = shapeless(partial(_object_key, item, scope))
            sensitive = sensitive or key.sensitive
            name = key.data if isinstance(key.data, str) else None
            if isinstance(key.data, Unknown):
                hidden = key.data
        value = parts.evaluate(partial(_item, item.value, scope, item.key.span))
        if name is not None:
            # The last of repeated keys wins, but the place in the order stays.
            items[name] = replace(value, hides=items[name]) if name in items else value
    if hidden is not None:
        return parts.whole(passed_on(hidden, span=expression.span, prefix="one of its keys is unknown: "))
    return parts.whole(replace(object_of(items, expression.span), sensitive=sensitive))


def _object_key(item: nodes.ObjectItem, scope: Scope) -> Value:
    if isinstance(item.key, nodes.Literal) and (item.key.value is None or isinstance(item.key.value, bool)):
        return string({None: "null", True: "true", False: "false"}[item.key.value], item.key.span)
    if isinstance(item.key, nodes.Attribute | nodes.Index | nodes.Splat):
        raise EvaluationError("a reference used as a key stands in parentheses, a text in quotes", item.key.span)
    key = evaluate(item.key, scope)
    if key.is_null:
        raise EvaluationError("null cannot be a key", item.key.span)
    return converted(key, STRING, item.key.span, "this value cannot be a key")
