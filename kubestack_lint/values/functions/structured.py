"""`jsonencode`, `jsondecode`, `yamlencode` and `yamldecode`."""

from __future__ import annotations

from collections.abc import Callable

from kubestack_lint.source import Source
from kubestack_lint.values.functions.common import text
from kubestack_lint.values.functions.jsonread import Undecided, from_json
from kubestack_lint.values.functions.jsontext import Unwritable, to_json
from kubestack_lint.values.functions.signature import FunctionError, Parameter, function, unknown_result
from kubestack_lint.values.functions.yamlread import from_yaml
from kubestack_lint.values.functions.yamltext import to_yaml
from kubestack_lint.values.types import DYNAMIC, STRING
from kubestack_lint.values.value import Value, unknown


@function(Parameter("val", DYNAMIC, null=True, unknown=True, dynamic=True), not_null=True)
def jsonencode(value: Value) -> Value:
    """The value as JSON; unknown when any part of it is."""
    return _encoded(value, to_json)


@function(Parameter("value", DYNAMIC, null=True, dynamic=True))
def yamlencode(value: Value) -> Value:
    """The value as YAML; unknown when any part of it is."""
    return _encoded(value, to_yaml)


def _encoded(value: Value, write: Callable[[Value], str]) -> Value:
    try:
        return text(write(value))
    except Unwritable as limit:
        return unknown(str(limit), STRING) if limit.hidden is None else unknown_result(STRING, limit.hidden)


@function(Parameter("str", STRING), returns=DYNAMIC)
def jsondecode(source: Value) -> Value:
    """The value that a JSON text describes."""
    return _decoded(source, from_json, "JSON")


@function(Parameter("src", STRING), returns=DYNAMIC)
def yamldecode(source: Value) -> Value:
    """The value that a YAML document describes."""
    return _decoded(source, from_yaml, "YAML")


def _decoded(source: Value, read: Callable[[Source], Value], language: str) -> Value:
    text, file = source.data, source.via
    assert isinstance(text, str)
    # The content of a file as it is: its values stand there, not where the function is called.
    there = file.source if file is not None and file.text == text == file.source.text else Source("", text)
    try:
        return read(there)
    except Undecided as limit:
        return unknown(str(limit))
    except ValueError as error:
        raise FunctionError(f"the text is no {language}: {error}", 0) from error
