"""Terraform's conversion functions, and `sensitive` with its kin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kubestack_lint.syntax import nodes
from kubestack_lint.values.access import EvaluationError
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.evaluate import Scope, evaluate
from kubestack_lint.values.functions.common import quoted
from kubestack_lint.values.functions.signature import Function, FunctionError, Parameter, function
from kubestack_lint.values.types import BOOL, DYNAMIC, NUMBER, STRING, Type, list_of, map_of, set_of
from kubestack_lint.values.unify import convertible
from kubestack_lint.values.value import Unknown, Value, boolean

_ANY = Parameter("value", DYNAMIC, null=True, unknown=True, dynamic=True, marks=True)


def _conversion(wanted: Type) -> Function:
    def body(value: Value) -> Value:
        if not convertible(value.type, wanted):
            raise FunctionError(f"a {value.type.name} cannot become a {wanted.name}", 0)
        if isinstance(value.data, Unknown):
            # Terraform forgets here what it knows of the elements.
            kept = value.type if value.type == wanted else wanted
            return Value(kept, replace(value.data, not_null=False))
        try:
            return convert(value, wanted)
        except ConversionError as error:
            raise FunctionError(_refusal(value, wanted, error), 0) from error

    return body  # type: ignore[return-value]


def _refusal(value: Value, wanted: Type, error: ConversionError) -> str:
    if value.sensitive:
        return f"this sensitive {value.type.name} cannot become a {wanted.name}"
    if isinstance(value.data, str):
        return f"{quoted(value.data)} is no {wanted.name}"
    return f"this {value.type.name} cannot become a {wanted.name}: {error}"
