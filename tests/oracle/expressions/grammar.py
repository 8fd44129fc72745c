"""Typed expressions, random and nested: each is meant to have a type, and some miss on purpose.

Random numbers come from a `Random`, seeded by the tests: a plan judges hundreds
of expressions at once, so that Hypothesis, which judges and shrinks one by one,
would have nothing to work with. `smaller` in `judge.py` shrinks whole batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
from tests.oracle.expressions.arguments import POOLS, Slot, callable_names, slots
from tests.oracle.expressions.environment import Environment, declaration, key, kind_of, literal

ARITHMETIC = ("+", "-", "*", "/", "%")
COMPARISON = ("<", ">", "<=", ">=")
EQUALITY = ("==", "!=")
LOGIC = ("&&", "||")
# Functions by the type of their result, for typed nesting.
RETURNING: dict[Type, tuple[str, ...]] = {
    STRING: ("upper", "lower", "join", "replace", "trimspace", "substr", "format", "title", "tostring", "jsonencode", "md5", "coalesce", "strrev", "indent", "trimprefix"),
    NUMBER: ("length", "abs", "ceil", "floor", "max", "min", "pow", "signum", "tonumber", "sum", "parseint", "index", "log"),
    BOOL: ("alltrue", "anytrue", "contains", "startswith", "endswith", "strcontains", "tobool", "can", "issensitive", "fileexists"),
}
# Indices, in their forms.
_ONES = ("1", "local.one", '"1"')
_NAMES = (".a", '["b"]', "[local.u_string]", ".c")
_POSITIONS = ("1", "0", "local.u_number", "2", '"1"', "local.one", "-1", "0.5")


@dataclass(slots=True)
class Grammar:
    """Makes expressions over one environment."""

    rng: Random
    environment: Environment
    loops: list[tuple[str, Type]] = field(default_factory=list)
    inside_quotes: bool = False
    names: int = 0

    # -- whole cases ------------------------------------------------------

    def case(self, number: int) -> str:
        """One expression; every function gets its turn, by number."""
        self.loops.clear()
        self.names = 0
        depth = self.rng.choice((1, 2, 2, 3))
        if number % 2:
            names = callable_names()
            return self.call(names[number // 2 % len(names)], depth)
        if self.rng.random() < 0.3:
            return self.operation(depth)
        return self.make(kind_of(self.rng, 2), depth + 1)

    # -- by type ----------------------------------------------------------

    def make(self, kind: Type, depth: int) -> str:
        """An expression that should have this type, or convert to it."""
        choice = self.rng.random()
        if choice < 0.025:
            return "null"
        if choice < 0.05:
            return self.leaf(kind_of(self.rng, 1))
        if depth <= 0:
            return self.leaf(kind)
        if choice < 0.11:
            return self.conditional(kind, depth)
        if choice < 0.15:
            return self.wrapped(kind, depth)
        if choice < 0.19:
            return self.picked(kind, depth)
        return self._maker(kind)(kind, depth)

    def _maker(self, kind: Type) -> Callable[[Type, int], str]:
        match kind:
            case Collection(kind="map"):
                return self.rng.choice((self.mapping, self.mapping, self.leaf))
            case Collection(kind="set"):
                return self.rng.choice((self.sets, self.leaf))
            case Collection():
                return self.rng.choice((self.lists, self.lists, self.leaf))
            case TupleType():
                return self.tuple
            case ObjectType():
                return self.object
        if kind == STRING:
            return self.rng.choice((self.template, self.template, self.heredoc, self.typed_call, self.leaf, self.leaf))
        if kind == NUMBER:
            return self.rng.choice((self.arithmetic, self.typed_call, self.leaf))
        if kind == BOOL:
            return self.rng.choice((self.comparison, self.logic, self.typed_call, self.leaf))
        return self.anything

    def anything(self, _: Type, depth: int) -> str:
        return self.make(kind_of(self.rng, 2), depth)

    def leaf(self, kind: Type, depth: int = 0) -> str:
        """A constant or a reference of this type."""
        if kind == DYNAMIC:
            kind = kind_of(self.rng, 1)
        choice = self.rng.random()
        loops = [name for name, found in self.loops if found == kind]
        if loops and choice < 0.6:
            return self.rng.choice(loops)
        if choice < 0.1:
            return self._unknown(kind)
        known = self.environment.references.get(declaration(kind), [])
        if known and choice < 0.55:
            return self.rng.choice(known)
        if choice < 0.58:
            return self.rng.choice(self.environment.references[self.rng.choice(list(self.environment.references))])
        text = literal(self.rng, kind)
        return "-1" if kind == NUMBER and choice > 0.97 else text

    def _unknown(self, kind: Type) -> str:
        names = self.environment.unknowns
        fitting = names.get(declaration(kind)) or names[self.rng.choice(list(names))]
        return self.rng.choice(fitting if self.rng.random() < 0.8 else names["any"])

    # -- operators --------------------------------------------------------

    def operation(self, depth: int) -> str:
        """Operators side by side, so that precedence decides."""
        parts = [self.operand(NUMBER, depth)]
        for _ in range(self.rng.randint(1, 4)):
            operator = self.rng.choice((*ARITHMETIC, *ARITHMETIC, *COMPARISON, *EQUALITY, *LOGIC))
            parts += [operator, self.operand(BOOL if operator in LOGIC else NUMBER, depth - 1)]
        text = self._spaced(parts)
        return f"{text} ? {self.make(STRING, depth - 1)} : {self.make(STRING, depth - 1)}" if self.rng.random() < 0.1 else text

    def operand(self, kind: Type, depth: int) -> str:
        """Something to stand beside an operator, sometimes in parentheses or with a sign."""
        text = self.make(kind, depth - 1) if self.rng.random() < 0.6 else self.leaf(kind)
        sign = {NUMBER: "-", BOOL: "!"}.get(kind, "")
        if sign and self.rng.random() < 0.12:
            return f"{sign}{self.parenthesized(text)}" if self.rng.random() < 0.7 else f"{sign}{sign}{self.parenthesized(text)}"
        return self.parenthesized(text) if self.rng.random() < 0.4 else text

    def parenthesized(self, text: str) -> str:
        return f"({text})"

    def _spaced(self, parts: Sequence[str]) -> str:
        return " ".join(parts)

    def arithmetic(self, _: Type, depth: int) -> str:
        left, right = self.operand(NUMBER, depth), self.operand(NUMBER, depth)
        return f"{left} {self.rng.choice(ARITHMETIC)} {right}"

    def comparison(self, _: Type, depth: int) -> str:
        if self.rng.random() < 0.5:
            return f"{self.operand(NUMBER, depth)} {self.rng.choice(COMPARISON)} {self.operand(NUMBER, depth)}"
        kind = kind_of(self.rng, 2)
        other = kind if self.rng.random() < 0.8 else kind_of(self.rng, 1)
        left, right = self.make(kind, depth - 1), self.make(other, depth - 1)
        return f"({left}) {self.rng.choice(EQUALITY)} ({right})"

    def logic(self, _: Type, depth: int) -> str:
        return f"{self.operand(BOOL, depth)} {self.rng.choice(LOGIC)} {self.operand(BOOL, depth)}"

    # -- things that have any type ----------------------------------------

    def conditional(self, kind: Type, depth: int) -> str:
        other = kind if self.rng.random() < 0.8 else kind_of(self.rng, 2)
        condition = self.leaf(BOOL) if self.rng.random() < 0.5 else self.make(BOOL, depth - 1)
        if self.rng.random() < 0.15:
            condition = self._unknown(BOOL)
        text = f"{condition} ? {self.make(kind, depth - 1)} : {self.make(other, depth - 1)}"
        return text if self.rng.random() < 0.3 else f"({text})"

    def wrapped(self, kind: Type, depth: int) -> str:
        """`try`, `can`, parentheses and functions that return what they take."""
        inner = self.make(kind, depth - 1)
        forms = (
            f"try({inner}, {self.make(kind, depth - 1)})",
            f"try({self.make(DYNAMIC, depth - 1)}, {inner})",
            f"({inner})",
            f"one([{inner}])",
            f"element([{inner}, {inner}], 3)",
            f"sensitive({inner})",
            f"nonsensitive(sensitive({inner}))",
            f"coalesce({inner}, {inner})",
            f"jsondecode(jsonencode({inner}))",
            f"yamldecode(yamlencode({inner}))",
            f"ephemeralasnull({inner})",
        )
        return self.rng.choice(forms) if self.inside_quotes else self.rng.choice((*forms, f'"${{{self._quoted(kind, depth)}}}"'))

    def picked(self, kind: Type, depth: int) -> str:
        """An element of a list, map or object that has it."""
        rng = self.rng
        inner = self.make(kind, depth - 1)
        forms = (
            f"[{inner}, {self.leaf(STRING)}][0]",
            f"[{inner}].0",
            f'{{ k = {inner} }}.k',
            f'{{ k = {inner}, (local.text) = 1 }}["k"]',
            f"{{ \"1\" = {inner} }}[{rng.choice(_ONES)}]",
            f'tomap({{ a = {inner}, b = {self.make(kind, depth - 1)} }}){rng.choice(_NAMES)}',
            f"tolist([{inner}, {self.make(kind, depth - 1)}])[{rng.choice(_POSITIONS)}]",
            f'lookup({{ k = {inner} }}, "{rng.choice("kz")}", {self.make(kind, depth - 1)})',
            f"values({{ k = {inner} }})[0]",
            f"[{inner}][*][0]",
        )
        return rng.choice(forms)

    # -- strings ----------------------------------------------------------

    def template(self, _: Type, depth: int) -> str:
        if self.inside_quotes and self.rng.random() < 0.5:
            return self.leaf(STRING)
        before, self.inside_quotes = self.inside_quotes, True
        parts = "".join(self.part(depth) for _ in range(self.rng.randint(1, 4)))
        self.inside_quotes = before
        return f'"{parts}"'

    def part(self, depth: int) -> str:
        """Some text, an interpolation or a directive."""
        rng = self.rng
        choice = rng.random()
        if choice < 0.4 or depth <= 0:
            return rng.choice(("a", " ", "  b ", "$.", "%.", "x-y", "é", "$${", "%%{", "\t", "1"))
        kind = rng.choice((STRING, STRING, NUMBER, BOOL))
        left, right = rng.choice(("", "", "~")), rng.choice(("", "", "~"))
        if choice < 0.75:
            return f"${{{left}{rng.choice(('', ' '))}{self._quoted(kind, depth)} {right}}}"
        if choice < 0.88:
            otherwise = f"%{{{left} else {right}}}{self.part(depth - 1)}" if rng.random() < 0.6 else ""
            return f"%{{{left} if {self._quoted(BOOL, depth)} {right}}}{self.part(depth - 1)}{otherwise}%{{{right}endif{left}}}"
        with self._loop(depth, STRING) as (names, collection):
            body = self.part(depth - 1) + self.part(depth - 1)
        return f"%{{{left} for {names} in {collection} {right}}}{body}%{{ endfor {left}}}"

    def _quoted(self, kind: Type, depth: int) -> str:
        before, self.inside_quotes = self.inside_quotes, True
        text = self.make(kind, depth - 1)
        self.inside_quotes = before
        return text

    def heredoc(self, _: Type, depth: int) -> str:
        """Lines of odd indentation; in parentheses, so that it may stand anywhere but in quotes."""
        if self.inside_quotes:
            return self.template(STRING, depth)
        flush = self.rng.choice(("-", "-", ""))
        before, self.inside_quotes = self.inside_quotes, True
        lines: list[str] = []
        for _ in range(self.rng.randint(0, 4)):
            indent = self.rng.choice(("", " ", "  ", "    ", "\t", "      "))
            lines.append(indent + "".join(self.part(depth - 1) for _ in range(self.rng.randint(0, 3))))
        self.inside_quotes = before
        body = "".join(f"{line}\n" for line in lines)
        return f"(<<{flush}EOT\n{body}{self.rng.choice(('', '  ', '    ')) if flush else ''}EOT\n)"

    # -- collections ------------------------------------------------------

    def tuple(self, kind: Type, depth: int) -> str:
        assert isinstance(kind, TupleType)
        if self.rng.random() < 0.25:
            return self.for_list(kind_of(self.rng, 1), depth)
        comma = self.rng.choice(("", ","))if kind.elements else ""
        return "[" + ", ".join(self.make(inner, depth - 1) for inner in kind.elements) + comma + "]"

    def object(self, kind: Type, depth: int) -> str:
        assert isinstance(kind, ObjectType)
        if self.rng.random() < 0.2:
            return self.for_object(kind_of(self.rng, 1), depth)
        separator = self.rng.choice((", ", ", ", "\n")) if not self.inside_quotes else ", "
        items = [f"{self.item_key(name)} {self.rng.choice('==:')} {self.make(inner, depth - 1)}" for name, inner in kind.attributes.items()]
        if items and self.rng.random() < 0.08:
            items.append(items[0])
        return "{ " + separator.join(items) + " }"

    def item_key(self, name: str) -> str:
        """A key in one of its forms."""
        forms = [key(name), f'"{name}"', f'("{name}")', f'"${{"{name}"}}"']
        if self.rng.random() < 0.15:
            forms += ["(local.text)", '"${local.text}-x"', "(1 + 1)", "true", "null", "1.50", "(local.one)", "var", "for-x"]
            return self.rng.choice(forms)
        return self.rng.choice(forms[:2] if self.rng.random() < 0.6 else forms)

    def lists(self, kind: Type, depth: int) -> str:
        assert isinstance(kind, Collection)
        item = kind.element
        some = ", ".join(self.make(item, depth - 1) for _ in range(self.rng.randint(0, 3)))
        choice = self.rng.randint(0, 9)
        if choice < 3:
            return f"tolist([{some}])"
        if choice < 5:
            return self.for_list(item, depth)
        if choice < 7:
            return self.splat(depth)
        mapping = self.make(map_of(item), depth - 1)
        forms = (
            f"concat({self.make(kind, depth - 1)}, {self.make(kind, depth - 1)})", f"[{some}]", f"values({mapping})",
            f"slice([{some}], 0, {self.rng.randint(0, 3)})", f"reverse({self.make(kind, depth - 1)})", f"distinct([{some}])",
            f"compact({self.make(list_of(STRING), depth - 1)})", f"keys({mapping})", f"flatten([[{some}], {self.make(kind, depth - 1)}])",
        )
        return self.rng.choice(forms)

    def sets(self, kind: Type, depth: int) -> str:
        assert isinstance(kind, Collection)
        one, two = (self.make(list_of(kind.element), depth - 1) for _ in range(2))
        function = self.rng.choice(("setunion", "setintersection", "setsubtract"))
        return self.rng.choice((f"toset({one})", f"toset({one})", f"{function}({one}, {two})"))

    def mapping(self, kind: Type, depth: int) -> str:
        assert isinstance(kind, Collection)
        names = self.rng.sample(("a", "b", "c", "n-1"), self.rng.randint(0, 3))
        items = ", ".join(f"{self.item_key(name)} = {self.make(kind.element, depth - 1)}" for name in names)
        choice = self.rng.randint(0, 7)
        if choice < 3:
            return f"tomap({{ {items} }})"
        if choice < 6:
            return self.for_object(kind.element, depth)
        return self.rng.choice((f"{{ {items} }}", f"merge({{ {items} }}, {self.make(kind, depth - 1)})", f"zipmap([\"a\", \"b\"], [{self.make(kind.element, depth - 1)}, {self.make(kind.element, depth - 1)}])"))

    @contextmanager
    def _loop(self, depth: int, _: Type) -> Iterator[tuple[str, str]]:
        """Names of a loop and what it loops over; inside, the names can be used."""
        rng = self.rng
        item = rng.choice((STRING, NUMBER, ObjectType({"a": STRING, "b": NUMBER}), list_of(STRING)))
        shape = rng.randint(0, 4)
        source: Type = (list_of(item), map_of(item), TupleType((item, item)), ObjectType({"a": item, "b": item}), set_of(STRING))[shape]
        collection = self.make(source, depth - 1)
        self.names += 1
        value, index = f"x{self.names}", f"k{self.names}"
        with_key = rng.random() < 0.5
        count = len(self.loops)
        self._bind(value, STRING if shape == 4 else item)
        if with_key:
            self._bind(index, NUMBER if shape in (0, 2) else STRING)
        yield (f"{index}, {value}" if with_key else value), collection
        del self.loops[count:]

    def _bind(self, name: str, kind: Type) -> None:
        self.loops.append((name, kind))
        if isinstance(kind, ObjectType):
            self.loops += [(f"{name}.{part}", inner) for part, inner in kind.attributes.items()]
        if isinstance(kind, Collection):
            self.loops.append((f"{name}[0]", kind.element))

    def _filter(self, depth: int) -> str:
        return f" if {self.make(BOOL, depth - 1)}" if self.rng.random() < 0.3 else ""

    def for_list(self, item: Type, depth: int) -> str:
        with self._loop(depth, item) as (names, collection):
            return f"[for {names} in {collection} : {self.make(item, depth - 1)}{self._filter(depth)}]"

    def for_object(self, item: Type, depth: int) -> str:
        with self._loop(depth, item) as (names, collection):
            name = self.make(STRING, depth - 1) if self.rng.random() < 0.4 else names.split(", ")[0]
            dots = "..." if self.rng.random() < 0.3 else ""
            return f"{{ for {names} in {collection} : {name} => {self.make(item, depth - 1)}{dots}{self._filter(depth)} }}"

    def splat(self, depth: int) -> str:
        rng = self.rng
        item = ObjectType({"a": STRING, "b": NUMBER})
        source = rng.choice((list_of(item), TupleType((item, item)), item, set_of(STRING), list_of(list_of(NUMBER)), DYNAMIC, STRING))
        subject = self.make(source, depth - 1)
        if rng.random() < 0.3:
            subject = rng.choice(("local.servers", "local.server", "local.part_tuple", "local.u_list", "local.u", "local.nothing", "local.u_object", "local.part_object.l"))
        if rng.random() < 0.4:
            subject = f"({subject})"
        tail = rng.choice((".a", ".b", ".name", "", ".port", "[0]", ".a", '["b"]', ".0"))
        return f"{subject}{'[*]' if rng.random() < 0.6 else '.*'}{tail}"

    # -- calls ------------------------------------------------------------

    def typed_call(self, kind: Type, depth: int) -> str:
        return self.call(self.rng.choice(RETURNING[kind]), depth)

    def call(self, name: str, depth: int) -> str:
        """A call with arguments as the function wants them, mostly."""
        arguments = [self.argument(slot, depth - 1) for slot in slots(name, self.rng)]
        prefix = "core::" if self.rng.random() < 0.01 else ""
        if arguments and self.rng.random() < 0.04:
            return f"{prefix}{name}([{', '.join(arguments)}]...)"
        return f"{prefix}{name}({', '.join(arguments)})"

    def argument(self, slot: Slot, depth: int) -> str:
        """What people would give, or for one in twelve something else."""
        rng = self.rng
        if slot == "type":
            return rng.choice(POOLS["type"])
        choice = rng.random()
        if choice < 0.07:
            return self.make(kind_of(rng, 2), depth)
        if choice < 0.12:
            return self._unknown(slot if isinstance(slot, Type) else STRING)
        if isinstance(slot, Type):
            return self.make(slot, depth)
        if slot in POOLS:
            return rng.choice(POOLS[slot])
        return self.make(self._shape(slot), depth)

    def _shape(self, slot: str) -> Type:
        rng = self.rng
        item = kind_of(rng, 1)
        shapes: dict[str, tuple[Type, ...]] = {
            "sequence": (list_of(item), list_of(STRING), TupleType((item, kind_of(rng, 1))), set_of(STRING)),
            "nested": (list_of(list_of(item)), TupleType((list_of(item), TupleType((item,)), item)), TupleType((set_of(STRING), list_of(STRING)))),
            "mapping": (map_of(item), map_of(STRING), ObjectType({"a": item, "b": kind_of(rng, 1)}), ObjectType({})),
            "scalar": (STRING, NUMBER, NUMBER, BOOL, item),
        }
        return rng.choice(shapes[slot])
