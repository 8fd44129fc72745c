"""Configurations as people write them, and as nobody should: generated, rendered, made smaller."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from kubestack_lint.values.declared import parse_type
from kubestack_lint.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    Collection,
    ObjectType,
    Type,
    list_of,
    map_of,
    set_of,
)

SCHEMAS = Path(__file__).parent.parent.parent / "schemas/kubestack"
FRAMEWORK = "github.com/kbst/terraform-kubestack"
Draw = Callable[[st.SearchStrategy[Any]], Any]


# -- modules --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Module:
    """A module that takes a configuration: where kslint finds it, what Terraform is told."""

    name: str
    source: str
    type: str
    merge: str
    base_argument: str | None
    nullable: bool

    @property
    def element(self) -> Type:
        """The declared type of one environment."""
        kind = parse_type(self.type)
        assert isinstance(kind, Collection)
        return kind.element


@cache
def modules() -> tuple[Module, ...]:
    """One module of each kind and generation: direct, stringly typed, and every object type."""
    index = json.loads((SCHEMAS / "index.json").read_text("utf-8"))
    found: dict[tuple[str, str, str], Module] = {}
    for path, file in sorted(index["modules"].items()):
        for variant in json.loads((SCHEMAS / file).read_text("utf-8"))["variants"]:
            for tag in variant["tags"]:
                if "configuration" not in variant:
                    continue
                module = _module(path, tag, variant, index["merge"][tag])
                # Typed modules each for themselves; untyped ones once a generation.
                kind = path if "object(" in module.type else module.type
                found.setdefault((kind, module.type, module.merge), module)
    variant = json.loads((SCHEMAS / index["catalog"]["file"]).read_text("utf-8"))["variants"][-1]
    catalog = _module("catalog", "*", variant, index["catalog"]["merge"])
    catalog = replace(catalog, source="kbst.xyz/catalog/nginx/kustomization")
    return (*found.values(), catalog)


def _module(path: str, tag: str, variant: dict[str, Any], merge: str) -> Module:
    arguments = variant.get("arguments", {})
    base = next((name for name in ("configuration_base_key", "base_key") if name in arguments), None)
    given = variant["configuration"]
    nullable = bool(given["nullable"])
    return Module(f"{path}@{tag}", f"{FRAMEWORK}//{path}?ref={tag}", given["type"], merge, base, nullable)


# -- HCL as data ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Leaf:
    """A literal or an expression, as text."""

    text: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """`[…]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """`{…}`: keys as text, repeated ones included."""

    items: tuple[tuple[str, Node], ...]


Node = Leaf | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Case:
    """One block: a module, its configuration and the base key (None: not written)."""

    module: Module
    configuration: Node
    base: str | None

    def __str__(self) -> str:
        base = "" if self.base is None else f"\n  {self.module.base_argument} = {self.base}"
        return f'module "x" {{ # {self.module.merge}, {self.module.type}\n  source = "{self.module.source}"\n' \
            f"  configuration = {pretty(self.configuration, 1)}{base}\n}}"


def render(node: Node) -> str:
    """One line of HCL."""
    match node:
        case Leaf(text):
            return text
        case Sequence(items):
            return "[" + ", ".join(render(item) for item in items) + "]"
        case Mapping(items):
            return "{ " + ", ".join(f"{key} {render(item)}" for key, item in items) + " }"


def pretty(node: Node, depth: int = 0) -> str:
    """HCL over several lines."""
    if isinstance(node, Mapping) and any(isinstance(item, Mapping) for _, item in node.items):
        inner = "".join(f"{'  ' * (depth + 1)}{key} {pretty(item, depth + 1)}\n" for key, item in node.items)
        return "{\n" + inner + "  " * depth + "}"
    return render(node)


def smaller(case: Case) -> Iterator[Case]:
    """Cases with a little less in them, biggest steps first."""
    if case.base is not None:
        yield replace(case, base=None)
    for node in _smaller(case.configuration):
        yield replace(case, configuration=node)


def _smaller(node: Node) -> Iterator[Node]:
    if isinstance(node, Mapping):
        for index in range(len(node.items)):
            yield Mapping(node.items[:index] + node.items[index + 1 :])
        for index, (key, item) in enumerate(node.items):
            for less in _smaller(item):
                yield Mapping((*node.items[:index], (key, less), *node.items[index + 1 :]))
    elif isinstance(node, Sequence):
        for index in range(len(node.items)):
            yield Sequence(node.items[:index] + node.items[index + 1 :])
        for index, item in enumerate(node.items):
            for less in _smaller(item):
                yield Sequence((*node.items[:index], less, *node.items[index + 1 :]))


# -- generation -----------------------------------------------------------

STRINGS = ('"a"', '"b"', '"europe-west1"', '"x y"', '" "', '"1"', '"007"', '"true"', '"e\\u0301"', '"\\u00e9"', '"$${x}"')
NUMBERS = ("0", "1", "3", "-1", "1.30", "1.0", "1e3", "0.1", "10 - 7", "9007199254740993", "1e-7", "123456789012345678901234567890")
BOOLS = ("true", "false", "!true")
NUMERIC_STRINGS = ('"3"', '"3.0"', '"007"', '"+3"', '"1e3"', '"-0"', '".5"', '"5."')
BOOLEAN_STRINGS = ('"true"', '"false"', '"1"', '"0"')
EMPTY = '""'
UNKNOWN = "terraform_data.u.output"
UNKNOWN_TEXT = '"u-${terraform_data.u.output}"'
NASTY: tuple[Node, ...] = (
    Leaf('"abc"'), Leaf('""'), Leaf("1"), Leaf("true"), Leaf("null"), Leaf('" 3 "'), Leaf('"yes"'), Leaf('"True"'),
    Leaf('"0x10"'), Sequence(()), Sequence((Leaf('"a"'),)), Sequence((Leaf("1"), Leaf('"a"'), Leaf("null"))), Mapping(()),
    Mapping((("a =", Leaf('"x"')),)), Mapping((("a =", Mapping((("b =", Leaf("1")),))),)), Sequence((Mapping(()),)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habits:
    """What a generated configuration may contain, besides what fits."""

    trouble: bool
    unknowns: bool


def chance(draw: Draw, percent: int) -> bool:
    """True in about so many percent."""
    return bool(draw(st.integers(0, 99)) >= 100 - percent)


def pick(draw: Draw, choices: tuple[Any, ...]) -> Any:
    """One of them."""
    return draw(st.sampled_from(choices))


def value(draw: Draw, kind: Type, habits: Habits, depth: int = 0) -> Node:
    """An expression that mostly fits a type."""
    if chance(draw, 7):
        return Leaf("null")
    if habits.unknowns and chance(draw, 10):
        return Leaf(UNKNOWN)
    if habits.trouble and chance(draw, 6):
        return pick(draw, NASTY)  # type: ignore[no-any-return]
    match kind:
        case Collection(kind="map"):
            keys = draw(st.lists(st.sampled_from(("a", "b", '"c/d"', "e-f")), max_size=3, unique=True))
            return Mapping(tuple((f"{key} =", value(draw, kind.element, habits, depth + 1)) for key in keys))
        case Collection():
            count = draw(st.integers(0, 3))
            return Sequence(tuple(value(draw, kind.element, habits, depth + 1) for _ in range(count)))
        case ObjectType():
            return attributes(draw, kind, habits, tuple(kind.attributes), depth)
    if kind == DYNAMIC:
        return pick(draw, NASTY)  # type: ignore[no-any-return]
    return Leaf(_scalar(draw, kind, habits))


def _scalar(draw: Draw, kind: Type, habits: Habits) -> str:
    if kind == STRING:
        if habits.unknowns and chance(draw, 8):
            return UNKNOWN_TEXT
        if chance(draw, 15):
            return EMPTY
        return str(pick(draw, NUMBERS + BOOLS if chance(draw, 15) else STRINGS))
    texts = (NUMBERS, NUMERIC_STRINGS) if kind == NUMBER else (BOOLS, BOOLEAN_STRINGS)
    return str(pick(draw, texts[chance(draw, 15)]))


def attributes(draw: Draw, kind: ObjectType, habits: Habits, names: tuple[str, ...], depth: int = 0) -> Mapping:
    """Some attributes of an object type; the required ones always, unless trouble is wanted."""
    optional = tuple(name for name in names if name in kind.optional)
    chosen = draw(st.lists(st.sampled_from(optional), max_size=4, unique=True)) if optional else []
    for name in kind.attributes:
        if name not in kind.optional and not (habits.trouble and chance(draw, 5)):
            chosen.append(name)
    items = [(key_of(draw, name), value(draw, kind.attributes[name], habits, depth + 1)) for name in chosen]
    if chance(draw, 10):
        items.append(("zork =", pick(draw, NASTY)))
    if items and chance(draw, 5):
        # The same key again: the last one counts.
        name = draw(st.sampled_from(chosen)) if chosen else "zork"
        inner = kind.attributes.get(name, DYNAMIC)
        items.append((key_of(draw, name), value(draw, inner, habits, depth + 1)))
    return Mapping(tuple(items))


def key_of(draw: Draw, name: str) -> str:
    """A key in one of its spellings, with = or :."""
    spelling = draw(st.integers(0, 19))
    bare = name.replace("-", "").replace("_", "").isalnum() and not name[0].isdigit()
    text = {17: f'("{name}")', 18: f'"{name}"', 19: f'"{name}"'}.get(spelling, name if bare else f'"{name}"')
    return f"{text} :" if spelling in (7, 18) else f"{text} ="


KINDS: tuple[Type, ...] = (
    STRING,
    STRING,
    NUMBER,
    BOOL,
    list_of(STRING),
    map_of(STRING),
    map_of(NUMBER),
    ObjectType({"x": STRING, "y": NUMBER}, frozenset({"x", "y"})),
    ObjectType({"x": STRING, "y": map_of(STRING)}, frozenset({"y"})),
    list_of(ObjectType({"x": STRING}, frozenset({"x"}))),
    set_of(NUMBER),
    DYNAMIC,
)


def _untyped(draw: Draw, habits: Habits, names: list[str]) -> list[Mapping]:
    """Environments for `map(any)`: either one kind for all keys, or the same keys everywhere."""
    keys = ("a", "b", "c", "d-e")
    if draw(st.booleans()):
        kind = pick(draw, KINDS)
        shape = {key: kind for key in keys}
        same_keys = False
    else:
        shape = {key: pick(draw, KINDS) for key in draw(st.lists(st.sampled_from(keys), max_size=4, unique=True))}
        same_keys = not chance(draw, 15)
    environments: list[Mapping] = []
    for _ in names:
        chosen = shape if same_keys else draw(st.lists(st.sampled_from(keys), max_size=3))
        items = tuple((key_of(draw, key), value(draw, shape.get(key, STRING), habits)) for key in chosen)
        environments.append(Mapping(items))
    return environments


def _stringly(draw: Draw, habits: Habits, names: list[str]) -> list[Mapping]:
    keys = ("name_prefix", "region", "cluster_min_size", "zork")
    kinds = dict(zip(keys, (STRING, STRING, NUMBER, BOOL), strict=True))
    environments: list[Mapping] = []
    for _ in names:
        chosen = draw(st.lists(st.sampled_from(keys), max_size=4))
        environments.append(Mapping(tuple((key_of(draw, key), value(draw, kinds[key], habits)) for key in chosen)))
    return environments


def _typed(draw: Draw, kind: ObjectType, habits: Habits, names: list[str]) -> list[Mapping]:
    # A few attributes that all environments share, so that they meet.
    count = min(6, len(kind.attributes))
    every = tuple(kind.attributes)
    shared = tuple(draw(st.lists(st.sampled_from(every), min_size=1, max_size=count, unique=True)))
    nested = tuple(name for name in every if isinstance(kind.attributes[name], ObjectType | Collection))
    if nested and draw(st.booleans()):
        shared = (*shared, pick(draw, nested))
    return [attributes(draw, kind, habits, every if chance(draw, 10) else shared) for _ in names]


@st.composite
def cases(draw: Draw, chosen: tuple[Module, ...]) -> Case:
    """A block of one of the modules."""
    module = draw(st.sampled_from(chosen))
    habits = Habits(trouble=chance(draw, 25), unknowns=chance(draw, 20))
    names = ["apps", "ops"]
    if module.merge not in ("L0", "L1"):
        names = draw(st.permutations(["apps", "ops", "apps-prod"]))[: draw(st.integers(1, 3))]
    elif habits.trouble:
        names = draw(st.permutations([*names, "loc"]))[: draw(st.integers(2, 3))]
    element = module.element
    if isinstance(element, ObjectType):
        environments: list[Node] = [*_typed(draw, element, habits, names)]
    elif element == DYNAMIC:
        environments = [*_untyped(draw, habits, names)]
    else:
        environments = [*_stringly(draw, habits, names)]
    if habits.trouble and chance(draw, 15):
        environments[draw(st.integers(0, len(names) - 1))] = pick(draw, (Leaf("null"), Leaf('"x"'), Sequence(())))
    if habits.unknowns and chance(draw, 5):
        environments[-1] = Leaf(UNKNOWN)
    items = tuple((key_of(draw, name), item) for name, item in zip(names, environments, strict=True))
    return Case(module, Mapping(items), _base(draw, module, names, habits))


def _base(draw: Draw, module: Module, names: list[str], habits: Habits) -> str | None:
    if module.base_argument is None:
        return None
    if habits.trouble and chance(draw, 5):
        return str(pick(draw, ('"nowhere"', '""', "null", "1")))
    optional = module.base_argument != "base_key"
    if "apps" in names and optional and draw(st.booleans()):
        return None
    return json.dumps(draw(st.sampled_from(names)))
