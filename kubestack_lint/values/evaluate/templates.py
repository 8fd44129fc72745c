"""Texts with interpolations and directives."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values.access import EvaluationError, element_pairs
from kubestack_lint.values.evaluate.conditionals import conditional
from kubestack_lint.values.evaluate.evaluation import attempt, converted, evaluate, shapeless
from kubestack_lint.values.evaluate.loops import iterated
from kubestack_lint.values.evaluate.scope import MAX_STRING, TOO_MANY_STEPS, Scope
from kubestack_lint.values.types import STRING
from kubestack_lint.values.value import Unknown, Value, passed_on, string, unknown


def template(expression: nodes.Template, scope: Scope) -> Value:
    """A text such as `"a${b}"`."""
    texts: list[str] = []
    size = 0
    hidden: Unknown | None = None
    failed: EvaluationError | None = None
    sensitive = False
    for part in expression.parts:
        if isinstance(part, str):
            texts.append(part)
            size += len(part)
            continue
        value, error = attempt(part, scope)
        scope.budget.charge(value)
        sensitive = sensitive or value.sensitive
        if error is None and isinstance(value.data, Unknown):
            hidden = hidden or value.data
            continue
        try:
            text = _interpolated(value, error, part.span)
        except EvaluationError as problem:
            # The parts behind it still count for what is sensitive.
            failed = failed or problem
            continue
        texts.append(text)
        size += len(text)
        if size > MAX_STRING:
            return unknown(f"the text is longer than {MAX_STRING} characters", STRING, expression.span)
    if failed is not None:
        failed.type, failed.sensitive, failed.built = STRING, sensitive, False
        raise failed
    if hidden is not None:
        return Value(STRING, replace(hidden, not_null=True), expression.span, sensitive=sensitive)
    result = string("".join(texts), expression.span)
    return replace(result, sensitive=True) if sensitive else result


def _interpolated(value: Value, error: EvaluationError | None, span: Span) -> str:
    """The text of one part of a template."""
    if error is not None:
        raise error
    if value.is_null:
        raise EvaluationError("null cannot be part of a text", span)
    text = converted(value, STRING, span, "this value cannot be part of a text").data
    assert isinstance(text, str)
    return text


def template_wrap(expression: nodes.TemplateWrap, scope: Scope) -> Value:
    """`"${a}"`: no text, but what stands in it."""
    return evaluate(expression.wrapped, scope)


def template_if(expression: nodes.TemplateIf, scope: Scope) -> Value:
    """`%{ if a }…%{ endif }`."""
    choice = nodes.Conditional(expression.span, expression.condition, expression.then, expression.otherwise)
    return conditional(choice, scope)


def template_for(expression: nodes.TemplateFor, scope: Scope) -> Value:
    """`%{ for a in b }…%{ endfor }`."""
    texts: list[str] = []
    hidden: Unknown | None = None
    failed: EvaluationError | None = None
    source = shapeless(partial(iterated, expression.collection, scope))
    sensitive = source.sensitive
    if isinstance(source.data, Unknown):
        # HCL forgets here that it is sensitive.
        return passed_on(source.data, STRING, expression.span)
    for key, value in element_pairs(source):
        if not scope.budget.round():
            return unknown(TOO_MANY_STEPS, STRING, expression.span)
        names = {expression.value: value} if expression.key is None else {expression.key: key, expression.value: value}
        text, error = attempt(expression.body, scope.child(names))
        sensitive = sensitive or text.sensitive
        failed = failed or error
        if isinstance(text.data, Unknown):
            hidden = hidden or text.data
            continue
        assert isinstance(text.data, str)
        texts.append(text.data)
    if failed is not None:
        failed.sensitive = sensitive
        raise failed
    if hidden is not None:
        # What is sensitive in the texts is forgotten, but not the collection.
        return Value(STRING, replace(hidden, not_null=False), expression.span, sensitive=source.sensitive)
    return replace(string("".join(texts), expression.span), sensitive=sensitive)
