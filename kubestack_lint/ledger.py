"""What became of findings that somebody set aside: inline ignores, waivers and the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kubestack_lint.source import Span


@dataclass(frozen=True, slots=True)
class Ignore:
    """One `# kslint: ignore[rule-id] reason`.

    `span` is the comment, `first` and `last` the lines it speaks of. `mistake`
    says why the comment cannot be understood, where that is so.
    """

    span: Span
    rules: tuple[str, ...]
    reason: str
    first: int = 0
    last: int = 0
    mistake: str = ""


@dataclass(frozen=True, slots=True)
class UnusedIgnore:
    """A rule that an ignore names in vain; `unknown` when there is no such rule or policy."""

    ignore: Ignore
    rule: str
    unknown: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """One entry of `waivers:`, as written; the globs of its `where` are kept as the policy floor reads them."""

    span: Span
    rule: str
    where: object
    reason: str
    expires: date
    expires_span: Span
    ticket: str = ""
    approved_by: str = ""
    value: str = ""
    attribute: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[str, int, int]:
        """Sort key: where it is written."""
        return self.span.order


@dataclass(frozen=True, slots=True)
class WaiverState:
    """A waiver after a run: how many findings it covers, and what those are that its value misses."""

    waiver: Waiver
    covers: int
    others: tuple[str, ...] = ()
    ran: bool = True
    known: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Stale:
    """An entry of the baseline that fits no finding any more."""

    span: Span
    rule: str
    address: str
    environment: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Idle:
    """A policy that is about an environment or a module (`kind`) of names that nothing has."""

    span: Span
    policy: str
    kind: str
    names: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that was set aside, or never came to anything, with the date of the run."""

    today: date
    max_waiver_days: int = 90
    ignores: tuple[Ignore, ...] = ()
    unused: tuple[UnusedIgnore, ...] = ()
    waivers: tuple[WaiverState, ...] = ()
    stale: tuple[Stale, ...] = ()
    idle: tuple[Idle, ...] = ()
