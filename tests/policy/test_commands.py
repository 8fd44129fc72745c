"""config, init, policies, rules and the new options of lint."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from repository import module, write

from kubestack_lint.cli import run as kslint
from kubestack_lint.policy.settings import load_settings
from kubestack_lint.rule import all_rules

ROOT = Path(__file__).parent.parent.parent


def _document(capfd: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    kslint([*arguments, "--format", "json"])
    found: dict[str, object] = json.loads(capfd.readouterr().out)
    return found


def test_docs_rules_is_current(capfd: pytest.CaptureFixture[str]) -> None:
    assert kslint(["rules", "--format", "markdown"]) == 0
    assert capfd.readouterr().out == (ROOT / "docs" / "rules.md").read_text("utf-8"), "make docs"


def test_rules_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    rows = _document(capfd, "rules")["rules"]
    assert isinstance(rows, list)
    assert [row["rule"] for row in rows] == list(all_rules())
    nodes = next(row for row in rows if row["rule"] == "too-many-nodes")
    assert nodes["sleeps"] and nodes["parameters"][0] == {
        "name": "max",
        "type": "int | None",
        "required": True,
        "default": None,
    }


def test_config_says_where_each_setting_comes_from(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, settings="extends: kslint:regulated\nenvironments:\n  base: apps\n")
    document = _document(capfd, "config", str(tmp_path))
    assert document["files"] == ["kslint:recommended", "kslint:strict", "kslint:regulated", ".kslint.yaml"]
    settings = document["settings"]
    assert isinstance(settings, dict)
    assert settings["environments.base"] == {"value": "apps", "from": ".kslint.yaml:3"}
    assert settings["max_waiver_days"]["value"] == 30
    assert settings["max_waiver_days"]["from"].startswith("kslint:regulated:")
    assert settings["select"] == {"value": [], "from": "default"}
    assert kslint(["config", str(tmp_path)]) == 0
    assert "kslint:strict" in capfd.readouterr().out


def test_policies(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, settings="policies:\n- {id: small, rule: too-many-nodes, with: {max: 1}}\n")
    document = _document(capfd, "policies", str(tmp_path))
    policies = document["policies"]
    assert isinstance(policies, list)
    small = next(policy for policy in policies if policy["id"] == "small")
    assert small == {
        "id": "small",
        "rule": "too-many-nodes",
        "severity": "warning",
        "where": {},
        "with": {"max": 1},
        "ignorable": True,
        "from": ".kslint.yaml:2",
    }
    assert kslint(["policies", str(tmp_path), "--check"]) == 0
    assert "are in order" in capfd.readouterr().out
    write(tmp_path, settings="policies:\n- {id: own, rule: condition, with: {require: 'config.'}}\n")
    assert kslint(["policies", str(tmp_path), "--check"]) == 2
    assert ".kslint.yaml:2:" in capfd.readouterr().err


@pytest.mark.parametrize("example", ["talk", "multi-cloud", "old-layout"])
def test_init_writes_what_loads(example: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for path in (ROOT / "examples" / example).glob("*.tf*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert kslint(["init", str(tmp_path)]) == 0
    assert "pre-commit" in capfd.readouterr().out
    settings = load_settings(tmp_path)
    assert settings.environments.base == "apps"
    assert settings.environments.order[-1] == "apps"
    # What is commented out is right, too.
    text = (tmp_path / ".kslint.yaml").read_text("utf-8")
    below = text.index("# policies:")
    live = text[:below] + "\n".join(
        line.removeprefix("# ") if line.startswith("# ") else line for line in text[below:].split("\n")
    )
    live = (
        live.replace("Findings that", "# Findings that")
        .replace("#   ", "  ")
        .replace("# - kslint:tiers", "- kslint:tiers")
    )
    (tmp_path / ".kslint.yaml").write_text("\n".join(_uncommented(live)), "utf-8")
    assert {policy.id for policy in load_settings(tmp_path).policies} >= {"ops-stays-small"}
    assert len(load_settings(tmp_path).waivers) == 1


def test_init_quotes_what_other_readers_of_yaml_take_for_no_text(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (
        module()
        .replace("ops =", "on =")
        .replace("apps =", "No =")
        .replace("  configuration = {", '  configuration_base_key = "No"\n  configuration = {\n    loc = {}')
    )
    write(tmp_path, clusters=text)
    assert kslint(["init", str(tmp_path), "--dry-run"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert '  base: "No"' in lines
    # Least critical first: the developer's own machine, whatever order the map has.
    assert '  order: [loc, "on", "No"]' in lines
    assert "#   - id: on-stays-small" in lines


def _uncommented(text: str) -> list[str]:
    return [line[2:] if line.startswith("#   ") else line for line in text.split("\n")]


@pytest.mark.parametrize("name", ["config", "policies", "init", "baseline", "lint"])
def test_a_path_that_is_not_there(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert kslint([name, str(tmp_path / "nosuch")]) == 2
    assert "nosuch does not exist" in capfd.readouterr().err


@pytest.mark.parametrize("width", [50, 80, 100, 160])
def test_policies_fit_the_terminal(
    width: int, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    write(tmp_path, settings="extends: [kslint:regulated, kslint:tiers]\n")
    for name in ("config", "policies"):
        assert kslint([name, str(tmp_path)]) == 0
        out = capfd.readouterr().out
        assert max(map(len, out.splitlines())) <= width
        assert "google-node-pool-location" in out and "A node pool with a zone" in " ".join(out.split())


def test_init_overwrites_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, clusters=module(), settings="select: []\n")
    assert kslint(["init", str(tmp_path)]) == 2
    assert "--force" in capfd.readouterr().err
    assert kslint(["init", str(tmp_path), "--force"]) == 0
    assert "extends" in (tmp_path / ".kslint.yaml").read_text("utf-8")


def test_no_config_reads_nothing(tmp_path: Path) -> None:
    write(tmp_path, clusters=module(), settings="select: lossy-number\n")
    assert kslint(["lint", str(tmp_path)]) == 0
    assert kslint(["lint", str(tmp_path), "--no-config"]) == 1
    assert kslint(["lint", str(tmp_path), "--no-config", "--config", "x.yaml"]) == 2
    write(tmp_path, **{"other.yaml": "select: redundant-override\n"})
    assert kslint(["lint", str(tmp_path), "--config", str(tmp_path / "other.yaml")]) == 1


def test_fail_on_unknown(tmp_path: Path) -> None:
    write(tmp_path, clusters=module("region = random_id.x.hex"), settings="select: unresolved-value\n")
    assert kslint(["lint", str(tmp_path)]) == 0
    assert kslint(["lint", str(tmp_path), "--fail-on-unknown"]) == 1


def test_waived_findings_are_in_every_format(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = (
        "select: [redundant-override]\nwaivers:\n- {rule: redundant-override, reason: because, approved_by: alice, ticket: KUB-1, "
        "expires: 2026-08-31, value: knalapgpoked}\n"
    )
    write(tmp_path, clusters=module(), settings=text)
    assert kslint(["lint", str(tmp_path), "--now", "2026-06-15"]) == 0
    out = capfd.readouterr().out
    assert "waived[redundant-override] module.gke_zero, ops: region" in out
    assert "by alice until 2026-08-31, KUB-1: because" in out
    assert "no findings in 1 module in 1 file (1 waived)" in out
    document = _document(capfd, "lint", str(tmp_path), "--now", "2026-06-15")
    schema = json.loads((ROOT / "schemas" / "lint.schema.json").read_text("utf-8"))
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    findings = document["findings"]
    assert isinstance(findings, list)
    assert findings[0]["waived"]["approved_by"] == "alice"
    assert kslint(["lint", str(tmp_path), "--now", "2026-09-01"]) == 1


def test_a_rule_that_sleeps_may_be_ignored_but_not_selected(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, clusters=module())
    assert kslint(["lint", str(tmp_path)]) == 1
    before = capfd.readouterr()
    assert kslint(["lint", str(tmp_path), "--ignore", "single-zone,too-many-nodes"]) == 1
    assert capfd.readouterr() == before
    write(tmp_path, settings="ignore: [single-zone]\n")
    assert kslint(["lint", str(tmp_path)]) == 1
    assert capfd.readouterr() == before
    assert kslint(["lint", str(tmp_path), "--select", "single-zone"]) == 2
    assert capfd.readouterr().err == (
        "kslint: the rule single-zone needs parameters\n"
        "  write a policy for it in .kslint.yaml; see kslint explain single-zone\n"
    )
    # It would run nothing, so that the gate would pass whatever there is.
    write(tmp_path, settings="select: [single-zone]\n")
    assert kslint(["lint", str(tmp_path)]) == 2
    assert ".kslint.yaml:1:10: the rule single-zone needs parameters\n  write a policy" in capfd.readouterr().err
    policy = "policies:\n- {id: one, rule: single-zone, with: {environments: all}}\n"
    write(tmp_path, settings=f"select: [single-zone]\n{policy}")
    assert kslint(["lint", str(tmp_path)]) == 0
