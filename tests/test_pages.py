"""Every rule's page is its test: the findings of its examples are exactly those that the page says.

The format is that of all fixtures, see kubestack_lint/fixtures/format.py. Each block is linted with the page's rule alone; a page
of a rule that looks at what became of findings runs with all other rules, on one day. Blocks without expectations must stay
silent, and so must those below "Silent" and "Fix".
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from kubestack_lint.fixtures.format import Case, page_cases
from kubestack_lint.fixtures.run import run_case
from kubestack_lint.policy.settings import default_settings
from kubestack_lint.rule import Rule, all_rules
from kubestack_lint.source import Source

RULES = Path(__file__).parent.parent / "kubestack_lint" / "rules"
SECTIONS = ("Example", "Silent", "Fix")
TODAY = date(2026, 6, 15)


def cases(rule: Rule) -> list[Case]:
    return page_cases(Source(rule.page.name, rule.page.read_text("utf-8")), rule.id)


def _page_cases() -> list[object]:
    return [
        pytest.param(case, id=repr(case.span)) for rule in all_rules().values() if rule.page.is_file() for case in cases(rule)
    ]


@pytest.mark.parametrize("case", _page_cases())
def test_findings_are_those_that_the_page_says(case: Case) -> None:
    result = run_case(case, default_settings(), TODAY)
    assert not result.report.failures
    missing = [f"not found: {one.place} {one}" for one in result.missing]
    surplus = [f"not expected: {case.place(f)} {f.rule}: {f.message}" for f in result.unexpected]
    assert not missing + surplus, "\n".join(missing + surplus)


@pytest.mark.parametrize("name", list(all_rules()))
def test_every_rule_has_a_page_with_hits_and_silence(name: str) -> None:
    rule = all_rules()[name]
    assert rule.page.is_file(), f"{rule.page.name} is missing"
    page = rule.page.read_text("utf-8")
    assert page.startswith(f"# {name}\n")
    assert [h for h in re.findall(r"^## (.+)$", page, re.MULTILINE) if h in SECTIONS] == list(SECTIONS)
    found = cases(rule)
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
