"""Whole repositories, as careful teams compose them, beside real Terraform: tests/specs/composed-*.

Their golden outputs are checked with all the others in test_specs.py. Here each
is planned, most of them with the small copies of modules in their vendor folder.
Those that pin Kubestack on GitHub need KUBESTACK_CHECKOUT to name a checkout of
terraform-kubestack, and are skipped without it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from kubestack_lint.verify.judge import Verdict
from tests.verify.library import Library, outcomes, write

pytestmark = pytest.mark.oracle

SPECS = sorted((Path(__file__).parent / "specs").glob("composed-*"))
# Values files that the commands of a spec name.
VAR_FILES = {"composed-tfvars": ("upgrade.tfvars",)}
ONLY_TOFU = "its .tofu files are read by OpenTofu only; name it with --terraform tofu"
# What Terraform cannot be asked, by spec and address.
UNVERIFIED = {("composed-tofu", "module.gke_zero"): ONLY_TOFU}


def _checkouts(spec: Path) -> list[Path]:
    """The checkouts that a spec needs; skips where it has none."""
    texts = [path.read_text("utf-8") for path in (spec / "input").rglob("*.tf*") if "vendor" not in path.parts]
    if not any("github.com/kbst/terraform-kubestack" in text for text in texts):
        return []
    checkout = os.environ.get("KUBESTACK_CHECKOUT")
    if not checkout:
        pytest.skip(f"{spec.name} pins modules on GitHub, and KUBESTACK_CHECKOUT names no checkout of them")
    return [Path(checkout)]


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.name.removeprefix("composed-"))
def test_terraform_agrees(spec: Path, tmp_path: Path) -> None:
    checkouts = _checkouts(spec)
    # A repository of its own, or all of this one would count as its surroundings.
    repository = write(tmp_path / "repository", {})
    shutil.copytree(spec / "input", repository, dirs_exist_ok=True)
    files = [repository / name for name in VAR_FILES.get(spec.name, ())]
    found = outcomes(repository, Library(), tmp_path / "copy", checkouts=checkouts, var_files=files)
    assert found
    for address, outcome in found.items():
        reason = UNVERIFIED.get((spec.name, address), "")
        verdict = Verdict.UNVERIFIED if reason else Verdict.AGREES
        assert (outcome.verdict, outcome.reason, outcome.mismatches) == (verdict, reason, ()), outcome


def test_there_are_specs() -> None:
    assert len(SPECS) >= 16
