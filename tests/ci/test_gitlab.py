"""templates/gitlab-ci.yml: its script runs as GitLab's runner runs it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import yaml

from tests.ci.conftest import BAD, ROOT, git

JOB = yaml.safe_load((ROOT / "templates" / "gitlab-ci.yml").read_text("utf-8"))["kslint"]


def _run(repository: Path, command: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    given = dict(JOB["variables"])
    return subprocess.run(
        ["sh", "-e", "-c", "\n".join(JOB["script"])], cwd=repository, capture_output=True, text=True, encoding="utf-8",
        check=False, timeout=120,
        env={"PATH": f"{command}{os.pathsep}{os.environ['PATH']}", "HOME": str(repository), **given, **variables},
    )


def test_a_merge_request_shows_changes_and_writes_reports(repository: Path, command: Path) -> None:
    base = git(repository, "rev-parse", "HEAD")
    (repository / "pool.tf").write_text(BAD)
    git(repository, "commit", "--quiet", "--all", "--message", "bad")
    done = _run(repository, command, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert done.returncode == 1, done.stderr
    assert "max_node_count" in done.stdout
    assert "redundant-override" in done.stdout
    reports = JOB["artifacts"]["reports"]
    (entry,) = json.loads((repository / reports["codequality"]).read_text("utf-8"))
    assert entry["location"] == {"path": "pool.tf", "lines": {"begin": 11, "end": 11}}
    assert ET.parse(repository / reports["junit"]).getroot().get("failures") == "1"
    assert sorted(JOB["artifacts"]["paths"]) == sorted(reports.values())


def test_a_merge_request_may_mend_a_base_that_does_not_parse(repository: Path, command: Path) -> None:
    good = (repository / "pool.tf").read_text()
    (repository / "pool.tf").write_text('module "x" {\n')
    git(repository, "commit", "--quiet", "--all", "--message", "broken")
    base = git(repository, "rev-parse", "HEAD")
    (repository / "pool.tf").write_text(good)
    done = _run(repository, command, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert (done.returncode, "pool.tf:1:1" in done.stderr) == (0, True)


def test_a_branch_is_checked_without_a_base(repository: Path, command: Path) -> None:
    done = _run(repository, command)
    assert (done.returncode, done.stderr) == (0, "")
    assert (repository / "gl-code-quality-report.json").read_text("utf-8") == "[]\n"


def test_the_package_is_installed_from_where_the_team_says() -> None:
    assert any('"$KSLINT_PACKAGE"' in line for line in JOB["before_script"])
