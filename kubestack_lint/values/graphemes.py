"""Extended grapheme clusters (UAX #29): what Terraform counts as one character.

Terraform's tables are those of Unicode 15.0. Categories come from `unicodedata`;
what 15.0 added is listed here, so that an older Python counts alike. Terraform also
joins an emoji behind flags and Hangul with a zero width joiner, which UAX #29 does not.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

# Pairs of first and last code points, in order.
_Ranges = tuple[tuple[int, int], ...]

_PREPEND: _Ranges = (
    (0x0600, 0x0605), (0x06DD, 0x06DD), (0x070F, 0x070F), (0x0890, 0x0891), (0x08E2, 0x08E2), (0x0D4E, 0x0D4E),
    (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x111C2, 0x111C3), (0x1193F, 0x1193F), (0x11941, 0x11941),
    (0x11A3A, 0x11A3A), (0x11A84, 0x11A89), (0x11D46, 0x11D46), (0x11F02, 0x11F02),
)  # fmt: skip

# Extend although no nonspacing mark: some spacing marks, joiners, emoji modifiers and tags.
_EXTEND: _Ranges = (
    (0x09BE, 0x09BE), (0x09D7, 0x09D7), (0x0B3E, 0x0B3E), (0x0B57, 0x0B57), (0x0BBE, 0x0BBE), (0x0BD7, 0x0BD7),
    (0x0CC2, 0x0CC2), (0x0CD5, 0x0CD6), (0x0D3E, 0x0D3E), (0x0D57, 0x0D57), (0x0DCF, 0x0DCF), (0x0DDF, 0x0DDF),
    (0x1B35, 0x1B35), (0x200C, 0x200C), (0x302E, 0x302F), (0xFF9E, 0xFF9F), (0x1133E, 0x1133E), (0x11357, 0x11357),
    (0x114B0, 0x114B0), (0x114BD, 0x114BD), (0x115AF, 0x115AF), (0x11930, 0x11930), (0x1D165, 0x1D165),
    (0x1D16E, 0x1D172), (0x1F3FB, 0x1F3FF), (0xE0020, 0xE007F),
)  # fmt: skip

# Marks that came with Unicode 15.0.
_NEW_MARKS: _Ranges = (
    (0x0CF3, 0x0CF3), (0x0ECE, 0x0ECE), (0x10EFD, 0x10EFF), (0x11241, 0x11241), (0x11F00, 0x11F01),
    (0x11F03, 0x11F03), (0x11F34, 0x11F3A), (0x11F3E, 0x11F42), (0x13440, 0x13440), (0x13447, 0x13455),
    (0x1E08F, 0x1E08F), (0x1E4EC, 0x1E4EF),
)  # fmt: skip

# Spacing marks that begin a cluster of their own.
_MARK_ALONE: _Ranges = (
    (0x102B, 0x102C), (0x1038, 0x1038), (0x1062, 0x1064), (0x1067, 0x106D), (0x1083, 0x1083), (0x1087, 0x108C),
    (0x108F, 0x108F), (0x109A, 0x109C), (0x1A61, 0x1A61), (0x1A63, 0x1A64), (0xAA7B, 0xAA7B), (0xAA7D, 0xAA7D),
    (0x11720, 0x11721),
)  # fmt: skip

# Unassigned, but ignorable by default; the format characters of Unicode 15.0; and U+FFFD,
# which Terraform keeps alone.
_IGNORABLE: _Ranges = (
    (0x2065, 0x2065), (0xFFF0, 0xFFF8), (0xFFFD, 0xFFFD), (0x13439, 0x1343F), (0xE0000, 0xE0000), (0xE0002, 0xE001F),
    (0xE0080, 0xE00FF), (0xE01F0, 0xE0FFF),
)  # fmt: skip

_PICTOGRAPHIC: _Ranges = (
    (0xA9, 0xA9), (0xAE, 0xAE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139),
    (0x2194, 0x2199), (0x21A9, 0x21AA), (0x231A, 0x231B), (0x2328, 0x2328), (0x2388, 0x2388), (0x23CF, 0x23CF),
    (0x23E9, 0x23F3), (0x23F8, 0x23FA), (0x24C2, 0x24C2), (0x25AA, 0x25AB), (0x25B6, 0x25B6), (0x25C0, 0x25C0),
    (0x25FB, 0x25FE), (0x2600, 0x2605), (0x2607, 0x2612), (0x2614, 0x2685), (0x2690, 0x2705), (0x2708, 0x2712),
    (0x2714, 0x2714), (0x2716, 0x2716), (0x271D, 0x271D), (0x2721, 0x2721), (0x2728, 0x2728), (0x2733, 0x2734),
    (0x2744, 0x2744), (0x2747, 0x2747), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757),
    (0x2763, 0x2767), (0x2795, 0x2797), (0x27A1, 0x27A1), (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2934, 0x2935),
    (0x2B05, 0x2B07), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x3030, 0x3030), (0x303D, 0x303D),
    (0x3297, 0x3297), (0x3299, 0x3299), (0x1F000, 0x1F0FF), (0x1F10D, 0x1F10F), (0x1F12F, 0x1F12F),
    (0x1F16C, 0x1F171), (0x1F17E, 0x1F17F), (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F1AD, 0x1F1E5),
    (0x1F201, 0x1F20F), (0x1F21A, 0x1F21A), (0x1F22F, 0x1F22F), (0x1F232, 0x1F23A), (0x1F23C, 0x1F23F),
    (0x1F249, 0x1F3FA), (0x1F400, 0x1F53D), (0x1F546, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F774, 0x1F77F),
    (0x1F7D5, 0x1F7FF), (0x1F80C, 0x1F80F), (0x1F848, 0x1F84F), (0x1F85A, 0x1F85F), (0x1F888, 0x1F88F),
    (0x1F8AE, 0x1F8FF), (0x1F90C, 0x1F93A), (0x1F93C, 0x1F945), (0x1F947, 0x1FAFF), (0x1FC00, 0x1FFFD),
)  # fmt: skip

_TABLES = (("prepend", _PREPEND), ("extend", _EXTEND), ("mark", _NEW_MARKS), ("pictograph", _PICTOGRAPHIC))
_JOINER = "\u200d"


def _within(code: int, ranges: _Ranges) -> bool:
    index = bisect_right(ranges, (code, 0x110000)) - 1
    return index >= 0 and code <= ranges[index][1]


@lru_cache(maxsize=4096)
def _kind(character: str) -> str:
    """The break property of a character; "" for those that have none."""
    code = ord(character)
    if character in "\r\n":
        return character
    if code < 0x300:
        if _within(code, _PICTOGRAPHIC):
            return "pictograph"
        return "control" if code < 0x20 or 0x7F <= code < 0xA0 or code == 0xAD else ""
    if character == _JOINER:
        return "joiner"
    if 0x1100 <= code < 0x1200 or 0xA960 <= code <= 0xA97C or 0xAC00 <= code <= 0xD7FB:
        return _hangul(code)
    if 0x1F1E6 <= code <= 0x1F1FF:
        return "flag"
    for name, ranges in _TABLES:
        if _within(code, ranges):
            return name
    category = unicodedata.category(character)
    if category in ("Mn", "Me"):
        return "extend"
    if category == "Mc" and not _within(code, _MARK_ALONE):
        return "mark"
    if category in ("Zl", "Zp", "Cc", "Cf", "Cs") or _within(code, _IGNORABLE):
        return "control"
    return "mark" if character in "\u0e33\u0eb3" else ""


def _hangul(code: int) -> str:
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    if code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    return "T" if code <= 0x11FF or 0xD7CB <= code <= 0xD7FB else ""


_HANGUL = {"L": ("L", "V", "LV", "LVT"), "LV": ("V", "T"), "V": ("V", "T"), "LVT": ("T",), "T": ("T",)}
_EDGES = ("control", "\r", "\n")
_TRAILING = ("extend", "joiner", "mark")
# What an emoji may be joined to.
_JOINABLE = (*_HANGUL, "flag", "pictograph")


def graphemes(text: str) -> Iterator[str]:
    """The clusters of a text, in order; joined they are the text."""
    start = 0
    before = ""
    flags = 0
    joinable = False  # the base of this cluster may be joined with an emoji
    for index, character in enumerate(text):
        kind = _kind(character)
        if index and _breaks(before, kind, flags, joinable):
            yield text[start:index]
            start = index
            flags, joinable = 0, False
        flags += kind == "flag"
        joinable = kind in _JOINABLE or (joinable and kind in _TRAILING)
        before = kind
    if text:
        yield text[start:]


def _breaks(before: str, after: str, flags: int, joinable: bool) -> bool:
    if before == "\r" and after == "\n":
        return False
    if before in _EDGES or after in _EDGES:
        return True
    if after in _HANGUL.get(before, ()) or after in _TRAILING or before == "prepend":
        return False
    if before == "joiner" and after == "pictograph":
        return not joinable
    return not (before == after == "flag" and flags % 2 == 1)


def length(text: str) -> int:
    """How many characters Terraform counts in a text."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    return sum(1 for _ in graphemes(text))
