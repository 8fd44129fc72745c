"""What generated expressions refer to: variables with types and defaults, locals, unknowns, files."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random

from kubestack_lint.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    Collection,
    ObjectType,
    TupleType,
    Type,
    list_of,
    map_of,
    set_of,
)
from tests.oracle.terraform import RESOURCES

# Known only after apply, one of each type; some of them only in parts.
UNKNOWNS: dict[str, tuple[str, Type]] = {
    "u": ("terraform_data.u.output", DYNAMIC),
    "u_string": ("tostring(terraform_data.u.output)", STRING),
    "u_number": ("tonumber(terraform_data.u.output)", NUMBER),
    "u_bool": ("tobool(terraform_data.u.output)", BOOL),
    "u_list": ('split(",", local.u_string)', list_of(STRING)),
    "u_numbers": ("range(local.u_number)", list_of(NUMBER)),
    "u_set": ("toset(local.u_list)", set_of(STRING)),
    "u_map": ("zipmap(local.u_list, local.u_list)", map_of(STRING)),
    "u_tuple": ('regex("(a)(b)", local.u_string)', TupleType((STRING, STRING))),
    "u_object": ('regex("(?P<a>x)(?P<b>y)", local.u_string)', ObjectType({"a": STRING, "b": STRING})),
    "part_object": (
        "{ a = local.u_string, n = 1, l = [local.u_number, 2], d = local.u }",
        ObjectType({"a": STRING, "n": NUMBER, "l": TupleType((NUMBER, NUMBER)), "d": DYNAMIC}),
    ),
    "part_list": ('tolist(["a", local.u_string, "c"])', list_of(STRING)),
    "part_tuple": ('["a", local.u_number, [local.u]]', TupleType((STRING, NUMBER, TupleType((DYNAMIC,))))),
    "part_map": ('tomap({ a = 1, b = local.u_number })', map_of(NUMBER)),
    "part_set": ('toset(["a", local.u_string])', set_of(STRING)),
}
KNOWN: dict[str, tuple[str, Type]] = {
    "text": ('"eu-west-1"', STRING),
    "digits": ('"42"', STRING),
    "empty": ('""', STRING),
    "accents": ('"e\\u0301é👨‍👩‍👧 ß"', STRING),
    "one": ("1", NUMBER),
    "half": ("0.5", NUMBER),
    "yes": ("true", BOOL),
    "secret": ('sensitive("s3cret")', STRING),
    "secrets": ('{ a = sensitive(1), b = "x" }', ObjectType({"a": NUMBER, "b": STRING})),
    "zones": ('tolist(["a", "b", "c"])', list_of(STRING)),
    "ports": ("[80, 443]", TupleType((NUMBER, NUMBER))),
    "names": ('toset(["b", "a", "é"])', set_of(STRING)),
    "sizes": ("tomap({ small = 1, large = 2.5 })", map_of(NUMBER)),
    "server": (
        '{ name = "web", port = 80, tags = ["a", "b"], on = true, none = null }',
        ObjectType({"name": STRING, "port": NUMBER, "tags": TupleType((STRING, STRING)), "on": BOOL, "none": DYNAMIC}),
    ),
    "servers": (
        'tolist([{ name = "a", port = 1 }, { name = "b", port = 2 }])',
        list_of(ObjectType({"name": STRING, "port": NUMBER})),
    ),
    "nothing": ("null", DYNAMIC),
}
FILES = {
    "plain.txt": "hello é\nworld\n",
    "empty.txt": "",
    "data.json": '{"a": [1, 2.5, null, "x"], "b": true}\n',
    "data.yaml": "a: [1, 0x1F, ~, 'x']\nb: {c: yes, d: 1e3}\n",
    "data.csv": 'a,b\n1,"x, y"\n2,z\n',
    "greeting.tftpl": "Hello ${name}!\n%{ for item in items ~}\n- ${item}\n%{ endfor ~}\n",
    "nested/deep.txt": "deep\n",
}
PRIMITIVES = (STRING, NUMBER, BOOL)
ATTRIBUTES = ("a", "b", "name", "port", "n-1")


@dataclass(frozen=True, slots=True)
class Environment:
    """A module's text, and the references into it by the type that they have, as `declaration` writes it."""

    text: str
    references: dict[str, list[str]]
    unknowns: dict[str, list[str]]


@dataclass(slots=True)
class _Builder:
    """References gathered while the module is written."""

    lines: list[str] = field(default_factory=list)
    references: dict[str, list[str]] = field(default_factory=dict)


def environment(rng: Random, variables: int = 14) -> Environment:
    """Fixed locals and unknowns beside generated variables."""
    builder = _Builder([RESOURCES])
    for index in range(variables):
        _variable(builder, rng, f"v{index}")
    for index in range(4):
        kind = kind_of(rng, 2)
        builder.lines.append(f"locals {{\n  l{index} = {literal(rng, kind)}\n}}\n")
    builder.lines.append("locals {\n" + _locals(KNOWN) + _locals(UNKNOWNS) + "}\n")
    for name, (_, kind) in KNOWN.items():
        _refer(builder.references, f"local.{name}", kind)
    unknowns: dict[str, list[str]] = {}
    for name, (_, kind) in UNKNOWNS.items():
        _refer(unknowns, f"local.{name}", kind)
    return Environment("\n".join(builder.lines), builder.references, unknowns)


