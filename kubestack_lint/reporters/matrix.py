"""Report → attributes × environments for each block, findings on the cell that they concern. No markup here."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from kubestack_lint.differences import Difference, Kind
from kubestack_lint.finding import Finding
from kubestack_lint.inheritance import Inheritance, Setting
from kubestack_lint.report import Report
from kubestack_lint.reporters.located import Located, located, prefix
from kubestack_lint.source import Span
from kubestack_lint.values.value import Value, find

Path = tuple[str, ...]
# Row and column of a finding; None for the heading of either, both None for the block itself.
Spot = tuple[Path | None, str | None]


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding to show. `state` is its severity, or how it was set aside; `note` says by whom."""

    row: Located
    state: str
    note: str = ""

    @property
    def finding(self) -> Finding:
        """The finding itself."""
        return self.row.finding


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that an environment writes; the first of a cell's candidates won."""

    environment: str
    value: Value
    place: Span


@dataclass(frozen=True, slots=True)
class Cell:
    """One attribute in one environment.

    `value` is None where there is nothing. `kind` is the difference to the
    base, None without one. `inherited` says that another environment's value
    stands here.
    """

    environment: str
    value: Value | None
    kind: Kind | None
    inherited: bool
    candidates: tuple[Candidate, ...]
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """One block: `rows` are paths with a cell for each of `environments`, `marks` its findings with their spots.

    `key` tells it from all other blocks: its address, with its root module where two have the same.
    """

    key: str
    inheritance: Inheritance
    environments: tuple[str, ...]
    rows: tuple[tuple[Path, tuple[Cell, ...]], ...]
    marks: tuple[tuple[Mark, Spot], ...]

    def differing(self, environment: str) -> int:
        """How many settings of an environment differ from its base, in effect."""
        cells = (cell for _, row in self.rows for cell in row if cell.environment == environment)
        return sum(cell.kind is not None and cell.kind.effective for cell in cells)


def identifier(*parts: str) -> str:
    """A fragment of a URL that names a place in the page: the same parts give the same one, others another."""
    return "/".join(quote(part, safe="!*()", errors="surrogatepass") for part in parts)


def matrices(report: Report) -> tuple[tuple[Matrix, ...], tuple[Mark, ...]]:
    """Every block, and the findings that are about none of them."""
    names = Counter(inheritance.block.address for inheritance in report.inheritances)
    differences: dict[int, list[Difference]] = defaultdict(list)
    for difference in report.differences:
        differences[id(difference.block)].append(difference)
    owned: dict[int, list[Mark]] = defaultdict(list)
    rest: list[Mark] = []
    for mark in marks(report):
        owner = _owner(mark.finding, report.inheritances)
        (rest if owner is None else owned[id(owner)]).append(mark)
    found = []
    for inheritance in report.inheritances:
        block = inheritance.block
        root = posixpath.normpath(prefix(report) + block.root) if block.root else prefix(report).rstrip("/")
        key = block.address if names[block.address] == 1 else f"{root or '.'}:{block.address}"
        found.append(_matrix(key, inheritance, differences[id(block)], owned[id(inheritance)]))
    return tuple(found), tuple(rest)


def marks(report: Report) -> list[Mark]:
    """Every finding, by place: those that count and those that were set aside."""
    states: dict[int, tuple[str, str]] = {id(finding): (finding.severity.label, "") for finding in report.findings}
    for waived in report.waived:
        waiver = waived.waiver
        ticket = f" ({waiver.ticket})" if waiver.ticket else ""
        note = f"waived by {waiver.approved_by} until {waiver.expires}{ticket}: {waiver.reason}"
        states[id(waived.finding)] = ("waived", note)
    for ignored in report.ignored:
        states[id(ignored.finding)] = ("ignored", f"ignored by a comment: {ignored.ignore.reason}")
    for finding in report.known:
        states[id(finding)] = ("known", "in the baseline")
    every = [*report.findings, *(w.finding for w in report.waived), *(i.finding for i in report.ignored), *report.known]
    every.sort(key=lambda finding: finding.order)
    return [Mark(row, *states[id(row.finding)]) for row in located(report, every)]


def _owner(finding: Finding, inheritances: Sequence[Inheritance]) -> Inheritance | None:
    """The block of a finding; where root modules have blocks of one address, the one in the finding's folder."""
    found = [inheritance for inheritance in inheritances if inheritance.block.address == finding.address]
    folder = posixpath.dirname(finding.span.path)
    return next((one for one in found if one.block.root == folder), found[0] if found else None)


def _matrix(key: str, inheritance: Inheritance, differences: Iterable[Difference], owned: Iterable[Mark]) -> Matrix:
    names = tuple(dict.fromkeys((*inheritance.block.environments, *inheritance.environments)))
    settings = {
        (name, setting.path): setting
        for name, effective in inheritance.environments.items()
        for setting in effective.settings
    }
    kinds: dict[tuple[str, Path], Difference] = {}
    # What changes an environment is said rather than what is merely written there.
    for difference in sorted(differences, key=lambda difference: not difference.kind.effective):
        kinds.setdefault((difference.environment, difference.path), difference)
    paths = {path: None for _, path in (*settings, *kinds) if path}
    placed = []
    for mark in owned:
        spot = _spot(mark.finding, names, paths)
        if spot[0] is not None:
            paths.setdefault(spot[0])
        placed.append((mark, spot))
    rows = tuple(
        (path, tuple(_cell(inheritance, name, path, settings, kinds) for name in names)) for path in _grouped(paths)
    )
    return Matrix(key, inheritance, names, rows, tuple(placed))


def _spot(finding: Finding, environments: Sequence[str], paths: Mapping[Path, None]) -> Spot:
    """The row and column of a finding; inside of a setting the setting's row, else a row of its own."""
    path = finding.attribute or None
    environment = finding.environment if finding.environment in environments else None
    if path is None:
        return None, environment
    above = [path[:length] for length in range(len(path), 0, -1) if path[:length] in paths]
    return (above[0] if above else path), environment


def _grouped(paths: Collection[Path]) -> list[Path]:
    """Paths in the order of their first mention, what belongs to one object together and behind it."""
    first: dict[Path, int] = {}
    for number, path in enumerate(paths):
        for length in range(1, len(path) + 1):
            first.setdefault(path[:length], number)
    return sorted(paths, key=lambda path: tuple(first[path[:length]] for length in range(1, len(path) + 1)))


def _cell(
    inheritance: Inheritance,
    name: str,
    path: Path,
    settings: Mapping[tuple[str, Path], Setting],
    kinds: Mapping[tuple[str, Path], Difference],
) -> Cell:
    setting, difference = settings.get((name, path)), kinds.get((name, path))
    kind = difference.kind if difference is not None else None
    if setting is not None:
        block = inheritance.block
        candidates = tuple(
            Candidate(one.environment, one.value, one.value.place or block.span) for one in setting.definitions
        )
        return Cell(name, setting.value, kind, setting.inherited, candidates, difference)
    if difference is not None:
        sides = ((difference.environment, difference.own), (difference.against, difference.inherited))
        candidates = tuple(Candidate(who, side.value, side.place) for who, side in sides if side is not None)
        gone = difference.kind in (Kind.LOST, Kind.REMOVED)
        value = None if gone or difference.own is None else difference.own.value
        return Cell(name, value, kind, False, candidates, difference)
    effective = inheritance.environments.get(name)
    value = find(effective.value if effective else None, path)
    written = value is not None and not (value.is_null and value.place is None)
    return Cell(name, value if written else None, None, False, (), None)
