"""kslint explain: rules, policies of the settings, policies of packs."""

from __future__ import annotations

from pathlib import Path

import pytest
from repository import write

from kubestack_lint.cli import run as kslint

SMALL = """policies:
- id: small
  rule: too-many-nodes
  where: {environment: ops}
  with: {max: 3}
  severity: error
  ignorable: false
  remediation: Ask the team.
"""


def explained(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert kslint(["explain", *arguments]) == 0
    return capfd.readouterr().out


def test_a_policy_of_the_settings(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, settings=SMALL)
    assert (
        explained(capfd, "small", str(tmp_path))
        == """# small

A pool or a whole environment may have more nodes, or fewer, than allowed.

fix: Ask the team.

- rule: too-many-nodes (kslint explain too-many-nodes)
- severity: error
- where: environment ops
- max: 3
- cannot be ignored by a comment or switched off by a file that extends this one
- said in: .kslint.yaml:2
"""
    )
    write(tmp_path, settings="{}", **{"other.yaml": SMALL})
    assert "# small" in explained(capfd, "small", str(tmp_path), "--config", str(tmp_path / "other.yaml"))


def test_a_constraint_with_its_evidence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, settings="extends: kslint:tiers/google\n")
    out = explained(capfd, "google-node-pool-location", str(tmp_path))
    assert "A node pool with a zone as its location." in out
    assert "- fails_at: apply (terraform apply fails)\n- confidence: documented\n" in out
    assert "when:\n\n    pool.location != null\n" in out
    assert "## Evidence\n\n- hashicorp/terraform-provider-google issues 103, 4298 and 5229\n" in out
    assert '## Found\n\n```hcl\nlocation = "europe-west1-b"\n```\n' in out
    assert "does not run here" not in out


def test_a_policy_of_a_pack_that_nobody_extends(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = explained(capfd, "google-node-pool-location", str(tmp_path))
    assert "It does not run here: no settings extend kslint:tiers/google." in out


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("smal", "did you mean small?"),
        ("redundant-overide", "did you mean redundant-override?"),
        ("google-nodepool-location", "did you mean google-node-pool-location?"),
        ("xyzzy", "see kslint rules and kslint policies"),
    ],
)
def test_what_there_is_not(name: str, hint: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, settings=SMALL)
    assert kslint(["explain", name, str(tmp_path)]) == 2
    assert capfd.readouterr().err == f"kslint: there is no rule or policy {name}\n  {hint}\n"


def test_broken_settings_do_not_hide_the_page_of_a_rule(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, settings="policies:\n- {id: too-many-nodes}\n")
    assert explained(capfd, "too-many-nodes", str(tmp_path)).startswith("# too-many-nodes\n")
