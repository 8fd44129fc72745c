"""The wheel carries everything: installed alone into an empty environment it does its work."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(target), str(ROOT)], check=True, capture_output=True
    )
    (built,) = target.glob("*.whl")
    return built


def test_wheel_holds_data_and_pages(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "kubestack_lint/schemas/kubestack/google-cluster.json" in names
    assert "kubestack_lint/schemas/show.schema.json" in names
    assert "kubestack_lint/schemas/config.schema.json" in names
    assert "kubestack_lint/policies/strict.yaml" in names
    assert {f"kubestack_lint/reporters/lint_html.{kind}" for kind in ("html", "css", "js")} <= names
    pages = {path.name for path in (ROOT / "kubestack_lint" / "rules").glob("*.md")}
    assert pages and {f"kubestack_lint/rules/{page}" for page in pages} <= names
    assert not any(name.startswith(("tests/", "scripts/", "schemas/", "policies/")) for name in names)


def test_installed_wheel_works_alone(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "env"
    venv.create(environment, with_pip=True)
    python = environment / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True)
    kslint = python.with_name("kslint")
    example = str(ROOT / "examples" / "talk")
    for arguments, expected, code in (
        (["diff", example], "cluster_max_node_count", 0),
        (["lint", example], "no findings in 1 module", 0),
        (["explain", "redundant-override"], "# ", 0),
        (["rules"], "lost-inherited-keys", 0),
        (["lint", example, "--format", "html"], "<!doctype html>", 0),
        (["policies", "--check"], "are in order", 0),
        (["explain", "google-node-pool-location"], "no settings extend kslint:tiers/google", 0),
        (["--version"], "kslint, version", 0),
    ):
        done = subprocess.run([kslint, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        assert expected in done.stdout
