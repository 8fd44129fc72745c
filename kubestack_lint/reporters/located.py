"""What reports for other machines share: paths as the repository has them, one place for every finding, plain text."""

from __future__ import annotations

import os
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kubestack_lint.finding import Finding, Label
from kubestack_lint.report import Report
from kubestack_lint.reporters.terminal import printable
from kubestack_lint.source import Span

# What XML 1.0 cannot hold, escaped or not.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Located:
    """A finding with the place to show it at: path in the repository, and the span unless there is only a path."""

    finding: Finding
    path: str
    span: Span | None
    fingerprint: str

    @property
    def name(self) -> str:
        """The policy that found it, or the rule."""
        return self.finding.policy or self.finding.rule

    @property
    def line(self) -> int:
        """Line, counted from 1."""
        return self.span.line if self.span is not None else 1

    @property
    def column(self) -> int:
        """Column, counted from 1."""
        return self.span.column if self.span is not None else 1


def prefix(report: Report) -> str:
    """From the repository's root to the directory that was linted, with a slash at its end; "" for the root."""
    if report.repository is None:
        return ""
    path = os.path.relpath(report.start, report.repository).replace(os.sep, "/")
    return "" if path == "." else f"{path}/"


def repository_path(report: Report, path: str) -> str:
    """A reported path, relative to the repository's root, with forward slashes."""
    return posixpath.normpath(prefix(report) + path)


def located(report: Report, findings: Iterable[Finding]) -> Iterator[Located]:
    """Findings with their places, and fingerprints that no two of them share."""
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.fingerprint] += 1
        number = seen[finding.fingerprint]
        fingerprint = finding.fingerprint if number == 1 else f"{finding.fingerprint}-{number}"
        span = _real(report, finding)
        path = span.path if span is not None else _any_path(report)
        empty = span is not None and not span.source.text
        yield Located(finding, repository_path(report, path), None if empty else span, fingerprint)


def related(finding: Finding, primary: Span | None) -> tuple[Label, ...]:
    """The other places of a finding that stand in files; its own too, where another one is shown first."""
    own = Label(finding.span, finding.label or "found here")
    return tuple(
        label for label in (own, *finding.related) if label.span.source.real and label.span != primary and label.message
    )


def _real(report: Report, finding: Finding) -> Span | None:
    """The first place of a finding that stands in a file; else the block that it is about."""
    for span in (finding.span, *(label.span for label in finding.related)):
        if span.source.real and span.path:
            return span
    blocks = (inheritance.block for inheritance in report.inheritances)
    return next((block.span for block in blocks if block.address == finding.address), None)


def _any_path(report: Report) -> str:
    paths = sorted(inheritance.block.span.path for inheritance in report.inheritances)
    return paths[0] if paths else "."


def subject(finding: Finding) -> str:
    """What it is about: `module.gke, ops: region`."""
    text = finding.address or ""
    if finding.environment:
        text += f", {finding.environment}" if text else finding.environment
    if finding.attribute:
        text += f": {'.'.join(finding.attribute)}"
    return text


def sentence(finding: Finding) -> str:
    """What is wrong and the way out."""
    message = f"{finding.message}\n{finding.remediation}" if finding.remediation else finding.message
    about = subject(finding)
    return f"{about}: {message}" if about else message


def xml_text(text: str) -> str:
    """Text that XML can hold, made harmless as for a terminal; what it cannot is written as an escape."""
    return _ILLEGAL.sub(
        lambda match: match[0].encode("unicode_escape", "surrogatepass").decode("ascii"), printable(text)
    )
