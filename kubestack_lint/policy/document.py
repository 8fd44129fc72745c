"""YAML → data with places. Only what a settings file needs; everything else is refused with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kubestack_lint.errors import ConfigError
from kubestack_lint.source import Source, Span

if TYPE_CHECKING:
    import yaml

# A settings file beyond this is a mistake or an attack.
MAX_BYTES = 1_000_000
# Aliases may repeat what they stand for; a document may not grow beyond this by them.
MAX_NODES = 100_000
MAX_DEPTH = 50

_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_CONFLICT = re.compile(r"^<<<<<<< ", re.MULTILINE)
# YAML 1.2's words: `off` is a severity and `no` a country, not booleans.
_WORDS: dict[str, bool | None] = {"null": None, "~": None, "": None, "true": True, "false": False}
_TAGS = tuple(
    f"tag:yaml.org,2002:{name}"
    for name in ("null", "bool", "int", "float", "str", "seq", "map", "timestamp", "value", "merge")
)

# What readers of YAML say of an expression, or a sentence, that stands there bare.
_NEEDS_QUOTES = ("mapping values are not allowed", "found '<scalar>'", "found '<tag>'", "scanning an anchor",
                 "cannot start any token", "scanning a block scalar")  # fmt: skip

Scalar = None | bool | int | float | str


@dataclass(frozen=True, slots=True)
class Item:
    """A value with its place. `data` is a scalar, a list of Items or a dict of them; `keys` are the keys' places."""

    span: Span
    data: Scalar | tuple[Item, ...] | dict[str, Item]
    keys: dict[str, Span]

    @property
    def plain(self) -> Any:
        """The value as Python has it, without places."""
        if isinstance(self.data, dict):
            return {key: item.plain for key, item in self.data.items()}
        if isinstance(self.data, tuple):
            return [item.plain for item in self.data]
        return self.data

    @property
    def items(self) -> dict[str, Item]:
        """The entries of a mapping; none for anything else."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def elements(self) -> tuple[Item, ...]:
        """The elements of a list; none for anything else."""
        return self.data if isinstance(self.data, tuple) else ()

    def text(self, key: str, otherwise: str = "") -> str:
        """The text below a key."""
        found = self.items.get(key)
        return otherwise if found is None or found.data is None else str(found.data)

    def words(self, key: str) -> tuple[Item, ...]:
        """What stands below a key that takes one value or a list of them."""
        found = self.items.get(key)
        if found is None:
            return ()
        return found.elements if isinstance(found.data, tuple) else (found,)

    def at(self, path: tuple[str | int, ...]) -> Item:
        """What a path leads to, or the nearest thing above it."""
        item = self
        for step in path:
            if isinstance(step, int) and step < len(item.elements):
                item = item.elements[step]
            elif isinstance(step, str) and step in item.items:
                item = item.items[step]
            else:
                break
        return item

    def inside(self, offset: int) -> Span:
        """The place of a character of this text; all of it where quoting or folding hides that."""
        source, start, end = self.span
        raw = self.span.text
        if not isinstance(self.data, str):
            return self.span
        if raw == self.data or raw[1:-1] == self.data:
            first = start + (raw != self.data) + offset
            return source.span(min(first, end), min(first + 1, end))
        if raw.startswith("|"):
            return self._in_block(offset)
        return self.span

    def _in_block(self, offset: int) -> Span:
        source = self.span.source
        assert isinstance(self.data, str)
        before = self.data[:offset]
        number = self.span.line + 1 + before.count("\n")
        line = source.line(number)
        said = self.data.split("\n")[before.count("\n")]
        column = len(line) - len(said) + len(before) - (before.rfind("\n") + 1)
        start = source.offset(number, max(0, column) + 1)
        return source.span(start, start + 1)


def read_yaml(path: Path, shown: str) -> Item:
    """Read a file. Raises ConfigError, placed."""
    empty = Source(shown, "").span(0, 0)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ConfigError(
                f"this file is {size / 1_000_000:.1f} MB; settings are read up to {MAX_BYTES // 1_000_000} MB",
                empty,
                "move policies into files of their own and name them under extends",
            )
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigError(f"this file cannot be read: {error.strerror}", empty) from error
    except UnicodeDecodeError as error:
        raise ConfigError("this file is not UTF-8", empty, "save it as UTF-8") from error
    return parse_yaml(text.removeprefix("\ufeff"), shown)


def parse_yaml(text: str, shown: str, trusted: bool = False) -> Item:
    """Read a text. `trusted` ones are our own and are read by the faster reader in C, where there is one."""
    import yaml  # Most runs have no settings file, and need no reader.

    source = Source(shown, text)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader) if trusted else yaml.SafeLoader
    try:
        node = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        if (merged := _CONFLICT.search(text)) is not None:
            place = merged.start()
            raise ConfigError(
                "git left a conflict here", source.span(place, place), "keep what is right of both sides"
            ) from error
        mark = error.problem_mark or error.context_mark
        place = _offset(source, mark)
        said = " ".join(part for part in (error.context, error.problem) if part)
        raise ConfigError(f"this is not valid YAML: {said}", source.span(place, place), _yaml_hint(said)) from error
    except yaml.reader.ReaderError as error:
        place = min(error.position, len(text))
        raise ConfigError(
            f"this character is not allowed in YAML: U+{int(error.character):04X}", source.span(place, place)
        ) from error
    except RecursionError:
        raise ConfigError(
            "this is nested too deeply", source.span(0, 0), f"settings nest at most {MAX_DEPTH} levels"
        ) from None
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value and not node.style):
        # Nothing but comments, or three dashes.
        return Item(source.span(0, 0), {}, {})
    return _Reader(source).item(node)


def _yaml_hint(said: str) -> str:
    if "found character '\\t'" in said:
        return "indent with spaces, not tabs"
    if "undefined alias" in said or "scanning an alias" in said:
        return "text that begins with * must stand in quotes"
    if any(sign in said for sign in _NEEDS_QUOTES):
        return "text with quotes, brackets or a colon in it must stand in quotes as a whole, or below |"
    return ""


def _offset(source: Source, mark: Any) -> int:
    """A mark's place; its index differs between the readers, line and column do not."""
    if mark is None:
        return 0
    return source.offset(mark.line + 1, mark.column + 1)


