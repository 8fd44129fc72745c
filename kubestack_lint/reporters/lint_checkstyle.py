"""`kslint lint --format checkstyle`: the XML of Checkstyle, which many tools for reviews read."""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree as ET

from kubestack_lint.report import Report
from kubestack_lint.reporters.located import located, sentence, xml_text


def lint_checkstyle(report: Report) -> str:
    """Findings by file; Checkstyle's own severities are the same three."""
    root = ET.Element("checkstyle", version="8.0")
    rows = sorted(located(report, report.findings), key=lambda row: (row.path, row.finding.order))
    for path, group in groupby(rows, key=lambda row: row.path):
        file = ET.SubElement(root, "file", name=xml_text(path))
        for row in group:
            ET.SubElement(
                file,
                "error",
                line=str(row.line),
                column=str(row.column),
                severity=row.finding.severity.label,
                message=xml_text(sentence(row.finding)),
                source=xml_text(f"kslint.{row.name}"),
            )
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
