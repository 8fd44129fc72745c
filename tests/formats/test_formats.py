"""Every format of `kslint lint` from one repository that holds every feature: golden files, structure, escaping.

KSLINT_GOLDEN=write (make golden) rewrites `golden/`; read that diff.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from kubestack_lint.cli import sinks

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
GOLDEN = HERE / "golden"
FORMS = {
    "text": "txt",
    "json": "json",
    "sarif": "sarif.json",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "junit": "junit.xml",
    "checkstyle": "checkstyle.xml",
    "markdown": "md",
    "html": "html",
}
SECRETS = ("correct-horse-battery", "staple-correct-horse", "4711-0815", "Zx8qP2mW7vK4tR9yB3nL6cD1fG5hJ0sA")
SCRIPT = "<script>"


def _kslint(directory: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("KSLINT_", "GITHUB_", "TF_VAR_", "NO_COLOR", "FORCE_COLOR"))
    }
    return subprocess.run(
        [sys.executable, "-m", "kubestack_lint", "lint", *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={**clean, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **environment},
    )


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose configuration stands in a folder of its own."""
    root = tmp_path_factory.mktemp("formats")
    (root / ".git").mkdir()
    shutil.copytree(HERE / "input", root / "infra")
    return root


@pytest.fixture(scope="module")
def outputs(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What one run writes, by format."""
    folder = tmp_path_factory.mktemp("outputs")
    pairs = [word for form in FORMS for word in ("--format", form, "--output-file", str(folder / form))]
    done = _kslint(repository, "infra", "--now", "2029-12-01", "--tag", "infra", *pairs)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")
    return {form: (folder / form).read_bytes().decode("utf-8") for form in FORMS}


def test_every_format_is_here() -> None:
    assert sorted(FORMS) == sorted(sinks.forms("lint"))


@pytest.mark.parametrize("form", FORMS)
def test_golden(form: str, outputs: dict[str, str]) -> None:
    golden = GOLDEN / f"lint.{FORMS[form]}"
    if os.environ.get("KSLINT_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        golden.write_bytes(outputs[form].encode("utf-8"))
    assert outputs[form] == golden.read_bytes().decode("utf-8")


@pytest.mark.parametrize("form", FORMS)
def test_no_secret_is_shown(form: str, outputs: dict[str, str]) -> None:
    assert "admin_password" in outputs[form] or form == "junit"
    for secret in SECRETS:
        assert secret not in outputs[form]


@pytest.mark.parametrize(
    ("seed", "locale", "below"),
    [("1", "C", False), ("2", "C.UTF-8", True), ("3", "POSIX", False), ("4", "C.UTF-8", False)],
)
def test_the_same_bytes_everywhere(
    seed: str, locale: str, below: bool, outputs: dict[str, str], repository: Path, tmp_path: Path
) -> None:
    pairs = [word for form in FORMS for word in ("--format", form, "-o", str(tmp_path / form))]
    directory, path = (repository / "infra", ".") if below else (repository, "infra")
    _kslint(directory, path, "--now", "2029-12-01", "--tag", "infra", *pairs, PYTHONHASHSEED=seed, LC_ALL=locale)
    assert {form: (tmp_path / form).read_bytes().decode("utf-8") for form in FORMS} == outputs


def test_files_made_in_another_order_make_no_difference(
    repository: Path, outputs: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    files = sorted(path for path in (repository / "infra").rglob("*") if path.is_file())
    for path in reversed(files):
        target = tmp_path / path.relative_to(repository)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    done = _kslint(tmp_path, "infra", "--now", "2029-12-01", "--format", "json")
    assert done.stdout == outputs["json"]


def _findings(outputs: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(outputs["json"])["findings"]
    return [finding for finding in found if finding["waived"] is None]


def _path(path: str) -> str:
    return f"infra/{path}"


# github


def _unescaped(text: str, *signs: tuple[str, str]) -> str:
    for sign, code in (*signs, ("\n", "%0A"), ("\r", "%0D")):
        text = text.replace(code, sign)
    return text.replace("%25", "%")


def test_github_commands_say_everything_when_unescaped(outputs: dict[str, str]) -> None:
    lines = outputs["github"].splitlines()
    findings = sorted(_findings(outputs), key=lambda f: {"error": 0, "warning": 1, "info": 2}[f["severity"]])
    assert len(lines) == len(findings)
    for line, finding in zip(lines, findings, strict=True):
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        assert match is not None
        assert match[1] == finding["severity"].replace("info", "notice")
        properties = dict(pair.split("=", 1) for pair in match[2].split(","))
        assert _unescaped(properties["file"], (":", "%3A"), (",", "%2C")) == _path(finding["path"])
        assert int(properties["line"]) == finding["line"]
        message = _unescaped(match[3])
        assert finding["message"] in message
        assert finding["remediation"] in message


def test_github_writes_the_summary_of_the_step(repository: Path, outputs: dict[str, str], tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    arguments = ("infra", "--now", "2029-12-01", "--tag", "infra", "--format", "github")
    done = _kslint(repository, *arguments, GITHUB_STEP_SUMMARY=str(summary))
    assert done.stdout == outputs["github"]
    assert summary.read_text("utf-8") == "before\n" + outputs["markdown"]


# gitlab


def test_gitlab_entries_have_what_gitlab_reads(outputs: dict[str, str]) -> None:
    entries = json.loads(outputs["gitlab"])
    findings = _findings(outputs)
    assert len(entries) == len(findings)
    assert max(Counter(entry["fingerprint"] for entry in entries).values()) == 1
    for entry, finding in zip(entries, findings, strict=True):
        assert sorted(entry) == ["check_name", "description", "fingerprint", "location", "severity"]
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["description"].startswith(f"{finding['policy']}: ")
        assert entry["location"]["path"] == _path(finding["path"])
        assert entry["location"]["lines"]["begin"] == finding["line"]


@pytest.mark.parametrize(("form", "empty"), [("gitlab", "[]\n"), ("github", ""), ("markdown", "")])
def test_nothing_found_is_said_in_each_way(form: str, empty: str) -> None:
    done = _kslint(ROOT, "examples/talk", "--format", form)
    assert (done.returncode, done.stdout) == (0, empty)


# junit and checkstyle


# What junit-10.xsd of Jenkins' xunit plugin allows: required attributes, others, elements inside.
JUNIT: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name"},
        {"time", "classname", "group"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    **{name: (set(), {"type", "message"}, set()) for name in ("failure", "error", "skipped")},
}


def test_junit_has_the_shape_that_jenkins_reads(outputs: dict[str, str]) -> None:
    root = ET.fromstring(outputs["junit"])
    assert root.tag == "testsuites"
    for element in root.iter():
        required, optional, inside = JUNIT[element.tag]
        assert required <= set(element.keys()) <= required | optional, element.tag
        assert {child.tag for child in element} <= inside
        if element.get("time") is not None:
            assert re.fullmatch(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?", element.get("time", ""))


def test_junit_counts_and_names(outputs: dict[str, str]) -> None:
    root = ET.fromstring(outputs["junit"])
    names = Counter((case.get("classname"), case.get("name")) for case in root.iter("testcase"))
    assert max(names.values()) == 1
    for group in (root, *root):
        cases = list(group.iter("testcase"))
        assert int(group.get("tests", "")) == len(cases)
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if group.get(attribute) is not None:
                assert int(group.get(attribute, "")) == sum(case.find(tag) is not None for case in cases)
    findings = _findings(outputs)
    assert int(root.get("errors", "")) == sum(f["rule"] == "syntax-error" for f in findings) == 1
    assert int(root.get("failures", "")) == len(findings) - 1
    skipped = [found.get("message") or "" for found in root.iter("skipped")]
    assert len(skipped) == 2
    assert any("waived by Ada <ada@example.com> until 2030-01-31" in said for said in skipped)


def test_junit_has_a_case_for_each_rule_and_module_without_a_finding(outputs: dict[str, str]) -> None:
    root = ET.fromstring(outputs["junit"])
    passed = {(case.get("classname"), case.get("name")) for case in root.iter("testcase") if len(case) == 0}
    assert ('module.pools["a"].module.pool', "wrong-type") in passed
    assert ("repository", "module-version-mismatch") in passed
    assert ("module.gke_zero", "module-version-mismatch") not in passed
    assert ("module.eks_zero", "unpinned-module") not in passed


def test_xml_holds_what_xml_cannot(tmp_path: Path) -> None:
    source = 'source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.18.1-beta.0"'
    (tmp_path / "main.tf").write_text(
        f'module "gke" {{\n  {source}\n  configuration = {{\n    apps = {{ "re\\u0007gion]]>&" = 1 }}\n    ops = {{}}\n  }}\n}}\n'
    )
    for form in ("junit", "checkstyle"):
        text = _kslint(tmp_path, ".", "--format", form).stdout
        found = [element.get("message", "") for element in ET.fromstring(text).iter() if element.get("message")]
        assert any("re\\x07gion]]>&" in message for message in found)


def test_checkstyle_has_every_finding(outputs: dict[str, str]) -> None:
    root = ET.fromstring(outputs["checkstyle"])
    rows = [(file.get("name"), int(error.get("line", ""))) for file in root for error in file]
    assert sorted(rows) == sorted((_path(f["path"]), f["line"]) for f in _findings(outputs))
    assert {error.get("severity") for error in root.iter("error")} <= {"error", "warning", "info"}


# markdown


def test_markdown_shows_text_as_text(outputs: dict[str, str]) -> None:
    text = outputs["markdown"]
    assert text.startswith("<!-- kslint:infra -->\n**kslint**: 🔴 ")
    assert SCRIPT not in text
    assert text.count("<details>") == text.count("</details>") == len(_findings(outputs))
    assert "1 waived, 1 ignored" in text


def test_markdown_fits_into_a_comment(tmp_path: Path) -> None:
    source = 'source = "github.com/kbst/terraform-kubestack//google/cluster"'
    block = f'module "gke_%d" {{\n  {source}\n  configuration = {{\n    apps = {{}}\n    ops = {{}}\n  }}\n}}\n'
    (tmp_path / "main.tf").write_text("".join(block % number for number in range(150)))
    text = _kslint(tmp_path, ".", "--format", "markdown").stdout
    assert 60_000 < len(text) <= 65_536
    shown = text.count("<details>")
    more = re.search(r"… and ([0-9]+) more findings", text)
    assert more is not None
    assert shown + int(more[1]) == len(json.loads(_kslint(tmp_path, ".", "--format", "json").stdout)["findings"])


# sarif


def test_sarif_results_are_located_and_linked(outputs: dict[str, str]) -> None:
    document = json.loads(outputs["sarif"])
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["automationDetails"]["id"] == "kslint/infra/"
    assert run["invocations"][0]["executionSuccessful"] is False
    results = [result for result in run["results"] if "suppressions" not in result]
    findings = _findings(outputs)
    assert len(results) == len(findings)
    for result, finding in zip(results, findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding["policy"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert unquote(physical["artifactLocation"]["uri"]) == _path(finding["path"])
        assert physical["region"]["startLine"] == finding["line"]
        assert physical["region"]["startColumn"] == finding["column"]
        numbers = {str(other["id"]) for other in result.get("relatedLocations", ())}
        links = set(re.findall(r"(?<!\\)\]\(([0-9]+)\)", result["message"]["text"]))
        assert links == numbers
    hashes = Counter(result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"])
    assert max(hashes.values()) == 1


def test_sarif_keeps_what_was_set_aside(outputs: dict[str, str]) -> None:
    (run,) = json.loads(outputs["sarif"])["runs"]
    aside = {result["ruleId"]: result["suppressions"][0] for result in run["results"] if "suppressions" in result}
    assert aside["redundant-override"]["kind"] == "external"
    assert "OPS-17" in aside["redundant-override"]["justification"]
    assert aside["placeholder-value"] == {
        "kind": "inSource",
        "status": "accepted",
        "justification": "left over from the migration",
    }


def test_sarif_rules_help(outputs: dict[str, str]) -> None:
    (run,) = json.loads(outputs["sarif"])["runs"]
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"]
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert "# expect:" not in rule["help"]["markdown"]


# names of files


def test_names_of_files_steer_nothing(tmp_path: Path) -> None:
    """Neither terminals nor GitHub's log, and no format stumbles over a name that is no UTF-8."""
    names = (b"a\x1b[31m.tf", b"b\n::stop-commands::c.tf", "d\u202ee.tf".encode(), b"\xff.tf")
    for name in names:
        try:
            (tmp_path / os.fsdecode(name)).write_text('locals {\n  a = "\n}\n')
        except OSError:
            pytest.skip("this file system takes no such names")
    for form in FORMS:
        done = _kslint(tmp_path, "--format", form)
        assert done.returncode == 2
        assert "a bug in kslint" not in done.stderr
        if form in ("text", "markdown"):
            assert not re.search("\x1b|\u202e|^\\s*::stop", done.stdout, re.MULTILINE)
    done = _kslint(tmp_path, "--select", "wrong-type")
    assert (done.returncode, done.stdout.count("\n"), done.stderr.count("\n")) == (2, 1, 8)
    uris = re.findall(r'"uri": "(.*)"', _kslint(tmp_path, "--format", "sarif").stdout)
    assert sorted(uris) == ["%FF.tf", "a%1B%5B31m.tf", "b%0A%3A%3Astop-commands%3A%3Ac.tf", "d%E2%80%AEe.tf"]


def test_links_show_nothing_of_the_machine(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    (tmp_path / "netrc").write_text("machine example.com login me password hunter2\n")
    (tmp_path / "good.tf").write_text("locals {\n  a = 1\n}\n")
    for name, leads in (("a.tf", "netrc"), ("terraform.tfvars", "netrc"), ("good.tf", "good.tf")):
        (repository / name).symlink_to(tmp_path / leads)
    done = _kslint(repository)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout == (
        "error[syntax-error] a.tf\n"
        "  this file is a link that leads out of the repository to something that is no valid configuration\n"
        "  a.tf:1:1\n"
        "  fix: Put the file into the repository.\n\n"
        "error[syntax-error] terraform.tfvars\n"
        "  this file is a link that leads out of the repository to something that is no valid configuration\n"
        "  terraform.tfvars:1:1\n"
        "  fix: Put the file into the repository.\n\n"
        "2 errors in 0 modules in 2 files, 2 files not read\n"
    )
    for form in FORMS:
        assert "example.com login" not in _kslint(repository, "--format", form).stdout


def test_what_cannot_be_parsed_shows_no_secret_either(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('locals {\n  db_password = "hunter2\n  size = "AKIAABCDEFGHIJKLMNOP" "\n}\n')
    for form in FORMS:
        done = _kslint(tmp_path, "--format", form)
        assert (done.returncode, re.search("hunter2|AKIA", done.stdout + done.stderr)) == (2, None)
    assert 'main.tf:2:17  db_password = "•••••••' in _kslint(tmp_path).stdout


# where reports go


def test_formats_and_files_come_in_pairs(tmp_path: Path) -> None:
    done = _kslint(ROOT, "examples/talk", "--format", "json", "--format", "sarif", "-o", "x")
    assert done.returncode == 2
    assert "2 formats and 1 output file make no pairs" in done.stderr
    assert "- is standard output" in done.stderr
    done = _kslint(ROOT, "examples/talk", "--format", "json", "--format", "sarif", "-o", "-", "-o", "-")
    assert (done.returncode, "two formats go to standard output" in done.stderr) == (2, True)
    # However the file is written.
    done = _kslint(tmp_path, "--format", "json", "--format", "sarif", "-o", "lint", "-o", f"../{tmp_path.name}/./lint")
    assert (done.returncode, "two formats go to lint" in done.stderr) == (2, True)


def test_a_file_and_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "lint.json"
    done = _kslint(ROOT, "examples/talk", "--format", "text", "-o", "-", "--format", "json", "-o", str(file))
    assert done.stdout.startswith("no findings in 1 module")
    assert json.loads(file.read_text("utf-8"))["format"] == "kslint-lint/1"


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    done = _kslint(ROOT, "examples/talk", "--format", "json", "-o", str(tmp_path / "nowhere" / "lint.json"))
    assert done.returncode == 2
    assert "No such file or directory" in done.stderr
    if Path("/dev/full").exists():
        done = _kslint(ROOT, "examples/talk", "--format", "json", "-o", "/dev/full")
        assert (done.returncode, "No space left" in done.stderr) == (2, True)


def test_the_format_may_come_from_the_environment() -> None:
    assert _kslint(ROOT, "examples/talk", KSLINT_FORMAT="gitlab").stdout == "[]\n"
