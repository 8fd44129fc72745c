"""action.yml: its shell steps run as GitHub runs them, with `gh` played by a script."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.conftest import BAD, ROOT, git

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step["id"]: step for step in ACTION["runs"]["steps"] if "id" in step}
_EXPRESSION = re.compile(r"\$\{\{ *([^}]*?) *\}\}")

# Keeps comments in a file; understands what the action asks.
GH = '''#!{python}
import json, pathlib, re, sys
store = pathlib.Path({store!r})
comments = json.loads(store.read_text()) if store.exists() else []
arguments = sys.argv[1:]
assert arguments.pop(0) == "api", sys.argv
method, body, query, path = "GET", None, None, None
while arguments:
    word = arguments.pop(0)
    if word == "--method":
        method = arguments.pop(0)
    elif word == "--field":
        name, _, file = arguments.pop(0).partition("=@")
        assert name == "body"
        body = pathlib.Path(file).read_text(encoding="utf-8")
    elif word == "--jq":
        query = arguments.pop(0)
    elif not word.startswith("--"):
        path = word
if method == "GET":
    assert path == "repos/acme/platform/issues/7/comments", path
    marker = re.fullmatch(r'\\.\\[\\] \\| select\\(\\.body \\| startswith\\("(.*)"\\)\\) \\| \\.id', query)[1]
    print("\\n".join(str(c["id"]) for c in comments if c["body"].startswith(marker)))
elif method == "POST":
    assert path == "repos/acme/platform/issues/7/comments", path
    comments.append({{"id": len(comments) + 100, "body": body}})
else:
    number = int(path.removeprefix("repos/acme/platform/issues/comments/"))
    kept = [c for c in comments if c["id"] != number]
    comments = kept + [{{"id": number, "body": body}}] if method == "PATCH" else kept
store.write_text(json.dumps(comments))
'''


class Runner:
    """A pull request on a machine like GitHub's."""

    def __init__(self, repository: Path, command: Path, base: str, **inputs: str) -> None:
        self.repository = repository
        self.temp = command.parent / "runner"
        (self.temp / "kslint").mkdir(parents=True, exist_ok=True)
        (self.temp / "kslint" / "bin").unlink(missing_ok=True)
        (self.temp / "kslint" / "bin").symlink_to(command)
        self.store = self.temp / "comments.json"
        (command / "gh").write_text(GH.format(python=sys.executable, store=str(self.store)))
        (command / "gh").chmod(0o755)
        self.command = command
        self.output = self.temp / "output"
        self.summary = self.temp / "summary.md"
        self.context = {
            **{f"inputs.{name}": str(given["default"]) for name, given in ACTION["inputs"].items()},
            **{f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()},
            "inputs.token": "a-token",
            "github.repository": "acme/platform",
            "github.event.pull_request.number": "7",
            "github.event.pull_request.base.sha": base,
            "github.action_path": str(ROOT),
        }

    def run(self, step: str) -> subprocess.CompletedProcess[str]:
        """Run one step as `shell: bash` does."""
        self.output.write_text("")
        given: dict[str, Any] = STEPS[step].get("env", {})
        outputs = {f"steps.lint.outputs.{name}": value for name, value in getattr(self, "outputs", {}).items()}
        known = {**self.context, **outputs}
        environment = {name: _EXPRESSION.sub(lambda m: known.get(m[1], ""), str(value)) for name, value in given.items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]],
            cwd=self.repository, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
            env={
                "PATH": f"{self.command}{os.pathsep}{os.environ['PATH']}",
                "HOME": str(self.temp),
                "RUNNER_TEMP": str(self.temp),
                "GITHUB_OUTPUT": str(self.output),
                "GITHUB_STEP_SUMMARY": str(self.summary),
                **environment,
            },
        )
        if step == "lint":
            self.outputs = dict(line.split("=", 1) for line in self.output.read_text().splitlines())
        return done

    @property
    def comments(self) -> list[str]:
        """Bodies of the comments on the pull request."""
        return [comment["body"] for comment in json.loads(self.store.read_text())] if self.store.exists() else []


@pytest.fixture
def pull(repository: Path, command: Path) -> Runner:
    """A pull request that makes ops larger and repeats a line."""
    base = git(repository, "rev-parse", "HEAD")
    (repository / "pool.tf").write_text(BAD)
    git(repository, "commit", "--quiet", "--all", "--message", "bad")
    return Runner(repository, command, base)


def test_expressions_stand_in_env_only() -> None:
    """A value of the event in a script would be code."""
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_every_input_is_used_and_the_other_way_round() -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    used = set(re.findall(r"inputs\.([a-z-]+)", text))
    assert used == set(ACTION["inputs"])


