"""`kslint diff --since`: what a change really changes, told from two revisions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kubestack_lint.cli import run
from tests.git.history import GKE, History, history, module


@pytest.fixture
def repository(tmp_path: Path) -> History:
    return history(tmp_path / "repository", clusters_tf=module())


Capture = pytest.CaptureFixture[str]


def changes(repository: History, capfd: Capture, *arguments: str, code: int = 0, path: str = "") -> dict[str, Any]:
    assert run(["diff", str(repository.top / path), *(arguments or ("--since", "start")), "--format", "json"]) == code
    captured = capfd.readouterr()
    assert captured.err == ""
    found: dict[str, Any] = json.loads(captured.out)
    return found


def said(document: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Environment, path, kind, inherited, before → after, and the line."""
    return [
        (
            c["environment"], ".".join(c["path"]), c["kind"], c["inherited"], *(side and side["value"] for side in (c["before"], c["after"])),
            (c["after"] or c["before"])["line"],
        )
        for c in document["changes"]
    ]


def modules(document: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(m["kind"], *(side and side["address"] for side in (m["before"], m["after"]))) for m in document["modules"]]


def test_a_change_of_the_base_reaches_who_inherits(repository: History, capfd: Capture) -> None:
    repository.write(clusters_tf=module(apps="cluster_max_node_count = 9"))
    document = changes(repository, capfd)
    assert said(document) == [
        ("apps", "cluster_max_node_count", "changed", False, "3", "9", 6),
        ("ops", "cluster_max_node_count", "changed", True, "3", "9", 6),
    ]
    assert [c["after"]["from"] for c in document["changes"]] == ["apps", "apps"]
    assert document["after"] == "the working tree"


