"""YAML text → values, as Terraform reads it.

PyYAML splits the text into events; what they mean follows go-cty-yaml: scalars
resolve by its own mixture of YAML 1.1 (yes, on) and 1.2 (0o17), keys become
strings, of repeated keys the last one counts, and `<<` merges in place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from kubestack_lint.source import Source, Span
from kubestack_lint.values.functions.common import MAX_PARTS, quoted
from kubestack_lint.values.functions.jsonread import Undecided
from kubestack_lint.values.value import Value, object_of, tuple_of
from kubestack_lint.values.yamlscalars import key_text, scalar_value

# PyYAML reads about 100 000 characters a second.
MAX_TEXT = 500_000
MAX_NESTING = 150

_TAG = "tag:yaml.org,2002:"
_LINE_ENDS = "\r\n\x85\u2028\u2029"

_COMMENTED_BLOCK = re.compile(r"[|>][-+0-9]*[#\t]")


class _Loader(yaml.SafeLoader):
    """PyYAML's loader with what libyaml, and so Terraform, reads differently: escapes and tabs."""

    ESCAPE_REPLACEMENTS = {  # type: ignore[misc]  # noqa: RUF012 - final for its stubs only
        **{name: text for name, text in yaml.SafeLoader.ESCAPE_REPLACEMENTS.items() if name != "/"},
        "'": "'",
    }

    def scan_to_next_token(self) -> None:
        """Tabs separate tokens where no indentation is at stake."""
        super().scan_to_next_token()
        while self.peek() == "\t" and (self.flow_level or not self.allow_simple_key):
            self.forward()
            super().scan_to_next_token()

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: yaml.Mark) -> list[str]:
        """A run of characters in quotes; PyYAML leaves it to Python which of them an escape may stand for."""
        try:
            chunks: list[str] = super().scan_flow_scalar_non_spaces(double, start_mark)
            "".join(chunks).encode()
        except (ValueError, OverflowError) as error:
            message = "found an escape that stands for no character"
            raise yaml.MarkedYAMLError("while scanning a text in quotes", start_mark, message) from error
        return chunks

    def scan_plain_spaces(self, indent: int, start_mark: yaml.Mark) -> list[str]:
        """Blanks and line breaks inside a plain scalar; tabs are blanks."""
        length = 0
        while self.peek(length) in " \t":
            length += 1
        blanks: str = self.prefix(length)
        if self.peek(length) not in _LINE_ENDS:
            self.forward(length)
            return [blanks] if blanks else []
        self.forward(length)
        chunks: list[str] = super().scan_plain_spaces(indent, start_mark) or []
        if self.peek() == "\t" and self.column >= indent:
            while self.peek() in " \t":
                self.forward()
            if self.peek() in _LINE_ENDS:
                raise Undecided("the text has lines of nothing but tabs")
        return chunks


def from_yaml(source: Source) -> Value:
    """The value of a YAML document, with places if its text has a path.

    Raises ValueError where Terraform does, Undecided beyond kslint's bounds.
    """
    text = source.text
    if len(text) > MAX_TEXT:
        raise Undecided(f"the text is longer than the {MAX_TEXT} characters of YAML that kslint reads")
    try:
        return _Reader(yaml.parse(text, Loader=_Loader), source if source.path else None).document()
    except yaml.YAMLError as error:
        if _COMMENTED_BLOCK.search(text):
            # PyYAML allows nothing but a space there, libyaml does.
            raise Undecided("a comment or a tab directly follows the mark of a block") from error
        raise ValueError(" ".join(str(error).split())) from error


@dataclass(slots=True)
class _Reader:
    """One document under way; `anchors` keeps values with the number of their parts."""

    events: Iterator[yaml.Event]
    file: Source | None = None
    anchors: dict[str, tuple[Value, int]] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)
    parts: int = 0

    def document(self) -> Value:
        """The only document of the text."""
        next(self.events)
        start = next(self.events)
        if not isinstance(start, yaml.DocumentStartEvent):
            raise ValueError("there is no document")
        if start.version not in (None, (1, 1)):
            raise ValueError("only YAML 1.1 is read")
        value = self.value(next(self.events), 0)
        next(self.events)
        if not isinstance(next(self.events), yaml.StreamEndEvent):
            raise ValueError("only a single document is allowed")
        return value

    def value(self, event: yaml.Event, depth: int, key: Span | None = None) -> Value:
        """The value that an event begins, under its key if it has one."""
        if depth > MAX_NESTING:
            raise Undecided(f"the text is nested more than {MAX_NESTING} levels deep")
        if isinstance(event, yaml.AliasEvent):
            return self.placed(self.alias(event.anchor or ""), event, event, key)
        self.count(1)
        before = self.parts
        assert isinstance(event, yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent)
        if event.anchor is not None:
            self.pending.append(event.anchor)
        end: yaml.Event = event
        if isinstance(event, yaml.ScalarEvent):
            value = scalar_value(event)
        elif isinstance(event, yaml.MappingStartEvent):
            value, end = self.mapping(event, depth)
        else:
            value, end = self.sequence(event, depth)
        value = self.placed(value, event, end, key)
        if event.anchor is not None:
            self.pending.remove(event.anchor)
            self.anchors[event.anchor] = (value, self.parts - before + 1)
        return value

    def placed(self, value: Value, start: yaml.Event, end: yaml.Event, key: Span | None) -> Value:
        """The value with its place in the file."""
        return value if self.file is None else value.at(self.span(start, end), key)

    def span(self, start: yaml.Event, end: yaml.Event) -> Span | None:
        """From the start of one event to the end of another, in the file."""
        if self.file is None:
            return None
        first, last = start.start_mark, end.end_mark
        assert first is not None
        assert last is not None
        return self.file.span(first.index, last.index)

    def count(self, parts: int) -> None:
        """Note that the value has so many more parts; aliases count with all that they stand for."""
        self.parts += parts
        if self.parts > MAX_PARTS:
            raise Undecided(f"the text stands for more than {MAX_PARTS} values")

    def alias(self, anchor: str) -> Value:
        """What `*anchor` stands for."""
        if anchor in self.pending:
            raise ValueError(f"the anchor {quoted(anchor)} is used inside itself")
        if anchor not in self.anchors:
            raise ValueError(f"there is no anchor {quoted(anchor)}")
        value, parts = self.anchors[anchor]
        self.count(parts)
        return value

    def sequence(self, event: yaml.SequenceStartEvent, depth: int) -> tuple[Value, yaml.Event]:
        """A tuple, and the event that ends it."""
        if event.tag not in (None, _TAG + "seq"):
            raise ValueError(f"a sequence cannot be {event.tag}")
        items: list[Value] = []
        while not isinstance(item := next(self.events), yaml.SequenceEndEvent):
            items.append(self.value(item, depth + 1))
        return tuple_of(tuple(items)), item

    def mapping(self, event: yaml.MappingStartEvent, depth: int) -> tuple[Value, yaml.Event]:
        """An object, and the event that ends it."""
        if event.tag not in (None, _TAG + "map"):
            raise ValueError(f"a mapping cannot be {event.tag}")
        items: dict[str, Value] = {}
        while not isinstance(key := next(self.events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                raise ValueError("only strings can be keys")
            if (key.tag is None and key.value == "<<") or key.tag == _TAG + "merge":
                merged = self.value(next(self.events), depth + 1)
                if not isinstance(merged.data, dict):
                    raise ValueError(f"a {merged.type.name} cannot be merged into a mapping")
                items.update(merged.data)
            else:
                name = key_text(key)
                items[name] = self.value(next(self.events), depth + 1, self.span(key, key))
        return object_of(items), key
