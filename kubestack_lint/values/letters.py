"""Case of single characters: Terraform maps each character to one character.

Python's `str.upper` also knows mappings to several ("ß" → "SS") and mappings
that depend on the place ("Σ" at the end of a word); here there are none.
"""

from __future__ import annotations

from functools import cache, lru_cache


@lru_cache(maxsize=4096)
def simple_upper(character: str) -> str:
    """The one upper-case character of a character, or itself."""
    upper = character.upper()
    return upper if len(upper) == 1 else simple_title(character)


@lru_cache(maxsize=4096)
def simple_lower(character: str) -> str:
    """The one lower-case character of a character, or itself."""
    # Only "İ" has two, and its simple mapping is the first of them.
    return character.lower()[0]


@lru_cache(maxsize=4096)
def simple_title(character: str) -> str:
    """The one title-case character of a character, or itself."""
    title = character.title()
    return title if len(title) == 1 else character


@lru_cache(maxsize=4096)
def fold(character: str) -> str:
    """A key that is equal for characters that differ in case only."""
    # The Turkish i's fold to nothing but themselves.
    return character if character in "\u0130\u0131" else simple_lower(simple_upper(character))


def variants(character: str) -> tuple[str, ...]:
    """All characters that differ from one in case only, itself included."""
    key = fold(character)
    if character.isascii() and key not in "ks":
        return (key, key.upper()) if key.isalpha() else (character,)
    return _variants().get(key, (character,))


@cache
def _variants() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code in range(0x1E944):
        character = chr(code)
        key = fold.__wrapped__(character)
        if key != character:
            found.setdefault(key, [key]).append(character)
    return {key: tuple(characters) for key, characters in found.items()}
