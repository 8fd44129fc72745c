"""Terraform's functions on texts."""

from __future__ import annotations

from kubestack_lint.values.functions.common import MAX_PARTS, fits, text, too_long, too_many, whole
from kubestack_lint.values.functions.signature import FunctionError, Parameter, function, scalar, unknown_result
from kubestack_lint.values.graphemes import graphemes
from kubestack_lint.values.letters import simple_lower, simple_title, simple_upper
from kubestack_lint.values.types import BOOL, NUMBER, STRING, list_of
from kubestack_lint.values.value import Unknown, Value, boolean, collection, string, unknown_in

_STR = Parameter("str", STRING)

# White space by Go's definition; Python's strip() knows more.
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))

# -- letters ----------------------------------------------------------------


@scalar(_STR)
def upper(value: str) -> str:
    """Every letter in upper case."""
    return value.upper() if value.isascii() else "".join(map(simple_upper, value))


@scalar(_STR)
def lower(value: str) -> str:
    """Every letter in lower case."""
    return value.lower() if value.isascii() else "".join(map(simple_lower, value))


@scalar(_STR)
def title(value: str) -> str:
    """The first letter of every word in title case, the others as they are."""
    pieces: list[str] = []
    inside = False
    for character in value:
        pieces.append(character if inside else simple_title(character))
        inside = _in_word(character)
    return "".join(pieces)


def _in_word(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character == "_"
    return character not in _SPACE


@scalar(_STR)
def strrev(value: str) -> str:
    """The characters (grapheme clusters) in reverse order."""
    if value.isascii() and "\r" not in value:
        return value[::-1]
    return "".join(reversed(list(graphemes(value))))


# -- ends -------------------------------------------------------------------


@scalar(_STR)
def chomp(value: str) -> str:
    """Without newlines at the end."""
    return value.rstrip("\r\n")


@scalar(_STR, Parameter("cutset", STRING))
def trim(value: str, cutset: str) -> str:
    """Without any of the given characters at both ends."""
    return value.strip(cutset)


@scalar(_STR)
def trimspace(value: str) -> str:
    """Without white space at both ends."""
    return value.strip(_SPACE)


@scalar(_STR, Parameter("prefix", STRING))
def trimprefix(value: str, prefix: str) -> str:
    """Without the prefix, once."""
    return value.removeprefix(prefix)


@scalar(_STR, Parameter("suffix", STRING))
def trimsuffix(value: str, suffix: str) -> str:
    """Without the suffix, once."""
    return value.removesuffix(suffix)


@function(Parameter("str", STRING, unknown=True), Parameter("prefix", STRING), returns=BOOL, not_null=True)
def startswith(value: Value, prefix: Value) -> Value:
    """Whether the text begins with the prefix; even unknown ones begin with ""."""
    assert isinstance(prefix.data, str)
    if isinstance(value.data, Unknown):
        return unknown_result(BOOL, value.data, not_null=True) if prefix.data else boolean(True)
    assert isinstance(value.data, str)
    return boolean(value.data.startswith(prefix.data))


@scalar(_STR, Parameter("suffix", STRING), returns=BOOL)
def endswith(value: str, suffix: str) -> bool:
    """Whether the text ends with the suffix."""
    return value.endswith(suffix)


@function(_STR, Parameter("substr", STRING), returns=BOOL)
def strcontains(value: Value, substring: Value) -> Value:
    """Whether the text contains the other one."""
    assert isinstance(value.data, str) and isinstance(substring.data, str)
    return boolean(substring.data in value.data)


# -- parts ------------------------------------------------------------------


@function(_STR, Parameter("offset", NUMBER), Parameter("length", NUMBER), not_null=True)
def substr(value: Value, offset: Value, length: Value) -> Value:
    """`length` characters from `offset` on; a negative offset counts from the end."""
    source = value.data
    start, size = whole(offset.data, 1), whole(length.data, 2)
    assert isinstance(source, str)
    clusters = [*source] if source.isascii() and "\r" not in source else [*graphemes(source)]
    if start < 0:
        # Terraform then takes a length of 0 for "all": only positive offsets
        # are checked for it.
        start = max(start + len(clusters), 0)
        size = size or -1
    return string("".join(clusters[start:] if size < 0 else clusters[start : start + size]))


@function(
    Parameter("separator", STRING), variadic=Parameter("lists", list_of(STRING)), returns=STRING, not_null=True
)
def join(separator: Value, *lists: Value) -> Value:
    """The elements of the lists, one text after another, separated."""
    if not lists:
        raise FunctionError("at least one list is required")
    for given in lists:
        hidden = unknown_in(given)
        if hidden is not None:
            return unknown_result(STRING, hidden, not_null=True)
    pieces: list[str] = []
    for number, given in enumerate(lists):
        for index, item in enumerate(given.elements):
            if not isinstance(item.data, str):
                raise FunctionError(f"element {index} is null; null cannot be joined", number + 1)
            pieces.append(item.data)
    assert isinstance(separator.data, str)
    if not fits(len(separator.data) * (len(pieces) - 1), *map(len, pieces)):
        return too_long()
    return string(separator.data.join(pieces))


@function(Parameter("separator", STRING), _STR, returns=list_of(STRING), not_null=True)
def split(separator: Value, value: Value) -> Value:
    """The parts between separators; without separator the single code points."""
    assert isinstance(separator.data, str) and isinstance(value.data, str)
    count = value.data.count(separator.data) if separator.data else len(value.data)
    if count > MAX_PARTS:
        return too_many(list_of(STRING))
    parts = value.data.split(separator.data) if separator.data else [*value.data]
    return collection("list", STRING, tuple(map(string, parts)))


@function(Parameter("spaces", NUMBER), _STR, not_null=True)
def indent(spaces: Value, value: Value) -> Value:
    """Every line but the first moved to the right."""
    width = whole(spaces.data, 0)
    if width < 0:
        raise FunctionError("the number of spaces must not be negative", 0)
    source = value.data
    assert isinstance(source, str)
    breaks = source.count("\n")
    if breaks and not fits(len(source), width * breaks):
        return too_long()
    return text(source.replace("\n", "\n" + " " * width) if breaks else source)