class _Reader:
    """One document: nodes counted, so that aliases cannot explode."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.count = 0
        self.above: set[int] = set()

    def item(self, node: yaml.Node) -> Item:
        span = self.source.span(_offset(self.source, node.start_mark), _offset(self.source, node.end_mark))
        self.count += 1
        if self.count > MAX_NODES:
            raise ConfigError(
                "the aliases of this file repeat too much",
                self.source.span(0, 0),
                f"a settings file may grow to {MAX_NODES:,} values; write without & and *",
            )
        if id(node) in self.above:
            raise ConfigError("this alias contains itself", span, "write the value out")
        if len(self.above) >= MAX_DEPTH:
            raise ConfigError("this is nested too deeply", span, f"settings nest at most {MAX_DEPTH} levels")
        if node.tag not in _TAGS:
            hint = "text that begins with ! must stand in quotes" if node.tag.startswith("!") else "remove it"
            raise ConfigError(f"the tag {node.tag} has no meaning here", span, hint)
        self.above.add(id(node))
        try:
            return self._made(node, span)
        finally:
            self.above.discard(id(node))

    def _made(self, node: yaml.Node, span: Span) -> Item:
        import yaml

        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, span)
        if isinstance(node, yaml.SequenceNode):
            return Item(span, tuple(self.item(child) for child in node.value), {})
        return Item(span, _scalar(node, span), {})

    def _mapping(self, node: yaml.MappingNode, span: Span) -> Item:
        found: dict[str, Item] = {}
        keys: dict[str, Span] = {}
        for key_node, value_node in node.value:
            key = self.item(key_node)
            if isinstance(key.data, dict | tuple):
                raise ConfigError("a key must be a text", key.span)
            if key_node.tag.endswith(":merge"):
                hint = "write the keys out; an alias stands for a whole value"
                raise ConfigError("<< merges nothing here", key.span, hint)
            name = key.data if isinstance(key.data, str) else key.span.text
            if name in found:
                raise ConfigError(
                    f"{name} is set twice; it is already on line {keys[name].line}", key.span, "remove one of them"
                )
            found[name], keys[name] = self.item(value_node), key.span
        return Item(span, found, keys)


def _scalar(node: yaml.Node, span: Span) -> Scalar:
    text = str(node.value)
    # Plain text has the style None in one reader and "" in the other.
    if getattr(node, "style", None):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > 100:
            raise ConfigError("this number is too long", span)
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
