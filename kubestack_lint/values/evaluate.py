"""Expressions → values, by HCL's evaluation rules.

Errors are those of Terraform: EvaluationError with the place. What cannot be
known statically is a value (Unknown), never an error. A lenient scope records
the error of an object's item and puts an Unknown in its place, so that one bad
setting does not hide the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol, TypeVar

from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values import operators
from kubestack_lint.values.access import EvaluationError, element_pairs, get_attribute, get_index
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.literal import quoted
from kubestack_lint.values.numbers import BEYOND, from_decimal
from kubestack_lint.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    Collection,
    ObjectType,
    Primitive,
    TupleType,
    Type,
)
from kubestack_lint.values.unify import unify
from kubestack_lint.values.value import (
    Unknown,
    Value,
    boolean,
    collection,
    definitely_not_null,
    null,
    number,
    object_of,
    passed_on,
    refused,
    same,
    sensitive_in,
    string,
    tuple_of,
    unknown,
)

# Python frames cost memory; nobody writes expressions nested this deep, but
# locals that refer to locals may add up. Beyond it the value is unknown.
MAX_DEPTH = 400
MAX_STRING = 4_000_000
# Locals that hold others twice grow exponentially, and whoever looks at all of
# their parts takes that long.
MAX_WEIGHT = 50_000
MAX_STEPS = 150_000
# Round a loop: a scope and what is evaluated in it cost more than a step each.
STEPS_PER_ROUND = 3
# Looking at so many parts of a value takes as long as a step.
PARTS_PER_STEP = 8
LEVELS = 8
_TOO_MANY_STEPS = f"evaluating takes more than {MAX_STEPS} steps"


_Result = TypeVar("_Result")


class Names(Protocol):
    """Resolves the names of a module, such as `var.x`, `local.y` and `path.module`."""

    def member(self, root: str, name: str, span: Span) -> Value | None:
        """The value of `root.name`; None when there is no such root."""

    def root(self, root: str, span: Span) -> Value | None:
        """The value of a bare root such as `var`; None when there is no such root."""


class NoNames:
    """Nothing to refer to, as in the default of a type constraint."""

    def member(self, root: str, name: str, span: Span) -> Value | None:
        """Nothing."""
        return None

    def root(self, root: str, span: Span) -> Value | None:
        """Nothing."""
        return None


@dataclass(slots=True)
class Budget:
    """How much one evaluation may still do; shared by all scopes of a run."""

    steps: int = MAX_STEPS
    depth: int = 0

    def round(self) -> bool:
        """Pay for one round of a loop; False when nothing is left."""
        self.steps -= STEPS_PER_ROUND
        return self.steps >= 0

    def charge(self, *values: Value) -> None:
        """Pay for looking at every part of large values."""
        self.steps -= sum(value.weight for value in values) // PARTS_PER_STEP


@dataclass(slots=True)
class Scope:
    """What an expression can see: loop variables, the module's names, functions' base."""

    names: Names = field(default_factory=NoNames)
    local: Mapping[str, Value] = field(default_factory=dict)
    problems: list[EvaluationError] | None = None
    budget: Budget = field(default_factory=Budget)
    functions: Callable[[str], object] | None = None
    files: object | None = None

    def child(self, local: Mapping[str, Value]) -> Scope:
        """A scope with more loop variables; inner names hide outer ones."""
        # Spelled out: `replace` takes three times as long, and loops call this most.
        return Scope(self.names, {**self.local, **local}, self.problems, self.budget, self.functions, self.files)

    def strict(self) -> Scope:
        """A scope in which every error is raised, as inside `try`."""
        return self if self.problems is None else replace(self, problems=None)


def evaluate(expression: nodes.Expression, scope: Scope) -> Value:
    """The value of an expression. Raises EvaluationError where Terraform refuses."""
    budget = scope.budget
    budget.steps -= 1
    if budget.steps < 0 and isinstance(expression, _EXPENSIVE):
        # Whatever is as long as its text goes on, so that the rest of a file stays useful.
        return unknown(_TOO_MANY_STEPS, span=expression.span)
    if budget.depth > MAX_DEPTH:
        return unknown(f"it is computed more than {MAX_DEPTH} steps deep", span=expression.span)
    budget.depth += 1
    try:
        value = _EVALUATORS[type(expression)](expression, scope)
    except EvaluationError as error:
        if not isinstance(expression, _KEEPS_TYPE):
            error.type = _failed_type(expression)
            error.sensitive = error.sensitive and isinstance(expression, nodes.Binary)
            error.built = False
        raise
    finally:
        budget.depth -= 1
    if value.weight > MAX_WEIGHT:
        return unknown(f"it has more than {MAX_WEIGHT} parts", span=expression.span)
    return value


# These go on after an error in one of their parts, and say which type comes of it.
_KEEPS_TYPE = (
    nodes.Parentheses, nodes.TemplateWrap, nodes.Tuple, nodes.Object, nodes.For, nodes.Splat, nodes.Conditional,
    nodes.Template, nodes.TemplateIf, nodes.TemplateFor,
)


def _failed_type(expression: nodes.Expression) -> Type:
    if isinstance(expression, nodes.Binary | nodes.Unary):
        return operators.result_type(expression.operator)
    return DYNAMIC


class _Parts:
    """Parts of a tuple, object, loop or splat; after an error the others still count for the type."""

    def __init__(self) -> None:
        self.error: EvaluationError | None = None

    def evaluate(self, evaluation: Callable[[], Value]) -> Value:
        """A part, or what stands for one that fails."""
        try:
            return evaluation()
        except EvaluationError as error:
            self.error = self.error or error
            return unknown(error.message, error.type, error.span)

    def whole(self, value: Value) -> Value:
        """The value of all parts, or the first error with its type."""
        if self.error is None:
            return value
        self.error.type, self.error.sensitive, self.error.built = value.type, value.sensitive, value.is_known
        raise self.error


def _shapeless(evaluation: Callable[[], _Result], sensitive: bool = False) -> _Result:
    """What HCL cannot do without: an error in it leaves no type, but how sensitive the whole is so far."""
    try:
        return evaluation()
    except EvaluationError as error:
        error.type, error.sensitive, error.built = DYNAMIC, sensitive, False
        raise


_EXPENSIVE = (nodes.For, nodes.TemplateFor, nodes.Call, nodes.Attribute)


def _literal(expression: nodes.Literal, scope: Scope) -> Value:
    value = expression.value
    if value is None:
        return null(span=expression.span)
    if isinstance(value, bool):
        return boolean(value, expression.span)
    exact = from_decimal(value)
    if exact is None:
        return unknown(BEYOND, NUMBER, expression.span)
    return number(exact, expression.span)


def _variable(expression: nodes.Variable, scope: Scope) -> Value:
    value = scope.local.get(expression.name)
    if value is None:
        value = scope.names.root(expression.name, expression.span)
    if value is None:
        raise EvaluationError(
            f'"{expression.name}" refers to nothing; a string is written in quotes', expression.span
        )
    return value


def _attribute(expression: nodes.Attribute, scope: Scope) -> Value:
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


def _index(expression: nodes.Index, scope: Scope) -> Value:
    return get_index(evaluate(expression.subject, scope), evaluate(expression.key, scope), expression.span)


def _parentheses(expression: nodes.Parentheses, scope: Scope) -> Value:
    return evaluate(expression.inner, scope)


def _tuple(expression: nodes.Tuple, scope: Scope) -> Value:
    parts = _Parts()
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


def _object(expression: nodes.Object, scope: Scope) -> Value:
    items: dict[str, Value] = {}
    parts = _Parts()
    hidden: Unknown | None = None
    sensitive = False
    for item in expression.items:
        if item.bare is not None:
            name: str | None = item.bare
        else:
            key = _shapeless(partial(_object_key, item, scope))
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
    return _converted(key, STRING, item.key.span, "this value cannot be a key")


def _converted(value: Value, kind: Collection | object, span: Span, what: str) -> Value:
    try:
        return convert(value, kind)  # type: ignore[arg-type]
    except ConversionError as error:
        raise EvaluationError(f"{what}: {error}", span) from error


# -- templates ------------------------------------------------------------


def _template(expression: nodes.Template, scope: Scope) -> Value:
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
        value, error = _attempt(part, scope)
        scope.budget.charge(value)
        sensitive = sensitive or sensitive_in(value)
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
    text = _converted(value, STRING, span, "this value cannot be part of a text").data
    assert isinstance(text, str)
    return text


def _template_wrap(expression: nodes.TemplateWrap, scope: Scope) -> Value:
    return evaluate(expression.wrapped, scope)


def _template_if(expression: nodes.TemplateIf, scope: Scope) -> Value:
    choice = nodes.Conditional(expression.span, expression.condition, expression.then, expression.otherwise)
    return _conditional(choice, scope)


def _template_for(expression: nodes.TemplateFor, scope: Scope) -> Value:
    texts: list[str] = []
    hidden: Unknown | None = None
    failed: EvaluationError | None = None
    source = _shapeless(partial(_iterated, expression.collection, scope))
    sensitive = source.sensitive
    if isinstance(source.data, Unknown):
        # HCL forgets here that it is sensitive.
        return passed_on(source.data, STRING, expression.span)
    for key, value in element_pairs(source):
        if not scope.budget.round():
            return unknown(_TOO_MANY_STEPS, STRING, expression.span)
        names = {expression.value: value} if expression.key is None else {expression.key: key, expression.value: value}
        text, error = _attempt(expression.body, scope.child(names))
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


# -- conditionals and loops -----------------------------------------------


def _conditional(expression: nodes.Conditional, scope: Scope) -> Value:
    strict = scope.strict()
    then, then_error = _attempt(expression.then, strict)
    otherwise, otherwise_error = _attempt(expression.otherwise, strict)
    scope.budget.charge(then, otherwise)
    if then.type != otherwise.type:
        # To find the type that both have in common, parts are looked at from each level above them.
        scope.budget.charge(*[then, otherwise] * LEVELS)
    kind, convert_result = operators.conditional_type(then, otherwise, expression.span)
    sensitive = then.sensitive or otherwise.sensitive
    condition, problem = _attempt(expression.condition, strict)
    sensitive = sensitive or condition.sensitive
    if problem is not None:
        problem.type, problem.sensitive, problem.built = kind, sensitive, False
        raise problem
    condition = _truth(condition, expression.condition.span, kind)
    if isinstance(condition.data, Unknown):
        result = _either(then, otherwise, kind, condition.data)
        return replace(result, span=expression.span, sensitive=sensitive)
    value, problem = (then, then_error) if condition.data else (otherwise, otherwise_error)
    try:
        if problem is not None:
            raise problem
        if convert_result:
            value = _converted(value, kind, expression.span, "both results must have one type")
    except EvaluationError as error:
        # The branch that is not chosen counts as well.
        error.type, error.sensitive = kind, sensitive
        raise
    return replace(value, sensitive=True) if sensitive else value


def _truth(condition: Value, span: Span, kind: Type) -> Value:
    """A condition as true, false or unknown; `kind` is the type of the conditional."""
    if isinstance(condition.data, Unknown):
        return condition
    try:
        if condition.is_null:
            raise EvaluationError("the condition is null; it must be true or false", span)
        return _converted(condition, BOOL, span, "the condition must be true or false")
    except EvaluationError as error:
        error.type = kind
        raise


def _either(then: Value, otherwise: Value, kind: Type, condition: Unknown) -> Value:
    """What is known of a conditional whose condition is unknown."""
    if then.is_null and otherwise.is_null:
        return null(kind)
    if kind == NUMBER and then.type == otherwise.type and then.is_known and same(then, otherwise):
        # Terraform keeps the bounds of unknown numbers; between 1 and 1 there is only one.
        return then
    not_null = all(definitely_not_null(value) for value in (then, otherwise))
    because = f"its condition is unknown: {condition.because}"
    return Value(kind, Unknown(because, condition.span, not_null, rule=condition.rule))


def _attempt(expression: nodes.Expression, scope: Scope) -> tuple[Value, EvaluationError | None]:
    try:
        return evaluate(expression, scope), None
    except EvaluationError as error:
        value = unknown(error.message, error.type, expression.span)
        return replace(value, sensitive=error.sensitive), error


def _iterated(expression: nodes.Expression, scope: Scope) -> Value:
    """A value that can be looped over; its own sensitivity is that of the loop, not of the elements."""
    value = evaluate(expression, scope)
    if value.is_null:
        raise EvaluationError("null cannot be looped over", expression.span)
    if isinstance(value.type, Primitive) and value.type != DYNAMIC:
        raise EvaluationError(f"a {value.type.name} cannot be looped over", expression.span)
    return value


def _for(expression: nodes.For, scope: Scope) -> Value:
    strict = scope.strict()
    failed: EvaluationError | None = None
    try:
        source = _iterated(expression.collection, strict)
    except EvaluationError as error:
        if not error.built:
            error.type, error.sensitive = DYNAMIC, False
            raise
        # HCL goes on with what there is of it, and so knows the type of the result.
        failed, source = error, _hollow(error)
    if isinstance(source.data, Unknown) and source.type == DYNAMIC:
        return passed_on(source.data, span=expression.span)
    loop = _Loop(expression, source.sensitive)
    condition_sensitive = _shapeless(partial(loop.check_condition, strict))
    if isinstance(source.data, Unknown):
        result = passed_on(source.data, span=expression.span)
        return replace(result, sensitive=source.sensitive or condition_sensitive)
    for key, value in element_pairs(source):
        if not scope.budget.round():
            return unknown(_TOO_MANY_STEPS, span=expression.span)
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
        self.parts = _Parts()
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
        if _shapeless(partial(self.includes, inner), self.sensitive):
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
            return _converted(value, kind, span, f"{what} does not fit")
        except EvaluationError:
            if self.hidden is None:
                raise
            return None

    def add(self, scope: Scope) -> None:
        expression = self.expression
        if expression.key_result is None:
            self.items.append(self.parts.evaluate(partial(evaluate, expression.result, scope)))
            return
        key = _shapeless(partial(evaluate, expression.key_result, scope), self.sensitive)
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


_SPLAT_ITEM = "\0splat"


def _splat(expression: nodes.Splat, scope: Scope) -> Value:
    source = _shapeless(partial(evaluate, expression.subject, scope))
    sequence = isinstance(source.type, TupleType) or (
        isinstance(source.type, Collection) and source.type.kind != "map"
    )
    if source.is_null:
        if sequence:
            raise EvaluationError("a null list cannot be splatted", expression.span)
        return replace(tuple_of((), expression.span), sensitive=source.sensitive)
    if source.type == DYNAMIC:
        return replace(source, span=expression.span)
    parts = _Parts()

    def each(item: Value) -> Value:
        return parts.evaluate(partial(evaluate, expression.each, scope.child({_SPLAT_ITEM: item})))

    several = source if sequence else replace(tuple_of((source,)), sensitive=source.sensitive)
    result = _splat_sequence(expression, several, each, parts)
    if not sequence and not definitely_not_null(source):
        assert isinstance(source.data, Unknown)
        result = passed_on(source.data, span=expression.span)
    return parts.whole(replace(result, sensitive=source.sensitive))


def _splat_sequence(
    expression: nodes.Splat, source: Value, each: Callable[[Value], Value], parts: _Parts
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


def _splat_item(expression: nodes.SplatItem, scope: Scope) -> Value:
    return scope.local[_SPLAT_ITEM]


# -- operators and calls --------------------------------------------------


def _unary(expression: nodes.Unary, scope: Scope) -> Value:
    value = evaluate(expression.operand, scope.strict())
    return operators.unary(expression.operator, value, expression.operand.span, expression.span)


def _binary(expression: nodes.Binary, scope: Scope) -> Value:
    # Long chains lean to the left: walk them in a loop, not in recursion.
    chain: list[nodes.Binary] = []
    left: nodes.Expression = expression
    while isinstance(left, nodes.Binary):
        chain.append(left)
        left = left.left
    strict = scope.strict()
    value, error = _attempt(left, strict)
    for node in reversed(chain):
        right, right_error = _attempt(node.right, strict)
        scope.budget.charge(value, right)
        value, error = operators.binary(node, value, error, right, right_error)
    if error is not None:
        raise error
    return value


def _call(expression: nodes.Call, scope: Scope) -> Value:
    from kubestack_lint.values.functions import call

    return call(expression, scope)


_EVALUATORS: dict[type[nodes.Expression], Callable[..., Value]] = {
    nodes.Literal: _literal,
    nodes.Variable: _variable,
    nodes.Attribute: _attribute,
    nodes.Index: _index,
    nodes.Parentheses: _parentheses,
    nodes.Tuple: _tuple,
    nodes.Object: _object,
    nodes.Template: _template,
    nodes.TemplateWrap: _template_wrap,
    nodes.TemplateIf: _template_if,
    nodes.TemplateFor: _template_for,
    nodes.Conditional: _conditional,
    nodes.For: _for,
    nodes.Splat: _splat,
    nodes.SplatItem: _splat_item,
    nodes.Unary: _unary,
    nodes.Binary: _binary,
    nodes.Call: _call,
}

__all__ = ["Budget", "EvaluationError", "Names", "NoNames", "Scope", "evaluate", "same", "unify"]
