"""Every key of schemas/config.schema.json does something: with it a run says another thing than without."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from repository import module, write

from kubestack_lint.cli import run as kslint

ROOT = Path(__file__).parent.parent.parent
SCHEMA = json.loads((ROOT / "schemas" / "config.schema.json").read_text("utf-8"))

TWO = module(name="a") + module(name="b").replace("v0.19.2-beta.0", "v0.19.1-beta.0")
SAME = "- {id: same, rule: redundant-override"
# The hash of ops' region in the modules above.
WAIVER = "waivers:\n- {rule: redundant-override, reason: because, approved_by: alice, expires: 2026-08-31, value: knalapgpoked"
VERSIONS = """module "gke_zero" {
  source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"

  configuration = {
    apps = { cluster_min_master_version = "1.30" }
    ops  = { cluster_min_master_version = "1.31" }
    dev  = {}
  }
}
"""
ONE_OPS = "policies:\n- {id: same, rule: redundant-override, where: {environment: %s}}\nselect: same\n"

# Key → (settings without it, settings with it, what "with" says and "without" does not, or the other way round).
EFFECTS: dict[str, tuple[str, str, str]] = {
    "extends": ("", "extends: kslint:strict\n", "error[redundant-override]"),
    "select": ("", "select: unpinned-module\n", "warning[redundant-override]"),
    "ignore": ("", "ignore: redundant-override\n", "warning[redundant-override]"),
    "policies": ("", f"policies:\n{SAME}}}\n", "warning[same]"),
    "policy.id": (f"policies:\n{SAME}}}\n", "policies:\n- {id: other, rule: redundant-override}\n", "warning[other]"),
    "policy.rule": (
        "policies:\n- {id: redundant-override}\n",
        "policies:\n- {id: x, rule: redundant-override}\n",
        "warning[x]",
    ),
    "policy.where": (
        f"policies:\n{SAME}}}\n",
        f"policies:\n{SAME}, where: {{environment: apps}}}}\n",
        "warning[same]",
    ),
    "policy.with": (
        "policies:\n- {id: n, rule: identity-mismatch}\n",
        "policies:\n- {id: n, rule: identity-mismatch, with: {attributes: [cluster_max_node_count]}}\n",
        "warning[n]",
    ),
    "policy.severity": (f"policies:\n{SAME}}}\n", f"policies:\n{SAME}, severity: info}}\n", "info[same]"),
    "policy.message": (f"policies:\n{SAME}}}\n", f"policies:\n{SAME}, message: 'no: {{message}}'}}\n", "no: ops"),
    "policy.remediation": (f"policies:\n{SAME}}}\n", f"policies:\n{SAME}, remediation: Ask.}}\n", "fix: Ask."),
    "policy.ignorable": (
        "policies:\n- {id: lossy-number}\n",
        "policies:\n- {id: lossy-number, ignorable: false}\n",
        "has no effect: lossy-number cannot be ignored",
    ),
    "where.environment": (ONE_OPS % "'*'", ONE_OPS % "apps", "warning[same]"),
    "where.module": (
        f"policies:\n{SAME}}}\n",
        f"policies:\n{SAME}, where: {{module: 'aws/*'}}}}\n",
        "warning[same]",
    ),
    "where.address": (
        f"policies:\n{SAME}}}\n",
        f"policies:\n{SAME}, where: {{address: module.b}}}}\n",
        "warning[same] module.a,",
    ),
    "where.version": (
        f"policies:\n{SAME}}}\n",
        f"policies:\n{SAME}, where: {{version: '*1-beta*'}}}}\n",
        "warning[same] module.a,",
    ),
    "environments": ("", "environments: {base: ops}\n", "warning[base-key-mismatch]"),
    "environments.base": (
        "environments: {order: [ops, apps]}\n",
        "environments: {base: ops, order: [ops, apps]}\n",
        "warning[base-key-mismatch]",
    ),
    "environments.order": ("", "environments: {order: [dev, ops, apps]}\n", "dev runs Kubernetes 1.30"),
    "environments.roles": (
        "environments: {roles: {live: [apps]}}\n" + ONE_OPS % "'role:live'",
        "environments: {roles: {live: [ops]}}\n" + ONE_OPS % "'role:live'",
        "warning[same]",
    ),
    "environments.aliases": (
        ONE_OPS % "staging",
        "environments: {aliases: {staging: ops}}\n" + ONE_OPS % "staging",
        "warning[same]",
    ),
    "secrets": ("secrets: [other]\n" + ONE_OPS % "ops", "secrets: [region]\n" + ONE_OPS % "ops", "(sensitive)"),
    "max_waiver_days": (WAIVER + "}\n", "max_waiver_days: 10\n" + WAIVER + "}\n", "error[overlong-waiver]"),
    "waivers": ("", WAIVER + "}\n", "waived[redundant-override]"),
    "waiver.rule": (
        WAIVER + "}\n",
        WAIVER.replace("redundant-override", "lossy-number") + "}\n",
        "waived[redundant-override]",
    ),
    "waiver.where": (WAIVER + "}\n", WAIVER + ", where: {environment: apps}}\n", "waived[redundant-override]"),
    "waiver.reason": (WAIVER + "}\n", WAIVER.replace("because", "why not") + "}\n", "why not"),
    "waiver.ticket": (WAIVER + "}\n", WAIVER + ", ticket: KUB-7}\n", "KUB-7"),
    "waiver.approved_by": (
        WAIVER.replace("approved_by: alice, ", "") + "}\n",
        WAIVER + "}\n",
        "error[unapproved-waiver]",
    ),
    "waiver.expires": (WAIVER + "}\n", WAIVER.replace("2026-08-31", "2026-06-14") + "}\n", "error[expired-waiver]"),
    "waiver.value": (WAIVER.split(", value")[0] + "}\n", WAIVER + "}\n", "waived[redundant-override]"),
    **{
        f"waiver.where.{key}": (
            WAIVER + "}\n",
            WAIVER + f", where: {{{key}: nothing}}}}\n",
            "waived[redundant-override]",
        )
        for key in ("environment", "module", "address", "version", "attribute")
    },
}


def _keys(node: dict[str, Any], name: str) -> Iterator[str]:
    """Every property by its path; named parts of the schema under their own names."""
    for key, below in node.get("properties", {}).items():
        path = f"{name}.{key}".removeprefix(".")
        yield path
        yield from _keys(below, path)


def _all_keys() -> set[str]:
    named = {f"{path}" for name, node in SCHEMA["$defs"].items() for path in _keys(node, name)}
    return {*_keys(SCHEMA, ""), *named}


def test_every_key_is_looked_at_here() -> None:
    # What a file says of itself is shown by kslint config, below.
    assert _all_keys() == {*EFFECTS, "description"}


@pytest.mark.parametrize("key", list(EFFECTS))
def test_a_key_changes_what_a_run_says(key: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    without, given, words = EFFECTS[key]
    clusters = TWO
    if key == "environments.order":
        clusters = VERSIONS
    elif key == "policy.with":
        clusters = module("      cluster_max_node_count = 5").replace(
            'region = "europe-west1"', "cluster_max_node_count = 3"
        )
    elif key == "policy.ignorable":
        clusters = module("      name_prefix = 007 # kslint: ignore[lossy-number] meant")
    outputs = []
    for settings in (without, given):
        write(tmp_path, clusters=clusters, settings=settings)
        assert kslint(["lint", str(tmp_path), "--now", "2026-06-15"]) in (0, 1)
        outputs.append(" ".join(capfd.readouterr().out.split()))
    assert sum(words in output for output in outputs) == 1, outputs


def test_a_file_says_what_it_is_for(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, settings="description: |\n  What acme\n  wants.\n\n  More.\nextends: kslint:strict\n")
    assert kslint(["config", str(tmp_path)]) == 0
    out = capfd.readouterr().out
    assert ".kslint.yaml" in out and "What acme wants." in out and "More." not in out
    assert "For teams that want ops and apps" in out


def test_a_run_without_settings_imports_nothing_that_reads_them(tmp_path: Path) -> None:
    write(tmp_path, clusters=module())
    code = (
        "import sys; from kubestack_lint.cli import run; run(['lint', sys.argv[1]]);"
        "print([m for m in ('yaml', 'jsonschema', 'kubestack_lint.conditions') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["diff", "show", "why"])
def test_names_of_secrets_count_for_every_command(
    command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Also from a file that the settings extend."""
    write(tmp_path, clusters=module('      region = "us-east1"'), settings="extends: [team.yaml, kslint:tiers]\n")
    (tmp_path / "team.yaml").write_text("secrets: [region]\n")
    words = ["why", "module.gke_zero.region", str(tmp_path)] if command == "why" else [command, str(tmp_path)]
    assert kslint(words) == 0
    out = capfd.readouterr().out
    assert "(sensitive)" in out
    assert "us-east1" not in out
