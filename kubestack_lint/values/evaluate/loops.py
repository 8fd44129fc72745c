"""`for` expressions."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values.access import EvaluationError, element_pairs
from kubestack_lint.values.evaluate.evaluation import Parts, converted, evaluate, shapeless
from kubestack_lint.values.evaluate.scope import TOO_MANY_STEPS, Scope
from kubestack_lint.values.types import BOOL, DYNAMIC, STRING, ObjectType, Primitive, TupleType, Type
from kubestack_lint.values.value import (
    Unknown,
    Value,
    object_of,
    passed_on,
    sensitive_in,
    tuple_of,
    unknown,
)


def iterated(expression: nodes.Expression, scope: Scope) -> Value:
    """A value that can be looped over; its own sensitivity is that of the loop, not of the elements."""
    value = evaluate(expression, scope)
    if value.is_null:
        raise EvaluationError("null cannot be looped over", expression.span)
    if isinstance(value.type, Primitive) and value.type != DYNAMIC:
        raise EvaluationError(f"a {value.type.name} cannot be looped over", expression.span)
    return value


def for_expression(expression: nodes.For, scope: Scope) -> Value:
    """`[for a in b : c if d]` and `{ for a in b : c => d }`."""
    strict = scope.strict()
    failed: EvaluationError | None = None
    try:
        source = iterated(expression.collection, strict)
    except EvaluationError as error:
        if not error.built:
            error.type, error.sensitive = DYNAMIC, False
            raise
        # HCL goes on with what there is of it, and so knows the type of the result.
        failed, source = error, _hollow(error)
    if isinstance(source.data, Unknown) and source.type == DYNAMIC:
        return passed_on(source.data, span=expression.span)
    loop = _Loop(expression, source.sensitive)
    condition_sensitive = shapeless(partial(loop.check_condition, strict))
    if isinstance(source.data, Unknown):
        result = passed_on(source.data, span=expression.span)
        return replace(result, sensitive=source.sensitive or condition_sensitive)
    for key, value in element_pairs(source):
        if not scope.budget.round():
            return unknown(TOO_MANY_STEPS, span=expression.span)
        loop.round(key, value, strict)
    result = loop.result()
    if failed is not None:
        failed.type, failed.sensitive, failed.built = result.type, result.sensitive, result.is_known
        raise failed
    return result


def _hollow(error: EvaluationError) -> Value:
    """What stands for a structure that failed: its parts by type, each unknown."""
    if isinstance(error.type, ObjectType):
        parts = error.type.attributes.items()
        return object_of({name: unknown(error.message, kind, error.span) for name, kind in parts})
    assert isinstance(error.type, TupleType)
    return tuple_of(tuple(unknown(error.message, kind, error.span) for kind in error.type.elements))


class _Loop:
    """One `for` expression under way."""

    def __init__(self, expression: nodes.For, sensitive: bool) -> None:
        self.expression = expression
        self.sensitive = sensitive
        self.items: list[Value] = []
        self.keyed: dict[str, list[Value]] = {}
        self.parts = Parts()
        self.hidden: Unknown | None = None

    def check_condition(self, scope: Scope) -> bool:
        """HCL asks once without elements, so that a condition of a wrong type fails for an empty list too.

        Returns whether the condition is sensitive.
        """
        condition = self.expression.condition
        if condition is None:
            return False
        value = evaluate(condition, self._inside(unknown("a key"), unknown("an element"), scope))
        self._fitting(value, BOOL, condition.span, "the if of a for expression")
        return value.sensitive

    def _inside(self, key: Value, value: Value, scope: Scope) -> Scope:
        names = {self.expression.value: value}
        return scope.child(names if self.expression.key is None else {self.expression.key: key, **names})

    def round(self, key: Value, value: Value, scope: Scope) -> None:
        """One element."""
        inner = self._inside(key, value, scope)
        if shapeless(partial(self.includes, inner), self.sensitive):
            self.add(inner)

    def includes(self, scope: Scope) -> bool:
        condition = self.expression.condition
        if condition is None:
            return True
        value = evaluate(condition, scope)
        self.sensitive = self.sensitive or sensitive_in(value)
        if isinstance(value.data, Unknown):
            self.hidden = value.data
            return False
        fitting = self._fitting(value, BOOL, condition.span, "the if of a for expression")
        return fitting is not None and bool(fitting.data)

    def _fitting(self, value: Value, kind: Type, span: Span, what: str) -> Value | None:
        """A value as condition or key; None where it cannot be one and the result is unknown anyway."""
        try:
            if value.is_null:
                raise EvaluationError(f"{what} must not be null", span)
            return converted(value, kind, span, f"{what} does not fit")
        except EvaluationError:
            if self.hidden is None:
                raise
            return None

    def add(self, scope: Scope) -> None:
        expression = self.expression
        if expression.key_result is None:
            self.items.append(self.parts.evaluate(partial(evaluate, expression.result, scope)))
            return
        key = shapeless(partial(evaluate, expression.key_result, scope), self.sensitive)
        self.sensitive = self.sensitive or key.sensitive
        if isinstance(key.data, Unknown):
            self.hidden = key.data
            return
        fitting = self._fitting(key, STRING, expression.key_result.span, "the key of a for expression")
        if fitting is None:
            return
        value = self.parts.evaluate(partial(evaluate, expression.result, scope))
        name = fitting.data
        assert isinstance(name, str)
        if name in self.keyed and not expression.grouped:
            message = f'two items have the key "{name}"; group them with ...'
            self.parts.error = self.parts.error or EvaluationError(message, expression.key_result.span)
            return
        self.keyed.setdefault(name, []).append(value)

    def result(self) -> Value:
        span = self.expression.span
        if self.hidden is not None:
            result = passed_on(self.hidden, span=span)
        elif self.expression.key_result is None:
            result = tuple_of(tuple(self.items), span)
        elif self.expression.grouped:
            result = object_of({name: tuple_of(tuple(items), span) for name, items in self.keyed.items()}, span)
        else:
            result = object_of({name: items[0] for name, items in self.keyed.items()}, span)
        return self.parts.whole(replace(result, sensitive=self.sensitive))
