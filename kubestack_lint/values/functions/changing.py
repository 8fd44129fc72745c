"""Functions whose results depend on the clock or on chance: Terraform checks their arguments, nobody knows more."""

from __future__ import annotations

from kubestack_lint.values.functions.signature import Parameter, function
from kubestack_lint.values.types import NUMBER, STRING
from kubestack_lint.values.value import Value, unknown


@function(not_null=True)
def timestamp() -> Value:
    """The time of the apply."""
    return unknown("timestamp() is the time of the apply", STRING)


@function(not_null=True)
def plantimestamp() -> Value:
    """The time of the plan."""
    return unknown("plantimestamp() is the time of the plan", STRING)


@function(not_null=True)
def uuid() -> Value:
    """A random identifier."""
    return unknown("uuid() is new at every apply", STRING)


@function(Parameter("str", STRING), variadic=Parameter("cost", NUMBER), not_null=True)
def bcrypt(*_: Value) -> Value:
    """A salted digest."""
    return unknown("bcrypt() salts its result anew at every apply", STRING)
