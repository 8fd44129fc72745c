"""`--staged`: what the next commit holds; and what a pull request is shown of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from kubestack_lint.cli import run
from tests.git.history import History, history, module

Capture = pytest.CaptureFixture[str]
GOOD = module(apps="region = 1\ncluster_max_node_count = 3")
BAD = module(apps="region = 1\ncluster_max_node_count = 3", ops="region = 1")


@pytest.fixture
def repository(tmp_path: Path) -> History:
    return history(tmp_path / "r", clusters_tf=GOOD)


def rules(repository: History, capfd: Capture, *arguments: str) -> list[tuple[str, int]]:
    """Findings of one rule with their lines."""
    code = run(["lint", str(repository.top), "--select", "redundant-override", "--format", "json", *arguments])
    captured = capfd.readouterr()
    assert code in (0, 1), captured.err
    return [(f["rule"], f["line"]) for f in json.loads(captured.out)["findings"]]


def test_only_what_is_staged_is_linted(repository: History, capfd: Capture) -> None:
    repository.write(clusters_tf=BAD)
    assert rules(repository, capfd, "--staged") == []
    repository.git("add", "clusters.tf")
    repository.write(clusters_tf=GOOD)
    assert rules(repository, capfd, "--staged") == [("redundant-override", 10)]
    assert rules(repository, capfd) == []
    assert rules(repository, capfd, "--staged", "--since", "HEAD") == [("redundant-override", 10)]


def test_settings_come_from_the_index_too(repository: History, capfd: Capture) -> None:
    repository.write(clusters_tf=BAD)
    repository.put(".kslint.yaml", "policies: [{id: redundant-override, severity: 'off'}]\n")
    repository.git("add", "clusters.tf")
    assert rules(repository, capfd, "--staged") == [("redundant-override", 10)]
    repository.git("add", ".kslint.yaml")
    assert rules(repository, capfd, "--staged") == []


def test_untracked_files_do_not_count(repository: History, capfd: Capture) -> None:
    repository.put("other.tf", BAD.replace("gke_zero", "gke_one"))
    assert rules(repository, capfd, "--staged") == []
    assert rules(repository, capfd) == [("redundant-override", 10)]


def test_a_commit_under_way_has_an_index_of_its_own(
    repository: History, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `git commit FILE` tells its hooks; an index from elsewhere is passed over."""
    other = repository.top / ".git" / "next-index-1.lock"
    other.write_bytes((repository.top / ".git" / "index").read_bytes())
    repository.write(clusters_tf=BAD)
    repository.git("add", "clusters.tf")
    assert rules(repository, capfd, "--staged") == [("redundant-override", 10)]
    monkeypatch.setenv("GIT_INDEX_FILE", os.path.relpath(other, repository.top))
    assert rules(repository, capfd, "--staged") == []
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository.top.parent / "elsewhere"))
    assert rules(repository, capfd, "--staged") == [("redundant-override", 10)]


def test_before_the_first_commit_everything_is_new(tmp_path: Path, capfd: Capture) -> None:
    repository = History(tmp_path / "new")
    repository.top.mkdir()
    repository.git("init", "--quiet")
    repository.write(clusters_tf=GOOD)
    repository.git("add", "clusters.tf")
    assert run(["diff", str(repository.top), "--since", "HEAD", "--staged"]) == 0
    out = capfd.readouterr().out
    assert "module.gke_zero" in out
    assert "1 module added" in out


def test_a_conflict_is_an_error(repository: History, capfd: Capture) -> None:
    repository.git("checkout", "--quiet", "-b", "one")
    repository.write(clusters_tf=GOOD.replace("= 3", "= 4"))
    repository.git("commit", "--quiet", "--all", "--message", "one")
    repository.git("checkout", "--quiet", "-b", "two", "start")
    repository.write(clusters_tf=GOOD.replace("= 3", "= 5"))
    repository.git("commit", "--quiet", "--all", "--message", "two")
    with pytest.raises(Exception, match="merge"):
        repository.git("merge", "one")
    assert run(["lint", str(repository.top), "--staged"]) == 2
    assert "clusters.tf has a conflict" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diff", ".", "--staged"), "need a revision to start from"),
        (("diff", ".", "--since", "start", "--to", "start", "--staged"), "give one of them"),
        (("lint", "new", "--staged"), "new is not staged"),
    ],
)
def test_mistakes(
    arguments: tuple[str, ...], said: str, repository: History, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.top)
    repository.put("new/clusters.tf", GOOD)
    assert run(list(arguments)) == 2
    assert said in capfd.readouterr().err


# What a pull request is shown.


def _sarif(repository: History, capfd: Capture, *arguments: str) -> dict[str, Any]:
    assert run(["lint", str(repository.top), "--select", "redundant-override", "--format", "sarif", *arguments]) == 1
    (result,) = json.loads(capfd.readouterr().out)["runs"][0]["results"]
    found: dict[str, Any] = result
    return found


def test_sarif_shows_the_line_that_the_change_touches(tmp_path: Path, capfd: Capture) -> None:
    """apps gets the value that ops had: the line in ops is redundant now, and nobody touched it."""
    apart = module(apps="region = 2\ncluster_max_node_count = 3", ops="region = 1")
    repository = history(tmp_path / "r", clusters_tf=apart)
    repository.write(clusters_tf=BAD)
    result = _sarif(repository, capfd)
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 10
    result = _sarif(repository, capfd, "--since", "start")
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 6
    others = [other["physicalLocation"]["region"]["startLine"] for other in result["relatedLocations"]]
    assert others == [10]
    assert f"[{result['relatedLocations'][0]['message']['text']}](1)" in result["message"]["text"]


def test_the_comment_has_the_changes_and_the_findings(repository: History, capfd: Capture) -> None:
    repository.write(clusters_tf=BAD.replace("cluster_max_node_count = 3", "cluster_max_node_count = 9"))
    arguments = [
        "lint",
        str(repository.top),
        "--select",
        "redundant-override",
        "--format",
        "markdown",
        "--since",
        "start",
    ]
    assert run(arguments) == 1
    text = capfd.readouterr().out
    assert text.startswith(
        "<!-- kslint -->\n**kslint**: 🟠 1 warning\n\n**2 settings change in 2 environments, 1 by inheritance"
    )
    assert "### ops" in text
    assert "<details><summary>🟠 <code>redundant-override</code> module.gke\\_zero" in text.replace(
        "gke_zero", "gke\\_zero"
    )


def test_the_comment_is_empty_where_nothing_changes(repository: History, capfd: Capture) -> None:
    repository.write(clusters_tf=GOOD.replace("cluster_max_node_count = 3", "cluster_max_node_count = 1 + 2"))
    assert run(["lint", str(repository.top), "--format", "markdown", "--since", "start", "--select", "wrong-type"]) == 0
    assert capfd.readouterr().out == ""
