"""Terraform's words for what does not convert."""

from __future__ import annotations

from kubestack_lint.values.types import BOOL, NUMBER, STRING, Collection, ObjectType, Primitive, TupleType, Type


def mismatch(given: Type, wanted: Type) -> str:
    """For values of `given` that can never become `wanted`."""
    plain_given, plain_wanted = isinstance(given, Primitive), isinstance(wanted, Primitive)
    if not plain_given and isinstance(wanted, Collection):
        if isinstance(given, Collection) and (given.kind == "map") == (wanted.kind == "map"):
            noun = f"{wanted.kind} element type"
            return f"incorrect {noun}: {mismatch(given.element, wanted.element)}"
        return f"{wanted.name} required"
    if plain_given != plain_wanted or wanted == STRING or (given, wanted) in ((NUMBER, BOOL), (BOOL, NUMBER)):
        return f"{wanted.name} required, but have {given.name}"
    if isinstance(given, TupleType) and isinstance(wanted, ObjectType):
        return f"{wanted.name} required, but have {given.name}"
    return f"{wanted.name} required"


def absent_attributes(names: list[str], given: Type) -> str:
    """For an object without attributes that it has to have."""
    if isinstance(given, Collection):
        return f'map has no element for required attribute "{names[0]}"'
    quoted = [f'"{name}"' for name in names]
    if len(quoted) == 1:
        return f"attribute {quoted[0]} is required"
    if len(quoted) == 2:
        return f"attributes {quoted[0]} and {quoted[1]} are required"
    return f"attributes {', '.join(quoted[:-1])}, and {quoted[-1]} are required"


def no_bool(text: str) -> str:
    """For text that is neither true nor false."""
    if text.lower() in ("true", "false"):
        return f'a bool is required; to convert from string, use lowercase "{text.lower()}"'
    return "a bool is required"
