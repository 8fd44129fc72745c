"""What the packs wake, and that nothing in the examples surprises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from repository import run, write

from kubestack_lint.cli import run as kslint
from kubestack_lint.policy.layers import pack, packs
from kubestack_lint.policy.settings import load_settings

ALL = """
module "gke_zero" {
  source = "github.com/kbst/terraform-kubestack//google/cluster?ref=master"

  configuration = {
    apps = {
      project_id             = "acme"
      cluster_node_locations = ["europe-west1-b"]
      deletion_protection    = false
    }
    ops = {}
  }
}

module "nginx" {
  source  = "kbst.xyz/catalog/nginx/kustomization"
  version = "1.8.1-kbst.0"

  configuration = {
    apps = { secret_generator = [{ name = "login", literals = ["password=hunter2"] }] }
    ops  = {}
  }
}
"""


def woken(directory: Path) -> set[tuple[str, str, str]]:
    asleep = ("single-zone", "shared-identity", "public-endpoint", "unprotected-deletion", "plaintext-secret")
    findings = run(directory, list(asleep)).findings
    return {(one.policy, one.environment or "", one.severity.label) for one in findings if one.policy in asleep}


def test_strict_looks_at_the_zones_of_the_base(tmp_path: Path) -> None:
    write(tmp_path, clusters=ALL, settings="extends: kslint:strict\n")
    findings = run(tmp_path, ["single-zone"]).findings
    assert [(one.environment, one.severity.label) for one in findings] == [("apps", "warning")]


def test_regulated_wakes_protection(tmp_path: Path) -> None:
    write(tmp_path, clusters=ALL, settings="extends: kslint:regulated\n")
    assert woken(tmp_path) == {
        ("single-zone", "apps", "warning"),
        ("shared-identity", "ops", "error"),
        ("public-endpoint", "apps", "error"),
        ("unprotected-deletion", "apps", "error"),
        ("unprotected-deletion", "ops", "error"),
        ("plaintext-secret", "apps", "error"),
    }


def test_names_of_references_to_secrets_are_no_secrets(tmp_path: Path) -> None:
    text = """
module "nginx" {
  source  = "kbst.xyz/catalog/nginx/kustomization"
  version = "1.8.1-kbst.0"

  configuration = {
    apps = { common_labels = { secret_name = "login", token_ttl = "1h", db_password = "hunter2" } }
    ops  = {}
  }
}
"""
    write(tmp_path, clusters=text, settings="extends: kslint:regulated\n")
    findings = run(tmp_path, ["plaintext-secret"]).findings
    assert [".".join(one.attribute or ()) for one in findings] == ["common_labels.db_password"]


@pytest.mark.parametrize("name", ["shared-identity", "public-endpoint", "unprotected-deletion", "plaintext-secret"])
def test_what_regulated_says_cannot_be_ignored(name: str, tmp_path: Path) -> None:
    write(tmp_path, settings="extends: kslint:regulated\n")
    policy = next(one for one in load_settings(tmp_path).policies if one.id == name)
    assert not policy.ignorable


def test_parameters_of_a_pack_are_changed_one_by_one(tmp_path: Path) -> None:
    own = "extends: kslint:regulated\npolicies:\n- {id: public-endpoint, with: {networks: [0.0.0.0/0]}}\n"
    write(tmp_path, clusters=ALL, settings=own)
    assert not run(tmp_path, ["public-endpoint"]).findings


# What each example plants on purpose; nothing else may be said of it.
PLANTED: dict[str, set[tuple[str, str]]] = {
    "talk": set(),
    "multi-cloud": {("moving-version", "module.aks_zero"), ("lost-inherited-keys", "module.eks_zero")},
    "old-layout": set(),
}


@pytest.mark.parametrize("example", PLANTED)
def test_recommended_says_of_examples_only_what_they_plant(
    example: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text("extends: kslint:recommended\n")
    folder = Path(__file__).parents[2] / "examples" / example
    assert kslint(["lint", str(folder), "--config", str(settings), "--format", "json"]) in (0, 1)
    found = json.loads(capfd.readouterr().out)["findings"]
    assert {(finding["rule"], finding["address"]) for finding in found} == PLANTED[example]


def test_our_packs_name_no_secrets() -> None:
    """Commands that need no policies read only the team's own files for the names of secrets."""
    assert [name for name in packs() for layer in pack(name) if "secrets" in layer.document.items] == []
