"""`kslint lint --format html`: one file that needs nothing else; attributes × environments, and findings on them.

Everything stands in the markup, so that the page is complete without its script, which only filters and points.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from string import Template

from kubestack_lint import __version__
from kubestack_lint.finding import Severity
from kubestack_lint.report import Report
from kubestack_lint.reporters.located import prefix, subject
from kubestack_lint.reporters.markup import finding_item, item, list_of, pill, place, text_of
from kubestack_lint.reporters.matrix import Mark, Matrix, identifier, matrices
from kubestack_lint.reporters.matrix_html import LEGEND, table_of
from kubestack_lint.reporters.terminal import counted


def lint_html(report: Report) -> str:
    """The page; the same report gives the same bytes."""
    blocks, general = matrices(report)
    style, script = _data("css"), _data("js")
    folder = prefix(report)
    title = f"kslint: {folder.rstrip('/')}" if folder else "kslint"
    environments = dict.fromkeys(name for matrix in blocks for name in matrix.environments)
    return Template(_data("html")).substitute(
        title=text_of(title),
        version=__version__,
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        verdict=_verdict(report),
        modules="".join(_option(identifier(matrix.key), matrix.key) for matrix in blocks),
        environments="".join(_option(name, name) for name in environments),
        legend=_legend() if blocks else "",
        general=_general(report, folder, general),
        blocks="\n".join(_block(folder, matrix) for matrix in blocks),
    )


def _data(suffix: str) -> str:
    return Path(__file__).with_suffix(f".{suffix}").read_text("utf-8").strip()


def _hash(text: str) -> str:
    """What the page's policy allows: this script and this style, and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"


def _option(value: str, label: str) -> str:
    return f'<option value="{text_of(value)}">{text_of(label)}</option>'


def _verdict(report: Report) -> str:
    """The counts of findings, and of what was looked at."""
    severities = (Severity.ERROR, Severity.WARNING, Severity.INFO)
    counts = [(severity.label, counted(report.count(severity), severity.label)) for severity in severities]
    counts = [(state, words) for state, words in counts if not words.startswith("0 ")] or [("none", "no findings")]
    aside = ((report.waived, "waived"), (report.ignored, "ignored"), (report.known, "in the baseline"))
    seen = [counted(len(report.inheritances), "module"), counted(report.files, "file")]
    seen += [f"{counted(report.unreadable, 'file')} not read"] * bool(report.unreadable)
    seen += [f"{counted(report.unknowns, 'unknown value')}"] * bool(report.unknowns)
    seen += [f"{len(found)} {word}" for found, word in aside if found]
    return f'<p class="verdict">{" ".join(pill(*one) for one in counts)} <span>{text_of(" · ".join(seen))}</span></p>'


def _legend() -> str:
    signs = " ".join(f"<span><b>{sign}</b> {words}</span>" for sign, words in LEGEND)
    return f'<p class="legend">{signs} <span class="i">pale: inherited</span></p>'


def _general(report: Report, folder: str, found: Sequence[Mark]) -> str:
    """What is about no block: files that cannot be read, the repository as a whole, rules that crashed."""
    items = [
        f'<li data-w="3">{pill("error", "crash")} <code>{text_of(failure.rule)}</code>'
        f"<p>{text_of(failure.message)}</p></li>"
        for failure in report.failures
    ]
    items += [item(folder, mark, "", text_of(_about(mark))) for mark in found]
    if not items:
        return ""
    return f'<section id="repository" data-n="repository"><h2>Repository</h2>{list_of(items)}</section>'


def _about(mark: Mark) -> str:
    return subject(mark.finding) or mark.row.path


def _block(folder: str, matrix: Matrix) -> str:
    """One module: its heading, what Terraform refuses, the table, the findings in full."""
    key = identifier(matrix.key)
    block = matrix.inheritance.block
    module = " ".join(part for part in (block.definition.path, block.definition.version) if part)
    parts = [
        f'<section class="block" id="{key}" data-n="{text_of(block.address)}">',
        f'<h2><a href="#{key}">{text_of(matrix.key)}</a></h2>',
        f'<p class="meta">{text_of(module)} {place(folder, block.span)} {text_of(_summary(matrix))}</p>',
    ]
    parts += [f'<p class="note">{text_of(block.note)}</p>'] * bool(block.note)
    parts += [
        '<p class="refused"><b>Terraform refuses this block:</b> '
        f"{text_of(error.message)} {place(folder, error.span)}</p>"
        for error in matrix.inheritance.errors
    ]
    if matrix.rows:
        parts.append(table_of(folder, matrix))
    items = [finding_item(folder, matrix, mark, spot) for mark, spot in matrix.marks]
    return "\n".join([*parts, list_of(items) if items else "", "</section>"])


def _summary(matrix: Matrix) -> str:
    """`ops differs from apps in 2 settings`, for each environment that inherits."""
    said = []
    for name in matrix.environments:
        base = matrix.inheritance.block.base_of(name)
        if name in matrix.inheritance.environments and base not in (None, name):
            number = matrix.differing(name)
            said.append(
                f"{name} differs from {base} in {counted(number, 'setting')}" if number else f"{name} is as {base}"
            )
    return "; ".join(said)
