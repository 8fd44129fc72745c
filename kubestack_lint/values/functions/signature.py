"""How Terraform calls a function: conversion, nulls and unknowns before the body runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from kubestack_lint.values.types import DYNAMIC, STRING, Type, is_set
from kubestack_lint.values.value import Unknown, Value, sensitive_in, string


class FunctionError(Exception):
    """A function refuses its arguments; `argument` is the index of the one at fault."""

    def __init__(self, message: str, argument: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.argument = argument


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `null`, `unknown` and `dynamic` say what the body handles itself.

    Without them null is an error, an unknown argument makes the result unknown
    and an argument of unknown type makes the result's type unknown too. With
    `marks` only the argument as a whole makes the result sensitive: its parts
    take their marks with them; with `own` not even that, because the body hands
    the argument on as it is or not at all.
    """

    name: str
    type: Type = DYNAMIC
    null: bool = False
    unknown: bool = False
    dynamic: bool = False
    marks: bool = False
    own: bool = False

    def marked(self, value: Value) -> bool:
        """Whether this argument makes the result sensitive."""
        if self.own:
            return False
        # A set has no marks on its elements: they are those of the whole.
        return value.sensitive if self.marks and not is_set(value.type) else sensitive_in(value)


Body = Callable[..., Value]
Returns = Type | Callable[[tuple[Value, ...]], Type]


@dataclass(frozen=True, slots=True)
class Function:
    """A Terraform function: parameters, result type, body on Values.

    `not_null` promises that no result is null, unknown ones included; `scoped`
    says that the body takes the scope of the call as its first argument.
    """

    name: str
    parameters: tuple[Parameter, ...]
    variadic: Parameter | None
    returns: Returns
    body: Body
    not_null: bool = False
    scoped: bool = False

    def parameter(self, index: int) -> Parameter:
        """The parameter that takes the argument at `index`."""
        if index < len(self.parameters):
            return self.parameters[index]
        assert self.variadic is not None
        return self.variadic

    def bound(self, scope: object) -> Function:
        """The function as called from a scope."""
        return replace(self, body=partial(self.body, scope), scoped=False) if self.scoped else self

    def result_type(self, arguments: tuple[Value, ...]) -> Type:
        """Type of the result for these arguments; may raise FunctionError."""
        for index, value in enumerate(arguments):
            if value.type == DYNAMIC and not self.parameter(index).dynamic:
                return DYNAMIC
        return self.returns if isinstance(self.returns, Type) else self.returns(arguments)


def function(
    *parameters: Parameter,
    returns: Returns = STRING,
    variadic: Parameter | None = None,
    not_null: bool = False,
    scoped: bool = False,
) -> Callable[[Body], Function]:
    """Declare a function whose body takes and returns Values.

    The function's name is that of the body, without a trailing underscore.
    """

    def declare(body: Body) -> Function:
        return Function(body.__name__.rstrip("_"), parameters, variadic, returns, body, not_null, scoped)

    return declare


def scalar(
    *parameters: Parameter, returns: Type = STRING, variadic: Parameter | None = None, not_null: bool = True
) -> Callable[[Callable[..., Any]], Function]:
    """Declare a function on plain data: str, bool, int or Fraction in and out."""

    def declare(plain: Callable[..., Any]) -> Function:
        def body(*arguments: Value) -> Value:
            result = plain(*(value.data for value in arguments))
            return string(result) if returns == STRING else Value(returns, result)

        return Function(plain.__name__.rstrip("_"), parameters, variadic, returns, body, not_null)

    return declare


def unknown_result(kind: Type, cause: Unknown, not_null: bool = False) -> Value:
    """An unknown result that passes on the reason of its cause."""
    return Value(kind, replace(cause, not_null=not_null))
