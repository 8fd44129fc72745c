"""The baseline: what was there is known, what is new counts, and the file is stable."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import SAME, module, run, write

from kubestack_lint.cli import run as kslint
from kubestack_lint.errors import ConfigError
from kubestack_lint.policy.baseline import NAME, read_baseline, write_text

LINES = [
    "",
    SAME,
    '      name_prefix = ""',
    "      cluster_min_node_count = 3.0",
    "      unheard_of = 1",
    "      region = null",
]


def _baseline(directory: Path, *options: str) -> str:
    assert kslint(["baseline", str(directory), "--now", "2026-06-15", *options]) == 0
    return (directory / NAME).read_text("utf-8")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(LINES)),
        min_size=1,
        max_size=3,
        unique_by=lambda one: one[0],
    )
)
def test_lint_after_baseline_is_clean_and_a_second_one_changes_nothing(modules: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        write(directory, clusters="".join(module(ops, address) for address, ops in modules))
        before = run(directory).findings
        first = _baseline(directory)
        after = run(directory)
        assert after.findings == ()
        assert len(after.known) == len(before)
        assert _baseline(directory) == first
        # Edits above, blank lines and another order of modules change nothing.
        write(directory, clusters="# one\n\n" + "\n\n".join(module(ops, address) for address, ops in reversed(modules)))
        assert run(directory).findings == ()


def test_the_first_one_says_how_git_merges_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, clusters=module())
    _baseline(tmp_path)
    said = "so that git merges it line by line: echo '.kslint-baseline.yaml merge=union' >> .gitattributes\n"
    assert capfd.readouterr().out.endswith(said)
    _baseline(tmp_path)
    assert "git" not in capfd.readouterr().out


def test_a_new_value_is_a_new_finding(tmp_path: Path) -> None:
    write(tmp_path, clusters=module())
    _baseline(tmp_path)
    write(tmp_path, clusters=module().replace("europe-west1", "europe-north1"))
    found = run(tmp_path).findings
    assert [finding.rule for finding in found] == ["stale-baseline-entry", "redundant-override"]
    assert found[0].span.path == NAME


def test_one_entry_a_line_sorted_without_lines_or_dates(tmp_path: Path) -> None:
    write(tmp_path, clusters=module(), settings="select: redundant-override\n")
    assert _baseline(tmp_path).splitlines()[3:] == [
        "- {in: ., rule: redundant-override, address: module.gke_zero, environment: ops, attribute: region, value: knalapgpoked}"
    ]


def test_prune_only_removes(tmp_path: Path) -> None:
    write(
        tmp_path,
        clusters=module(name="a") + module(name="b"),
        settings="select: [redundant-override, stale-baseline-entry]\n",
    )
    _baseline(tmp_path)
    write(tmp_path, clusters=module(name="b") + module(name="c"))
    pruned = _baseline(tmp_path, "--prune").splitlines()[3:]
    assert [line.split(", ")[2] for line in pruned] == ["address: module.b"]
    assert [finding.address for finding in run(tmp_path).findings] == ["module.c"]


def test_a_part_of_the_repository_leaves_the_rest_alone(tmp_path: Path) -> None:
    write(
        tmp_path,
        settings="select: [redundant-override, stale-baseline-entry]\n",
        **{"one/a.tf": module(), "two/a.tf": module()},
    )
    whole = _baseline(tmp_path)
    assert run(tmp_path / "one").findings == ()
    assert kslint(["baseline", str(tmp_path / "one")]) == 0
    assert (tmp_path / NAME).read_text("utf-8") == whole
    assert not (tmp_path / "one" / NAME).exists()
    assert kslint(["lint", str(tmp_path / "one" / "a.tf")]) == 0


def test_lines_of_two_branches_may_be_joined(tmp_path: Path) -> None:
    write(tmp_path, clusters=module(name="a") + module(name="b"))
    text = _baseline(tmp_path)
    header, lines = text.splitlines()[:3], text.splitlines()[3:]
    write(tmp_path, **{NAME: "\n".join([*header, *reversed(lines), lines[0]]) + "\n"})
    assert run(tmp_path).findings == ()


@given(st.lists(st.tuples(*[st.text(max_size=12)] * 6), max_size=4))
def test_any_text_survives(entries: list[tuple[str, ...]]) -> None:
    entries = [(one[0] or ".", one[1] or "rule", *one[2:]) for one in entries]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / NAME
        path.write_bytes(write_text(entries).encode("utf-8", "surrogatepass"))
        found = read_baseline(path, Path(name))
        assert sorted(one for one, _ in found.entries) == sorted(set(entries))
        assert all("\n" not in span.text for _, span in found.entries)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\n", "1:1: a baseline is a list of entries"),
        ("- a\n", "1:3: an entry of a baseline is a mapping"),
        ("- {rle: a}\n", "1:4: an entry has no key rle"),
        ("- {in: .}\n", "1:3: an entry needs rule"),
    ],
)
def test_mistakes(text: str, message: str, tmp_path: Path) -> None:
    write(tmp_path, **{NAME: text})
    with pytest.raises(ConfigError) as caught:
        read_baseline(tmp_path / NAME, tmp_path)
    assert caught.value.message == f"{NAME}:{message}"


def test_no_baseline_while_something_cannot_be_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, clusters=module(), **{"broken.tf": "module {"})
    assert kslint(["baseline", str(tmp_path)]) == 2
    assert not (tmp_path / NAME).exists()
    assert "no baseline was written" in capfd.readouterr().err
