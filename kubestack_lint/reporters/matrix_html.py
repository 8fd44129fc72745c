"""A matrix as a table in HTML: settings down, environments across, findings and both places in each cell."""

from __future__ import annotations

from collections.abc import Sequence

from kubestack_lint.differences import Kind
from kubestack_lint.reporters.diff_text import elements
from kubestack_lint.reporters.markup import pills, place, text_of
from kubestack_lint.reporters.matrix import Cell, Mark, Matrix, identifier
from kubestack_lint.reporters.terminal import shown
from kubestack_lint.values.value import Unknown, Value

# Characters of a value; manifests and scripts are longer.
_LIMIT = 400
# With more characters a value is cut to some lines until it is looked at.
_LONG = 120
_KINDS = {
    Kind.CHANGED: ("≠", "differs from {base}"),
    Kind.ADDED: ("+", "{base} has no such setting"),
    Kind.LOST: ("−", "lost: {base} has it, and what {own} writes above it takes it away"),
    Kind.REMOVED: ("−", "{base} has it, {own} does not"),
    Kind.CONVERTED: ("≈", "the value of {base} with another type"),
    Kind.COMPUTED: ("≠", "differs from {base}: it depends on terraform.workspace"),
    Kind.UNKNOWN: ("?", "may differ from {base}"),
    Kind.REDUNDANT: ("=", "repeats what it inherits from {base}"),
    Kind.INEFFECTIVE: ("∅", "{own} writes it without effect"),
    Kind.DROPPED: ("∅", "{own} writes it and Terraform’s types discard it"),
}
LEGEND = (
    ("≠", "differs from the base"),
    ("+", "only here"),
    ("−", "lost here"),
    ("≈", "another type"),
    ("?", "unknown"),
    ("=", "repeated"),
    ("∅", "without effect"),
)


def table_of(folder: str, matrix: Matrix) -> str:
    """The table of a block; `folder` is what reported paths are relative to, as seen from the repository."""
    spots: dict[object, list[Mark]] = {}
    for mark, spot in matrix.marks:
        spots.setdefault(spot, []).append(mark)
    wide = " wide" if len(matrix.environments) > 6 else ""
    heads = [f'<th scope="col">{text_of(matrix.key)}</th>']
    heads += [_head(matrix, name, spots.get((None, name), ())) for name in matrix.environments]
    lines = [
        f'<div class="scroll{wide}"><table aria-label="{text_of(matrix.key)}">',
        f"<thead><tr>{''.join(heads)}</tr></thead><tbody>",
    ]
    for path, cells in matrix.rows:
        row = [f'<th scope="row">{_dotted(path)}{pills(spots.get((path, None), ()))}</th>']
        row += [_cell(folder, matrix, path, cell, spots.get((path, cell.environment), ())) for cell in cells]
        lines.append(f"<tr>{''.join(row)}</tr>")
    return "\n".join([*lines, "</tbody></table></div>"])


def _head(matrix: Matrix, name: str, found: Sequence[Mark]) -> str:
    """The name of an environment; whether it is the base, or cannot be computed."""
    note = " <small>base</small>" if matrix.inheritance.block.base_of(name) == name else ""
    if name not in matrix.inheritance.environments:
        note = " <small>cannot be computed</small>"
    environment = text_of(name)
    opening = f'<th scope="col" id="{identifier(matrix.key, name)}" data-e="{environment}">'
    return f"{opening}{environment}{note}{pills(found)}</th>"


def _dotted(path: Sequence[str]) -> str:
    """The path; what a table of settings repeats is pale. Long names may break behind their dots."""
    above = "".join(f"{text_of(step)}.<wbr>" for step in path[:-1])
    return f"{f'<i>{above}</i>' if above else ''}{text_of(path[-1]).replace('_', '_<wbr>')}"


def _cell(folder: str, matrix: Matrix, path: Sequence[str], cell: Cell, found: Sequence[Mark]) -> str:
    """The value, the findings on it, and both places."""
    identity = identifier(matrix.key, cell.environment, *path)
    opening = f'<td id="{identity}" data-e="{text_of(cell.environment)}"'
    if cell.value is None and cell.difference is None:
        computed = cell.environment in matrix.inheritance.environments
        text = "–" if computed else "cannot be computed"
        return f'{opening} class="x">{text}{pills(found)}</td>'
    effective = cell.kind is not None and cell.kind.effective
    classes = " ".join(
        word
        for word, holds in (
            ("i", cell.inherited and not effective),
            ("o", effective),
            ("gone", cell.value is None),
            ("idle", _idle(cell)),
        )
        if holds
    )
    sign = f"<b>{_KINDS[cell.kind][0]}</b> " if cell.kind is not None else ""
    text = _value(cell.value, matrix.inheritance.block.definition.stringly) if cell.value is not None else "(none)"
    named = f' class="{classes}"' if classes else ""
    return f"{opening}{named}>{sign}{text}{pills(found)}{_places(folder, matrix, cell)}</td>"


def _idle(cell: Cell) -> bool:
    """True for what is written and is no setting of its environment."""
    return cell.kind in (Kind.DROPPED, Kind.INEFFECTIVE) and not cell.inherited


def _value(value: Value, bare: bool) -> str:
    if isinstance(value.data, Unknown) and not value.sensitive:
        return "<em>unknown</em>"
    if isinstance(value.data, dict) and value.data and not value.sensitive:
        # Its parts have rows of their own, or stand in a list.
        return "{…}"
    # Secrets are hidden already; what a limit cuts through is not found any more.
    text = shown(value, _LIMIT, bare)
    return f'<span class="v">{text_of(text)}</span>' if len(text) > _LONG else text_of(text)


def _places(folder: str, matrix: Matrix, cell: Cell) -> str:
    """What the cell is, in words; who won and who lost, each with its place."""
    block = matrix.inheritance.block
    lines = []
    if cell.kind is not None and cell.difference is not None:
        words = _KINDS[cell.kind][1].format(base=cell.difference.against, own=cell.environment)
        lines.append(f"<i>{text_of(words)}</i>")
    elif cell.inherited and cell.candidates:
        lines.append(f"<i>inherited from {text_of(cell.candidates[0].environment)}</i>")
    if cell.value is not None and isinstance(cell.value.data, Unknown) and not cell.value.sensitive:
        lines.append(f"<i>{text_of(cell.value.data.because)}</i>")
    for number, candidate in enumerate(cell.candidates):
        plain = len(cell.candidates) == 1 and cell.value is not None
        text = "" if plain else f" <samp>{_value(candidate.value, block.definition.stringly)}</samp>"
        tag, over = ("u", "") if number == 0 else ("s", "over ")
        via = candidate.value.via
        brought = f" from {place(folder, via)}" if via is not None and via != candidate.place and via.path else ""
        lines.append(
            f"<{tag}>{over}{text_of(candidate.environment)}{text} {place(folder, candidate.place)}{brought}</{tag}>"
        )
    if cell.difference is not None:
        lines += [f"<q>{text_of(line)}</q>" for line in elements(cell.difference).splitlines()]
    return f"<small>{''.join(lines)}</small>" if lines else ""
