"""The values of a module's input variables, converted and checked as they declare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.project.module import argument, nested
from kubestack_lint.source import Source, Span
from kubestack_lint.syntax import nodes, parse_expression
from kubestack_lint.syntax.references import references
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.declared import variable_type
from kubestack_lint.values.defaults import with_defaults
from kubestack_lint.values.evaluate import EvaluationError, NoNames, Scope, evaluate
from kubestack_lint.values.types import BOOL, DYNAMIC, NUMBER, STRING, Type
from kubestack_lint.values.value import Value, null, refused, sensitive_in, unknown

if TYPE_CHECKING:
    from kubestack_lint.project.instance import ModuleInstance

_HIDDEN = "the value does not meet its validation"
_CONSTANT = "may not be used in the default of a variable or in a file of values; a local may use it"
_REFERENCES = ("var", "local", "module", "path", "terraform", "each", "count", "data")


def input_value(instance: ModuleInstance, name: str, block: nodes.Block) -> Value:
    """What `var.name` stands for in a module."""
    value = _given(instance, name, block)
    if value is None or (value.is_null and not flag(instance, block, "nullable", True)):
        default = _default(instance, block)
        if default is None and value is not None:
            message = f'variable "{name}" must not be null: it is declared with nullable = false'
            instance.world.problem(EvaluationError(message, value.place or block.header))
            return refused(message, _type(instance, block), value.place)
        value = default
    if value is None:
        where = "give it one in terraform.tfvars" if instance.is_root else "its caller gives none"
        return unknown(f'variable "{name}" has no value; {where}', _type(instance, block), block.header)
    value = _fitting(instance, block, value)
    if flag(instance, block, "sensitive", False) or flag(instance, block, "ephemeral", False):
        value = replace(value, sensitive=True)
    if not any(_wrong_validations(block)):
        for validation in nested(block, "validation"):
            _validate(instance, name, validation, value)
    return value


def check_inputs(instance: ModuleInstance) -> None:
    """Ask for defaults and for what is validated: Terraform does so even where nothing needs the value."""
    for name, block in instance.module.variables.items():
        try:
            _check_declaration(instance, block)
        except EvaluationError as error:
            instance.world.problem(error)
        for message, span in _wrong_validations(block):
            instance.world.problem(EvaluationError(message, span))
        if next(nested(block, "validation"), None) is not None:
            try:
                instance.variable(name, block.header)
            except EvaluationError as error:
                instance.world.problem(error)


def _check_declaration(instance: ModuleInstance, block: nodes.Block) -> None:
    """Keep for the report what Terraform refuses in a variable, whether or not anything needs its value."""
    nullable, *_ = (flag(instance, block, name, name == "nullable") for name in ("nullable", "sensitive", "ephemeral"))
    default = _default(instance, block)
    if default is None:
        return
    _fitting(instance, block, default)
    if default.is_null and not nullable:
        message = f'the default of variable "{block.labels[0]}" is null, which nullable = false rules out'
        instance.world.problem(EvaluationError(message, default.place or block.header))


def flag(instance: ModuleInstance, block: nodes.Block, name: str, default: bool) -> bool:
    """A literal true or false, such as `sensitive` and `nullable`."""
    found = argument(block, name)
    if found is None:
        return default
    try:
        value = convert(evaluate(found.expression, Scope()), BOOL)
    except (EvaluationError, ConversionError) as error:
        instance.world.problem(EvaluationError(f"{name} must be true or false: {error}", found.expression.span))
        return default
    if value.is_null:
        instance.world.problem(EvaluationError(f"{name} must be true or false, not null", found.expression.span))
    return value.data if isinstance(value.data, bool) else default


def _given(instance: ModuleInstance, name: str, block: nodes.Block) -> Value | None:
    if name in instance.given:
        return instance.given[name]
    given = instance.values.get(name)
    if given is None:
        return None
    value = _literal(instance, given.expression)
    if given.expression.span.path.startswith("environment "):
        primitive = argument(block, "type") is None or _type(instance, block) in (STRING, NUMBER, BOOL)
        return value if primitive else _from_text(instance, given.expression.span.source)
    key = given.key.name_span if isinstance(given.key, nodes.Argument) else given.key.span
    return value.at(given.expression.span, key)


def _default(instance: ModuleInstance, block: nodes.Block) -> Value | None:
    """The default; each file that has a say in it converts it to the type known there."""
    value: Value | None = None
    kind: Type = DYNAMIC
    for part in block.parts or (block,):
        default, declared = argument(part, "default"), argument(part, "type")
        if declared is not None:
            kind = _type(instance, part)
        if default is not None:
            value = _literal(instance, default.expression)
        if value is not None and block.parts:
            filled = kind if default is not None and declared is not None else DYNAMIC
            value = _converted(instance, block, value, filled, kind)
    return value


def _literal(instance: ModuleInstance, expression: nodes.Expression) -> Value:
    """A value that refers to nothing."""
    return evaluate(expression, _constants(instance))


def _from_text(instance: ModuleInstance, text: Source) -> Value:
    """A TF_VAR_ value of a variable whose type has parts, or may have: an expression."""
    try:
        return _literal(instance, parse_expression(text))
    except SyntaxProblem as problem:
        raise EvaluationError(problem.message, problem.span) from problem


def _constants(instance: ModuleInstance) -> Scope:
    """Where nothing can be referred to or called."""
    return Scope(_NoReferences(), problems=instance.scope().problems, budget=instance.world.budget, functions=_no_call)


def _no_call(name: str) -> str:
    return f"{name}() {_CONSTANT}"


class _NoReferences(NoNames):
    """Says of what exists elsewhere that it may not be used here."""

    def member(self, root: str, name: str, span: Span) -> Value | None:
        """Nothing."""
        if root in _REFERENCES:
            raise EvaluationError(f"{root}.{name} {_CONSTANT}", span)
        return None


def _fitting(instance: ModuleInstance, block: nodes.Block, value: Value) -> Value:
    kind = _type(instance, block)
    # Another type in an override file leaves the defaults in it as they were.
    return _converted(instance, block, value, _type(instance, block.parts[0]) if block.parts else kind, kind)


def _converted(instance: ModuleInstance, block: nodes.Block, value: Value, filled: Type, kind: Type) -> Value:
    """A value with the defaults of one type, converted to another."""
    try:
        return convert(with_defaults(value, filled), kind)
    except ConversionError as error:
        place = error.problem.value.place or value.place or block.header
        instance.world.problem(
            EvaluationError(f'variable "{block.labels[0]}" does not take this value: {error}', place)
        )
        return unknown(f'variable "{block.labels[0]}" does not take its value: {error}', kind, place)


def _type(instance: ModuleInstance, block: nodes.Block) -> Type:
    declared = argument(block, "type")
    if declared is None:
        return DYNAMIC
    try:
        return variable_type(declared.expression)
    except SyntaxProblem as problem:
        instance.world.problem(EvaluationError(problem.message, problem.span))
        return DYNAMIC


# -- validation -----------------------------------------------------------


def _wrong_validations(block: nodes.Block) -> Iterator[tuple[str, Span]]:
    """Validation blocks of a variable that Terraform refuses whatever the value is."""
    name = block.labels[0]
    for validation in nested(block, "validation"):
        for needed in ("condition", "error_message"):
            if argument(validation, needed) is None:
                yield f'the validation of variable "{name}" has no {needed}', validation.header
        condition = argument(validation, "condition")
        if condition is not None and not any(
            (reference.root, reference.name) == ("var", name) for reference in references(condition.expression)
        ):
            message = f'the validation of variable "{name}" must test var.{name} in its condition'
            yield message, condition.expression.span


def _validate(instance: ModuleInstance, name: str, validation: nodes.Block, value: Value) -> None:
    """Check one validation of a variable; what fails is kept for the report."""
    condition, message = argument(validation, "condition"), argument(validation, "error_message")
    if condition is None or message is None:
        return
    names = _WithValue(instance, name, value)
    tested, said = instance.check(condition.expression), instance.check(message.expression)
    if not (tested and said):
        return
    problem = instance.world.problem
    words = _words(instance, name, message, names)
    try:
        holds = convert(_evaluated(instance, condition, names), BOOL)
    except (EvaluationError, ConversionError) as error:
        place = error.span if isinstance(error, EvaluationError) else condition.expression.span
        problem(EvaluationError(f'the validation of variable "{name}" fails: {error}', place))
        return
    if holds.is_null:
        reason = f'the validation of variable "{name}" fails: its condition is null'
        problem(EvaluationError(reason, condition.expression.span))
    if holds.data is False:
        if sensitive_in(words):
            reason = f'the error message of variable "{name}" refers to sensitive values, so it cannot be shown'
            problem(EvaluationError(reason, message.expression.span))
        text = words.data.strip() if isinstance(words.data, str) and not sensitive_in(words) else _HIDDEN
        problem(EvaluationError(f'variable "{name}": {text}', value.place or validation.header, "failed-validation"))


def _words(instance: ModuleInstance, name: str, message: nodes.Argument, names: _WithValue) -> Value:
    """The error message; Terraform evaluates it even where the value is right."""
    try:
        return convert(_evaluated(instance, message, names), STRING)
    except ConversionError as error:
        reason = f'the error message of variable "{name}" is no text: {error}'
    except EvaluationError as error:
        if message.name_span.path.endswith(".json"):
            # In JSON syntax what cannot be evaluated is taken for a text.
            return null()
        reason = f'the error message of variable "{name}" fails: {error}'
    instance.world.problem(EvaluationError(reason, message.expression.span))
    return null()


def _evaluated(instance: ModuleInstance, given: nodes.Argument, names: _WithValue) -> Value:
    return evaluate(given.expression, Scope(names=names, budget=instance.world.budget, files=instance.world.files))


class _WithValue:
    """An instance in which one variable already has its value, as its validation sees it."""

    def __init__(self, instance: ModuleInstance, name: str, value: Value) -> None:
        self.instance = instance
        self.name = name
        self.value = value

    def root(self, root: str, span: Span) -> Value | None:
        return self.instance.root(root, span)

    def member(self, root: str, name: str, span: Span) -> Value | None:
        if root == "var" and name == self.name:
            return self.value
        return self.instance.member(root, name, span)