def test_actions_are_pinned() -> None:
    for step in ACTION["runs"]["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"[a-z/-]+@[0-9a-f]{40}", step["uses"])


def test_findings_are_shown_and_the_gate_fails(pull: Runner) -> None:
    done = pull.run("lint")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("::warning file=pool.tf,line=11,")
    assert pull.outputs["exit-code"] == "1"
    assert json.loads(Path(pull.outputs["sarif-file"]).read_text("utf-8"))["version"] == "2.1.0"
    assert "redundant-override" in pull.summary.read_text("utf-8")
    assert pull.run("gate").returncode == 1


def test_a_good_pull_request_passes(pull: Runner) -> None:
    git(pull.repository, "revert", "--no-edit", "HEAD")
    done = pull.run("lint")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert pull.run("gate").returncode == 0
    assert pull.run("comment").returncode == 0
    assert pull.comments == []


def test_a_file_that_does_not_parse_fails_the_gate(pull: Runner) -> None:
    (pull.repository / "pool.tf").write_text('module "x" {\n')
    assert pull.run("lint").returncode == 0
    assert pull.outputs["exit-code"] == "2"
    assert pull.run("gate").returncode == 2


def test_a_lint_step_that_never_ran_fails_the_gate(pull: Runner) -> None:
    assert pull.run("gate").returncode == 2


def test_one_comment_is_kept_up_to_date(pull: Runner) -> None:
    pull.run("lint")
    assert pull.run("comment").returncode == 0
    (first,) = pull.comments
    assert first.startswith("<!-- kslint -->\n")
    assert "max\\_node\\_count" in first
    assert "redundant-override" in first
    pull.run("comment")
    assert len(pull.comments) == 1
    git(pull.repository, "revert", "--no-edit", "HEAD")
    pull.run("lint")
    assert pull.run("comment").returncode == 0
    assert pull.comments == []


def test_tags_keep_comments_apart(pull: Runner) -> None:
    pull.run("lint")
    pull.run("comment")
    pull.context["inputs.tag"] = "eu / west"
    pull.run("lint")
    assert pull.run("comment").returncode == 0
    assert [comment.split("\n")[0] for comment in pull.comments] == ["<!-- kslint -->", "<!-- kslint:eu-west -->"]


def test_only_new_findings_count_when_asked(pull: Runner) -> None:
    base = git(pull.repository, "rev-parse", "HEAD")
    (pull.repository / "pool.tf").write_text(BAD.replace("max_node_count = 9", "max_node_count = 12"))
    git(pull.repository, "commit", "--quiet", "--all", "--message", "unrelated")
    pull.context["github.event.pull_request.base.sha"] = base
    pull.run("lint")
    assert pull.outputs["exit-code"] == "1"
    pull.context["inputs.only-new"] = "true"
    pull.run("lint")
    assert pull.outputs["exit-code"] == "0"


def test_a_pull_request_may_mend_a_base_that_does_not_parse(pull: Runner) -> None:
    (pull.repository / "pool.tf").write_text('module "x" {\n')
    git(pull.repository, "commit", "--quiet", "--all", "--message", "broken")
    pull.context["github.event.pull_request.base.sha"] = git(pull.repository, "rev-parse", "HEAD")
    (pull.repository / "pool.tf").write_text(BAD)
    done = pull.run("lint")
    assert "pool.tf:1:1" in done.stderr
    assert pull.outputs["exit-code"] == "1"
    assert pull.run("comment").returncode == 0
    assert "redundant-override" in pull.comments[0]
    git(pull.repository, "checkout", "--quiet", "HEAD~2", "--", "pool.tf")
    pull.run("lint")
    assert pull.outputs["exit-code"] == "0"


def test_code_scanning_gets_old_findings_too(pull: Runner) -> None:
    """Those that are missing there would be taken for mended."""
    pull.context["github.event.pull_request.base.sha"] = git(pull.repository, "rev-parse", "HEAD")
    pull.run("lint")
    (found,) = json.loads(Path(pull.outputs["sarif-file"]).read_text("utf-8"))["runs"]
    assert [(result["ruleId"], result["baselineState"]) for result in found["results"]] == [("redundant-override", "unchanged")]


def test_the_base_is_fetched_into_a_shallow_clone(pull: Runner, tmp_path: Path) -> None:
    origin = pull.repository
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", origin.as_uri(), str(shallow))
    pull.repository = shallow
    pull.run("lint")
    assert pull.outputs["exit-code"] == "2"
    done = pull.run("base")
    assert done.returncode == 0, done.stderr
    pull.run("lint")
    assert pull.outputs["exit-code"] == "1"
