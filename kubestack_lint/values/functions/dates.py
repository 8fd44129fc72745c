"""Times of RFC 3339: formatdate, timeadd, timecmp."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kubestack_lint.values.functions.signature import FunctionError, Parameter, scalar
from kubestack_lint.values.numbers import WORD, Number, held
from kubestack_lint.values.types import NUMBER, STRING

_TIME = re.compile(
    r"""(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})
        T(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?P<fraction>[.,][0-9]+)?
        (?:Z|(?P<sign>[+-])(?P<offset_hour>[0-9]{2}):(?P<offset_minute>[0-9]{2}))""",
    re.VERBOSE,
)
# The calendar repeats after 400 years, weekdays included; Python's begins only at year 1.
_CYCLE = 400
_CYCLE_DAYS = 146_097


@dataclass(frozen=True, slots=True)
class _Time:
    """A local time, `cycles` times 400 years away from `local`, with its distance from UTC."""

    local: datetime
    cycles: int
    nanoseconds: int
    offset: int

    @property
    def year(self) -> int:
        return self.local.year + self.cycles * _CYCLE

    @property
    def instant(self) -> tuple[timedelta, int]:
        days = timedelta(days=self.cycles * _CYCLE_DAYS)
        return days + (self.local - datetime.min) - timedelta(minutes=self.offset), self.nanoseconds

    def plus(self, nanoseconds: int) -> _Time:
        seconds, rest = divmod(self.nanoseconds + nanoseconds, 1_000_000_000)
        return _Time(self.local + timedelta(seconds=seconds), self.cycles, rest, self.offset)

    def zone(self, separator: str) -> str:
        hours, minutes = divmod(abs(self.offset), 60)
        return f"{'-' if self.offset < 0 else '+'}{hours:02}{separator}{minutes:02}"

    @property
    def text(self) -> str:
        year = f"-{-self.year:04}" if self.year < 0 else f"{self.year:04}"
        return f"{year}{self.local:-%m-%dT%H:%M:%S}{self.zone(':') if self.offset else 'Z'}"


def _parse(text: str, argument: int, strict: bool = True) -> _Time:
    """Read a timestamp; unlike the rest timecmp() takes what Go's lenient reader takes."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise FunctionError("not a valid RFC 3339 timestamp", argument)
    part = match.groupdict(default="0")
    if strict and (len(part["hour"]) != 2 or part["fraction"].startswith(",")):
        raise FunctionError("not a valid RFC 3339 timestamp", argument)
    offset_hour, offset_minute = int(part["offset_hour"]), int(part["offset_minute"])
    if offset_hour > (23 if strict else 24) or offset_minute > (59 if strict else 60):
        raise FunctionError("not a valid RFC 3339 timestamp: the UTC offset is out of range", argument)
    cycles, year = divmod(int(part["year"]), _CYCLE)
    numbers = (int(part[name]) for name in ("month", "day", "hour", "minute", "second"))
    try:
        local = datetime(year + _CYCLE, *numbers)  # type: ignore[arg-type]
    except ValueError as error:
        raise FunctionError(f"not a valid RFC 3339 timestamp: {error}", argument) from error
    fraction = part["fraction"][1:10]
    offset = (offset_hour * 60 + offset_minute) * (-1 if part["sign"] == "-" else 1)
    return _Time(local, cycles - 1, int(fraction.ljust(9, "0")) if fraction else 0, offset)


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_VERBS: dict[str, Callable[[_Time], str]] = {
    "YY": lambda time: f"{time.year % 100:02}",
    "YYYY": lambda time: f"{time.year:04}",
    "M": lambda time: f"{time.local.month}",
    "MM": lambda time: f"{time.local.month:02}",
    "MMM": lambda time: _MONTHS[time.local.month - 1][:3],
    "MMMM": lambda time: _MONTHS[time.local.month - 1],
    "D": lambda time: f"{time.local.day}",
    "DD": lambda time: f"{time.local.day:02}",
    "EEE": lambda time: _DAYS[time.local.weekday()][:3],
    "EEEE": lambda time: _DAYS[time.local.weekday()],
    "h": lambda time: f"{time.local.hour}",
    "hh": lambda time: f"{time.local.hour:02}",
    "H": lambda time: f"{time.local.hour % 12 or 12}",
    "HH": lambda time: f"{time.local.hour % 12 or 12:02}",
    "AA": lambda time: "AM" if time.local.hour < 12 else "PM",
    "aa": lambda time: "am" if time.local.hour < 12 else "pm",
    "m": lambda time: f"{time.local.minute}",
    "mm": lambda time: f"{time.local.minute:02}",
    "s": lambda time: f"{time.local.second}",
    "ss": lambda time: f"{time.local.second:02}",
    "Z": lambda time: time.zone(":") if time.offset else "Z",
    "ZZZ": lambda time: time.zone("") if time.offset else "UTC",
    "ZZZZ": lambda time: time.zone(""),
    "ZZZZZ": lambda time: time.zone(":"),
}
_FORMAT = re.compile(r"(?P<quote>'')|(?P<literal>'(?:''|[^'])*'?)|(?P<verb>([A-Za-z])\4*)|[^'A-Za-z]+")


