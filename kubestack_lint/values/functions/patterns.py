"""Terraform's functions on regular expressions, and `replace`."""

from __future__ import annotations

from kubestack_lint.values.evaluate import Scope
from kubestack_lint.values.functions.common import fits, too_long
from kubestack_lint.values.functions.signature import Parameter, function
from kubestack_lint.values.types import STRING, Type, list_of
from kubestack_lint.values.value import Value, string

_PATTERN = Parameter("pattern", STRING)
_STRING = Parameter("string", STRING)


def _regex_type(arguments: tuple[Value, ...]) -> Type:
    from kubestack_lint.values.matching import result_type

    return result_type(arguments)


@function(_PATTERN, _STRING, returns=_regex_type, not_null=True, scoped=True)
def regex(scope: Scope, source: Value, subject: Value) -> Value:
    """The first match: a text, or its groups as tuple or object."""
    from kubestack_lint.values.matching import first

    return first(scope, source, subject)


@function(_PATTERN, _STRING, returns=lambda arguments: list_of(_regex_type(arguments)), not_null=True, scoped=True)
def regexall(scope: Scope, source: Value, subject: Value) -> Value:
    """Every match from left to right, as a list of what `regex` returns."""
    from kubestack_lint.values.matching import every

    return every(scope, source, subject)


@function(
    Parameter("str", STRING), Parameter("substr", STRING), Parameter("replace", STRING), not_null=True, scoped=True
)
def replace(scope: Scope, value: Value, wanted: Value, replacement: Value) -> Value:
    """Every occurrence replaced; a text between slashes is a regular expression."""
    source, old, new = value.data, wanted.data, replacement.data
    assert isinstance(source, str) and isinstance(old, str) and isinstance(new, str)
    if len(old) > 1 and old[0] == old[-1] == "/":
        from kubestack_lint.values.matching import replaced

        return replaced(scope, source, old[1:-1], new)
    count = source.count(old) if old else len(source) + 1
    if not fits(len(source), count * (len(new) - len(old))):
        return too_long()
    return string(source.replace(old, new))
