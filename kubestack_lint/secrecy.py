"""What looks like a secret, by its shape, by its name and by chance alone; such values are shown nowhere."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.values.value import Value
from kubestack_lint.wording import dotted

Path = tuple[str | int, ...]

# Names that promise a secret; of an attribute that Kubestack's modules have, none is one.
NAMES = (
    "*password*",
    "*passwd*",
    "*passphrase*",
    "secret",
    "*_secret",
    "*_secrets",
    "*secret_key*",
    "*client_secret*",
    "token",
    "*_token",
    "*private_key*",
    "*api_key*",
    "*apikey*",
    "*access_key*",
    "*credentials*",
    "*webhook_url*",
)

# Shapes that are nothing but secrets, whatever the attribute is called. Compiled by `re` when first used.
_SHAPES = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "an AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,})",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20}",
    "a Google API key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a Slack token": r"\bxox[abprs]-[0-9A-Za-z-]{10,}",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    "a URL with a password": r"\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@]*:[^\s/@]+@",
}

# A manifest or patch of a Secret that has values in it.
_KIND = r"(?m)^kind:\s*[\"']?Secret\b"
_DATA = r"(?mi)^(?:string)?data:\s*\n\s+\S+:\s*\S"

# Commits and digests look random and are public.
_PUBLIC = ("*tag*", "*digest*", "*ref*", "*revision*", "*commit*", "*version*", "*checksum*", "*sha*", "*fingerprint*")
_WORD = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
# A name and the string that it is given, also one that does not end.
_ASSIGNED = re.compile(r"([\w-]+)\"?[ \t]*[=:][ \t]*\"([^\"\n]*)")
_HEX = re.compile(r"[0-9a-f]{32,}|[0-9A-F]{32,}")
# Bits a character: text of sixteen random hexadecimal digits reaches 3, of base64 4.
_HEX_BITS = 3.0
_MIXED_BITS = 4.0


def secret_shape(path: Path, text: str) -> str | None:
    """What the text must be, whatever it is called: `a GitHub token`; None when nothing says so."""
    for what, shape in _SHAPES.items():
        if re.search(shape, text):
            return what
    if path[:1] == ("secret_generator",) and "literals" in path:
        return "a literal of a Kubernetes secret"
    if re.search(_KIND, text) and re.search(_DATA, text):
        return "the data of a Kubernetes secret"
    return None


def secret_name(path: Path, names: Iterable[str]) -> bool:
    """True when the last name on the path fits one of these globs, in any case."""
    return _fits(path, names)


def looks_random(text: str) -> bool:
    """True for a word that nobody would think up: long, of mixed characters, without structure."""
    if _HEX.fullmatch(text):
        return _bits(text) > _HEX_BITS
    if not _WORD.fullmatch(text):
        return False
    kinds = sum(bool(re.search(kind, text)) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    return kinds == 3 and _bits(text) > _MIXED_BITS


def secrets_in(text: str) -> Iterator[tuple[int, int]]:
    """Where secrets stand in a text that nobody could parse, as far as names, shapes and chance say."""
    for match in _ASSIGNED.finditer(text):
        if secret_name((match[1],), NAMES):
            yield match.span(2)
    for shape in _SHAPES.values():
        yield from (match.span() for match in re.finditer(shape, text))
    yield from (match.span() for match in _WORD.finditer(text) if looks_random(match[0]))


def veiled(block: InheritanceBlock, names: Sequence[str] = ()) -> InheritanceBlock:
    """The block with everything marked sensitive that looks like a secret; `names` are more globs."""
    known = block.definition.attributes

    def veil(value: Value, path: Path) -> Value:
        data = value.data
        if isinstance(data, str):
            return replace(value, sensitive=True) if _secret(path, data) else value
        if isinstance(data, dict):
            items = {name: veil(item, (*path, name)) for name, item in data.items()}
            same = all(items[name] is item for name, item in data.items())
            return value if same else replace(value, data=items)
        if isinstance(data, tuple):
            elements = tuple(veil(item, (*path, index)) for index, item in enumerate(data))
            return value if all(a is b for a, b in zip(elements, data, strict=True)) else replace(value, data=elements)
        return value

    def _secret(path: Path, text: str) -> bool:
        if not text:
            return False
        # The first step is the environment.
        inner = path[1:]
        named = _fits(inner, names) or (dotted(inner) not in known and _fits(inner, NAMES))
        random = looks_random(text) and not _fits(inner, _PUBLIC)
        return named or random or secret_shape(inner, text) is not None

    done: dict[int, Value] = {}
    configurations = {}
    for name, whole in block.configurations.items():
        if id(whole) not in done:
            done[id(whole)] = veil(whole, ())
        configurations[name] = done[id(whole)]
    same = all(configurations[name] is whole for name, whole in block.configurations.items())
    return block if same else replace(block, configurations=configurations)


def _fits(path: Path, names: Iterable[str]) -> bool:
    name = next((step for step in reversed(path) if isinstance(step, str)), "").lower().replace("-", "_")
    return any(fnmatchcase(name, glob.lower()) for glob in names)


def _bits(text: str) -> float:
    """Shannon's entropy in bits a character."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())
