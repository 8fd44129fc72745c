"""Every rule's page is its test: the findings of its examples are exactly those that the page says.

A page holds ```hcl blocks. Each is one case, linted with the page's rule alone:

- `# expect: rule-id "part of the message"` stands on the line where the finding must be, or alone
  on the lines before it, where the line itself has no room for a comment (inside a heredoc, say).
- A block without expectations must stay silent. So must the blocks below "Silent" and "Fix".
- `title="name.tf"` behind ```hcl names the file; a line `# file: name.tf` starts another one.
- The first lines may configure the instance under test: `# with: {max: 1}` gives its parameters, `# where: {environment: ops}`
  its where. A page of a rule that looks at what became of findings runs with all other rules, on one day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from kubestack_lint.finding import Finding
from kubestack_lint.ledger import Ledger
from kubestack_lint.policy.aside import aside_for
from kubestack_lint.policy.document import Item, parse_yaml
from kubestack_lint.policy.instance import Policy, default_policy
from kubestack_lint.policy.parameters import check_values, read_parameters
from kubestack_lint.policy.settings import load_settings
from kubestack_lint.policy.where import read_where
from kubestack_lint.project.environments import Environments
from kubestack_lint.rule import Rule, all_rules
from kubestack_lint.run import lint, load

RULES = Path(__file__).parent.parent / "kubestack_lint" / "rules"
SECTIONS = ("Example", "Silent", "Fix")
TODAY = date(2026, 6, 15)

_FENCE = re.compile(r"^(?P<marks>`{3,})hcl(?P<info>[^\n]*)\n(?P<text>.*?)^(?P=marks) *$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'title="([^"]+)"')
_FILE = re.compile(r"^# file: (\S+) *$")
_SETTING = re.compile(r"^# (with|where): (\{.*\}) *$")
_EXPECT = re.compile(r'# expect: ([a-z0-9-]+) "((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Expectation:
    """A finding that must be there."""

    rule: str
    path: str
    line: int
    message: str

    def fits(self, finding: Finding) -> bool:
        place = (finding.rule, finding.span.path, finding.span.line)
        return place == (self.rule, self.path, self.line) and self.message in finding.message


@dataclass(frozen=True)
class Case:
    """One block of a page: its files and what must be found in them."""

    section: str
    line: int
    files: tuple[tuple[str, str], ...]
    expectations: tuple[Expectation, ...]

    @property
    def settings(self) -> dict[str, Item]:
        """The `with` and `where` that the first lines give."""
        found: dict[str, Item] = {}
        for line in self.files[0][1].splitlines() if self.files else ():
            match = _SETTING.match(line)
            if match is None:
                break
            found[match[1]] = parse_yaml(match[2], "page")
        return found


def cases(page: str) -> list[Case]:
    found = []
    for fence in _FENCE.finditer(page):
        before = page[: fence.start()]
        headings = re.findall(r"^## (.+)$", before, re.MULTILINE)
        title = _TITLE.search(fence["info"])
        files = _files(fence["text"], title[1] if title else "clusters.tf")
        expected = tuple(e for name, text in files for e in _expectations(name, text))
        found.append(Case(headings[-1] if headings else "", before.count("\n") + 1, files, expected))
    return found


def _files(text: str, first: str) -> tuple[tuple[str, str], ...]:
    files: dict[str, list[str]] = {}
    name = first
    for line in text.splitlines(keepends=True):
        marker = _FILE.match(line)
        if marker:
            name = marker[1]
        else:
            files.setdefault(name, []).append(line)
    return tuple((name, "".join(lines)) for name, lines in files.items())


def _expectations(path: str, text: str) -> list[Expectation]:
    found = []
    waiting: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        said = [(rule, message.replace('\\"', '"')) for rule, message in _EXPECT.findall(line)]
        if line.lstrip().startswith("# expect:"):
            waiting += said
            continue
        found += [Expectation(rule, path, number, message) for rule, message in waiting + said]
        waiting = []
    assert not waiting, "an expectation stands on the last line"
    return found


def run(rule: Rule, case: Case, directory: Path) -> list[Finding]:
    for name, text in case.files:
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, "utf-8")
    settings = load_settings(directory)
    policy = _instance(rule, case)
    policies = [policy]
    if rule.on is Ledger:
        policies += [other for other in settings.active() if other.id != rule.id]
    report = lint(load(directory), policies, aside_for(settings, directory, TODAY), settings.environments)
    assert not report.failures
    return [finding for finding in report.findings if finding.rule == rule.id]


def _instance(rule: Rule, case: Case) -> Policy:
    given = case.settings
    where = read_where(given.get("where"), Environments())
    item = given.get("with", parse_yaml("{}", "page"))
    parameters = read_parameters(rule, item, item.span)
    check_values(rule, parameters, item, item.span)
    return replace(default_policy(rule), where=where, parameters=parameters)


def _page_cases() -> list[object]:
    return [
        pytest.param(rule, case, id=f"{name}.md:{case.line}")
        for name, rule in all_rules().items()
        if rule.page.is_file()
        for case in cases(rule.page.read_text("utf-8"))
    ]


@pytest.mark.parametrize(("rule", "case"), _page_cases())
def test_findings_are_those_that_the_page_says(rule: Rule, case: Case, tmp_path: Path) -> None:
    findings = run(rule, case, tmp_path)
    missing = []
    for expectation in case.expectations:
        match = next((finding for finding in findings if expectation.fits(finding)), None)
        if match is None:
            missing.append(f"not found: {expectation}")
        else:
            findings.remove(match)
    surplus = [f"not expected: {f.span} {f.rule}: {f.message}" for f in findings]
    assert not missing + surplus, "\n".join(missing + surplus)


@pytest.mark.parametrize("name", list(all_rules()))
def test_every_rule_has_a_page_with_hits_and_silence(name: str) -> None:
    rule = all_rules()[name]
    assert rule.page.is_file(), f"{rule.page.name} is missing"
    page = rule.page.read_text("utf-8")
    assert page.startswith(f"# {name}\n")
    assert [h for h in re.findall(r"^## (.+)$", page, re.MULTILINE) if h in SECTIONS] == list(SECTIONS)
    found = cases(page)
    assert page.count("\n```hcl") == len(found)
    assert any(case.expectations for case in found if case.section == "Example")
    assert any(not case.expectations for case in found if case.section == "Silent")
    assert not any(case.expectations for case in found if case.section != "Example")
    assert {e.rule for case in found for e in case.expectations} <= {name}


@pytest.mark.parametrize("name", list(all_rules()))
def test_a_rule_is_a_file_of_its_name_with_a_sentence_of_summary(name: str) -> None:
    rule = all_rules()[name]
    assert rule.check.__module__.rsplit(".", 1)[-1] == name.replace("-", "_")
    assert re.fullmatch(r"[A-Z].*\.", rule.summary)


def test_every_page_belongs_to_a_rule() -> None:
    assert {page.stem for page in RULES.glob("*.md")} <= set(all_rules())
