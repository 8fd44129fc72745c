"""The real pre-commit runs the hooks of this checkout: what it stops, what it lets pass, what it must not see."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ci.conftest import BAD, GOOD, ROOT, git
from tests.full.tools import program


def _run(directory: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT", "SKIP"))}
    return subprocess.run(
        command,
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={**clean, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "NO_COLOR": "1", **environment},
    )


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout as a repository that pre-commit can install hooks from: what git knows, as it is now."""
    root = tmp_path_factory.mktemp("hooks")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and not name.startswith(("tests/", "benchmarks/")) and (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, root / name)
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "hooks")
    return root


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environment of the hooks."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def team(repository: Path, hooks: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the hooks installed."""
    monkeypatch.setenv("PRE_COMMIT_HOME", str(home))
    (repository / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks.as_uri()}\n  rev: {git(hooks, 'rev-parse', 'HEAD')}\n"
        "  hooks:\n  - id: kslint\n  - id: kslint-diff\n"
    )
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "hooks", "--no-verify")
    done = _run(repository, program("pre-commit"), "install", PRE_COMMIT_HOME=str(home))
    assert done.returncode == 0, done.stdout + done.stderr
    return repository


def _commit(team: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    return _run(team, "git", *identity, "commit", "--message", "x", *arguments, PRE_COMMIT_HOME=str(home))


def test_what_is_stopped_and_what_is_not(team: Path, home: Path) -> None:
    pool = team / "pool.tf"
    # A bad commit is stopped, and says why.
    pool.write_text(BAD)
    git(team, "add", "pool.tf")
    done = _commit(team, home)
    assert done.returncode == 1, done.stderr
    assert "redundant-override" in done.stderr
    assert "max_node_count" in done.stderr
    # A good one passes; what it changes is shown.
    pool.write_text(GOOD.replace("max_node_count = 3", "max_node_count = 4"))
    git(team, "add", "pool.tf")
    done = _commit(team, home)
    assert done.returncode == 0, done.stderr
    assert "1 setting changes in 1 environment" in done.stderr
    # A file that does not parse stops everything.
    pool.write_text('module "x" {\n')
    git(team, "add", "pool.tf")
    done = _commit(team, home)
    assert done.returncode == 1
    assert "never closed" in done.stderr
    git(team, "checkout", "--quiet", "HEAD", "pool.tf")


def test_only_what_is_staged_counts(team: Path, home: Path) -> None:
    # Untracked and unstaged mistakes are not in the commit.
    (team / "untracked.tf").write_text(BAD.replace('"pool"', '"other"'))
    (team / "notes.md").write_text("notes\n")
    git(team, "add", "notes.md")
    (team / "pool.tf").write_text(BAD)
    done = _commit(team, home)
    assert done.returncode == 0, done.stderr
    # `commit -a` takes them in, from an index of its own.
    done = _commit(team, home, "--all")
    assert done.returncode == 1
    assert "redundant-override" in done.stderr
    assert (team / "pool.tf").read_text() == BAD


def test_a_deleted_file_is_noticed(team: Path, home: Path) -> None:
    (team / "values.tf").write_text('variable "size" {\n  default = 3\n}\n')
    (team / "pool.tf").write_text(GOOD.replace("max_node_count = 3", "max_node_count = var.size"))
    git(team, "add", "--all")
    git(team, "commit", "--quiet", "--message", "values", "--no-verify")
    git(team, "rm", "--quiet", "values.tf")
    done = _commit(team, home)
    assert done.returncode == 1
    assert 'there is no variable "size"' in done.stderr
