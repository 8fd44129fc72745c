"""Configurations as people write them, and as nobody should: generated, rendered, made smaller.

Plain seeded random numbers, because every case counts here: Hypothesis repeats
and mutates examples to find its way, and shrinking one by one would take a
plan for each step. `smaller` shrinks a whole batch in one plan instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

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


# -- modules --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Module:
    """A module that takes a configuration: where kslint finds it, what Terraform is told."""

    name: str
    source: str
    type: str
    merge: str
    base_argument: str | None
    base_required: bool
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
    required = base is not None and bool(arguments[base]["required"])
    return Module(f"{path}@{tag}", f"{FRAMEWORK}//{path}?ref={tag}", given["type"], merge, base, required, nullable)


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
        return (
            f'module "x" {{ # {self.module.merge}, {self.module.type:.60}\n  source = "{self.module.source}"\n'
            f"  configuration = {pretty(self.configuration, 1)}{base}\n}}"
        )


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
    if case.base is not None and not case.module.base_required:
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

STRINGS = (
    '"a"',
    '"b"',
    '"europe-west1"',
    '"x y"',
    '" "',
    '"1"',
    '"007"',
    '"true"',
    '"e\\u0301"',
    '"\\u00e9"',
    '"$${x}"',
)
NUMBERS = (
    "0",
    "1",
    "3",
    "-1",
    "1.30",
    "1.0",
    "1e3",
    "0.1",
    "10 - 7",
    "9007199254740993",
    "1e-7",
    "123456789012345678901234567890",
)
BOOLS = ("true", "false", "!true")
NUMERIC_STRINGS = ('"3"', '"3.0"', '"007"', '"+3"', '"1e3"', '"-0"', '".5"', '"5."')
BOOLEAN_STRINGS = ('"true"', '"false"', '"1"', '"0"')
EMPTY = '""'
UNKNOWN = "terraform_data.u.output"
UNKNOWN_TEXT = '"u-${terraform_data.u.output}"'
NASTY: tuple[Node, ...] = (
    Leaf('"abc"'),
    Leaf('""'),
    Leaf("1"),
    Leaf("true"),
    Leaf("null"),
    Leaf('" 3 "'),
    Leaf('"yes"'),
    Leaf('"True"'),
    Leaf('"0x10"'),
    Sequence(()),
    Sequence((Leaf('"a"'),)),
    Sequence((Leaf("1"), Leaf('"a"'), Leaf("null"))),
    Mapping(()),
    Mapping((("a =", Leaf('"x"')),)),
    Mapping((("a =", Mapping((("b =", Leaf("1")),))),)),
    Sequence((Mapping(()),)),
)


@dataclass(frozen=True, slots=True)
class Habits:
    """What a generated configuration may contain, besides what fits."""

    trouble: bool
    unknowns: bool


def chance(rng: Random, percent: int) -> bool:
    """True in about so many percent."""
    return rng.random() * 100 < percent


def some(rng: Random, choices: tuple[str, ...], most: int) -> list[str]:
    """Up to so many of them, each once, in any order."""
    return rng.sample(choices, k=rng.randint(0, min(most, len(choices))))


def value(rng: Random, kind: Type, habits: Habits, depth: int = 0) -> Node:
    """An expression that mostly fits a type."""
    if chance(rng, 7):
        return Leaf("null")
    if habits.unknowns and chance(rng, 10):
        return Leaf(UNKNOWN)
    if habits.trouble and chance(rng, 6):
        return rng.choice(NASTY)
    match kind:
        case Collection(kind="map"):
            keys = some(rng, ("a", "b", '"c/d"', "e-f"), 3)
            return Mapping(tuple((f"{key} =", value(rng, kind.element, habits, depth + 1)) for key in keys))
        case Collection():
            count = rng.randint(0, 3)
            return Sequence(tuple(value(rng, kind.element, habits, depth + 1) for _ in range(count)))
        case ObjectType():
            return attributes(rng, kind, habits, tuple(kind.attributes), depth)
    if kind == DYNAMIC:
        return rng.choice(NASTY)
    return Leaf(_scalar(rng, kind, habits))


def _scalar(rng: Random, kind: Type, habits: Habits) -> str:
    if kind == STRING:
        if habits.unknowns and chance(rng, 8):
            return UNKNOWN_TEXT
        if chance(rng, 15):
            return EMPTY
        return str(rng.choice(NUMBERS + BOOLS if chance(rng, 15) else STRINGS))
    texts = (NUMBERS, NUMERIC_STRINGS) if kind == NUMBER else (BOOLS, BOOLEAN_STRINGS)
    return str(rng.choice(texts[chance(rng, 15)]))


def attributes(rng: Random, kind: ObjectType, habits: Habits, names: tuple[str, ...], depth: int = 0) -> Mapping:
    """Some attributes of an object type; the required ones always, unless trouble is wanted."""
    optional = tuple(name for name in names if name in kind.optional)
    chosen = some(rng, optional, 4)
    for name in kind.attributes:
        if name not in kind.optional and not (habits.trouble and chance(rng, 5)):
            chosen.append(name)
    items = [(key_of(rng, name), value(rng, kind.attributes[name], habits, depth + 1)) for name in chosen]
    if chance(rng, 10):
        items.append(("zork =", rng.choice(NASTY)))
    if items and chance(rng, 5):
        # The same key again: the last one counts.
        name = rng.choice(chosen) if chosen else "zork"
        inner = kind.attributes.get(name, DYNAMIC)
        items.append((key_of(rng, name), value(rng, inner, habits, depth + 1)))
    return Mapping(tuple(items))


def key_of(rng: Random, name: str) -> str:
    """A key in one of its spellings, with = or :."""
    spelling = rng.randint(0, 19)
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


def _untyped(rng: Random, habits: Habits, names: list[str]) -> list[Mapping]:
    """Environments for `map(any)`: either one kind for all keys, or the same keys everywhere."""
    keys = ("a", "b", "c", "d-e")
    if chance(rng, 50):
        kind = rng.choice(KINDS)
        shape = dict.fromkeys(keys, kind)
        same_keys = False
    else:
        shape = {key: rng.choice(KINDS) for key in some(rng, keys, 4)}
        same_keys = not chance(rng, 15)
    environments: list[Mapping] = []
    for _ in names:
        chosen = shape if same_keys else _keys(rng, keys)
        items = tuple((key_of(rng, key), value(rng, shape.get(key, STRING), habits)) for key in chosen)
        environments.append(Mapping(items))
    return environments


def _keys(rng: Random, keys: tuple[str, ...]) -> list[str]:
    """A few keys; now and then one of them twice."""
    chosen = some(rng, keys, 3)
    return [*chosen, chosen[0]] if chosen and chance(rng, 5) else chosen


def _stringly(rng: Random, habits: Habits, names: list[str]) -> list[Mapping]:
    keys = ("name_prefix", "region", "cluster_min_size", "zork")
    kinds = dict(zip(keys, (STRING, STRING, NUMBER, BOOL), strict=True))
    environments: list[Mapping] = []
    for _ in names:
        chosen = _keys(rng, keys)
        environments.append(Mapping(tuple((key_of(rng, key), value(rng, kinds[key], habits)) for key in chosen)))
    return environments


def _typed(rng: Random, kind: ObjectType, habits: Habits, names: list[str]) -> list[Mapping]:
    # A few attributes that all environments share, so that they meet.
    count = min(6, len(kind.attributes))
    every = tuple(kind.attributes)
    shared = tuple(rng.sample(every, k=rng.randint(1, count)))
    nested = tuple(name for name in every if isinstance(kind.attributes[name], ObjectType | Collection))
    if nested and chance(rng, 50):
        shared = (*shared, rng.choice(nested))
    return [attributes(rng, kind, habits, every if chance(rng, 10) else shared) for _ in names]


def case(rng: Random, chosen: tuple[Module, ...]) -> Case:
    """A block of one of the modules."""
    module = rng.choice(chosen)
    habits = Habits(trouble=chance(rng, 25), unknowns=chance(rng, 20))
    names = ["apps", "ops"]
    if module.merge not in ("L0", "L1"):
        names = rng.sample(["apps", "ops", "apps-prod"], k=3)[: rng.randint(1, 3)]
    elif habits.trouble:
        names = rng.sample([*names, "loc"], k=3)[: rng.randint(2, 3)]
    element = module.element
    if isinstance(element, ObjectType):
        environments: list[Node] = [*_typed(rng, element, habits, names)]
    elif element == DYNAMIC:
        environments = [*_untyped(rng, habits, names)]
    else:
        environments = [*_stringly(rng, habits, names)]
    if habits.trouble and chance(rng, 15):
        # Where only the base is no map, L3 and L4 hand it on as it is; kslint refuses it.
        lenient = element == DYNAMIC and module.merge in ("L0", "L3", "L4")
        wrong = (Leaf("null"),) if lenient else (Leaf("null"), Leaf('"x"'), Sequence(()))
        environments[rng.randint(0, len(names) - 1)] = rng.choice(wrong)
    if habits.unknowns and chance(rng, 5):
        environments[-1] = Leaf(UNKNOWN)
    items = tuple((key_of(rng, name), item) for name, item in zip(names, environments, strict=True))
    return Case(module, Mapping(items), _base(rng, module, names, habits))


def _base(rng: Random, module: Module, names: list[str], habits: Habits) -> str | None:
    if module.base_argument is None:
        return None
    if habits.trouble and chance(rng, 5):
        return str(rng.choice(('"nowhere"', '""', "1") if module.nullable else ('"nowhere"', '""', "1", "null")))
    if "apps" in names and not module.base_required and chance(rng, 50):
        return None
    return json.dumps(rng.choice(names))
