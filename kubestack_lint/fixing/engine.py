"""Findings with fixes → new texts. Every edit is proved before anything is written.

Edits that lie apart are tried together; what was tried is read and judged
again. Where the proof fails, half of them are tried, down to the one that is to
blame, which is left. Edits that meet wait for the next pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kubestack_lint.errors import UsageError
from kubestack_lint.finding import Edit, Finding
from kubestack_lint.fixing.files import refusal
from kubestack_lint.project.load import LoadOptions
from kubestack_lint.report import Report
from kubestack_lint.run import Loaded, load
from kubestack_lint.values.value import identity

# How often everything may be read again before the rest is left for another run.
MAX_READS = 300

Check = Callable[[Loaded], Report]


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that has a fix, and why that was not made."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of fixes comes to. `texts` are the files that change, by path: before and after.

    Places of `applied` are those of the texts before, of `left` those after.
    """

    texts: Mapping[Path, tuple[str, str]]
    applied: tuple[Finding, ...]
    left: tuple[Left, ...]
    start: Path
    others: int = 0


@dataclass(frozen=True, slots=True)
class _State:
    """The project after some edits."""

    loaded: Loaded
    report: Report
    texts: Mapping[Path, str]


@dataclass(slots=True)
class Fixer:
    """Fixes for one path. `names` are the policies or rules whose fixes are wanted; all of them when empty."""

    path: Path
    options: LoadOptions
    check: Check
    unsafe: bool = False
    names: frozenset[str] = frozenset()
    reads: int = 0
    refused: dict[tuple[str, ...], str] = field(default_factory=dict)

    def run(self) -> Outcome:
        """Make all fixes that can be proved. Raises UsageError where something cannot be read."""
        first = state = self._read({})
        if first.report.failed:
            raise UsageError(
                "nothing was changed: without what could not be read, no change can be proved",
                "kslint lint says what is wrong; mend that first",
            )
        applied: list[Finding] = []
        while self.reads < MAX_READS:
            batch = _apart(self._wanted(state))
            if not batch:
                break
            made = self._made(state, batch)
            if made is not None:
                state, done = made
                applied += done
        texts = {path: (self._text(first, path), text) for path, text in state.texts.items()}
        changed = {path: pair for path, pair in sorted(texts.items()) if pair[0] != pair[1]}
        found = self._here(state)
        return Outcome(
            changed,
            _as_first_found(applied, first),
            tuple(self._left(found)),
            first.loaded.project.start,
            _without_fix(found),
        )

    def _here(self, state: _State) -> list[Finding]:
        """Findings of the path that was given: of a single file, those that stand in it."""
        name = "" if self.path.is_dir() else self.path.name
        return [
            finding
            for finding in state.report.findings
            if (not name or finding.span.path == name) and (not self.names or self._named(finding))
        ]

    def _named(self, finding: Finding) -> bool:
        return finding.policy in self.names or finding.rule in self.names

    def _wanted(self, state: _State) -> list[Finding]:
        """What to try next: safe ones before the others."""
        found = [f for f in self._here(state) if f.fix is not None and not self._reason(f)]
        safe = [f for f in found if f.fix is not None and f.fix.safe]
        return safe or found

    def _reason(self, finding: Finding) -> str:
        """Why a fix is not to be made, or nothing."""
        assert finding.fix is not None
        if _key(finding) in self.refused:
            return self.refused[_key(finding)]
        if not finding.fix.safe and not self.unsafe:
            return "it changes what environments get; --unsafe makes it"
        start = self.path if self.path.is_dir() else self.path.parent
        return next((said for edit in finding.fix.edits if (said := refusal(start, edit.span.path))), "")

    def _left(self, found: Iterable[Finding]) -> Iterable[Left]:
        for finding in found:
            if finding.fix is not None:
                late = "there is too much to do at once; run kslint fix again"
                yield Left(finding, self._reason(finding) or late)

    # -- trying -----------------------------------------------------------

    def _made(self, state: _State, batch: Sequence[Finding]) -> tuple[_State, Sequence[Finding]] | None:
        """Make as many of these as can be proved; what is to blame is refused."""
        while batch:
            after = self._read(_edited(state, batch, self._file))
            reason = _objection(state, after, batch)
            if not reason:
                return after, batch
            if len(batch) == 1:
                self.refused[_key(batch[0])] = reason
                return None
            batch = batch[: len(batch) // 2]
        return None

    def _read(self, texts: Mapping[Path, str]) -> _State:
        self.reads += 1
        directory = self.path if self.path.is_dir() else self.path.parent
        loaded = load(directory, replace(self.options, texts=texts))
        return _State(loaded, self.check(loaded), texts)

    def _file(self, shown: str) -> Path:
        directory = self.path if self.path.is_dir() else self.path.parent
        return (directory / shown).resolve()

    def _text(self, state: _State, path: Path) -> str:
        return next(s.text for s in state.loaded.project.sources if self._file(s.path) == path)


def _key(finding: Finding) -> tuple[str, ...]:
    edits = finding.fix.edits if finding.fix is not None else ()
    return (finding.fingerprint, *(edit.span.text for edit in edits))


def _without_fix(found: Iterable[Finding]) -> int:
    return sum(finding.fix is None for finding in found)


def _as_first_found(applied: Iterable[Finding], first: _State) -> tuple[Finding, ...]:
    """Findings at the places where people still see them."""
    waiting: dict[str, list[Finding]] = {}
    for finding in first.report.findings:
        waiting.setdefault(finding.fingerprint, []).append(finding)
    places = (waiting[f.fingerprint].pop(0) if waiting.get(f.fingerprint) else f for f in applied)
    return tuple(sorted(places, key=lambda finding: finding.order))


def _apart(found: Sequence[Finding]) -> list[Finding]:
    """Those whose edits lie apart, with text between them; two findings may share one and the same edit."""
    taken: dict[str, list[Edit]] = {}
    chosen = []
    for finding in sorted(found, key=lambda one: (one.span.path, one.fix.edits[0].span.order if one.fix else ())):
        edits = finding.fix.edits if finding.fix is not None else ()
        if all(_fits(edit, taken.get(edit.span.path, [])[-1:]) for edit in edits):
            chosen.append(finding)
            for edit in edits:
                taken.setdefault(edit.span.path, []).append(edit)
    return chosen


def _fits(edit: Edit, taken: Iterable[Edit]) -> bool:
    return all(one == edit or _between(one.span, edit.span).strip() for one in taken)


def _between(left: Any, right: Any) -> str:
    """The text between two places, or nothing where they meet."""
    first, second = sorted((left, right), key=lambda span: (span.start, span.end))
    return str(first.source.text[first.end : second.start]) if first.end <= second.start else ""


def _edited(state: _State, batch: Iterable[Finding], file: Callable[[str], Path]) -> dict[Path, str]:
    """The texts with all edits of these findings made."""
    edits = {edit for finding in batch if finding.fix is not None for edit in finding.fix.edits}
    texts = dict(state.texts)
    for path in {edit.span.path for edit in edits}:
        here = sorted((e for e in edits if e.span.path == path), key=lambda e: (e.span.start, e.span.end))
        text, parts, position = here[0].span.source.text, [], 0
        for edit in here:
            parts += [text[position : edit.span.start], edit.replacement]
            position = edit.span.end
        texts[file(path)] = "".join([*parts, text[position:]])
    return texts


# -- proof ----------------------------------------------------------------


def _objection(before: _State, after: _State, batch: Sequence[Finding]) -> str:
    """Why these edits must not be made, or nothing."""
    if after.report.failed:
        return "the file could not be read afterwards"
    if all(finding.fix is not None and finding.fix.safe for finding in batch):
        changed = _changed(_effective(before.loaded), _effective(after.loaded))
        if changed:
            return changed
    more = _errors(after.loaded) - _errors(before.loaded)
    if more:
        return f"Terraform would stop: {min(more)[1]}"
    counts, now = _counted(before.report), _counted(after.report)
    fixed = Counter(finding.fingerprint for finding in batch)
    if any(now[one] > counts[one] - fixed[one] for one in fixed):
        return "the finding would stay"
    return ""


def _counted(report: Report) -> Counter[str]:
    return Counter(finding.fingerprint for finding in report.findings)


def _effective(loaded: Loaded) -> dict[tuple[str, str, str], Any]:
    """What every environment gets, type and value, by root, address and name."""
    return {
        (found.block.root, found.block.address, name): identity(effective.value)
        for found in loaded.inheritances
        for name, effective in found.environments.items()
    }


def _changed(before: Mapping[tuple[str, str, str], Any], after: Mapping[tuple[str, str, str], Any]) -> str:
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            return f"it would change what {key[2]} of {key[1]} gets"
    return ""


def _errors(loaded: Loaded) -> Counter[tuple[str, str]]:
    """What Terraform refuses: in blocks, and in expressions."""
    found = [(i.block.address, error.message) for i in loaded.inheritances for error in i.errors]
    return Counter([*found, *(("", str(error.message)) for error in loaded.project.errors)])
