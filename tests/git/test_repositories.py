"""Repositories of every shape: worktrees, shallow clones, submodules, links, odd names, odd files."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kubestack_lint.cli import run
from kubestack_lint.git import copying
from kubestack_lint.git.command import clean_environment
from tests.git.history import ENVIRONMENT, History, history, module
from tests.git.test_changes import Capture, changes, modules, said

NINE = "cluster_max_node_count = 9"
CHANGED = ("apps", "cluster_max_node_count", "changed", False, "3", "9", 6)


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the machine."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def repository(tmp_path: Path) -> History:
    return history(tmp_path / "repository", clusters_tf=module())


def complaint(capfd: Capture, *arguments: str | Path) -> str:
    assert run(["diff", *map(str, arguments)]) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    return captured.err


def test_staged_unstaged_and_untracked_count_and_ignored_do_not(repository: History, capfd: Capture) -> None:
    repository.write(a_tf=module("staged"))
    repository.git("add", "a.tf")
    repository.write(b_tf=module("untracked"), c_tf=module("ignored"), clusters_tf=module(apps=NINE))
    repository.put(".gitignore", "c.tf\nlocal.auto.tfvars\n")
    repository.put("local.auto.tfvars", 'x = "y"\n')
    document = changes(repository, capfd)
    assert {m[2] for m in modules(document)} == {"module.staged", "module.untracked"}
    assert said(document)[0:1] == [("apps", "cluster_max_node_count", "added", False, None, "3", 6)]
    assert CHANGED in said(document)


def test_between_two_commits_the_working_tree_says_nothing(repository: History, capfd: Capture) -> None:
    repository.write(clusters_tf=module(apps=NINE))
    repository.commit()
    repository.git("tag", "nine")
    repository.write(clusters_tf="broken {")
    document = changes(repository, capfd, "--from", "start", "--to", "nine")
    assert said(document)[0] == CHANGED
    assert [c["after"] for c in changes(repository, capfd, "--from", "nine", "--to", "start")["changes"]] == [
        c["before"] for c in document["changes"]
    ]


def test_merge_base(repository: History, capfd: Capture) -> None:
    repository.git("switch", "--quiet", "--create", "feature")
    repository.write(b_tf=module("feature"))
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.write(clusters_tf=module(apps=NINE))
    repository.commit()
    repository.git("switch", "--quiet", "feature")
    assert any(c[2] == "changed" for c in said(changes(repository, capfd, "--since", "main")))
    document = changes(repository, capfd, "--since", "main", "--merge-base")
    assert modules(document) == [("added", None, "module.feature")]
    assert document["before"].startswith("merge base of main and HEAD (")
    assert modules(changes(repository, capfd, "--from", "main", "--to", "feature", "--merge-base")) == modules(document)
    repository.git("merge", "--quiet", "--no-edit", "main")
    merged = changes(repository, capfd, "--from", "HEAD^1", "--to", "HEAD")
    assert CHANGED in said(merged) and merged["modules"] == []


def test_no_common_history(repository: History, capfd: Capture) -> None:
    repository.git("switch", "--quiet", "--orphan", "alone")
    repository.commit()
    assert "have no common history" in complaint(capfd, repository.top, "--since", "main", "--merge-base")


def test_linked_worktree(repository: History, tmp_path: Path, capfd: Capture) -> None:
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = History(tmp_path / "linked")
    linked.write(clusters_tf=module(apps=NINE))
    assert said(changes(linked, capfd))[0] == CHANGED
    assert changes(repository, capfd)["changes"] == []


def test_a_hook_of_another_repository_redirects_nothing(
    repository: History, tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = history(tmp_path / "other", clusters_tf=module(apps="region = 1"))
    repository.write(clusters_tf=module(apps=NINE))
    monkeypatch.setenv("GIT_DIR", str(other.top / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.top))
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/none")
    assert said(changes(repository, capfd))[0] == CHANGED


def test_environment_of_git() -> None:
    given = {"GIT_DIR": "x", "GIT_CONFIG_COUNT": "0", "PATH": "p", "GIT_OBJECT_DIRECTORY": "o", "GIT_PREFIX": ""}
    kept = {"GIT_CONFIG_COUNT", "PATH"}
    assert set(clean_environment(given)) & set(given) == kept
    pushed = {**given, "GIT_QUARANTINE_PATH": "q"}
    assert set(clean_environment(pushed)) & set(pushed) == {*kept, "GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY"}


def test_a_pre_commit_hook_sees_its_repository(repository: History, tmp_path: Path) -> None:
    import sys

    hook = repository.top / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    root = Path(__file__).parents[2]
    hook.write_text(
        f"#!/bin/sh\nPYTHONPATH={root} {sys.executable} -m kubestack_lint diff . --since HEAD > {tmp_path}/said\n"
    )
    hook.chmod(0o755)
    repository.write(clusters_tf=module(apps=NINE))
    repository.git("commit", "--quiet", "--all", "-m", "nine")
    assert "cluster_max_node_count  3         9" in (tmp_path / "said").read_text()


def shallow(repository: History, target: Path, *options: str) -> History:
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", *options, f"file://{repository.top}", str(target)], env=ENVIRONMENT, check=True,
    )
    return History(target)


def test_shallow_clones_name_the_fetch(repository: History, tmp_path: Path, capfd: Capture) -> None:
    start = repository.git("rev-parse", "HEAD")
    repository.git("branch", "release/1")
    repository.write(clusters_tf=module(apps=NINE))
    repository.commit()
    clone = shallow(repository, tmp_path / "clone")
    said_of = {
        "origin/release/1": "git fetch --depth=1 origin +release/1:refs/remotes/origin/release/1",
        "release/1": "git fetch --depth=1 origin +release/1:refs/remotes/origin/release/1 brings a branch as origin/release/1, "
        "git fetch --depth=1 origin tag release/1 a tag",
        "HEAD~1": "git fetch --deepen=1 origin",
        "HEAD^^": "git fetch --deepen=2 origin",
        start: f"git fetch --depth=1 origin {start}",
        start[:8]: "git fetch --unshallow, or give all of the commit's digits: no remote is asked for a part of them",
    }
    for ref, command in said_of.items():
        text = complaint(capfd, clone.top, "--since", ref)
        assert text == f"kslint: there is no revision {ref} in this shallow clone\n  {command}\n"
    for ref in ("origin/release/1", "HEAD~1"):
        clone.git(*said_of[ref].split()[1:])
        assert said(changes(clone, capfd, "--since", ref))[0] == CHANGED


def test_a_shallow_clone_without_the_merge_base(repository: History, tmp_path: Path, capfd: Capture) -> None:
    repository.git("branch", "release")
    repository.write(clusters_tf=module(apps=NINE))
    repository.commit()
    repository.git("switch", "--quiet", "release")
    repository.write(b_tf=module("b"))
    repository.commit()
    clone = shallow(repository, tmp_path / "clone", "--no-single-branch", "--branch=main")
    text = complaint(capfd, clone.top, "--since", "origin/release", "--merge-base")
    assert "does not reach back to the merge base of origin/release and HEAD\n  git fetch --unshallow\n" in text
    clone.git("fetch", "--quiet", "--unshallow")
    assert said(changes(clone, capfd, "--since", "origin/release", "--merge-base"))[0] == CHANGED


def test_a_branch_that_only_the_remote_has(repository: History, tmp_path: Path, capfd: Capture) -> None:
    repository.git("branch", "release")
    clone = shallow(repository, tmp_path / "clone", "--no-single-branch")
    assert "did you mean origin/release?" in complaint(capfd, clone.top, "--since", "release")


def test_partial_clones_are_not_filled_over_the_network(repository: History, tmp_path: Path, capfd: Capture) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.write(clusters_tf=module(apps=NINE))
    repository.commit()
    subprocess.run(
        ["git", "clone", "--quiet", "--filter=blob:none", f"file://{repository.top}", str(tmp_path / "clone")], env=ENVIRONMENT, check=True,
    )
    text = complaint(capfd, tmp_path / "clone", "--since", "start")
    assert "is not in this repository" in text and "git fetch --refetch --no-filter" in text
    clone = ["git", "clone", "--quiet", "--filter=tree:0", f"file://{repository.top}", str(tmp_path / "no-trees")]
    subprocess.run(clone, env=ENVIRONMENT, check=True)
    text = complaint(capfd, tmp_path / "no-trees", "--since", "start")
    assert text.startswith("kslint: git ls-tree: this clone lacks objects that it needs\n  this clone was made with --filter; ")


def test_bare_repositories(repository: History, tmp_path: Path, capfd: Capture) -> None:
    repository.write(clusters_tf=module(apps=NINE))
    repository.commit()
    repository.git("clone", "--quiet", "--bare", str(repository.top), str(tmp_path / "bare"))
    bare = History(tmp_path / "bare")
    assert said(changes(bare, capfd, "--from", "start", "--to", "main"))[0] == CHANGED
    assert "give a second revision with --to" in complaint(capfd, bare.top, "--since", "start")


def test_outside_of_any_repository(tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert "is in no git repository" in complaint(capfd, tmp_path, "--since", "main")


def test_without_git(repository: History, capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "the git command is not there" in complaint(capfd, repository.top, "--since", "start")


def test_from_a_directory_that_is_gone(
    repository: History, tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    repository.write(clusters_tf=module(apps=NINE))
    assert said(changes(repository, capfd))[0] == CHANGED


def test_a_directory_that_came_and_one_that_went(repository: History, capfd: Capture) -> None:
    repository.git("rm", "--quiet", "clusters.tf")
    repository.put("new/clusters.tf", module("new"))
    assert modules(changes(repository, capfd, path="new")) == [("added", None, "module.new")]
    repository.commit()
    assert modules(changes(repository, capfd, "--from", "HEAD", "--to", "start", path="new")) == [
        ("removed", "module.new", None)
    ]
    assert modules(changes(repository, capfd, path="clusters.tf")) == [("removed", "module.gke_zero", None)]
    text = complaint(capfd, repository.top / "gone", "--since", "start")
    assert "gone does not exist" in text and text.endswith(" nor in the working tree\n")


def test_paths_without_configuration(repository: History, capfd: Capture) -> None:
    repository.put("docs/words.md", "words")
    repository.put(".gitignore", "*.log\n")
    repository.put("x.log", "")
    assert "no Kubestack configuration in" in complaint(capfd, repository.top / "docs", "--since", "start")
    assert "words.md is no Terraform configuration" in complaint(capfd, repository.top / "docs/words.md", "--since", "start")
    assert "x.log is nothing that git knows" in complaint(capfd, repository.top / "x.log", "--since", "start")


def test_local_modules_values_and_files_are_read_at_their_revision(tmp_path: Path, capfd: Capture) -> None:
    repository = history(
        tmp_path / "r",
        live__main_tf='module "wrapped" {\n  source = "../modules/gke"\n}\n',
        modules__gke__main_tf=module(apps='cluster_max_node_count = file("${path.module}/../../data/most")\nregion = var.region'),
        modules__gke__v_tf='variable "region" {\n  default = "a"\n}\n',
    )
    repository.put("data/most", "3")
    repository.commit()
    repository.git("tag", "-f", "start")
    repository.put("data/most", "9")
    found = changes(repository, capfd, path="live")["changes"]
    assert [(c["address"], c["before"]["value"], c["after"]["value"]) for c in found] == [
        ("module.wrapped.module.gke_zero", "3", "9")
    ] * 2
    assert found[0]["after"]["path"] == "../modules/gke/main.tf"


def test_values_files_are_read_at_their_revision(tmp_path: Path, capfd: Capture) -> None:
    repository = history(
        tmp_path / "r", clusters_tf=module(apps="cluster_max_node_count = var.most"), v_tf='variable "most" {}\n'
    )
    repository.put("prod.vars", "most = 3\n")
    repository.commit()
    repository.git("tag", "-f", "start")
    repository.put("prod.vars", "most = 9\n")
    (tmp_path / "outside.tfvars").write_text("most = 5\n")
    inside = str(repository.top / "prod.vars")
    assert said(changes(repository, capfd, "--since", "start", "--var-file", inside))[0][4:6] == ("3", "9")
    assert changes(repository, capfd, "--since", "start", "--var-file", str(tmp_path / "outside.tfvars"))["changes"] == []
    assert "does not exist" in complaint(capfd, repository.top, "--since", "start", "--var-file", tmp_path / "none")
    repository.git("rm", "--quiet", "--force", "prod.vars")
    repository.commit()
    repository.put("prod.vars", "most = 9\n")
    (first, _) = changes(repository, capfd, "--since", "HEAD", "--var-file", inside)["changes"]
    assert "$unknown" in first["before"]["value"] and first["after"]["value"] == "9"


def test_line_endings_that_git_converts_are_no_change(tmp_path: Path, capfd: Capture) -> None:
    apps = 'base_domain = <<-EOT\n  a\n  b\nEOT'
    repository = history(tmp_path / "r", clusters_tf=module(apps=apps))
    crlf = module(apps=apps).replace("\n", "\r\n")
    repository.put("clusters.tf", crlf)
    document = changes(repository, capfd)
    assert document["changes"][0]["after"]["value"] == "a\r\nb\r\n"
    repository.git("config", "core.autocrlf", "true")
    assert changes(repository, capfd)["changes"] == []
    repository.git("config", "core.autocrlf", "false")
    repository.put(".gitattributes", "*.tf text eol=crlf\n")
    assert changes(repository, capfd)["changes"] == []
    repository.put(".gitattributes", "*.tf -text\n")
    assert len(changes(repository, capfd)["changes"]) == 2


def test_files_left_out_by_a_sparse_checkout_are_there(repository: History, capfd: Capture) -> None:
    repository.put("far/clusters.tf", module("far"))
    repository.commit()
    repository.git("tag", "-f", "start")
    repository.git("sparse-checkout", "set", "--no-cone", "/clusters.tf")
    assert not (repository.top / "far").exists()
    assert changes(repository, capfd)["modules"] == []


def test_links_stay_inside(repository: History, tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "outside.tf").write_text(module("outside"))
    (tmp_path / "secret").write_text("9")
    repository.put("shared/x", module("linked"))
    (repository.top / "linked.tf").symlink_to("shared/x")
    assert modules(changes(repository, capfd)) == [("added", None, "module.linked")]
    # Each link alone looks harmless; together they lead out.
    (repository.top / "up").symlink_to("shared/..")
    (repository.top / "out").symlink_to("up/../secret")
    repository.put("reads.tf", module("reads", apps='region = file("${path.module}/out")'))
    found = {c["address"]: c for c in changes(repository, capfd)["changes"]}
    assert "$unknown" in found["module.reads"]["after"]["value"]
    (repository.top / "evil.tf").symlink_to("../outside.tf")
    assert "the working tree: evil.tf:1:1: this file cannot be read" in complaint(capfd, repository.top, "--since", "start")
    repository.commit()
    assert "evil.tf:1:1: this file cannot be read" in complaint(capfd, repository.top, "--from", "start", "--to", "HEAD")


def test_a_folder_that_became_a_link(tmp_path: Path, capfd: Capture) -> None:
    repository = history(tmp_path / "r", a__x_tf=module("one"), b__x_tf=module("two"))
    (repository.top / "a" / "x.tf").unlink()
    (repository.top / "a").rmdir()
    (repository.top / "a").symlink_to("b")
    assert modules(changes(repository, capfd)) == [("removed", "module.one", None)]


def with_submodule(repository: History, tmp_path: Path) -> History:
    inner = history(tmp_path / "inner", gke__main_tf=module())
    repository.write(clusters_tf='module "w" {\n  source = "./vendor/kubestack/gke"\n}\n')
    repository.git("submodule", "--quiet", "add", str(inner.top), "vendor/kubestack")
    repository.commit()
    repository.git("tag", "-f", "start")
    inner.write(gke__main_tf=module(apps=NINE))
    inner.commit()
    return inner


def test_submodules_are_read_from_their_own_store(repository: History, tmp_path: Path, capfd: Capture) -> None:
    with_submodule(repository, tmp_path)
    History(repository.top / "vendor/kubestack").git("pull", "--quiet", "origin", "main")
    document = changes(repository, capfd)
    assert [(c["address"], c["after"]["value"], c["after"]["path"]) for c in document["changes"]] == [
        ("module.w.module.gke_zero", "9", "vendor/kubestack/gke/main.tf")
    ] * 2
    commit = repository.commit()
    repository.git("submodule", "deinit", "--quiet", "--all", "--force")
    assert changes(repository, capfd, "--from", "start", "--to", commit)["changes"] == document["changes"]


def test_a_submodule_that_is_not_here_is_an_error(repository: History, tmp_path: Path, capfd: Capture) -> None:
    inner = with_submodule(repository, tmp_path)
    commit = inner.git("rev-parse", "HEAD")
    repository.git("update-index", "--cacheinfo", f"160000,{commit},vendor/kubestack")
    repository.git("commit", "--quiet", "-m", "ahead")
    text = complaint(capfd, repository.top, "--from", "start", "--to", "HEAD")
    assert "the content of the submodule vendor/kubestack is not here" in text
    assert f"git -C vendor/kubestack fetch origin {commit}" in text
    repository.git("submodule", "deinit", "--quiet", "--all", "--force")
    text = complaint(capfd, repository.top, "--since", "start")
    assert "the working tree: the content of the submodule vendor/kubestack is not here" in text
    assert "git submodule update --init vendor/kubestack" in text
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(repository.top), str(clone)], env=ENVIRONMENT, check=True)
    text = complaint(capfd, clone, "--since", "HEAD")
    assert "module.w is in the submodule vendor/kubestack, whose content is not here" in text


def test_a_submodule_that_nothing_uses_does_no_harm(repository: History, tmp_path: Path, capfd: Capture) -> None:
    inner = history(tmp_path / "theme", readme="words")
    repository.git("submodule", "--quiet", "add", str(inner.top), "docs/theme")
    repository.commit()
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(repository.top), str(clone)], env=ENVIRONMENT, check=True)
    assert changes(History(clone), capfd, "--since", "start")["changes"] == []


@pytest.mark.parametrize("name", ["ü\n.tf", "a b.tf", "-x.tf", "\u202e.tf", "weiß/größe/日本.tf"])
def test_names_of_every_kind(repository: History, capfd: Capture, name: str) -> None:
    repository.put(name, module("odd"))
    assert changes(repository, capfd)["modules"][0]["after"]["path"] == name
    repository.commit()
    assert changes(repository, capfd, "--from", "start", "--to", "HEAD")["modules"][0]["after"]["path"] == name
    assert run(["diff", str(repository.top), "--since", "start"]) == 0
    (line,) = [line for line in capfd.readouterr().out.splitlines() if "module.odd" in line]
    assert line.endswith(".tf:1") and line.isprintable()


@pytest.mark.parametrize("name", [b"..", b".git", b".GIT", b"."])
def test_paths_that_git_would_not_check_out(repository: History, capfd: Capture, name: bytes) -> None:
    blob = repository.git("rev-parse", "HEAD:clusters.tf")
    inner = repository.git("rev-parse", "HEAD^{tree}")
    raw = b"40000 " + name + b"\0" + bytes.fromhex(inner)
    assert blob
    made = subprocess.run(
        ["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"], cwd=repository.top, input=raw, env=ENVIRONMENT,
        capture_output=True, check=True,
    )
    commit = repository.git("commit-tree", "-m", "evil", made.stdout.decode().strip())
    assert "which cannot be checked out" in complaint(capfd, repository.top, "--from", "start", "--to", commit)


def test_bounds(repository: History, capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.put("big.tf", b"#" * 5_000_001)
    assert "big.tf:1:1: this file is 5.0 MB" in complaint(capfd, repository.top, "--since", "start")
    repository.commit()
    assert "big.tf:1:1: this file is 5.0 MB" in complaint(capfd, repository.top, "--from", "start", "--to", "HEAD")
    monkeypatch.setattr(copying, "MAX_FILES", 1)
    assert "there are more than 1 files or 500 MB to read" in complaint(capfd, repository.top, "--since", "start")


def test_no_program_of_the_repository_runs(repository: History, tmp_path: Path, capfd: Capture) -> None:
    mark = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    program.chmod(0o755)
    for key in ("core.fsmonitor", "filter.f.smudge", "filter.f.clean", "filter.f.process", "diff.f.textconv"):
        repository.git("config", key, str(program))
    repository.put(".gitattributes", "*.tf filter=f diff=f\n")
    repository.write(clusters_tf=module(apps=NINE))
    assert said(changes(repository, capfd))[0] == CHANGED
    assert not mark.exists()


def test_one_process_reads_all_contents(repository: History, capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    real = subprocess.Popen

    class Counted(real):  # type: ignore[type-arg,valid-type,misc]
        def __init__(self, words: list[str], *rest: Any, **named: Any) -> None:
            started.append(words)
            super().__init__(words, *rest, **named)

    for number in range(20):
        repository.put(f"{number}.tf", module(f"m{number}"))
    repository.commit()
    monkeypatch.setattr(subprocess, "Popen", Counted)
    changes(repository, capfd, "--from", "start", "--to", "HEAD")
    assert sum("cat-file" in words for words in started) == 1
    assert len(started) < 12


def test_nothing_is_left_behind(repository: History, tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    before = json.dumps(sorted(map(str, repository.top.rglob("*"))))
    changes(repository, capfd)
    complaint(capfd, repository.top, "--since", "nope")
    assert list(scratch.iterdir()) == []
    assert json.dumps(sorted(map(str, repository.top.rglob("*")))) == before