@scalar(Parameter("format", STRING), Parameter("time", STRING))
def formatdate(format: str, time: str) -> str:
    """A timestamp in another format: `YYYY-MM-DD`, `EEE, DD MMM` and so on."""
    parsed = _parse(time, 1)
    texts: list[str] = []
    for token in _FORMAT.finditer(format):
        text = token[0]
        if token["quote"]:
            text = "'"
        elif token["literal"]:
            if len(text) == 1 or not text.endswith("'"):
                raise FunctionError("a literal text in single quotes does not end", 0)
            text = text[1:-1].replace("''", "'")
        elif token["verb"]:
            if text not in _VERBS:
                raise FunctionError(f'"{text}" is no part of a date', 0)
            text = _VERBS[text](parsed)
        texts.append(text)
    return "".join(texts)


@scalar(Parameter("timestamp", STRING), Parameter("duration", STRING), not_null=False)
def timeadd(timestamp: str, duration: str) -> str:
    """The timestamp a duration such as `-1h30m` later, without fractions of a second."""
    return _parse(timestamp, 0).plus(_duration(duration)).text


_PART = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<fraction>[0-9]*))?(?P<unit>[^0-9.]+)")
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "\u00b5s": 1_000,
    "\u03bcs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_LONGEST = 1 << 63


def _duration(text: str) -> int:
    """Nanoseconds of Go's notation for durations."""
    rest = text[1:] if text[:1] in ("+", "-") else text
    negative = text.startswith("-")
    if rest == "0":
        return 0
    total = 0
    position = 0
    while position < len(rest) or not rest:
        match = _PART.match(rest, position)
        if match is None or not (match["whole"] or match["fraction"]) or match["unit"] not in _UNITS:
            raise FunctionError(f'"{text}" is no duration such as 1h30m', 1)
        unit = _UNITS[match["unit"]]
        digits = match["whole"].lstrip("0")
        total += int(digits[:20] or 0) * unit
        fraction = (match["fraction"] or "")[:18]
        if fraction:
            # Go computes this in floating point, and so do we.
            total += int(float(int(fraction)) * (float(unit) / float(10 ** len(fraction))))
        if len(digits) > 20 or total > _LONGEST or (total == _LONGEST and not negative):
            raise FunctionError(f'"{text}" is a longer duration than Terraform can count', 1)
        position = match.end()
    return -total if negative else total


@scalar(Parameter("timestamp_a", STRING), Parameter("timestamp_b", STRING), returns=NUMBER)
def timecmp(first: str, second: str) -> Number:
    """-1, 0 or 1: whether the first moment is before, at or after the second."""
    left, right = _parse(first, 0, strict=False).instant, _parse(second, 1, strict=False).instant
    return held((left > right) - (left < right), WORD)
