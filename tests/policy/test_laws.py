"""Laws of what sets findings aside: baselines merge, prune takes exactly what is stale, order means nothing."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import SAME, module, run, write

from kubestack_lint.cli import run as kslint
from kubestack_lint.policy.baseline import NAME, read_baseline, write_text

# Eight before and eight behind the one in the middle, which both branches keep.
BEFORE, MIDDLE, BEHIND = "abcdefgh", "m", "stuvwxyz"
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git merges")


def line(name: str) -> tuple[str, ...]:
    return (".", "redundant-override", f"module.{name}", "ops", "region", "knalapgpoked")


def text(names: set[str]) -> str:
    return write_text([line(name) for name in names])


def merged(ours: set[str], base: set[str], theirs: set[str], *options: str) -> tuple[int, str]:
    """What `git merge-file` makes of three baselines; the code counts conflicts."""
    with tempfile.TemporaryDirectory() as name:
        paths = []
        for side, names in (("ours", ours), ("base", base), ("theirs", theirs)):
            paths.append(Path(name, side))
            paths[-1].write_text(text(names), "utf-8")
        done = subprocess.run(
            ["git", "merge-file", "-p", *options, *map(str, paths)], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout


def subsets(letters: str) -> st.SearchStrategy[set[str]]:
    return st.sets(st.sampled_from(letters))


@needs_git
@settings(max_examples=60, deadline=None)
@given(subsets(BEFORE), subsets(BEFORE), subsets(BEHIND), subsets(BEHIND))
def test_branches_that_change_different_modules_merge_without_conflict(
    before: set[str], ours: set[str], behind: set[str], theirs: set[str]
) -> None:
    """Found here, mended there: as long as an entry that both keep lies between."""
    base = before | behind | {MIDDLE}
    found = merged(ours | behind | {MIDDLE}, base, before | theirs | {MIDDLE})
    assert found == (0, text(ours | theirs | {MIDDLE}))


@needs_git
@settings(max_examples=60, deadline=None)
@given(subsets(BEFORE), subsets(BEFORE), subsets(BEFORE))
def test_with_the_attribute_of_the_header_no_branches_conflict(
    base: set[str], ours: set[str], theirs: set[str]
) -> None:
    code, joined = merged(ours, base, theirs, "--union")
    assert code == 0
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), **{NAME: joined})
        found = {one[2].removeprefix("module.") for one, _ in read_baseline(Path(name) / NAME, Path(name)).entries}
    # What one of them needs is there; what both have mended is not.
    assert (ours & theirs) | (ours - base) | (theirs - base) <= found <= ours | theirs | base


@needs_git
def test_the_header_says_how(tmp_path: Path) -> None:
    """The line of the header does what it says, in a repository."""

    def git(*arguments: str) -> None:
        options = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *options, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q", "-b", "one")
    write(tmp_path, clusters=module(name="m"), **{NAME: text({"m"})})
    command = next(part for part in text(set()).splitlines() if "gitattributes" in part).removeprefix("#").strip()
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
    for branch, names in (("one", {"m"}), ("two", {"m", "x", "y"}), ("three", {"m", "w", "z"})):
        if branch != "one":
            git("checkout", "-q", "-b", branch, "one")
        write(tmp_path, **{NAME: text(names), "clusters.tf": "".join(module(name=n) for n in sorted(names))})
        git("add", "-A")
        git("commit", "-q", "--allow-empty", "-m", branch)
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "merge", "-q", "two", "-X", "ours"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    write(tmp_path, clusters="".join(module(name=n) for n in "mwxyz"))
    assert run(tmp_path, ["redundant-override", "stale-baseline-entry"]).findings == ()


@settings(max_examples=15, deadline=None)
@given(subsets("abc"), subsets("abcd"))
def test_prune_removes_exactly_what_is_stale(before: set[str], after: set[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        write(directory, settings="select: [redundant-override, stale-baseline-entry]\n", **{NAME: text(before)})
        write(directory, clusters="".join(module(SAME if n in after else "", n) for n in "abcd"))
        report = run(directory)
        stale = {
            n
            for n in "abcd"
            for f in report.findings
            if f.rule == "stale-baseline-entry"
            if f"module.{n}," in f.span.text
        }
        new = {f.address for f in report.findings if f.rule == "redundant-override"}
        assert stale == before - after
        assert new == {f"module.{n}" for n in after - before}
        assert kslint(["baseline", str(directory), "--prune"]) == 0
        assert (directory / NAME).read_text("utf-8") == text(before & after)
        # Again there is nothing to remove.
        assert kslint(["baseline", str(directory), "--prune"]) == 0
        assert (directory / NAME).read_text("utf-8") == text(before & after)


WAIVERS = [
    "- {rule: redundant-override, reason: x, approved_by: alice, expires: 2026-08-31, value: knalapgpoked, "
    f"where: {{address: module.{name}}}}}\n"
    for name in ("a", "b", "none", "*")
]
POLICIES = [
    "- {id: redundant-override, severity: info}\n",
    "- {id: one, rule: redundant-override, where: {address: module.c}}\n",
    "- {id: two, rule: redundant-override, where: {address: module.d}, severity: error}\n",
]


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_order_means_nothing(data: st.DataObject) -> None:
    """Of waivers, of policies, of the lines of a baseline, of modules and of files."""
    waivers = data.draw(st.lists(st.sampled_from(WAIVERS), unique=True))
    known = data.draw(subsets("abcd"))
    results = []
    for shuffled in (False, True):

        def order(items: list[str], shuffled: bool = shuffled) -> list[str]:
            return list(data.draw(st.permutations(items))) if shuffled else items

        with tempfile.TemporaryDirectory() as name:
            directory = Path(name)
            header, *lines = text(known).splitlines(keepends=True)[2:]
            clusters = {f"{n}.tf": module(name=n) for n in order(list("abcd"))}
            write(
                directory,
                settings="policies:\n" + "".join(order(POLICIES)),
                waivers="waivers:\n" + "".join(order(waivers)) if waivers else "",
                **{NAME: header + "".join(order(lines))},
                **clusters,
            )
            report = run(directory, ["redundant-override", "one", "two", "stale-baseline-entry", "unused-waiver"])
            results.append(
                (
                    sorted((f.policy, f.severity, f.address or "", f.message) for f in report.findings),
                    sorted((one.finding.policy, one.finding.address) for one in report.waived),
                    sorted((f.policy, f.address) for f in report.known),
                )
            )
    assert results[0] == results[1]


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(["", "region", "name_prefix"]), st.text("abcxyz-1", min_size=1, max_size=8))
def test_a_waiver_is_void_once_the_value_changes(attribute: str, value: str) -> None:
    """Whatever the value was and becomes; the hash is what the tool itself says."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        both = [module().replace('"europe-west1"', f'"{one}"') for one in (value, value + "x")]
        write(directory, clusters=both[0])
        (found,) = run(directory, ["redundant-override"]).findings
        where = f", where: {{attribute: {attribute}}}" if attribute else ""
        waiver = f"waivers:\n- {{rule: redundant-override, reason: x, approved_by: a, expires: 2026-08-31, value: {found.value}{where}}}\n"
        write(directory, waivers=waiver)
        holds = attribute in ("", "region")
        assert bool(run(directory, ["redundant-override"]).waived) == holds
        write(directory, clusters=both[1])
        report = run(directory, ["redundant-override", "unused-waiver"])
        assert [f.rule for f in report.findings] == ["unused-waiver", "redundant-override"]
        assert report.waived == ()
        write(directory, clusters=both[0])
        assert bool(run(directory, ["redundant-override"]).waived) == holds
