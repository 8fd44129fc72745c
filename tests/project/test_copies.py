"""Copies of Kubestack's modules that nobody calls, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubestack_lint import load
from tests.project.library import GKE, findings, read
from tests.verify.library import CLUSTER, merge, module

ROOT = f'module "gke" {{\n  source = "{GKE}"\n  configuration = {{ apps = {{ region = "r" }}, ops = {{}} }}\n}}\n'
COPY = {
    "vendor/google/cluster/main.tf": module(CLUSTER),
    "vendor/aws/cluster/main.tf": module(CLUSTER),
    "vendor/common/configuration/main.tf": merge("L6"),
}


def _addresses(loaded: object) -> list[tuple[str, str]]:
    return [(i.block.root, i.block.address) for i in loaded.inheritances]  # type: ignore[attr-defined]


def test_copies_that_nobody_calls(tmp_path: Path) -> None:
    loaded = read(tmp_path, {"main.tf": ROOT, **COPY})
    assert _addresses(loaded) == [("", "module.gke")]
    assert loaded.project.errors == ()
    assert [(rule, place) for rule, place, _ in findings(loaded, "uncalled-module", "unresolved-value")] == [
        ("uncalled-module", "vendor/aws/cluster/main.tf:2"),
        ("uncalled-module", "vendor/google/cluster/main.tf:2"),
    ]


def test_a_copy_that_is_called(tmp_path: Path) -> None:
    """It is read with its caller's values; the other one is not called."""
    text = ROOT.replace(GKE, "./vendor/google/cluster").replace("region", "name")
    loaded = read(tmp_path, {"main.tf": text, **COPY})
    assert _addresses(loaded) == [("", "module.gke")]
    assert [place for _, place, _ in findings(loaded, "uncalled-module")] == ["vendor/aws/cluster/main.tf:2"]


def test_a_run_inside_of_a_copy(tmp_path: Path) -> None:
    read(tmp_path, {"main.tf": ROOT, **COPY})
    loaded = load(tmp_path / "vendor/google/cluster")
    assert _addresses(loaded) == [("", "module.configuration")]
    assert findings(loaded, "uncalled-module") == []
    [(_, place, message)] = findings(loaded, "unresolved-value")
    assert place == "main.tf:24"
    assert 'variable "configuration" has no value' in message


def test_a_run_over_nothing_but_copies(tmp_path: Path) -> None:
    read(tmp_path, {"main.tf": ROOT, **COPY})
    loaded = load(tmp_path / "vendor")
    assert _addresses(loaded) == [("aws/cluster", "module.configuration"), ("google/cluster", "module.configuration")]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"google/cluster/terraform.tfvars": "configuration = { apps = {}, ops = {} }\n"}, id="values"),
        pytest.param({"google/cluster/a.auto.tfvars": "configuration = {\n"}, id="values that cannot be read"),
        pytest.param(
            {"google/cluster/main.tf": module(CLUSTER).replace("nullable = false\n", "default = { apps = {} }\n", 1)},
            id="a default",
        ),
        pytest.param({"google/cluster/more.tf": ROOT}, id="environments of its own"),
        pytest.param(
            {"google/cluster/main.tf": module(CLUSTER).replace("= var.configuration\n", "= { apps = {}, ops = {} }\n")},
            id="environments handed on",
        ),
        pytest.param({"google/cluster/more.tf": "module {"}, id="a file that cannot be read"),
    ],
)
def test_what_may_be_a_root_module_is_one(tmp_path: Path, files: dict[str, str]) -> None:
    copy = {"google/cluster/main.tf": module(CLUSTER), "common/configuration/main.tf": merge("L6")}
    loaded = read(tmp_path, {"main.tf": ROOT, **copy, **files})
    assert findings(loaded, "uncalled-module") == []
    assert "google/cluster" in [root for root, _ in _addresses(loaded)]


def test_a_wrapper_is_no_copy(tmp_path: Path) -> None:
    """Its configuration may come from -var-file in a pipeline, so it is not passed over."""
    wrapper = (
        f'variable "configuration" {{}}\nmodule "gke" {{\n  source = "{GKE}"\n  configuration = var.configuration\n}}\n'
    )
    loaded = read(tmp_path, {"main.tf": ROOT, "google/cluster/main.tf": wrapper})
    assert _addresses(loaded) == [("", "module.gke"), ("google/cluster", "module.gke")]
