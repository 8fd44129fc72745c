"""Terraform's types, their names in messages, and the expressions that declare them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kubestack_lint.values.value import Value


class Type:
    """Any type; compare with ==."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """How Terraform's messages call it: `string`, `list of number`, `object`."""
        raise NotImplementedError

    @property
    def json(self) -> Any:
        """Terraform's JSON form: "string", ["list", "string"], ["object", {…}]."""
        raise NotImplementedError

    @property
    def is_dynamic(self) -> bool:
        """True when `any` occurs in it, at any depth."""
        return False


@dataclass(frozen=True, slots=True)
class Primitive(Type):
    """string, number, bool, or dynamic (`any`, and the type of a bare null)."""

    word: str

    @property
    def name(self) -> str:
        return self.word

    @property
    def json(self) -> Any:
        return self.word

    @property
    def is_dynamic(self) -> bool:
        return self.word == "dynamic"


STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
DYNAMIC = Primitive("dynamic")


@dataclass(frozen=True, slots=True)
class Collection(Type):
    """list, set or map of one element type."""

    kind: str
    element: Type

    @property
    def name(self) -> str:
        return f"{self.kind} of {self.element.name}"

    @property
    def json(self) -> Any:
        return [self.kind, self.element.json]

    @property
    def is_dynamic(self) -> bool:
        return self.element.is_dynamic


@dataclass(frozen=True, slots=True)
class TupleType(Type):
    """A sequence with one type per position."""

    elements: tuple[Type, ...]

    @property
    def name(self) -> str:
        return "tuple"

    @property
    def json(self) -> Any:
        return ["tuple", [element.json for element in self.elements]]

    @property
    def is_dynamic(self) -> bool:
        return any(element.is_dynamic for element in self.elements)


@dataclass(frozen=True, slots=True)
class ObjectType(Type):
    """Named attributes. `optional` and `defaults` occur in declared types only."""

    attributes: Mapping[str, Type]
    optional: frozenset[str] = frozenset()
    defaults: Mapping[str, Value] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        return "object"

    @property
    def json(self) -> Any:
        return ["object", {name: kind.json for name, kind in sorted(self.attributes.items())}]

    @property
    def is_dynamic(self) -> bool:
        return any(kind.is_dynamic for kind in self.attributes.values())


def list_of(element: Type) -> Collection:
    """list(element)."""
    return Collection("list", element)


def set_of(element: Type) -> Collection:
    """set(element)."""
    return Collection("set", element)


def map_of(element: Type) -> Collection:
    """map(element)."""
    return Collection("map", element)


def is_list(kind: Type) -> bool:
    """list(…), not tuple."""
    return isinstance(kind, Collection) and kind.kind == "list"


def is_set(kind: Type) -> bool:
    """set(…)."""
    return isinstance(kind, Collection) and kind.kind == "set"


def is_map(kind: Type) -> bool:
    """map(…), not object."""
    return isinstance(kind, Collection) and kind.kind == "map"


def without_optional(kind: Type) -> Type:
    """The type that values of a declared type have: nothing optional in it."""
    match kind:
        case Collection():
            return Collection(kind.kind, without_optional(kind.element))
        case TupleType():
            return TupleType(tuple(without_optional(element) for element in kind.elements))
        case ObjectType():
            return ObjectType({name: without_optional(item) for name, item in kind.attributes.items()})
    return kind


def conforms(kind: Type, open_kind: Type) -> bool:
    """Whether a type is what another, in which `any` stands for what is not known, may turn out to be."""
    match kind, open_kind:
        case _, Primitive(word="dynamic"):
            return True
        case Collection(), Collection():
            return kind.kind == open_kind.kind and conforms(kind.element, open_kind.element)
        case TupleType(), TupleType():
            same = len(kind.elements) == len(open_kind.elements)
            return same and all(map(conforms, kind.elements, open_kind.elements))
        case ObjectType(), ObjectType():
            same = kind.attributes.keys() == open_kind.attributes.keys()
            return same and all(conforms(item, open_kind.attributes[name]) for name, item in kind.attributes.items())
    return kind == open_kind


def same_types(kinds: Iterable[Type]) -> bool:
    """True when all are equal (or there are none)."""
    first: Type | None = None
    for kind in kinds:
        if first is None:
            first = kind
        elif kind != first:
            return False
    return True