def _locals(table: dict[str, tuple[str, Type]]) -> str:
    return "".join(f"  {name} = {text}\n" for name, (text, _) in table.items())


def _variable(builder: _Builder, rng: Random, name: str) -> None:
    kind = kind_of(rng, 2)
    options = rng.random()
    default = "null" if options < 0.08 else literal(rng, kind, loose=True)
    declared = f"  type = {declaration(kind)}\n" if options < 0.9 else ""
    builder.lines.append(f'variable "{name}" {{\n{declared}  default = {default}\n}}\n')
    if declared and default != "null":
        _refer(builder.references, f"var.{name}", kind)
    else:
        builder.references.setdefault(declaration(kind if declared else DYNAMIC), []).append(f"var.{name}")


def _refer(table: dict[str, list[str]], text: str, kind: Type, depth: int = 2) -> None:
    """The reference and those to its parts, as far as they surely exist."""
    table.setdefault(declaration(kind), []).append(text)
    if depth and isinstance(kind, ObjectType):
        for name, inner in kind.attributes.items():
            _refer(table, f"{text}.{name}", inner, depth - 1)
            _refer(table, f"{text}[{json.dumps(name)}]", inner, 0)
    if depth and isinstance(kind, TupleType):
        for index, inner in enumerate(kind.elements):
            _refer(table, f"{text}[{index}]", inner, depth - 1)
            _refer(table, f"{text}.{index}", inner, 0)
    if depth and isinstance(kind, Collection) and kind.kind == "list":
        _refer(table, f"{text}[0]", kind.element, depth - 1)


def kind_of(rng: Random, depth: int) -> Type:
    """A type, mostly simple; elements of sets are primitive, for the order of others is internal."""
    choice = rng.random()
    if depth <= 0 or choice < 0.45:
        return rng.choice(PRIMITIVES)
    if choice < 0.58:
        return list_of(kind_of(rng, depth - 1))
    if choice < 0.66:
        return set_of(rng.choice((STRING, NUMBER)))
    if choice < 0.78:
        return map_of(kind_of(rng, depth - 1))
    if choice < 0.88:
        return TupleType(tuple(kind_of(rng, depth - 1) for _ in range(rng.randint(0, 3))))
    names = rng.sample(ATTRIBUTES, rng.randint(0, 3))
    return ObjectType({name: kind_of(rng, depth - 1) for name in names})


def declaration(kind: Type) -> str:
    """The type as a type constraint."""
    match kind:
        case Collection():
            return f"{kind.kind}({declaration(kind.element)})"
        case TupleType():
            return f"tuple([{', '.join(map(declaration, kind.elements))}])"
        case ObjectType():
            items = ", ".join(f"{key(name)} = {declaration(inner)}" for name, inner in kind.attributes.items())
            return f"object({{ {items} }})"
    return "any" if kind == DYNAMIC else kind.name


def key(name: str) -> str:
    """An attribute name in braces."""
    return name if name.replace("-", "_").isidentifier() else json.dumps(name)


TEXTS = ("", "a", "b", "abc", "a,b", "10", "-3.5", "true", "Hello World", " pad ", "é", "x-1", "a\\nb", "$${x}", "%%{y}", "null")
NUMBERS = ("0", "1", "2", "3", "7", "10", "-1", "0.5", "2.25", "-7.5", "0.1", "1e3", "100", "1e20", "9007199254740993", "3.14")


def literal(rng: Random, kind: Type, loose: bool = False) -> str:
    """A constant of a type; loose ones may need conversion."""
    match kind:
        case Collection(kind="map"):
            names = rng.sample(("a", "b", "c", "x-y", "1"), rng.randint(0, 3))
            items = ", ".join(f"{json.dumps(name)} = {literal(rng, kind.element, loose)}" for name in names)
            return f"{{ {items} }}" if loose else f"tomap({{ {items} }})"
        case Collection():
            least = 1 if kind.kind == "list" else 0
            text = "[" + ", ".join(literal(rng, kind.element, loose) for _ in range(rng.randint(least, 3))) + "]"
            return text if loose else f"to{kind.kind}({text})"
        case TupleType():
            return "[" + ", ".join(literal(rng, inner, loose) for inner in kind.elements) + "]"
        case ObjectType():
            items = ", ".join(f"{key(name)} = {literal(rng, inner, loose)}" for name, inner in kind.attributes.items())
            return f"{{ {items} }}"
    if kind == BOOL:
        return rng.choice(("true", "false", '"true"') if loose else ("true", "false"))
    if kind == NUMBER:
        text = rng.choice(NUMBERS)
        return f'"{text}"' if loose and rng.random() < 0.2 else text
    if kind == STRING:
        return rng.choice(NUMBERS) if loose and rng.random() < 0.1 else f'"{rng.choice(TEXTS)}"'
    return "null"
