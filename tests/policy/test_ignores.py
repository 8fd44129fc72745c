"""Comments that ignore findings: exactly where they stand, exactly what they name."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repository import module, run, said, write

from kubestack_lint.policy.ignores import find_ignores
from kubestack_lint.source import Source
from kubestack_lint.syntax.comments import read_comments

RULES = ["redundant-override", "unused-ignore", "ignore-without-reason"]
MARK = "kslint: ignore[redundant-override] because"


def _left(tmp_path: Path, ops: str) -> list[tuple[str, int]]:
    write(tmp_path, clusters=module(ops))
    return [(policy, line) for policy, _, line in said(run(tmp_path, RULES).findings)]


@pytest.mark.parametrize(
    "ops",
    [
        f'region = "europe-west1" # {MARK}',
        f'region = "europe-west1" // {MARK}',
        f'region = "europe-west1" /* {MARK} */',
        f'# {MARK}\nregion = "europe-west1"',
        f'# {MARK}\n# more words\nregion = "europe-west1"',
        f'/* {MARK} */\nregion = "europe-west1"',
        'region = "europe-west1" # kslint:ignore[ redundant-override , lossy-number ]: why not',
    ],
)
def test_ignored(ops: str, tmp_path: Path) -> None:
    assert _left(tmp_path, ops) == []
    assert len(run(tmp_path, RULES).ignored) == 1


def test_the_line_before_a_block_is_about_all_of_it(tmp_path: Path) -> None:
    write(tmp_path, clusters=f"# {MARK}\n" + module(name="a") + module(name="b"))
    report = run(tmp_path, RULES)
    assert [finding.address for finding in report.findings] == ["module.b"]
    assert [one.finding.address for one in report.ignored] == ["module.a"]


@pytest.mark.parametrize(
    "ops",
    [
        f'# {MARK}\n\nregion = "europe-west1"',
        f'region = "europe-west1"\n# {MARK}',
        f'base_domain = "x" # {MARK}\nregion = "europe-west1"',
    ],
)
def test_elsewhere_is_unused(ops: str, tmp_path: Path) -> None:
    assert sorted(policy for policy, _ in _left(tmp_path, ops)) == ["redundant-override", "unused-ignore"]


@pytest.mark.parametrize(
    "ops",
    [
        f'base_domain = "# {MARK}"',
        f"base_domain = <<EOT\n# {MARK}\nEOT",
        f'base_domain = "${{"# {MARK}"}}"',
        f'base_domain = "%{{ if true }}# {MARK}%{{ endif }}"',
        "# talks about kslint: nothing else".replace("kslint:", "kslint"),
    ],
)
def test_text_is_no_comment(ops: str, tmp_path: Path) -> None:
    assert not find_ignores([Source("a.tf", module(ops))])


def test_a_policy_that_cannot_be_ignored_says_so(tmp_path: Path) -> None:
    text = "policies:\n- {id: redundant-override, ignorable: false}\n"
    write(tmp_path, clusters=module(f'region = "europe-west1" # {MARK}'), settings=text)
    (finding,) = run(tmp_path, RULES).findings
    assert finding.related[-1].message == "has no effect: redundant-override cannot be ignored"


def test_a_policy_is_ignored_by_its_own_name(tmp_path: Path) -> None:
    text = "policies:\n- {id: own, rule: redundant-override}\n"
    write(tmp_path, clusters=module('region = "europe-west1" # kslint: ignore[own] because'), settings=text)
    assert [finding.policy for finding in run(tmp_path, RULES).findings] == ["redundant-override"]


def test_an_ignore_of_no_rule_says_which_is_meant(tmp_path: Path) -> None:
    write(tmp_path, clusters=module('base_domain = "x" # kslint: ignore[redundant-overide] because'))
    (finding,) = run(tmp_path, ["unused-ignore"]).findings
    assert finding.message == "this comment ignores redundant-overide, but there is no such rule"
    assert (finding.span.line, finding.remediation) == (9, "Did you mean redundant-override?")


def test_rules_that_did_not_run_leave_ignores_alone(tmp_path: Path) -> None:
    write(tmp_path, clusters=module(f'base_domain = "x" # {MARK}'))
    assert run(tmp_path, ["unused-ignore"]).findings == ()


@given(
    st.lists(
        st.sampled_from(
            [
                'a = "#b"\n',
                "# c\n",
                "// d\n",
                "/* e\n f */\n",
                "g = <<X\n# h\nX\n",
                'i = "${"j" /* k */}"\n',
                "l = [ # m\n]\n",
            ]
        )
    )
)
def test_comments_are_what_the_scanner_passes_over(parts: list[str]) -> None:
    renamed = "".join(part.replace(" =", f"{index} =", 1) for index, part in enumerate(parts))
    comments, _ = read_comments(Source("a.tf", renamed))
    expected = [{"# c\n": "# c", "// d\n": "// d", "/* e\n f */\n": "/* e\n f */"}.get(part) for part in parts]
    inner = {'i = "${"j" /* k */}"\n': "/* k */", "l = [ # m\n]\n": "# m"}
    wanted = [text or inner.get(part) for text, part in zip(expected, parts, strict=True)]
    assert [comment.text for comment in comments] == [text for text in wanted if text]


def _seconds(count: int) -> float:
    source = Source("a.tf", "".join(f"a{index} = {index} # {MARK}\n" for index in range(count)))
    start = time.process_time()
    assert len(find_ignores([source])) == count
    return time.process_time() - start


def test_many_comments_take_linear_time() -> None:
    _seconds(100)
    assert _seconds(8_000) < 16 * max(_seconds(2_000), 0.01)
