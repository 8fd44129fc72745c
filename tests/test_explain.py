"""`kslint explain` on a narrow terminal: every page and every condition of the catalogue can be read in 80 columns."""

from __future__ import annotations

import re
from typing import Any

import pytest
from catalogue import shipped

from kubestack_lint.cli import run
from kubestack_lint.policy.instance import Policy
from kubestack_lint.reporters.page_text import page_text
from kubestack_lint.reporters.policy_text import policy_text
from kubestack_lint.rule import all_rules

WIDTH = 80
PAGES = {name: rule.page.read_text("utf-8") for name, rule in all_rules().items()}


def explained(name: str, capfd: pytest.CaptureFixture[str]) -> str:
    assert run(["explain", name, "--no-config"]) == 0
    return capfd.readouterr().out


def prose(text: str) -> list[str]:
    """The lines that are no code."""
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL).split("\n")


def words(text: str) -> list[str]:
    """Everything that is said, without the lines that tables are drawn with."""
    return sorted(re.sub(r"^\| ---.*$|(?<=\s)\|(?=\s)|^\||\|$", " ", text, flags=re.MULTILINE).split())


@pytest.mark.parametrize("name", list(PAGES))
def test_a_page_fits_and_says_all_that_it_says(name: str) -> None:
    text = page_text(PAGES[name], WIDTH)
    assert words(text) == words(PAGES[name])
    assert [line for line in prose(text) if len(line) > WIDTH and " " in line.strip("- ")] == []
    code = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
    assert code.findall(text) == code.findall(PAGES[name])


def test_tables_lists_and_headings_keep_their_form() -> None:
    page = (
        "# x\n\na b\nc d\n\n| name | meaning |\n| --- | --- |\n| `a` | one two three four five six seven eight nine |\n\n"
        "- one\n  more of it\n- two\n\n```hcl\na =   1\n\n- no list\n```\n"
    )
    assert page_text(page, 40) == (
        "# x\n\na b c d\n\nname    meaning\n`a`     one two three four five six\n        seven eight nine\n\n"
        "- one more of it\n- two\n\n```hcl\na =   1\n\n- no list\n```\n"
    )


def test_another_program_gets_the_page_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert explained("too-many-nodes", capfd) == PAGES["too-many-nodes"]
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    assert explained("too-many-nodes", capfd) == page_text(PAGES["too-many-nodes"], WIDTH)


def policy(entry: dict[str, Any]) -> Policy:
    parameters = {key: tuple(value) if isinstance(value, list) else value for key, value in entry["with"].items()}
    return Policy(entry["id"], all_rules()["tier-constraint"], parameters=parameters)


@pytest.mark.parametrize("entry", shipped(), ids=lambda entry: entry["id"])
def test_a_condition_is_broken_between_its_words(entry: dict[str, Any]) -> None:
    condition = policy_text(policy(entry), WIDTH).partition("## Condition\n")[2].partition("\n## ")[0]
    for key in ("when", "require"):
        written = " ".join(str(entry["with"].get(key, "")).split())
        assert written in " ".join(condition.split())
    long = [line.strip() for line in condition.split("\n") if len(line) > WIDTH]
    assert [line for line in long if " " in re.sub(r'"[^"]*"', "", line)] == []


def test_a_blank_in_a_string_is_no_place_to_break() -> None:
    long = "a b " * 30
    entry = {"id": "x", "with": {"title": "X", "require": f'environment == "{long}" || environment == "c" && 1 < 2'}}
    assert policy_text(policy(entry), 40).endswith(
        f'require:\n\n    environment ==\n      "{long}"\n      || environment == "c" &&\n    1 < 2\n'
    )
