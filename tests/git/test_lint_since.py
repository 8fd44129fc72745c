"""`kslint lint --since`: only what the change brings counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kubestack_lint.cli import run
from tests.git.history import History, history, module

Capture = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[2]
APPS = "region = 1\ncluster_max_node_count = 3"
REDUNDANT = "cluster_max_node_count = 3"
BOTH = "cluster_max_node_count = 3\nregion = 1"


@pytest.fixture
def repository(tmp_path: Path) -> History:
    return history(tmp_path / "r", clusters_tf=module(apps=APPS, ops=REDUNDANT))


def lint(repository: History, capfd: Capture, *arguments: str, code: int) -> dict[str, Any]:
    select = [] if "--select" in arguments else ["--select", "redundant-override"]
    assert run(["lint", str(repository.top), *select, *arguments, "--fail-on", "info", "--format", "json"]) == code
    captured = capfd.readouterr()
    assert captured.err == ""
    document: dict[str, Any] = json.loads(captured.out)
    schema = json.loads((ROOT / "schemas" / "lint.schema.json").read_text("utf-8"))
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    return document


def said(document: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(f["address"], f["environment"], ".".join(f["attribute"]), f["old"]) for f in document["findings"]]


def test_old_findings_do_not_count(repository: History, capfd: Capture) -> None:
    assert len(lint(repository, capfd, code=1)["findings"]) == 1
    # Other lines, another file: the same finding.
    repository.git("mv", "clusters.tf", "moved.tf")
    repository.put("moved.tf", "\n\n# words\n" + module(apps=APPS, ops=REDUNDANT))
    document = lint(repository, capfd, "--since", "start", code=0)
    assert document["findings"] == []
    assert (document["summary"]["old"], document["summary"]["infos"], document["summary"]["warnings"]) == (1, 0, 0)


def test_only_new_ones_are_listed_or_the_others_are_marked(repository: History, capfd: Capture) -> None:
    repository.write(clusters_tf=module(apps=APPS, ops=BOTH))
    new = ("module.gke_zero", "ops", "region", False)
    old = ("module.gke_zero", "ops", "cluster_max_node_count", True)
    assert said(lint(repository, capfd, "--since", "start", code=1)) == [new]
    assert said(lint(repository, capfd, "--since", "start", "--new-only=true", code=1)) == [new]
    assert said(lint(repository, capfd, "--since", "start", "--new-only=false", code=1)) == [old, new]


def test_text_counts_the_old_ones(repository: History, capfd: Capture) -> None:
    commit = repository.git("rev-parse", "--short=7", "HEAD")
    arguments = ["lint", str(repository.top), "--since", "start", "--select", "redundant-override"]
    assert run(arguments) == 0
    assert capfd.readouterr().out == f"no new findings in 1 module in 1 file (1 old, there at start ({commit}))\n"
    assert run([*arguments, "--new-only=false"]) == 0
    out = capfd.readouterr().out
    assert out.startswith("old[redundant-override] module.gke_zero, ops: cluster_max_node_count\n  clusters.tf:10:7  there at start (")


def test_a_renamed_module_brings_no_finding(repository: History, capfd: Capture) -> None:
    repository.write(clusters_tf=module("gke_one", apps=APPS, ops=REDUNDANT))
    assert lint(repository, capfd, "--since", "start", code=0)["summary"]["old"] == 1


def test_another_value_is_another_finding(repository: History, capfd: Capture) -> None:
    four = "cluster_max_node_count = 4"
    repository.write(clusters_tf=module(apps=four, ops=four))
    assert lint(repository, capfd, "--since", "start", code=1)["summary"]["old"] == 0


def test_as_often_as_they_occur(tmp_path: Path, capfd: Capture) -> None:
    # Two roots with one address: their findings have one fingerprint.
    repository = history(tmp_path / "r", a__x_tf=module(apps=APPS, ops=REDUNDANT))
    repository.write(b__x_tf=module(apps=APPS, ops=REDUNDANT))
    (found,) = lint(repository, capfd, "--since", "start", code=1)["findings"]
    assert found["path"] == "b/x.tf"


def test_a_comment_that_goes_brings_its_finding(tmp_path: Path, capfd: Capture) -> None:
    ignored = f"{REDUNDANT} # kslint: ignore[redundant-override] for now"
    repository = history(tmp_path / "r", clusters_tf=module(apps=APPS, ops=ignored))
    repository.write(clusters_tf=module(apps=APPS, ops=REDUNDANT))
    assert len(lint(repository, capfd, "--since", "start", code=1)["findings"]) == 1


def test_each_revision_is_judged_by_its_own_settings(repository: History, capfd: Capture) -> None:
    repository.put("policies/acme.yaml", "policies:\n  - rule: redundant-override\n    severity: error\n    id: mine\n")
    repository.put(".kslint.yaml", "extends: [./policies/acme.yaml]\n")
    document = lint(repository, capfd, "--since", "start", "--select", "redundant-override", code=1)
    assert [f["policy"] for f in document["findings"]] == ["mine"]
    repository.commit()
    assert lint(repository, capfd, "--select", "mine", "--since", "HEAD", code=0)["summary"]["old"] == 1


def test_waivers_are_read_at_their_revision(repository: History, capfd: Capture) -> None:
    (found,) = lint(repository, capfd, code=1)["findings"]
    entry = "rule: redundant-override, where: {address: module.gke_zero}, reason: because, approved_by: me, expires: 2026-06-30"
    repository.put(".kslint-waivers.yaml", f"waivers:\n  - {{{entry}, value: {found['value']}}}\n")
    repository.commit()
    day = ("--now", "2026-06-15")
    assert lint(repository, capfd, *day, "--since", "HEAD", code=0)["summary"]["waived"] == 1
    (repository.top / ".kslint-waivers.yaml").unlink()
    assert len(lint(repository, capfd, *day, "--since", "HEAD", code=1)["findings"]) == 1


def test_a_baseline_that_goes_brings_its_findings(repository: History, capfd: Capture) -> None:
    assert run(["baseline", str(repository.top)]) == 0
    capfd.readouterr()
    repository.commit()
    assert lint(repository, capfd, "--since", "HEAD", code=0)["summary"]["known"] == 1
    (repository.top / ".kslint-baseline.yaml").unlink()
    assert len(lint(repository, capfd, "--since", "HEAD", code=1)["findings"]) == 1


def test_a_settings_file_of_the_command_line_judges_both(repository: History, tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "mine.yaml").write_text("policies:\n  - id: mine\n    rule: redundant-override\n    severity: error\n")
    arguments = ("--config", str(tmp_path / "mine.yaml"), "--select", "mine", "--since", "start")
    assert lint(repository, capfd, *arguments, code=0)["summary"]["old"] == 1
    repository.write(clusters_tf=module(apps=APPS, ops=BOTH))
    assert [f["policy"] for f in lint(repository, capfd, *arguments, code=1)["findings"]] == ["mine"]


def test_merge_base(repository: History, capfd: Capture) -> None:
    repository.git("switch", "--quiet", "--create", "feature")
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.write(clusters_tf=module(apps=APPS))
    repository.commit()
    repository.git("switch", "--quiet", "feature")
    lint(repository, capfd, "--since", "main", code=1)
    lint(repository, capfd, "--since", "main", "--merge-base", code=0)


def test_unknown_values_that_were_unknown_before(tmp_path: Path, capfd: Capture) -> None:
    repository = history(tmp_path / "r", clusters_tf=module(apps="region = data.x.a.name"))
    arguments = ("--fail-on-unknown", "--since", "start")
    lint(repository, capfd, *arguments, code=0)
    repository.write(clusters_tf=module(apps="region = data.x.a.name", ops="base_domain = data.x.a.name"))
    lint(repository, capfd, *arguments, code=1)


def test_a_new_directory(repository: History, capfd: Capture) -> None:
    repository.put("new/x.tf", module(apps=APPS, ops=REDUNDANT))
    assert run(["lint", str(repository.top / "new"), "--since", "start", "--select", "redundant-override", "--fail-on", "info"]) == 1
    assert "(0 old" not in capfd.readouterr().out


@pytest.mark.parametrize(
    ("files", "arguments", "message"),
    [
        ({"clusters.tf": "x {"}, [], "start ("),
        ({".kslint.yaml": "nope: 1\n"}, [], "start ("),
        ({}, ["--since", "gone"], "there is no revision gone"),
    ],
)
def test_where_the_old_side_cannot_be_read_nothing_is_old(
    tmp_path: Path, capfd: Capture, files: dict[str, str], arguments: list[str], message: str
) -> None:
    repository = history(tmp_path / "r", clusters_tf=module())
    for name, text in files.items():
        repository.put(name, text)
    repository.commit()
    repository.git("tag", "-f", "start")
    for name in files:
        (repository.top / name).unlink()
    repository.write(clusters_tf=module())
    assert run(["lint", str(repository.top), *(arguments or ["--since", "start"])]) == 2
    captured = capfd.readouterr()
    assert message in captured.err and captured.out == ""


def test_a_new_file_that_cannot_be_read(repository: History, capfd: Capture) -> None:
    repository.write(b_tf="x {")
    assert run(["lint", str(repository.top), "--since", "start", "--select", "redundant-override"]) == 2
    assert "kslint: the working tree: b.tf:1:3: " in capfd.readouterr().err


@pytest.mark.parametrize("arguments", [["--merge-base"], ["--new-only=false"]])
def test_options_that_need_since(repository: History, capfd: Capture, arguments: list[str]) -> None:
    assert run(["lint", str(repository.top), *arguments]) == 2
    assert "add --since REF" in capfd.readouterr().err
