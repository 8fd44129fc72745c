"""Every format before texts that steer, and before more findings than anybody reads."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from kubestack_lint.cli import sinks
from kubestack_lint.reporters import lint_sarif
from kubestack_lint.reporters.lint_json import lint_json
from kubestack_lint.reporters.lint_junit import lint_junit
from kubestack_lint.reporters.terminal import Terminal
from tests.formats.hostile import STEERING, report
from tests.formats.test_formats import JUNIT

# As a log, a terminal or a dashboard must never get it; tab and newline steer nothing.
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
FORMS = sinks.forms("lint")


def _written(form: str, tmp_path: Path, **of: Any) -> str:
    file = tmp_path / form
    more = {"terminal": Terminal(100)} if form == "text" else {}
    sinks.write(sinks.reporter("lint", form)(report(**of), **more), str(file))
    return file.read_bytes().decode("utf-8")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", ["a.tf", "a\x1b]0;x\x07\u202e\n::error::.tf", "\udcff.tf"])
def test_nothing_steers(path: str, form: str, tmp_path: Path) -> None:
    text = _written(form, tmp_path, path=path)
    assert "m0" in text
    assert not RAW.search(text), RAW.findall(text)
    if form == "github":
        assert all(line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in text.splitlines())


def test_what_dashboards_show_is_harmless_too(tmp_path: Path) -> None:
    """They decode what the formats escape."""
    gitlab = json.loads(_written("gitlab", tmp_path))
    (run,) = json.loads(_written("sarif", tmp_path))["runs"]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    shown = [entry["description"] for entry in gitlab]
    shown += [result["message"]["text"] for result in run["results"]]
    shown += [place["message"]["text"] for result in run["results"] for place in result.get("relatedLocations", ())]
    shown += [one["justification"] for result in run["results"] for one in result.get("suppressions", ())]
    shown += [note["message"]["text"] for note in notes]
    assert len(shown) > 25
    for form in ("junit", "checkstyle"):
        root = ET.fromstring(_written(form, tmp_path))
        shown += [text for element in root.iter() for text in (*element.attrib.values(), element.text or "")]
    assert sum("\\x1b[31m" in text for text in shown) > 40
    assert not [text for text in shown if RAW.search(text)]


def test_json_is_exact() -> None:
    """Programs get every character, by JSON's own escapes."""
    document = json.loads(lint_json(report(text=STEERING)))
    assert document["findings"][0]["environment"] == f"ops{STEERING}"
    assert document["findings"][0]["label"] == f"l{STEERING}"


@pytest.mark.parametrize("findings", [0, 4, 5_000])
def test_junit_stays_what_jenkins_reads(findings: int) -> None:
    root = ET.fromstring(lint_junit(report(findings)).encode("utf-8"))
    cases = list(root.iter("testcase"))
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases)
    assert len(list(root.iter("failure"))) == (findings + 1 if findings else 0)
    assert len(list(root.iter("error"))) == 1
    for element in root.iter():
        required, optional, inside = JUNIT[element.tag]
        assert required <= set(element.keys()) <= required | optional
        assert {child.tag for child in element} <= inside


def test_sarif_keeps_the_most_severe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint_sarif, "LIMIT", 5)
    (run,) = json.loads(lint_sarif.lint_sarif(report(9)))["runs"]
    assert [result["level"] for result in run["results"]] == ["warning", "error", "warning", "error", "error"]
    assert [re.match(r".*?: (m\d+)", r["message"]["text"], re.DOTALL)[1] for r in run["results"]] == [  # type: ignore[index]
        "m1", "m2", "m4", "m5", "m8",
    ]
    crash, left_out = run["invocations"][0]["toolExecutionNotifications"]
    assert crash["level"] == "error"
    assert left_out == {
        "level": "warning",
        "message": {
            "text": "9 results left out: code scanning takes 5 in a run, and the most severe are here; "
            "the other formats hold all"
        },
    }


def test_sarif_leaves_nothing_out_that_github_takes() -> None:
    assert lint_sarif.LIMIT == 25_000
    (run,) = json.loads(lint_sarif.lint_sarif(report(24_995, "x")))["runs"]
    assert len(run["results"]) == 25_000
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == 1
    (run,) = json.loads(lint_sarif.lint_sarif(report(24_996, "x")))["runs"]
    assert len(run["results"]) == 25_000
    # What was set aside goes first.
    assert sum("suppressions" in result for result in run["results"]) == 2
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == 2


def test_sarif_repeats_no_long_line() -> None:
    """A file may be one line, and each of its findings would hold it twice."""
    text = lint_sarif.lint_sarif(report(1_000, "x" * 100))
    source_in_each = lint_sarif.lint_sarif(report(1, "y" * 3_000))
    (run,) = json.loads(source_in_each)["runs"]
    assert "snippet" in json.loads(text)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["contextRegion"]
    physical = run["results"][0]["locations"][0]["physicalLocation"]
    assert "snippet" in physical["region"]
    assert "snippet" not in physical["contextRegion"]
