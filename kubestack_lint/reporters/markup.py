"""What pages in HTML are made of: text that stays text, places, findings."""

from __future__ import annotations

import html
import posixpath
from collections.abc import Iterable, Iterator, Sequence

from kubestack_lint.finding import Severity
from kubestack_lint.reporters.matrix import Mark, Matrix, identifier
from kubestack_lint.reporters.terminal import printable
from kubestack_lint.source import Span, one_line

# How much a state weighs for the filter by severity.
WEIGHTS = {**{severity.label: int(severity) for severity in Severity}, "waived": 0, "ignored": 0, "known": 0}
_PLURALS = {severity.label: f"{severity.label}s" for severity in Severity}


def text_of(text: str) -> str:
    """Text that stays text, in elements and in quoted attributes."""
    return html.escape(printable(text))


def place(folder: str, span: Span) -> str:
    """`path:line`, relative to the repository as `folder` is; words for what stands in no file."""
    path = f"{posixpath.normpath(folder + span.path)}:{span.line}" if span.source.real else span.path
    return f"<code>{text_of(one_line(path))}</code>"


def pill(state: str, words: str) -> str:
    """A severity, or how a finding was set aside, as a mark."""
    return f'<b class="f {state}">{text_of(words)}</b>'


def pills(found: Iterable[Mark]) -> str:
    """Severities on a cell, the worst first; how often, where more than once."""
    count: dict[str, int] = {}
    for mark in sorted(found, key=lambda mark: -WEIGHTS[mark.state]):
        count[mark.state] = count.get(mark.state, 0) + 1
    return "".join(
        f" {pill(state, state if n == 1 else f'{n} {_PLURALS.get(state, state)}')}" for state, n in count.items()
    )


def finding_item(folder: str, matrix: Matrix, mark: Mark, spot: tuple[Sequence[str] | None, str | None]) -> str:
    """A finding of a block, with a link to what it is on."""
    path, environment = spot
    about = text_of(": ".join(part for part in (environment or "", ".".join(path or ())) if part) or "this module")
    if environment is None:
        return item(folder, mark, "", about)
    target = identifier(matrix.key, environment, *(path or ()))
    return item(folder, mark, target, f'<a href="#{target}">{about}</a>', environment)


def item(folder: str, mark: Mark, target: str, about: str, environment: str = "") -> str:
    """A finding in full: what it is about (markup), the message, the way out, its places. `target` is its cell."""
    finding = mark.finding
    data = f' data-c="{target}"' * bool(target) + f' data-e="{text_of(environment)}"' * bool(environment)
    places = "".join(f"<li>{where}</li>" for where in _where(folder, mark))
    parts = [
        f'<li id="finding-{mark.row.fingerprint}" data-w="{WEIGHTS[mark.state]}"{data}>',
        f"{pill(mark.state, mark.state)} {about} <code>{text_of(mark.row.name)}</code>",
        f"<p>{text_of(finding.message)}</p>",
    ]
    parts += [f'<p class="note">{text_of(mark.note)}</p>'] * bool(mark.note)
    parts += [f'<p class="fix">Fix: {text_of(finding.remediation)}</p>'] * bool(finding.remediation)
    return "".join([*parts, f"<ul>{places}</ul>" * bool(places), "</li>"])


def _where(folder: str, mark: Mark) -> Iterator[str]:
    finding = mark.finding
    if mark.row.span is not None or finding.span.source.real:
        yield f"{place(folder, finding.span)} {text_of(finding.label)}".rstrip()
    yield from (f"{place(folder, label.span)} {text_of(label.message)}" for label in finding.related)


def list_of(items: Iterable[str]) -> str:
    """The list of findings."""
    joined = "\n".join(items)
    return f'<ul class="findings">{joined}</ul>'
