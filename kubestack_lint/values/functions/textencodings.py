"""The text encodings that `textencodebase64` and its inverse know, by IANA's names."""

from __future__ import annotations

import re

from kubestack_lint.values.functions.common import quoted
from kubestack_lint.values.functions.signature import FunctionError

# IANA's name, in lower case → Python's codec. Those whose tables differ between
# Go and Python are missing, and so are the East Asian ones: their results are unknown.
_CODECS = {
    "utf-8": "utf-8",
    "csutf8": "utf-8",
    "utf-16": "utf-16",
    "csutf16": "utf-16",
    "utf-16be": "utf-16-be",
    "csutf16be": "utf-16-be",
    "utf-16le": "utf-16-le",
    "csutf16le": "utf-16-le",
    "us-ascii": "ascii",
    "csascii": "ascii",
    "latin1": "latin-1",
    "koi8-r": "koi8_r",
    "macintosh": "mac_roman",
    "windows-874": "cp874",
    **{f"iso-8859-{part}": f"iso8859_{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **{f"windows-{page}": f"cp{page}" for page in (1250, 1251, 1252, 1253, 1254, 1256, 1257, 1258)},
    **{f"ibm{page}": f"cp{page}" for page in ("037", 437, 850, 852, 855, 860, 862, 863, 865, 866)},
}  # fmt: skip

# Usual names elsewhere, but not IANA's, or not among Terraform's encodings.
_REFUSED = frozenset(
    {"utf8", "utf16", "utf_8", "utf-7", "utf-32", "utf-32be", "utf-32le", "ascii"}
    | {"cp1250", "cp1251", "cp1252", "iso8859-1", "8859-1", "latin9", "gb2312"}
)
_CONTROLS = re.compile("[\x80-\x9f]")


def _codec(name: str) -> str | None:
    if name.lower() in _REFUSED:
        raise FunctionError(f"Terraform knows no encoding {quoted(name)}", 1)
    return _CODECS.get(name.lower())


def _has_controls(codec: str) -> bool:
    """Go leaves 0x80 to 0x9f undefined in the ISO encodings except parts 1 and 9."""
    return not codec.startswith("iso8859") or codec in ("iso8859_1", "iso8859_9")


def encoded(text: str, name: str) -> bytes | None:
    """The text's bytes in an encoding; None when kslint does not know it."""
    codec = _codec(name)
    if codec is None:
        return None
    try:
        if not _has_controls(codec) and _CONTROLS.search(text):
            raise UnicodeError
        if codec == "utf-16":
            return b"\xfe\xff" + text.encode("utf-16-be")
        return text.encode(codec)
    except UnicodeError as error:
        raise FunctionError(f"the text has characters that {name} lacks", 0) from error


def decoded(data: bytes, name: str) -> str | None:
    """The text that bytes in an encoding stand for; None when kslint does not know it."""
    codec = _codec(name)
    if codec is None:
        return None
    try:
        if codec == "utf-16":
            little = data.startswith(b"\xff\xfe")
            marked = little or data.startswith(b"\xfe\xff")
            text = data[2 * marked :].decode("utf-16-le" if little else "utf-16-be")
        else:
            text = data.decode(codec)
        if "\ufffd" in text or (not _has_controls(codec) and _CONTROLS.search(text)):
            raise UnicodeError
    except UnicodeError as error:
        raise FunctionError(f"the bytes have no meaning in {name}", 0) from error
    return text
