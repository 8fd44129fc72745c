"""Operators and conditionals on values, as cty computes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values import arithmetic
from kubestack_lint.values.access import EvaluationError
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.numbers import Number
from kubestack_lint.values.types import BOOL, DYNAMIC, NUMBER, Type, conforms, is_set
from kubestack_lint.values.unify import unify
from kubestack_lint.values.value import (
    Unknown,
    Value,
    boolean,
    definitely_not_null,
    number,
    same,
    sensitive_in,
    unknown,
    unknown_in,
)

_ARITHMETIC: dict[str, Callable[[Number, Number], Number]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "%": arithmetic.modulo,
}
_COMPARISON: dict[str, Callable[[Number, Number], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


def unary(operator: str, value: Value, operand: Span, span: Span) -> Value:
    """`-x` and `!x`."""
    kind = NUMBER if operator == "-" else BOOL
    value = _operand(value, kind, operand)
    if isinstance(value.data, Unknown):
        # Terraform forgets here that it is sensitive.
        return replace(value, span=span, sensitive=False)
    if operator == "!":
        return replace(boolean(not value.data, span), sensitive=value.sensitive)
    assert isinstance(value.data, int | Fraction)
    return replace(number(arithmetic.negate(value.data), span), sensitive=value.sensitive)


def _operand(value: Value, kind: Type, span: Span) -> Value:
    try:
        value = convert(value, kind)
    except ConversionError as error:
        raise EvaluationError(f"this operand does not fit: {error}", span) from error
    if value.is_null:
        raise EvaluationError("an operand must not be null", span)
    return value


def binary(
    node: nodes.Binary,
    left: Value,
    left_error: EvaluationError | None,
    right: Value,
    right_error: EvaluationError | None,
) -> tuple[Value, EvaluationError | None]:
    """One binary operation on two attempts; errors of an operand that does not matter are dropped."""
    try:
        if node.operator in ("&&", "||"):
            return _logical(node, left, left_error, right, right_error), None
        for error in (left_error, right_error):
            if error is not None:
                raise error
        return _plain(node, left, right), None
    except EvaluationError as error:
        # HCL forgets it where an operand itself does not fit.
        sensitive = left.sensitive or right.sensitive
        error.sensitive = sensitive and error in (left_error, right_error) and _fit(node.operator, left, right)
        value = unknown(error.message, result_type(node.operator), node.span)
        return replace(value, sensitive=error.sensitive), error


def _fit(operator: str, *operands: Value) -> bool:
    """Whether the operands convert to what the operator takes."""
    kind = BOOL if operator in ("&&", "||") else DYNAMIC if operator in ("==", "!=") else NUMBER
    try:
        for operand in operands:
            convert(operand, kind)
    except ConversionError:
        return False
    return True


def result_type(operator: str) -> Type:
    """The type that an operation has even where it fails."""
    return NUMBER if operator in _ARITHMETIC else BOOL


def _plain(node: nodes.Binary, left: Value, right: Value) -> Value:
    sensitive = sensitive_in(left) or sensitive_in(right)
    if node.operator in ("==", "!="):
        result = equal(left, right, node.span)
        if node.operator == "!=" and isinstance(result.data, bool):
            result = boolean(not result.data, node.span)
        return replace(result, sensitive=sensitive)
    left = _operand(left, NUMBER, node.left.span)
    right = _operand(right, NUMBER, node.right.span)
    kind = BOOL if node.operator in _COMPARISON else NUMBER
    for value in (left, right):
        if isinstance(value.data, Unknown):
            return Value(kind, replace(value.data, not_null=True), node.span, sensitive=sensitive)
    a, b = left.data, right.data
    assert isinstance(a, int | Fraction) and isinstance(b, int | Fraction)
    if node.operator in _COMPARISON:
        return replace(boolean(_COMPARISON[node.operator](a, b), node.span), sensitive=sensitive)
    if node.operator == "/" and b == 0:
        if a == 0:
            raise EvaluationError("zero divided by zero", node.span)
        # Terraform goes on with infinity, and fails where that is to be kept.
        return replace(unknown("a division by zero is infinite", NUMBER, node.span), sensitive=sensitive)
    return replace(number(_ARITHMETIC[node.operator](a, b), node.span), sensitive=sensitive)


def _logical(
    node: nodes.Binary,
    left: Value,
    left_error: EvaluationError | None,
    right: Value,
    right_error: EvaluationError | None,
) -> Value:
    # Both operands must be able to be booleans even where one decides alone.
    values: list[Value] = []
    for value, error, span in ((left, left_error, node.left.span), (right, right_error, node.right.span)):
        try:
            values.append(convert(value, BOOL))
        except ConversionError as problem:
            raise error or EvaluationError(f"this operand does not fit: {problem}", span) from problem
    result = _short_circuit(node, values, (left_error, right_error))
    return replace(result, sensitive=any(value.sensitive for value in values))


def _short_circuit(node: nodes.Binary, values: list[Value], errors: tuple[EvaluationError | None, ...]) -> Value:
    """What one operand decides hides the other, its error too; a failed operand counts as unknown."""
    decisive = node.operator == "||"
    # HCL compares with true here, so that null decides as false does.
    if any(value.is_known and (value.data is True) is decisive for value in values):
        return boolean(decisive, node.span)
    for value, error in zip(values, errors, strict=True):
        if error is not None:
            raise error
        if isinstance(value.data, Unknown):
            return Value(BOOL, replace(value.data, not_null=True), node.span)
    if any(value.is_null for value in values):
        raise EvaluationError("an operand must not be null", node.span)
    return boolean(not decisive, node.span)


def equal(left: Value, right: Value, span: Span) -> Value:
    """`==`: equal in type and value, null included; unknown where a part decides that is unknown."""
    verdict = _equality(left, right)
    if isinstance(verdict, Unknown):
        return Value(BOOL, replace(verdict, not_null=True), span)
    return boolean(verdict, span)


def _equality(left: Value, right: Value) -> bool | Unknown:
    """Whether two values are equal, or the unknown that keeps it open."""
    for value, other in ((left, right), (right, left)):
        if value.is_null and other.is_null:
            return True
        if value.is_null and definitely_not_null(other):
            return False
    for value, other in ((left, right), (right, left)):
        if isinstance(value.data, Unknown):
            fits = other.is_null or not other.is_known or conforms(other.type, value.type)
            return value.data if fits else False
    shapeless = _shapeless_in(left) or _shapeless_in(right)
    if shapeless is not None:
        # Comes before all parts, the known ones too.
        fits = conforms(left.type, right.type) or conforms(right.type, left.type)
        return shapeless if fits else False
    # Empty lists of different types are different lists.
    return left.type == right.type and _equal_parts(left, right)


def _shapeless_in(value: Value) -> Unknown | None:
    """An unknown in it, at any depth, of which not even the type is known."""
    if isinstance(value.data, Unknown):
        return value.data if value.type.is_dynamic else None
    if not value.type.is_dynamic:
        return None
    parts = value.items.values() if isinstance(value.data, dict) else value.elements
    return next(filter(None, map(_shapeless_in, parts)), None)


def _equal_parts(left: Value, right: Value) -> bool | Unknown:
    """Whether known values of one type are equal in their parts."""
    if isinstance(left.data, dict) and isinstance(right.data, dict):
        if left.data.keys() != right.data.keys():
            return False
        verdicts = [_equality(item, right.data[name]) for name, item in sorted(left.data.items())]
        # Terraform stops at the first part that is open or different, in an order that changes from run to run.
        # What differs differs, whatever the open parts turn out to be.
        return False not in verdicts and _first_open(verdicts)
    if not isinstance(left.data, tuple) or not isinstance(right.data, tuple):
        return same(left, right)
    if is_set(left.type):
        return unknown_in(left) or unknown_in(right) or same(left, right)
    # Lists and tuples it goes through from the beginning.
    pairs = zip(left.data, right.data, strict=False)
    return len(left.data) == len(right.data) and _first_open(_equality(*pair) for pair in pairs)


def _first_open(verdicts: Iterable[bool | Unknown]) -> bool | Unknown:
    """The first verdict that is not simply true."""
    return next((verdict for verdict in verdicts if verdict is not True), True)


def conditional_type(then: Value, otherwise: Value, span: Span) -> tuple[Type, bool]:
    """The type of `c ? then : otherwise`, and whether the result converts to it."""
    for value, other in ((then, otherwise), (otherwise, then)):
        if value.is_null and value.type == DYNAMIC:
            return other.type, True
    if DYNAMIC in (then.type, otherwise.type):
        return DYNAMIC, False
    kind = unify((then.type, otherwise.type))
    if kind is None:
        raise EvaluationError(
            f"both results of a conditional must have one type, not {then.type.name} and {otherwise.type.name}", span
        )
    return kind, True
