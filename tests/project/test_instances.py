"""Findings about a call, which all its instances share."""

from __future__ import annotations

from pathlib import Path

from tests.project.library import GKE, RELEASE, findings, read

CALL = """
module "gke" {
  source        = "%s"
  for_each      = %s
  configuration = { apps = { region = each.key }, ops = {} }
}
"""


def test_an_unknown_version_is_said_once(tmp_path: Path) -> None:
    text = CALL % (GKE.replace(RELEASE, "v9.9.9"), 'toset(["a", "b", "c"])')
    [(rule, place, message)] = findings(read(tmp_path, {"main.tf": text}), "unknown-version")
    assert (rule, place) == ("unknown-version", "main.tf:3")
    assert message.startswith('module.gke["a"] and 2 more instances cannot be read exactly as written: ')


def test_an_unknown_version_of_varying_instances(tmp_path: Path) -> None:
    text = CALL % (GKE.replace(RELEASE, "v9.9.9"), 'terraform.workspace == "ops" ? toset([]) : toset(["a"])')
    [(_, place, message)] = findings(read(tmp_path, {"main.tf": text}), "unknown-version")
    assert place == "main.tf:3"
    assert message.startswith('module.gke["a"] cannot be read exactly as written: ')


def test_an_unknown_module_is_said_once(tmp_path: Path) -> None:
    text = CALL % ("example.com/modules/cluster", 'toset(["a", "b"])')
    [(_, place, message)] = findings(read(tmp_path, {"main.tf": text}), "unknown-module")
    assert place == "main.tf:3"
    assert message.startswith('module.gke["a"] takes environments but is no module that kslint knows')
