"""Type expressions such as `map(object({ a = optional(string) }))` → types."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse_expression
from kubestack_lint.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    Collection,
    ObjectType,
    TupleType,
    Type,
)

if TYPE_CHECKING:
    from kubestack_lint.values.value import Value

_WORDS: dict[str, Type] = {
    "string": STRING,
    "number": NUMBER,
    "bool": BOOL,
    "any": DYNAMIC,
}
# Terraform 0.11 wrote "list" and "map", in quotes; newer ones read list and map as "of any".
_OLD_WORDS: dict[str, Type] = {**_WORDS, "list": Collection("list", DYNAMIC), "map": Collection("map", DYNAMIC)}
_COLLECTIONS = ("list", "set", "map")


def variable_type(expression: nodes.Expression) -> Type:
    """The type of a variable, which may be written as in Terraform 0.11. Raises SyntaxProblem."""
    match expression:
        case nodes.Variable(name=word) | nodes.Template(parts=(str(word),)) if word in _OLD_WORDS:
            return _OLD_WORDS[word]
    return declared_type(expression)


def declared_type(expression: nodes.Expression) -> Type:
    """The type that an expression declares. Raises SyntaxProblem where it declares none."""
    match expression:
        case nodes.Variable(name=name) if name in _WORDS:
            return _WORDS[name]
        case nodes.Call(name=name, arguments=(argument,)) if name in _COLLECTIONS:
            return Collection(name, declared_type(argument))
        case nodes.Call(name="tuple", arguments=(nodes.Tuple(items=items),)):
            return TupleType(tuple(declared_type(item) for item in items))
        case nodes.Call(name="object", arguments=(nodes.Object(items=items),)):
            return _object(items)
    raise SyntaxProblem(
        "this is no type",
        expression.span,
        "types are string, number, bool, any, list(…), set(…), map(…), tuple([…]), object({…})",
    )


def _object(items: tuple[nodes.ObjectItem, ...]) -> ObjectType:
    attributes: dict[str, Type] = {}
    optional: set[str] = set()
    defaults: dict[str, Value] = {}
    for item in items:
        name, inner = item.bare, item.value
        if name is None:
            raise SyntaxProblem("an attribute name is expected here", item.key.span)
        if name in attributes:
            raise SyntaxProblem(f'the attribute "{name}" is declared twice', item.key.span)
        if isinstance(inner, nodes.Call) and inner.name == "optional" and len(inner.arguments) in (1, 2):
            optional.add(name)
            attributes[name] = declared_type(inner.arguments[0])
            if len(inner.arguments) > 1:
                default = _constant(inner.arguments[1], attributes[name])
                if default is not None:
                    defaults[name] = default
        else:
            attributes[name] = declared_type(inner)
    return ObjectType(attributes, frozenset(optional), defaults)


def _constant(expression: nodes.Expression, kind: Type) -> Value | None:
    """A default; null is as good as none."""
    from kubestack_lint.values.convert import ConversionError, convert
    from kubestack_lint.values.evaluate import EvaluationError, Scope, evaluate

    try:
        value = evaluate(expression, Scope(functions=lambda _: "functions may not be called here"))
    except EvaluationError as error:
        raise SyntaxProblem(error.message, error.span) from error
    if value.is_null:
        return None
    try:
        return convert(value, kind)
    except ConversionError as error:
        raise SyntaxProblem(f"this default does not fit its type: {error}", expression.span) from error


@lru_cache(maxsize=256)
def parse_type(text: str) -> Type:
    """The type that a text declares. Raises SyntaxProblem."""
    return variable_type(parse_expression(Source("type", text)))
