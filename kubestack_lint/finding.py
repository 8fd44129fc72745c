"""What a run finds: findings with places, ready to be shown in any format."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from kubestack_lint.source import Span


class Severity(IntEnum):
    """How bad a finding is; comparable."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The word in output and options."""
        return self.name.lower()

    @classmethod
    def named(cls, word: str) -> Severity:
        """The severity for a word; raises KeyError."""
        return cls[word.upper()]


@dataclass(frozen=True, slots=True)
class Label:
    """A second place with a short text on it."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Other text for one place; nothing outside of `span` is touched."""

    span: Span
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What would make a finding go away: a `title` such as "delete region" and edits of one file.

    A `safe` one changes no environment's effective configuration.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    `span` is the place to look at first and `label` the text on it, `message`
    a sentence, `remediation` the way out. `address`, `environment` and
    `attribute` say what it is about, where that applies. `policy` is the
    instance of the rule that found it, `value` a hash of the value that it is
    about. `unknown` says that the rule could not decide. `fix` is there where
    kslint fix knows what to do.
    """

    rule: str
    severity: Severity
    message: str
    span: Span
    fingerprint: str
    label: str = ""
    address: str | None = None
    environment: str | None = None
    attribute: tuple[str, ...] | None = None
    related: tuple[Label, ...] = ()
    remediation: str = ""
    policy: str = ""
    value: str = ""
    unknown: bool = False
    fix: Fix | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: place first, then everything that tells two findings apart."""
        path, start, end = self.span.order
        return (
            path,
            start,
            end,
            self.policy or self.rule,
            self.address or "",
            self.environment or "",
            self.attribute or (),
            self.message,
        )


# Letters alone: YAML reads no number into them, whatever they happen to be.
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def value_hash(value: str) -> str:
    """What waivers and baselines are bound to: short enough to be written by hand."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:12].translate(_LETTERS)


def fingerprint(
    rule: str, address: str | None, environment: str | None, attribute: tuple[str, ...] | None, value: str
) -> str:
    """Identity of a finding across edits: never a line number, always the value."""
    text = "\0".join((rule, address or "", environment or "", ".".join(attribute or ()), value))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
