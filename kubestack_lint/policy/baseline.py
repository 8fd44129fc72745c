"""`.kslint-baseline.yaml`: findings that were there when somebody began. One entry a line, no lines or dates in it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from kubestack_lint.errors import ConfigError
from kubestack_lint.finding import Finding
from kubestack_lint.ledger import Stale
from kubestack_lint.policy.document import Item, read_yaml
from kubestack_lint.source import Span
from kubestack_lint.suggest import closest

NAME = ".kslint-baseline.yaml"
MERGED = f"echo '{NAME} merge=union' >> .gitattributes"
HEADER = f"""\
# Findings that were here before; kslint lint reports only new ones. Written by kslint baseline.
# Entries may stand in any order and more than once, so that git may merge this file line by line:
#   {MERGED}
"""
KEYS = ("in", "rule", "address", "environment", "attribute", "value")
_BARE = re.compile(r"[A-Za-z_./][A-Za-z0-9_./-]*")
_WORDS = frozenset({"null", "true", "false", "~"})

Entry = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The file as it was read: entries with places. `start` is the linted directory, seen from the file's own."""

    path: Path
    start: str = ""
    entries: tuple[tuple[Entry, Span], ...] = ()
    whole: bool = True
    _index: dict[Entry, list[int]] = field(default_factory=dict)

    def entries_for(self, finding: Finding) -> list[int]:
        """The entries that speak of a finding, by number."""
        return self._index.get(entry(finding, self.start), [])

    def stale(self, used: Iterable[int], ran: Iterable[str]) -> tuple[Stale, ...]:
        """Entries that fit nothing, of rules that ran and of directories that were linted."""
        if not self.whole:
            return ()
        fitting, names = set(used), set(ran)
        return tuple(
            Stale(span, one[1], one[2], one[3], one[4])
            for number, (one, span) in enumerate(self.entries)
            if number not in fitting and one[1] in names and _below(one[0], self.start)
        )

    def elsewhere(self) -> list[Entry]:
        """Entries of directories that are not linted now; a new baseline keeps them."""
        return [one for one, _ in self.entries if not _below(one[0], self.start)]


def _below(directory: str, start: str) -> bool:
    return start in ("", ".") or directory == start or directory.startswith(f"{start}/")


def entry(finding: Finding, start: str) -> Entry:
    """What a finding is in a baseline: the directory, the policy, what it is about, the hash of the value."""
    folder = PurePosixPath(
        os.path.normpath(PurePosixPath(start or ".") / PurePosixPath(finding.span.path).parent)
    ).as_posix()
    attribute = ".".join(finding.attribute or ())
    return (folder, finding.policy, finding.address or "", finding.environment or "", attribute, finding.value)


def read_baseline(path: Path, start: Path, whole: bool = True) -> Baseline:
    """Read a baseline for a run on `start`. Raises ConfigError."""
    seen_from = os.path.relpath(start, path.parent).replace(os.sep, "/")
    seen_from = "" if seen_from == "." else seen_from
    if not path.is_file():
        return Baseline(path, seen_from, whole=whole)
    document = read_yaml(path, os.path.relpath(path, start).replace(os.sep, "/"))
    if document.items or (document.data and not isinstance(document.data, tuple)):
        raise ConfigError("a baseline is a list of entries", document.span, "kslint baseline writes one")
    entries = tuple((_entry(item), item.span) for item in document.elements)
    index: dict[Entry, list[int]] = {}
    for number, (one, _) in enumerate(entries):
        index.setdefault(one, []).append(number)
    return Baseline(path, seen_from, entries, whole, index)


def _entry(item: Item) -> Entry:
    if not isinstance(item.data, dict):
        raise ConfigError("an entry of a baseline is a mapping", item.span, "kslint baseline writes them")
    for key in item.items:
        if key not in KEYS:
            close = closest(key, KEYS)
            raise ConfigError(f"an entry has no key {key}", item.keys[key], f"did you mean {close}?" if close else "")
    if not item.text("rule"):
        raise ConfigError("an entry needs rule", item.span, "kslint baseline writes them")
    return tuple(item.text(key, "." if key == "in" else "") for key in KEYS)


def updated(before: Baseline, findings: Iterable[Finding], prune: bool = False) -> list[Entry]:
    """The entries of a new baseline; what was not linted now is kept. `prune` adds nothing."""
    found = {entry(finding, before.start) for finding in findings}
    if prune:
        found &= {one for one, _ in before.entries}
    return sorted({*found, *before.elsewhere()})


def write_text(entries: Iterable[Entry]) -> str:
    """The file for these entries: sorted, one a line, the same bytes for the same findings.

    Without entries it is the header alone: git would join a line that says so with entries of another branch.
    """
    return HEADER + "".join(sorted({_line(one) for one in entries}))


def _line(one: Entry) -> str:
    parts = [f"{key}: {_scalar(text)}" for key, text in zip(KEYS, one, strict=True) if text]
    return f"- {{{', '.join(parts)}}}\n"


def _scalar(text: str) -> str:
    """Text as YAML's flow style takes it: bare where nothing can be misread, else as JSON."""
    if _BARE.fullmatch(text) is not None and text.lower() not in _WORDS and not text[1:2].isdigit():
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in quoted)
