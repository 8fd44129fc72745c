"""`format` and `formatlist`: Go's verbs, applied to Terraform's values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from kubestack_lint.values.arithmetic import magnitude
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.evaluate import MAX_STRING
from kubestack_lint.values.functions.common import MAX_PARTS, text, too_many, writable
from kubestack_lint.values.functions.decimals import float_text, shortest_text
from kubestack_lint.values.functions.elements import first_unknown, known_length
from kubestack_lint.values.functions.jsontext import Unwritable, json_string, to_json
from kubestack_lint.values.functions.signature import FunctionError, Parameter, function, unknown_result
from kubestack_lint.values.graphemes import graphemes, length
from kubestack_lint.values.numbers import negative
from kubestack_lint.values.types import BOOL, DYNAMIC, NUMBER, STRING, Collection, TupleType, Type, list_of
from kubestack_lint.values.value import Unknown, Value, collection, string, unknown, unknown_in

_FORMAT = Parameter("format", STRING)
_ARGS = Parameter("args", DYNAMIC, null=True, unknown=True, dynamic=True)
# Go prints nonsense beyond this width; so many places behind the point nobody wants.
MAX_WIDTH = 1_000_000
MAX_PLACES = 4_000

_VERB = re.compile(r"%(?P<flags>[0#\-+ ]*)(?P<width>[1-9][0-9]*)?(?:\.(?P<precision>[0-9]*))?"
                   r"(?:\[(?P<index>[1-9][0-9]*)\])?(?P<mode>[A-Za-z])")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verb:
    """One `%…` of a format."""

    text: str
    mode: str
    flags: str
    width: int | None
    precision: int | None

    def fail(self, why: str) -> FunctionError:
        """The error that this verb cannot be used so."""
        return FunctionError(f"{self.text}: {why}")

    def padded(self, body: str) -> str:
        """A text filled up to the width."""
        missing = (self.width or 0) - length(body)
        if missing <= 0:
            return body
        fill = ("0" if "0" in self.flags else " ") * missing
        return body + fill if "-" in self.flags else fill + body


@function(_FORMAT, variadic=_ARGS, not_null=True)
def format_(template: Value, *arguments: Value) -> Value:
    """A text with verbs like %s and %d replaced by the arguments."""
    for argument in arguments:
        hidden = unknown_in(argument)
        if hidden is not None:
            return unknown_result(STRING, hidden, not_null=True)
    assert isinstance(template.data, str)
    try:
        return text(formatted(template.data, arguments))
    except Unwritable as limit:
        return unknown(str(limit), STRING)


def formatted(template: str, arguments: tuple[Value, ...]) -> str:
    """The text of a format. Raises FunctionError, and Unwritable when it cannot be known."""
    pieces: list[str] = []
    position = size = highest = 0
    following = 1
    while position < len(template):
        percent = template.find("%", position)
        if percent != position:
            end = percent if percent >= 0 else len(template)
            pieces.append(template[position:end])
            position = end
        elif template.startswith("%%", position):
            pieces.append("%")
            position += 2
        else:
            match = _VERB.match(template, position)
            if match is None:
                raise FunctionError(f"the format is invalid from character {position + 1} on", 0)
            number = int(match["index"][:9]) if match["index"] else following
            highest, following = max(highest, number), number + 1
            pieces.append(_apply(match, number, arguments))
            position = match.end()
        size += len(pieces[-1])
        if size > MAX_STRING:
            raise Unwritable(f"the text is longer than {MAX_STRING} characters")
    if highest < len(arguments):
        raise FunctionError(f"there are {len(arguments)} arguments, the format uses {highest}", highest + 1)
    return "".join(pieces)


def _apply(match: re.Match[str], number: int, arguments: tuple[Value, ...]) -> str:
    width = int(match["width"][:9]) if match["width"] else None
    precision = None if match["precision"] is None else int(match["precision"][:9] or 0)
    verb = Verb(match[0], match["mode"], match["flags"], width, precision)
    if number > len(arguments):
        raise verb.fail(f"there are {len(arguments)} arguments, it wants number {number}")
    if (width or 0) > MAX_WIDTH or (precision or 0) > MAX_PLACES:
        raise Unwritable(f"{verb.text} is wider than kslint computes")
    argument = arguments[number - 1]
    if isinstance(argument.data, int | Fraction) and not writable(argument.data):
        raise Unwritable("the number has more digits than kslint computes")
    if argument.is_null and verb.mode != "v":
        raise verb.fail("null cannot be formatted")
    match verb.mode:
        case "v":
            return verb.padded(_as_is(verb, argument))
        case "t":
            return "true" if _converted(verb, argument, BOOL).data else "false"
        case "b" | "d" | "o" | "x" | "X":
            return _integer(verb, _converted(verb, argument, NUMBER))
        case "e" | "E" | "f" | "g" | "G":
            return _float(verb, _converted(verb, argument, NUMBER))
        case "s" | "q":
            return _string(verb, _converted(verb, argument, STRING))
    raise verb.fail("there is no such verb")


def _converted(verb: Verb, argument: Value, kind: Type) -> Value:
    try:
        converted = convert(argument, kind)
    except ConversionError as error:
        raise verb.fail(str(error)) from error
    if isinstance(converted.data, Unknown):
        raise Unwritable(converted.data.because)
    return converted


def _as_is(verb: Verb, argument: Value) -> str:
    if "#" not in verb.flags and not argument.is_null:
        if isinstance(argument.data, str):
            return argument.data
        if isinstance(argument.data, int | Fraction) and not isinstance(argument.data, bool):
            return shortest_text(argument.data)
    return to_json(argument)


def _string(verb: Verb, argument: Value) -> str:
    source = argument.data
    assert isinstance(source, str)
    if verb.precision:
        source = "".join(cluster for _, cluster in zip(range(verb.precision), graphemes(source), strict=False))
    return verb.padded(json_string(source) if verb.mode == "q" else source)


# -- numbers ------------------------------------------------------------------

_PREFIXES = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}


def _sign(verb: Verb, negative: bool) -> str:
    return "-" if negative else "+" if "+" in verb.flags else " " if " " in verb.flags else ""


def _integer(verb: Verb, argument: Value) -> str:
    number = argument.data
    assert isinstance(number, int | Fraction)
    if number.denominator != 1:
        raise verb.fail("a whole number is required")
    digits = format(abs(int(number)), verb.mode)
    sign = _sign(verb, number < 0)
    prefix = _PREFIXES.get(verb.mode, "") if "#" in verb.flags else ""
    if verb.precision == 0 and number == 0:
        return ""
    digits = digits.rjust(verb.precision or 0, "0")
    missing = max((verb.width or 0) - len(sign + prefix + digits), 0)
    if "-" in verb.flags:
        return sign + prefix + digits + " " * missing
    if "0" in verb.flags and verb.precision is None:
        return sign + prefix + "0" * missing + digits
    return " " * missing + sign + prefix + digits


def _float(verb: Verb, argument: Value) -> str:
    number = argument.data
    assert isinstance(number, int | Fraction)
    body = float_text(magnitude(number), verb.mode, verb.precision)
    sign = _sign(verb, negative(number))
    missing = max((verb.width or 0) - len(sign + body), 0)
    if "0" in verb.flags:
        # Even with "-", other than for integers.
        return sign + "0" * missing + body
    if "-" in verb.flags:
        return sign + body + " " * missing
    return " " * missing + sign + body


# -- formatlist ---------------------------------------------------------------


def _is_sequence(kind: Type) -> bool:
    return isinstance(kind, TupleType) or (isinstance(kind, Collection) and kind.kind != "map")


@function(_FORMAT, variadic=_ARGS, returns=list_of(STRING), not_null=True)
def formatlist(template: Value, *arguments: Value) -> Value:
    """One formatted text for each element of the lists among the arguments."""
    assert isinstance(template.data, str)
    count, hidden = _iterations(arguments)
    if hidden is not None:
        return unknown_result(list_of(STRING), hidden, not_null=True)
    if count > MAX_PARTS:
        return too_many(list_of(STRING))
    results: list[Value] = []
    size = 0
    for index in range(count):
        current = tuple(
            item.elements[index] if _is_sequence(item.type) and not item.is_null else item for item in arguments
        )
        results.append(_one(template.data, current, index))
        size += len(results[-1].data) + 1 if isinstance(results[-1].data, str) else 1
        if size > MAX_STRING:
            return unknown(f"the texts are longer than {MAX_STRING} characters", list_of(STRING))
    return collection("list", STRING, tuple(results))


def _iterations(arguments: tuple[Value, ...]) -> tuple[int, Unknown | None]:
    """How many texts there will be, and the unknown that keeps us from knowing."""
    count: int | None = None
    hidden: Unknown | None = None
    for position, argument in enumerate(arguments):
        if isinstance(argument.data, Unknown):
            if not _is_sequence(argument.type):
                hidden = hidden or (argument.data if argument.type == DYNAMIC else None)
                continue
            hidden = hidden or argument.data
            if not isinstance(argument.type, TupleType):
                continue
        elif argument.is_null or not _is_sequence(argument.type):
            continue
        elif known_length(argument) is None:
            hidden = hidden or first_unknown(argument)
            continue
        size = len(argument.type.elements) if isinstance(argument.type, TupleType) else len(argument.elements)
        if count is None:
            count = size
        elif count != size:
            raise FunctionError(f"the lists have different lengths: {count} and {size}", position + 1)
    return 1 if count is None else count, hidden


def _one(template: str, arguments: tuple[Value, ...], index: int) -> Value:
    for argument in arguments:
        hidden = unknown_in(argument)
        if hidden is not None:
            return unknown_result(STRING, hidden, not_null=True)
    try:
        return string(formatted(template, arguments))
    except Unwritable as limit:
        return unknown(str(limit), STRING)
    except FunctionError as error:
        raise FunctionError(f"text {index + 1}: {error.message}") from error
