"""JSON outputs validate against their schemas; the documents agree with the engine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import kubestack_lint
from kubestack_lint.cli import run
from tests.git.history import history

ROOT = Path(__file__).parent.parent
INPUTS = sorted(
    [*(ROOT / "examples").iterdir(), *(path / "input" for path in (ROOT / "tests" / "specs").iterdir() if (path / "input").is_dir())]
)


def _schema(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return document


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}-{path.name}")
@pytest.mark.parametrize("command", ["show", "diff", "lint"])
def test_documents_validate(path: Path, command: str, capfd: pytest.CaptureFixture[str]) -> None:
    extra = ["--allow-empty"] if command == "lint" else []
    code = run([command, str(path), "--format", "json", *extra])
    out = capfd.readouterr().out
    if not out:
        assert code == 2
        return
    jsonschema.validate(json.loads(out), _schema(command), cls=jsonschema.Draft202012Validator)


def test_changes_validate(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Every input in turn as the next revision of one repository."""
    made = history(tmp_path / "repository")
    kinds: set[str] = set()
    errors: list[str] = []
    for path in INPUTS:
        for entry in made.top.iterdir():
            if entry.name != ".git":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        shutil.copytree(path, made.top, dirs_exist_ok=True, symlinks=True)
        code = run(["diff", str(made.top), "--since", "HEAD", "--format", "json"])
        out, error = capfd.readouterr()
        made.commit(path.parent.name)
        if code == 2:
            assert out == ""
            errors.append(error)
            continue
        document = json.loads(out)
        jsonschema.validate(document, _schema("changes"), cls=jsonschema.Draft202012Validator)
        kinds |= {row["kind"] for row in (*document["changes"], *document["modules"])}
    assert kinds >= {"added", "removed", "changed", "version"}, errors


@pytest.mark.parametrize("flags", [["--all"], ["--defaults"], ["--all", "--defaults"], ["--env", "ops"]])
def test_show_flags_validate(flags: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["show", str(ROOT / "examples" / "multi-cloud"), "--format", "json", *flags]) == 0
    jsonschema.validate(json.loads(capfd.readouterr().out), _schema("show"))


def test_diff_document_is_what_the_api_says(capfd: pytest.CaptureFixture[str]) -> None:
    path = ROOT / "examples" / "multi-cloud"
    assert run(["diff", str(path), "--format", "json", "--exit-code"]) == 1
    document = json.loads(capfd.readouterr().out)
    loaded = kubestack_lint.load(path)
    expected = [(d.block.address, d.environment, list(d.path), str(d.kind), d.place.line) for d in loaded.differences]
    found = [
        (d["address"], d["environment"], d["path"], d["kind"], (d["own"] or d["inherited"])["line"])
        for d in document["differences"]
    ]
    assert found == expected


def test_the_talk_has_exactly_two_differences() -> None:
    loaded = kubestack_lint.load(ROOT / "examples" / "talk")
    found = [
        (d.environment, d.dotted, str(d.kind), repr(d.own.place), repr(d.inherited.place))
        for d in loaded.differences
        if d.own is not None and d.inherited is not None
    ]
    assert found == [
        ("ops", "cluster_node_locations", "changed", "clusters.tf:19:7", "clusters.tf:10:7"),
        ("ops", "cluster_max_node_count", "changed", "clusters.tf:18:7", "clusters.tf:13:7"),
    ]
    assert len(loaded.differences) == 2


def test_public_names_are_there() -> None:
    for name in kubestack_lint.__all__:
        assert getattr(kubestack_lint, name) is not None
    with pytest.raises(AttributeError, match="nothing_like_this"):
        _ = kubestack_lint.nothing_like_this
