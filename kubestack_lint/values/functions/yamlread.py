"""YAML text → values, as Terraform reads it.

PyYAML splits the text into events; what they mean follows go-cty-yaml: scalars
resolve by its own mixture of YAML 1.1 (yes, on) and 1.2 (0o17), keys become
strings, of repeated keys the last one counts, and `<<` merges in place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

import yaml

from kubestack_lint.values.functions.common import quoted
from kubestack_lint.values.functions.encoding import from_base64
from kubestack_lint.values.functions.jsonread import Undecided
from kubestack_lint.values.functions.signature import FunctionError
from kubestack_lint.values.numbers import format_number, parse_number
from kubestack_lint.values.types import STRING
from kubestack_lint.values.value import Value, boolean, null, number, object_of, string, tuple_of

# PyYAML reads about 100 000 characters a second.
MAX_TEXT = 1_000_000
MAX_NESTING = 150
# Aliases count with everything they stand for: a few lines can mean billions.
MAX_PARTS = 200_000

_TAG = "tag:yaml.org,2002:"
_SCALAR_TAGS = ("", "str", "bool", "int", "float", "null", "timestamp", "binary")

_LINE_ENDS = "\r\n\x85\u2028\u2029"

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys("y Y yes Yes YES true True TRUE on On ON".split(), True),
    **dict.fromkeys("n N no No NO false False FALSE off Off OFF".split(), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_INFINITE = frozenset(f"{sign}{word}" for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF"))
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_COMMENTED_BLOCK = re.compile(r"[|>][-+0-9]*[#\t]")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?P<t>[Tt ])(.*))?", re.DOTALL)
_TIME = re.compile(
    r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)


class _Loader(yaml.SafeLoader):
    """PyYAML's loader with what libyaml, and so Terraform, reads differently: escapes and tabs."""

    ESCAPE_REPLACEMENTS: ClassVar = {
        **{name: text for name, text in yaml.SafeLoader.ESCAPE_REPLACEMENTS.items() if name != "/"},
        "'": "'",
    }

    def scan_to_next_token(self) -> None:
        """Tabs separate tokens where no indentation is at stake."""
        super().scan_to_next_token()
        while self.peek() == "\t" and (self.flow_level or not self.allow_simple_key):
            self.forward()
            super().scan_to_next_token()

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
        chunks: list[str] = super().scan_plain_spaces(indent, start_mark)
        if self.peek() == "\t" and self.column >= indent:
            while self.peek() in " \t":
                self.forward()
            if self.peek() in _LINE_ENDS:
                raise Undecided("the text has lines of nothing but tabs")
        return chunks


def from_yaml(source: str) -> Value:
    """The value of a YAML document. Raises ValueError where Terraform does, Undecided beyond kslint's bounds."""
    if len(source) > MAX_TEXT:
        raise Undecided(f"the text is longer than the {MAX_TEXT} characters of YAML that kslint reads")
    try:
        return _Reader(yaml.parse(source, Loader=_Loader)).document()
    except yaml.YAMLError as error:
        if _COMMENTED_BLOCK.search(source):
            # PyYAML allows nothing but a space there, libyaml does.
            raise Undecided("a comment or a tab directly follows the mark of a block") from error
        raise ValueError(" ".join(str(error).split())) from error


@dataclass(slots=True)
class _Reader:
    """One document under way; `anchors` keeps values with the number of their parts."""

    events: Iterator[yaml.Event]
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

    def value(self, event: yaml.Event, depth: int) -> Value:
        """The value that an event begins."""
        if depth > MAX_NESTING:
            raise Undecided(f"the text is nested more than {MAX_NESTING} levels deep")
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event.anchor)
        self.count(1)
        before = self.parts
        assert isinstance(event, yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent)
        if event.anchor is not None:
            self.pending.append(event.anchor)
        if isinstance(event, yaml.ScalarEvent):
            value = _typed_scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            value = self.mapping(event, depth)
        else:
            value = self.sequence(event, depth)
        if event.anchor is not None:
            self.pending.remove(event.anchor)
            self.anchors[event.anchor] = (value, self.parts - before + 1)
        return value

    def count(self, parts: int) -> None:
        """Note that the value has so many more parts."""
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

    def sequence(self, event: yaml.SequenceStartEvent, depth: int) -> Value:
        """A tuple."""
        if event.tag not in (None, _TAG + "seq"):
            raise ValueError(f"a sequence cannot be {event.tag}")
        items: list[Value] = []
        while not isinstance(item := next(self.events), yaml.SequenceEndEvent):
            items.append(self.value(item, depth + 1))
        return tuple_of(tuple(items))

    def mapping(self, event: yaml.MappingStartEvent, depth: int) -> Value:
        """An object."""
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
                name = _key(key)
                items[name] = self.value(next(self.events), depth + 1)
        return object_of(items)


