"""Terraform's functions that encode and decode texts: base64, URLs, CSV."""

from __future__ import annotations

import base64
import re
from itertools import islice
from urllib.parse import quote_plus

from kubestack_lint.values.functions.common import MAX_PARTS, quoted, text, too_many
from kubestack_lint.values.functions.csvtext import read_csv
from kubestack_lint.values.functions.signature import FunctionError, Parameter, function, unknown_result
from kubestack_lint.values.functions.textencodings import decoded, encoded
from kubestack_lint.values.types import DYNAMIC, STRING, ObjectType, Type, list_of
from kubestack_lint.values.value import Unknown, Value, collection, object_of, string, unknown

_STR = Parameter("str", STRING)
_BASE64 = re.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def from_base64(source: str) -> bytes:
    """Bytes of a base64 text; newlines in it do not count."""
    packed = source.replace("\r", "").replace("\n", "")
    if _BASE64.fullmatch(packed) is None:
        raise FunctionError(f"{quoted(source)} is not base64", 0)
    return base64.b64decode(packed)


def to_base64(data: bytes) -> Value:
    """Bytes as base64 text."""
    return text(base64.b64encode(data).decode("ascii"))


@function(_STR, not_null=True)
def base64encode(value: Value) -> Value:
    """The text's UTF-8 bytes as base64."""
    return to_base64(utf8(value))


def utf8(value: Value) -> bytes:
    """UTF-8 bytes of a known text."""
    assert isinstance(value.data, str)
    return value.data.encode("utf-8", "surrogatepass")


@function(Parameter("str", STRING, unknown=True, marks=True), not_null=True)
def base64decode(value: Value) -> Value:
    """The text whose UTF-8 bytes stand in base64."""
    if isinstance(value.data, Unknown):
        return unknown_result(STRING, value.data, not_null=True)
    assert isinstance(value.data, str)
    if value.sensitive and _BASE64.fullmatch(value.data.replace("\r", "").replace("\n", "")) is None:
        raise FunctionError("this sensitive text is not base64", 0)
    try:
        return string(from_base64(value.data).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise FunctionError("the decoded bytes are not UTF-8", 0) from error


@function(_STR, not_null=True)
def base64gzip(value: Value) -> Value:
    """The text compressed, as base64; Go's compressor chooses other bytes than zlib."""
    return unknown("base64gzip() depends on how Terraform's Go compresses", STRING)


@function(_STR, not_null=True)
def urlencode(value: Value) -> Value:
    """The text as part of a URL's query: %XX, and + for spaces."""
    return text(quote_plus(utf8(value), safe=""))


@function(Parameter("string", STRING), Parameter("encoding", STRING), not_null=True)
def textencodebase64(value: Value, encoding: Value) -> Value:
    """The text's bytes in an encoding, as base64."""
    assert isinstance(value.data, str) and isinstance(encoding.data, str)
    data = encoded(value.data, encoding.data)
    if data is None:
        return unknown(f"kslint does not know the encoding {quoted(encoding.data)}", STRING)
    return to_base64(data)


@function(Parameter("source", STRING), Parameter("encoding", STRING), not_null=True)
def textdecodebase64(value: Value, encoding: Value) -> Value:
    """The text whose bytes in an encoding stand in base64."""
    assert isinstance(value.data, str) and isinstance(encoding.data, str)
    known = decoded(b"", encoding.data) is not None
    data = from_base64(value.data)
    result = decoded(data, encoding.data) if known else None
    if result is None:
        return unknown(f"kslint does not know the encoding {quoted(encoding.data)}", STRING)
    return text(result)


# -- CSV ----------------------------------------------------------------------


def _csv_type(arguments: tuple[Value, ...]) -> Type:
    source = arguments[0].data
    if not isinstance(source, str):
        return DYNAMIC
    header = next(read_csv(source), None)
    if header is None:
        raise FunctionError("the header line is missing", 0)
    for index, name in enumerate(header):
        if name in header[:index]:
            raise FunctionError(f"two columns are named {quoted(name)}", 0)
    return list_of(ObjectType(dict.fromkeys(header, STRING)))


@function(_STR, returns=_csv_type, not_null=True)
def csvdecode(value: Value) -> Value:
    """One object of texts for each line; the first line names the attributes."""
    kind = _csv_type((value,))
    assert isinstance(value.data, str)
    rows = read_csv(value.data)
    header = next(rows)
    found = islice(rows, MAX_PARTS // len(header) + 1)
    items = tuple(object_of(dict(zip(header, map(string, row), strict=True))) for row in found)
    if len(items) > MAX_PARTS // len(header):
        return too_many(kind)
    element = items[0].type if items else getattr(kind, "element", DYNAMIC)
    return collection("list", element, items)
