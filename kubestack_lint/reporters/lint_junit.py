"""`kslint lint --format junit`: every rule on every module as a test case, as Jenkins reads it.

There is no standard; the measure is junit-10.xsd of Jenkins' xunit plugin.
"""

from __future__ import annotations

from collections import defaultdict
from xml.etree import ElementTree as ET

from kubestack_lint.differences import Difference
from kubestack_lint.finding import Finding
from kubestack_lint.inheritance import Inheritance, Setting
from kubestack_lint.report import Report
from kubestack_lint.reporters.located import Located, located, sentence, subject, xml_text

# Findings that are about no module stand under this name.
_REPOSITORY = "repository"


def lint_junit(report: Report) -> str:
    """One suite a policy. A case a finding, and one that passes for each module without any."""
    cases: dict[str, list[ET.Element]] = {ran.id: [] for ran in report.ran}
    seen: dict[str, set[str]] = defaultdict(set)
    for row in located(report, report.findings):
        cases.setdefault(row.name, []).append(_failed(row))
        seen[row.name].add(row.finding.address or "")
    for waived in report.waived:
        who = f"waived by {waived.waiver.approved_by} until {waived.waiver.expires}: {waived.waiver.reason}"
        for row in located(report, [waived.finding]):
            cases.setdefault(row.name, []).append(_skipped(row, who))
            seen[row.name].add(row.finding.address or "")
    for ignored in report.ignored:
        for row in located(report, [ignored.finding]):
            cases.setdefault(row.name, []).append(_skipped(row, f"ignored by a comment: {ignored.ignore.reason}"))
            seen[row.name].add(row.finding.address or "")
    for row in located(report, report.known):
        cases.setdefault(row.name, []).append(_skipped(row, "in the baseline"))
        seen[row.name].add(row.finding.address or "")
    addresses = list(dict.fromkeys(inheritance.block.address for inheritance in report.inheritances))
    for ran in report.ran:
        # Some rules look at the repository as a whole.
        about = addresses if ran.rule.on in (Inheritance, Setting, Difference) else [_REPOSITORY] * (not seen[ran.id])
        cases[ran.id] += [_case(ran.id, address) for address in about if address not in seen[ran.id]]
    for failure in report.failures:
        broken = _case(failure.rule, _REPOSITORY)
        ET.SubElement(broken, "error", type="crash", message=xml_text(failure.message))
        cases.setdefault(failure.rule, []).append(broken)
    return _document({name: found for name, found in sorted(cases.items()) if found})


def _document(cases: dict[str, list[ET.Element]]) -> str:
    every = [case for found in cases.values() for case in found]
    counts = _counts(every)
    # The schema knows skipped cases of a suite, not of all of them.
    del counts["skipped"]
    root = ET.Element("testsuites", {"name": "kslint", **counts})
    for name, found in cases.items():
        suite = ET.SubElement(root, "testsuite", {"name": xml_text(name), **_counts(found)})
        names: dict[tuple[str, str], int] = defaultdict(int)
        for case in found:
            # Two cases of one name are one to Jenkins.
            key = (case.attrib["classname"], case.attrib["name"])
            names[key] += 1
            if names[key] > 1:
                case.attrib["name"] += f" ({names[key]})"
            suite.append(case)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _counts(cases: list[ET.Element]) -> dict[str, str]:
    count = {name: str(sum(case.find(name) is not None for case in cases)) for name in ("failure", "error", "skipped")}
    return {
        "tests": str(len(cases)),
        "failures": count["failure"],
        "errors": count["error"],
        "skipped": count["skipped"],
        # Times differ from run to run, results do not.
        "time": "0",
    }


def _case(name: str, address: str, about: str = "") -> ET.Element:
    return ET.Element("testcase", name=xml_text(f"{name} {about}".strip()), classname=xml_text(address), time="0")


def _of(row: Located) -> ET.Element:
    finding = row.finding
    about = subject(finding).removeprefix(finding.address or "").removeprefix(", ").removeprefix(": ")
    return _case(row.name, finding.address or _REPOSITORY, f"{about} at {row.path}:{row.line}:{row.column}".strip())


def _failed(row: Located) -> ET.Element:
    finding = row.finding
    case = _of(row)
    # A file that cannot be read is no failed check, but a check that could not be made.
    kind = "error" if finding.rule == "syntax-error" else "failure"
    result = ET.SubElement(case, kind, type=finding.severity.label, message=xml_text(finding.message))
    result.text = xml_text(_details(row, finding))
    return case


def _skipped(row: Located, why: str) -> ET.Element:
    case = _of(row)
    ET.SubElement(case, "skipped", message=xml_text(why))
    return case


def _details(row: Located, finding: Finding) -> str:
    places = [f"{label.span.path}:{label.span.line}: {label.message}" for label in finding.related]
    return "\n".join([f"{row.path}:{row.line}:{row.column}: {sentence(finding)}", *places])
