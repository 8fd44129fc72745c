"""kslint test: what is missing, what nobody expected, which policies no fixture hits."""

from __future__ import annotations

from pathlib import Path

import pytest
from repository import SAME, module, write

from kubestack_lint.cli import run as kslint
from kubestack_lint.errors import ConfigError
from kubestack_lint.fixtures.format import file_case, page_cases
from kubestack_lint.source import Source

SETTINGS = """policies:
- {id: small, rule: too-many-nodes, where: {environment: ops}, with: {max: 3}}
- {id: own-region, rule: condition, with: {require: 'config.region != "europe-west9"'}}
"""
NODES = "      cluster_max_node_count = 3"


def page(*blocks: str) -> str:
    return "# a page\n\n" + "\n".join(f"```hcl\n{block}```\n" for block in blocks)


def outcome(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], *options: str, path: str = "", **files: str
) -> tuple[int, str, str]:
    write(tmp_path, **{"settings": SETTINGS, **files})
    code = kslint(["test", str(tmp_path / (path or "kslint-tests")), *options])
    captured = capfd.readouterr()
    return code, captured.out, captured.err


def test_all_as_expected(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    found = outcome(
        tmp_path,
        capfd,
        **{
            "kslint-tests/pages.md": page(
                module(f'{NODES} # expect: small ops "= 9 nodes"'), module("      cluster_max_node_count = 1")
            ),
            "kslint-tests/alone.tf": module(NODES + " # expect: too-many-nodes"),
            "kslint-tests/several/main.tf": module(NODES + " # expect: small"),
            "kslint-tests/several/deep/b.tf": module("# expect: small ops\n" + NODES, name="b"),
        },
    )
    assert found == (0, "warning: no fixture hits own-region\nall as expected in 4 cases, 4 findings found\n", "")


def test_what_is_missing_and_what_nobody_expected(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = page(module("# expect: small apps\n" + NODES), module(NODES))
    code, out, _ = outcome(tmp_path, capfd, **{"kslint-tests/pages.md": text})
    lines = text.splitlines()
    first, second = (number for number, line in enumerate(lines, 1) if line == NODES)
    assert code == 1
    assert out.splitlines()[0] == f"pages.md:{lines.index('# expect: small apps') + 1}:1: not found: small apps"
    assert out.splitlines()[1].startswith(f"pages.md:{first}:1: not expected: small, ops: ops")
    assert out.splitlines()[2].startswith(f"pages.md:{second}:1: not expected: small, ops: ops")
    assert out.splitlines()[-2:] == [
        "warning: no fixture hits own-region, small",
        "3 mistakes in 2 cases, 0 findings found",
    ]


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("small", 0),
        ("small ops", 0),
        ('small ops "= 9 nodes"', 0),
        ('small "= 9 nodes"', 0),
        ("too-many-nodes ops", 0),
        ("small apps", 1),
        ('small "= 8 nodes"', 1),
        ("own-region", 1),
        ("small # expect: small", 1),
    ],
)
def test_an_expectation_is_as_exact_as_it_says(
    comment: str, code: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    files = {"kslint-tests/a.tf": module(f"{NODES} # expect: {comment}")}
    found = outcome(tmp_path, capfd, **files)
    assert found[0] == code, found


def test_strict(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    files = {"kslint-tests/a.tf": module(NODES + " # expect: small")}
    assert outcome(tmp_path, capfd, **files)[0] == 0
    code, out, _ = outcome(tmp_path, capfd, "--strict", **files)
    assert (code, out.splitlines()[0]) == (1, "error: no fixture hits own-region")


def test_rules_of_ours_count_only_where_the_fixture_speaks_of_them(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert outcome(tmp_path, capfd, **{"kslint-tests/a.tf": module(SAME)})[0] == 0
    assert outcome(tmp_path, capfd, **{"kslint-tests/a.tf": module(SAME + " # expect: redundant-override")})[0] == 0
    twice = module(SAME + " # expect: redundant-override") + module(SAME, name="b")
    assert outcome(tmp_path, capfd, **{"kslint-tests/a.tf": twice})[0] == 1


def test_a_fixture_named_after_a_policy_runs_it_alone_with_its_own_parameters(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    block = "# with: {max: 9}\n# where: {environment: apps}\n" + module(NODES)
    hit = "# with: {max: 8}\n# where: {environment: ops}\n" + module(NODES + " # expect: small")
    assert outcome(tmp_path, capfd, **{"kslint-tests/small.md": page(block, hit)})[0] == 0
    assert (
        outcome(tmp_path, capfd, **{"kslint-tests/too-many-nodes.md": page(hit.replace("small", "too-many-nodes"))})[0]
        == 0
    )
    code, _, err = outcome(tmp_path, capfd, **{"kslint-tests/other.md": page(block)})
    assert code == 2
    assert "other.md:3:1: there is no policy or rule other that # where: could be for" in err


def test_parameters_of_a_fixture_are_judged(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, _, err = outcome(tmp_path, capfd, **{"kslint-tests/small.md": page("# with: {maxx: 5}\n" + module(NODES))})
    assert code == 2
    assert "small.md: with:1:2: the rule too-many-nodes has no parameter maxx" in err
    assert "did you mean max?" in err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1 # expect: Small\n", "a.tf:1:7: this expectation cannot be read"),
        ("a = 1 # expect:\n", "a.tf:1:7: this expectation cannot be read"),
        ('a = 1 # expect: small ops "open\n', "a.tf:1:7: this expectation cannot be read"),
        ("a = 1\n# expect: small", "a.tf:2:1: this expectation stands behind the last line"),
        ("# file: ../b.tf\n", "a.tf:1:1: the file ../b.tf would lie outside of the case"),
        ("# file: /b.tf\n", "a.tf:1:1: the file /b.tf would lie outside of the case"),
    ],
)
def test_expectations_that_cannot_be_read(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        file_case(Source("a.tf", text), "a")
    assert caught.value.message == message


def test_lines_of_pages_with_several_files() -> None:
    text = '# x\r\n\r\n```hcl title="one.tf"\r\na = 1\r\n# file: two.tf\r\nb = 1 # expect: b\r\n```\r\n'
    (case,) = page_cases(Source("x.md", text), "x")
    assert [(file.path, file.text) for file in case.files] == [
        ("one.tf", "a = 1\r\n"),
        ("two.tf", "b = 1 # expect: b\r\n"),
    ]
    (expectation,) = case.expectations
    assert (expectation.path, expectation.line, repr(expectation.place)) == ("two.tf", 1, "x.md:6:7")
    assert repr(case.files[1].place(1)) == "x.md:6:1"


def test_a_case_that_cannot_be_read_is_no_silence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, _, err = outcome(tmp_path, capfd, **{"kslint-tests/a.md": page('a = 1\nmodule "x" {\n')})
    assert (code, err) == (
        2,
        "kslint: a.md:5:1: this block is never closed\n  a } is missing, here or further down\n",
    )


def test_what_cannot_be_read_may_be_what_is_expected(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = '# expect: syntax-error "never closed"\nmodule "x" {\n'
    assert outcome(tmp_path, capfd, **{"kslint-tests/a.md": page(text)})[0::2] == (0, "")


def test_an_expectation_of_no_policy(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = module(NODES).replace("  configuration", "  # expect: smal\n  configuration")
    code, _, err = outcome(tmp_path, capfd, **{"kslint-tests/a.tf": text})
    assert (code, err) == (2, "kslint: a.tf:4:3: there is no policy or rule smal\n  did you mean small?\n")


def test_no_fixtures(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome(tmp_path, capfd, **{"kslint-tests/a.md": "# nothing\n"})[0] == 2
    assert outcome(tmp_path, capfd, path="none")[0] == 2
    assert outcome(tmp_path, capfd, path=".kslint.yaml")[0] == 2
    (tmp_path / "kslint-tests" / "a.md").unlink()
    (tmp_path / "kslint-tests").rmdir()
    monkeypatch.chdir(tmp_path)
    assert kslint(["test"]) == 2
    assert "there is no directory kslint-tests beside .kslint.yaml" in capfd.readouterr().err


def test_fixtures_beside_the_settings_are_found_and_never_linted(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        tmp_path,
        settings=SETTINGS,
        clusters=module("      cluster_max_node_count = 1"),
        **{"kslint-tests/a.tf": module(NODES + " # expect: small"), "env/b.tf": ""},
    )
    assert kslint(["lint", str(tmp_path), "--select", "small"]) == 0
    monkeypatch.chdir(tmp_path / "env")
    capfd.readouterr()
    assert kslint(["test"]) == 0
    assert "all as expected in 1 case" in capfd.readouterr().out


def test_waivers_and_the_baseline_of_the_repository_hide_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fixture = {"kslint-tests/case/a.tf": module(NODES + " # expect: small"), "a.tf": module(NODES)}
    write(tmp_path, settings=SETTINGS, **fixture)
    assert kslint(["baseline", str(tmp_path)]) == 0
    assert kslint(["baseline", str(tmp_path / "kslint-tests" / "case")]) == 0
    assert outcome(tmp_path, capfd, **fixture)[0] == 0
