"""What somebody probably meant to write."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches


def closest(name: str, names: Iterable[str]) -> str | None:
    """The name that `name` is probably a misspelling of, or None; case and dashes do not count."""
    spellings = {_plain(other): other for other in sorted(set(names) - {name}, reverse=True)}
    found = get_close_matches(_plain(name), sorted(spellings), 1, 0.7)
    return spellings[found[0]] if found else None


def certain(name: str, names: Iterable[str]) -> bool:
    """True when the closest name is very close, and no other one nearly as much."""
    plain = _plain(name)
    near = sorted((SequenceMatcher(None, plain, _plain(other)).ratio() for other in set(names) - {name}), reverse=True)
    return bool(near) and near[0] >= 0.85 and (len(near) == 1 or near[0] - near[1] >= 0.05)


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")