def test_text_names_the_line_and_whose_it_is(
    repository: History, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    repository.write(clusters_tf=module(apps="cluster_max_node_count = 9"))
    commit = repository.git("rev-parse", "--short=7", "start")
    assert run(["diff", str(repository.top), "--since", "start"]) == 0
    assert capfd.readouterr().out == f"""\
module.gke_zero   google/cluster v0.19.2-beta.0   clusters.tf:1
apps: 1 setting changes

setting                 before    after    where
cluster_max_node_count  3         9        clusters.tf:6

ops: 1 setting changes, by inheritance

setting                 before    after    where
cluster_max_node_count  3         9        clusters.tf:6
                                           by inheritance (the line is in apps)

2 settings change in 2 environments, 1 by inheritance between start ({commit}) and the working tree
"""


def test_markdown_has_a_table_for_each_environment(repository: History, capfd: Capture) -> None:
    hostile = 'name_prefix = "a|b<img src=x>`c`@team\\n#1"'
    repository.write(clusters_tf=module(apps="cluster_max_node_count = 9", ops=hostile))
    assert run(["diff", str(repository.top), "--since", "start", "--format", "markdown"]) == 0
    out = capfd.readouterr().out
    assert out.startswith("**3 settings change in 2 environments, 1 by inheritance between start ")
    assert out.count("| module | setting | before | after | where |") == 2
    assert "### apps\n\n| module" in out
    (row,) = [line for line in out.splitlines() if "name\\_prefix" in line]
    assert r"a\|b&lt;img src=x&gt;\`c\`&#64;team" in row and "<img" not in row
    assert row.count("|") - row.count(r"\|") == 6
    assert "by inheritance (the line is in apps)" in out


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(
    repository: History, capfd: Capture, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    repository.write(clusters_tf=module(apps="cluster_max_node_count = 9\nregion = 1", version="v0.9.4-beta.0"), b_tf=module("b"))
    assert run(["diff", str(repository.top), "--since", "start"]) == 0
    assert max(map(len, capfd.readouterr().out.splitlines())) <= columns


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_refactoring_says_that_nothing_changes(repository: History, capfd: Capture, form: str) -> None:
    repository.write(
        other_tf='locals {\n  most = var.most\n}\nvariable "most" {\n  default = 3\n}\n',
        clusters_tf=module(apps='cluster_max_node_count = "${local.most}"', ops="\n\n"),
    )
    assert run(["diff", str(repository.top), "--since", "start", "--exit-code", "--format", form]) == 0
    assert "no environment changes between start (" in capfd.readouterr().out
    assert changes(repository, capfd)["changes"] == []


def test_exit_code(repository: History, capfd: Capture) -> None:
    repository.write(clusters_tf=module(apps="cluster_max_node_count = 9"))
    changes(repository, capfd, "--since", "start", "--exit-code", code=1)
    changes(repository, capfd, "--since", "start", code=0)


def test_an_override_that_goes_is_not_inheritance(tmp_path: Path, capfd: Capture) -> None:
    repository = history(tmp_path / "r", clusters_tf=module(ops="cluster_max_node_count = 1"))
    repository.write(clusters_tf=module())
    document = changes(repository, capfd)
    assert said(document) == [("ops", "cluster_max_node_count", "changed", False, "1", "3", 6)]
    assert run(["diff", str(repository.top), "--since", "start"]) == 0
    assert "no longer set in ops: inherited from apps" in capfd.readouterr().out


def test_a_setting_that_goes_points_to_where_it_was(tmp_path: Path, capfd: Capture) -> None:
    repository = history(tmp_path / "r", clusters_tf=module(apps='base_domain = "x"\ncluster_max_node_count = 3'))
    repository.write(clusters_tf=module())
    assert said(changes(repository, capfd)) == [
        ("apps", "base_domain", "removed", False, "x", None, 6),
        ("ops", "base_domain", "removed", True, "x", None, 6),
    ]
    assert run(["diff", str(repository.top), "--since", "start"]) == 0
    assert "clusters.tf:6 before" in capfd.readouterr().out


def test_modules_come_go_and_are_renamed(tmp_path: Path, capfd: Capture) -> None:
    repository = history(tmp_path / "r", a_tf=module("gke_one"), b_tf=module("gke_two", apps="region = 1"))
    repository.write(a_tf=module("gke_uno"), c_tf=module("gke_three", apps="region = 3"))
    (repository.top / "b.tf").unlink()
    document = changes(repository, capfd)
    assert sorted(modules(document), key=str) == [
        ("added", None, "module.gke_three"),
        ("removed", "module.gke_two", None),
        ("renamed", "module.gke_one", "module.gke_uno"),
    ]
    assert {c["address"]: c["kind"] for c in document["changes"]} == {
        "module.gke_three": "added", "module.gke_two": "removed",
    }
    assert run(["diff", str(repository.top), "--since", "start"]) == 0
    out = capfd.readouterr().out
    assert "renamed: was module.gke_one (a.tf:1)" in out
    assert "a new module: apps 1 setting, ops 1 setting" in out
    assert "1 module added; 1 module removed; 1 module renamed between" in out


def test_a_moved_file_is_no_change_but_a_moved_root_is_said(repository: History, capfd: Capture) -> None:
    repository.git("mv", "clusters.tf", "größe\n.tf")
    assert changes(repository, capfd) == {
        **changes(repository, capfd), "changes": [], "modules": [],
    }
    (repository.top / "new").mkdir()
    repository.git("mv", "größe\n.tf", "new/größe\n.tf")
    document = changes(repository, capfd)
    assert (document["changes"], modules(document)) == ([], [("renamed", "module.gke_zero", "module.gke_zero")])
    assert document["modules"][0]["after"]["path"] == "new/größe\n.tf"
    assert run(["diff", str(repository.top), "--since", "start"]) == 0
    assert "renamed: was in the top directory (clusters.tf:1)" in " ".join(capfd.readouterr().out.split())


def test_a_directory_that_moves_while_it_changes(tmp_path: Path, capfd: Capture) -> None:
    repository = history(tmp_path / "r", old__a_tf=module("one"), old__b_tf=module("two"))
    repository.git("mv", "old", "new")
    repository.write(new__a_tf=module("one", apps="cluster_max_node_count = 9"))
    document = changes(repository, capfd)
    assert {m["kind"] for m in document["modules"]} == {"renamed"}
    assert [row[:6] for row in said(document)] == [
        ("apps", "cluster_max_node_count", "changed", False, "3", "9"),
        ("ops", "cluster_max_node_count", "changed", True, "3", "9"),
    ]
    # Which of two it was, nobody can say.
    repository.write(other__a_tf=module("one", apps="cluster_max_node_count = 8"))
    kinds = {(m["kind"], m["address"]) for m in changes(repository, capfd)["modules"]}
    assert kinds == {("added", "module.one"), ("removed", "module.one"), ("renamed", "module.two")}


def test_another_version_says_which_defaults_change(tmp_path: Path, capfd: Capture) -> None:
    repository = history(tmp_path / "r", clusters_tf=module(version="v0.9.4-beta.0"))
    repository.write(clusters_tf=module(version="v0.19.2-beta.0"))
    document = changes(repository, capfd)
    assert modules(document) == [("version", "module.gke_zero", "module.gke_zero")]
    assert [document["modules"][0][side]["version"] for side in ("before", "after")] == ["v0.9.4-beta.0", "v0.19.2-beta.0"]
    found = {(c["environment"], c["path"][0]): c for c in document["changes"]}
    added = [c for (environment, name), c in found.items() if environment == "ops" and c["kind"] == "added"]
    assert added
    assert all(c["after"]["from"] is None and c["after"]["line"] == 2 and not c["inherited"] for c in added)
    assert run(["diff", str(repository.top), "--since", "start"]) == 0
    out = capfd.readouterr().out
    assert "another version: v0.9.4-beta.0 → v0.19.2-beta.0" in out
    assert "module default" in out


def test_what_changes_in_all_environments_alike_is_shown_once(tmp_path: Path, capfd: Capture) -> None:
    """Defaults of another version, before what single environments get; JSON has one entry an environment."""
    loc = "    ops = {", "    loc = {}\n    ops = {"
    old = module(apps="cluster_max_node_count = 3\nregion = 1", version="v0.9.4-beta.0").replace(*loc)
    repository = history(tmp_path / "r", clusters_tf=old)
    new = module(apps="cluster_max_node_count = 9\nregion = 1", version="v0.19.2-beta.0").replace(*loc)
    repository.write(clusters_tf=new)
    document = changes(repository, capfd)
    by_path: dict[str, set[str]] = {}
    for change in document["changes"]:
        by_path.setdefault(change["path"][0], set()).add(change["environment"])
    defaults = set(by_path) - {"cluster_max_node_count"}
    assert all(by_path[name] == {"apps", "loc", "ops"} for name in defaults)
    number = len(defaults)
    assert number > 9
    assert run(["diff", str(repository.top), "--since", "start"]) == 0
    out = capfd.readouterr().out
    assert f"{3 * number + 3} settings change in 3 environments, 2 by inheritance; 1 module" in " ".join(out.split())
    sentences = [line for line in out.splitlines() if "change" in line and ": " in line and "defaults" not in line]
    assert sentences == [
        f"all 3 environments: {number} settings change in each",
        "apps: 1 more setting changes",
        "loc: 1 more setting changes, by inheritance",
        "ops: 1 more setting changes, by inheritance",
    ]
    assert all(sum(line.split(" ")[0] == name for line in out.splitlines()) == 1 for name in defaults)
    assert run(["diff", str(repository.top), "--since", "start", "--format", "markdown"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("###")] == ["### all environments", "### apps", "### loc", "### ops"]
    assert sum(line.startswith("| module.") for line in lines) == number + 3
    # Where only some are asked for, they are named.
    assert run(["diff", str(repository.top), "--since", "start", "--env", "apps", "--env", "ops"]) == 0
    assert "all " not in capfd.readouterr().out


@pytest.mark.parametrize("apart", ["loc is new", "loc sets it"])
def test_what_one_environment_gets_otherwise_is_shown_for_each(apart: str, tmp_path: Path, capfd: Capture) -> None:
    loc = "    loc = {\n      disable_workload_identity = true\n    }\n" if apart == "loc sets it" else "    loc = {}\n"
    texts = {v: module(version=v).replace("    ops = {", loc + "    ops = {") for v in ("v0.9.4-beta.0", "v0.19.2-beta.0")}
    first = module(version="v0.9.4-beta.0") if apart == "loc is new" else texts["v0.9.4-beta.0"]
    repository = history(tmp_path / "r", clusters_tf=first)
    repository.write(clusters_tf=texts["v0.19.2-beta.0"])
    assert run(["diff", str(repository.top), "--since", "start"]) == 0
    out = capfd.readouterr().out
    assert out.count("disable_workload_identity ") == 2
    assert ("all 3 environments" in out) == (apart == "loc sets it")
    assert "both environments" not in out


def test_two_environments_are_both(tmp_path: Path, capfd: Capture) -> None:
    repository = history(tmp_path / "r", clusters_tf=module(version="v0.18.2-beta.0"))
    repository.write(clusters_tf=module(version="v0.19.2-beta.0"))
    assert run(["diff", str(repository.top), "--since", "start"]) == 0
    assert re.search(r"^both environments: \d+ settings change in each$", capfd.readouterr().out, re.MULTILINE)


def test_an_environment_that_another_version_ignores_is_gone(tmp_path: Path, capfd: Capture) -> None:
    text = module().replace("    ops = {", "    loc = {}\n    ops = {")
    repository = history(tmp_path / "r", clusters_tf=text)
    repository.write(clusters_tf=text.replace("v0.19.2-beta.0", "v0.1.0-beta.0"))
    loc = [row[:6] for row in said(changes(repository, capfd)) if row[0] == "loc"]
    assert loc[0] == ("loc", "cluster_max_node_count", "removed", True, "3", None)
    assert {row[2] for row in loc} == {"removed"}
    assert run(["diff", str(repository.top), "--since", "start", "--env", "loc"]) == 0
    assert f"loc is gone: {len(loc)} settings, 0 of its own" in capfd.readouterr().out


def test_a_new_environment_is_one_line(repository: History, capfd: Capture) -> None:
    text = module().replace("    ops = {\n", "    stage = {\n      region = 1\n    }\n    ops = {\n")
    repository.write(clusters_tf=text)
    assert {(c[0], c[2]) for c in said(changes(repository, capfd))} == {("stage", "added")}
    assert run(["diff", str(repository.top), "--since", "start"]) == 0
    out = capfd.readouterr().out
    assert "stage is new: 2 settings, 1 of its own" in out
    assert "1 environment added between" in out


def test_another_module_at_the_same_address(repository: History, capfd: Capture) -> None:
    repository.write(clusters_tf=module(source=GKE.replace("google/cluster", "aws/cluster")))
    assert modules(changes(repository, capfd))[0][0] == "source"


def test_what_terraform_refuses_is_said_and_not_taken_for_removed(repository: History, capfd: Capture) -> None:
    repository.write(clusters_tf=module().replace("    apps = {", "    apps2 = {"))
    document = changes(repository, capfd)
    assert ("refused", "module.gke_zero", "module.gke_zero") in modules(document)
    assert document["changes"] == [] or all(c["environment"] == "apps" for c in document["changes"])
    assert document["modules"][0]["after"]["errors"][0]["path"] == "clusters.tf"
    assert run(["diff", str(repository.top), "--since", "start"]) == 0
    assert "terraform refuses this block" in capfd.readouterr().out


def test_unknown_values_change_with_their_reason(tmp_path: Path, capfd: Capture) -> None:
    value = "base_domain = data.x.{}.name"
    data = 'data "x" "a" {}\ndata "x" "b" {}\n'
    repository = history(tmp_path / "r", clusters_tf=module(apps=value.format("a")), data_tf=data)
    assert changes(repository, capfd)["changes"] == []
    repository.write(clusters_tf=module(apps=value.format("b")))
    (first, _) = changes(repository, capfd)["changes"]
    assert first["kind"] == "changed" and "$unknown" in first["before"]["value"]
    commit = repository.commit()
    repository.write(clusters_tf=module(apps="base_domain = local.b"), b_tf="locals {\n  b = local.a\n  a = data.x.b.name\n}\n")
    assert changes(repository, capfd, "--since", commit)["changes"] == []


def test_secrets_stay_out(tmp_path: Path, capfd: Capture) -> None:
    secret = 'variable "s" {{\n  sensitive = true\n  default = "{}"\n}}\n'
    repository = history(
        tmp_path / "r", clusters_tf=module(apps="base_domain = var.s"), s_tf=secret.format("hunter1")
    )
    repository.write(s_tf=secret.format("hunter2"))
    document = changes(repository, capfd)
    assert said(document)[0][4:6] == ({"$sensitive": True}, {"$sensitive": True})
    for form in ("text", "markdown"):
        assert run(["diff", str(repository.top), "--since", "start", "--format", form]) == 0
        out = capfd.readouterr().out
        assert "hunter" not in out and "(sensitive)" in out


def test_module_and_environment_choose(tmp_path: Path, capfd: Capture) -> None:
    repository = history(tmp_path / "r", a_tf=module("one"), b_tf=module("two"))
    repository.write(a_tf=module("one", apps="region = 1"), b_tf=module("two", apps="region = 1"))
    document = changes(repository, capfd, "--since", "start", "--module", "two", "--env", "ops")
    assert {(c["address"], c["environment"]) for c in document["changes"]} == {("module.two", "ops")}
    assert run(["diff", str(repository.top), "--since", "start", "--module", "module.tow"]) == 2
    assert "did you mean module.two?" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since", "start", "--from", "start"], "--since and --from say the same"),
        (["--to", "start"], "need a revision to start from"),
        (["--merge-base"], "need a revision to start from"),
        (["--since", "start", "--all"], "--against and --all compare environments"),
        (["--since", "start", "--against", "ops"], "--against and --all compare environments"),
        (["--format", "markdown"], "add --since REF"),
        (["--since", "--output=x"], "is no name of a revision"),
        (["--since", ""], "is no name of a revision"),
        (["--since", "a..b"], "names two revisions"),
        (["--since", "start^{tree}"], "there is no revision start^{tree}"),
        (["--since", "start:clusters.tf"], "there is no revision"),
        (["--since", "nope"], "there is no revision nope in this repository"),
    ],
)
def test_mistakes(repository: History, capfd: Capture, arguments: list[str], message: str) -> None:
    assert run(["diff", str(repository.top), *arguments]) == 2
    captured = capfd.readouterr()
    assert message in captured.err and captured.out == ""


def test_a_syntax_error_stops_and_names_the_side(repository: History, capfd: Capture) -> None:
    repository.write(clusters_tf=module() + "}\n")
    broken = repository.commit()
    repository.write(clusters_tf=module(apps="region = 1"))
    assert run(["diff", str(repository.top), "--since", broken[:10]]) == 2
    captured = capfd.readouterr()
    assert captured.err.startswith(f"kslint: {broken[:7]}: clusters.tf:13:1: ")
    assert captured.out == ""
    assert run(["diff", str(repository.top), "--from", "start", "--to", broken]) == 2
    assert f"kslint: {broken[:7]}: clusters.tf:13:1: " in capfd.readouterr().err
    repository.write(clusters_tf=module() + "}\n")
    assert run(["diff", str(repository.top), "--since", "start"]) == 2
    assert "kslint: the working tree: clusters.tf:13:1: " in capfd.readouterr().err


def test_secrets_stay_out_of_what_is_made_of_them(tmp_path: Path, capfd: Capture) -> None:
    apps = 'base_domain = "${local.a}.example.com"\nadmin_password = local.a\nregion = "https://me:HERE@example.com"'
    made = 'locals {\n  a = "HERE"\n}\n' + module(apps=apps)
    repository = history(tmp_path / "r", clusters_tf=made.replace("HERE", "hunter2-before"))
    repository.write(clusters_tf=made.replace("HERE", "hunter2-after"))
    assert said(changes(repository, capfd))[0][4:6] == ("(sensitive).example.com", "(sensitive).example.com")
    top = str(repository.top)
    for words in (
        ["diff", top, "--since", "start"],
        ["diff", top, "--since", "start", "--format", "markdown"],
        ["diff", top, "--all"],
        ["show", top],
        ["show", top, "--format", "hcl"],
        ["show", top, "--format", "json"],
        ["why", "module.gke_zero.base_domain", top],
        ["lint", top, "--since", "start", "--format", "markdown"],
    ):
        assert run(words) != 2
        out = capfd.readouterr().out
        assert "hunter2" not in out
        assert "sensitive" in out


def test_secrets_stay_out_of_old_findings(tmp_path: Path, capfd: Capture) -> None:
    apps = 'admin_password = "hunter2-of-old"\ncluster_node_locations = "a/hunter2-of-old/b"'
    repository = history(tmp_path / "r", clusters_tf=module(apps=apps))
    repository.write(b_tf="")
    assert run(["lint", str(repository.top), "--since", "start", "--new-only=false"]) == 0
    out = capfd.readouterr().out
    assert 'apps has "a/(sensitive)/b", which is no zone' in " ".join(out.split())
    assert "hunter2" not in out