def _key(event: yaml.ScalarEvent) -> str:
    text = _as_text(_scalar(event))
    if text is None:
        raise ValueError("null cannot be a key")
    return text


def _as_text(value: Value) -> str | None:
    data = value.data
    if data is None or isinstance(data, str):
        return data
    if isinstance(data, bool):
        return "true" if data else "false"
    return format_number(data)  # type: ignore[arg-type]


def _typed_scalar(event: yaml.ScalarEvent) -> Value:
    value = _scalar(event)
    if event.style in ("|", ">") and event.tag is None:
        # Terraform resolves blocks as if they were plain, yet calls them strings.
        text = _as_text(value)
        return null(STRING) if text is None else string(text)
    return value


# -- scalars ------------------------------------------------------------------


def _scalar(event: yaml.ScalarEvent) -> Value:
    """The value of a scalar by its tag, its style and its text."""
    text: str = event.value
    tag = "" if event.tag is None else event.tag.removeprefix(_TAG)
    if tag not in _SCALAR_TAGS or (tag and not event.tag.startswith(_TAG)):
        raise ValueError(f"the tag {event.tag} is not supported")
    plain = tag not in ("str", "binary") and (not text or text[0] in "+-.0123456789yYnNtTfFoO~")
    if plain and event.style in ("'", '"'):
        return string(text)
    if plain:
        found, tag = _resolved(text, tag)
        if found is not None:
            return found
    return _tagged(text, tag)


def _resolved(text: str, tag: str) -> tuple[Value | None, str]:
    """A value decided by the text alone, or the tag that the text suggests."""
    if text in _WORDS:
        word = _WORDS[text]
        return (null() if word is None else boolean(word)), tag
    if text in _INFINITE:
        raise Undecided("the text has an infinite number")
    if not tag and text in (".nan", ".NaN", ".NAN"):
        raise ValueError("NaN is not supported")
    if text[0] == ".":
        if _FLOAT.fullmatch(text):
            return _tagged(text, "float"), tag
    elif text[0] in "+-0123456789":
        moment = _timestamp(text) if tag in ("", "timestamp") else None
        if moment is not None:
            return string(moment), tag
        if _INTEGER.fullmatch(text) or _FLOAT.fullmatch(text):
            return None, "float"
    return None, tag


def _tagged(text: str, tag: str) -> Value:
    match tag:
        case "bool":
            word = _WORDS.get(text)
            if word is not None:
                return boolean(word)
        case "int" | "float":
            exact = _number(text.replace("_", ""))
            if exact is not None:
                return exact
        case "timestamp":
            moment = _timestamp(text)
            if moment is not None:
                return string(moment)
        case "null":
            return null()
        case "binary":
            try:
                from_base64(text)
                return string(text)
            except FunctionError:
                pass
        case _:
            return string(text)
    raise ValueError(f"{quoted(text)} is no {tag}")


def _number(text: str) -> Value | None:
    if _FLOAT.fullmatch(text):
        exact = parse_number(text)
        if exact is None:
            raise Undecided("the text has a number beyond what kslint computes")
        return number(exact)
    match = re.fullmatch(r"([-+]?)0(?:[xX]([0-9a-fA-F]+)|[oO]([0-7]+)|[bB]([01]+))", text)
    if match is None:
        return None
    size = int(match[2], 16) if match[2] else int(match[3], 8) if match[3] else int(match[4], 2)
    if size >= (1 << 64 if not match[1] else 1 << 63) + (match[1] == "-"):
        return None
    return number(-size if match[1] == "-" else size)


def _timestamp(text: str) -> str | None:
    """The text in RFC 3339 if it is a date, or a date and a time."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    hour = minute = second = 0
    zone = "Z"
    if match["t"]:
        time = _TIME.fullmatch(match[5])
        # With a T there must be a zone, with a space there must be none.
        if time is None or (time["zone"] is None) != (match["t"] == " "):
            return None
        hour, minute, second = int(time[1]), int(time[2]), int(time[3])
        zone = time["zone"] or "Z"
    try:
        # Go has a year 0, a leap year like 2000; Python has not.
        date(int(match[1]) or 2000, int(match[2]), int(match[3]))
    except ValueError:
        return None
    if hour > 23 or minute > 59 or second > 59 or (zone != "Z" and (int(zone[1:3]) > 24 or int(zone[4:]) > 60)):
        return None
    if zone[1:] == "00:00":
        zone = "Z"
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}T{hour:02}:{minute:02}:{second:02}{zone}"
