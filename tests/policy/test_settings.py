"""Settings: where they are found, how files build on each other, what a policy changes."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from repository import SAME, module, run, said, write

from kubestack_lint.errors import ConfigError, UsageError
from kubestack_lint.finding import Severity
from kubestack_lint.policy.document import parse_yaml
from kubestack_lint.policy.layers import packs
from kubestack_lint.policy.packs import check_pack, described_packs
from kubestack_lint.policy.parameters import Mismatch, annotation, converted, described
from kubestack_lint.policy.settings import default_settings, load_settings
from kubestack_lint.policy.where import fits
from kubestack_lint.rule import all_rules

RENAMED = "policies:\n- id: redundant-override\n  severity: {severity}\n"


def test_the_nearest_file_up_to_the_root_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".kslint.yaml").write_text("max_waiver_days: 1\n")
    inner = tmp_path / "repository"
    inner.mkdir()
    write(inner, **{"a/b/clusters.tf": module()})
    assert load_settings(inner / "a" / "b").path is None
    write(inner, settings="max_waiver_days: 2\n")
    assert load_settings(inner / "a" / "b").max_waiver_days == 2
    write(inner, **{"a/.kslint.yaml": "max_waiver_days: 3\n"})
    found = load_settings(inner / "a" / "b" / "clusters.tf")
    assert (found.max_waiver_days, found.files) == (3, ("../.kslint.yaml",))


def test_without_settings_every_rule_runs_that_needs_no_parameters() -> None:
    ids = {policy.id for policy in default_settings().active()}
    assert ids == {rule.id for rule in all_rules().values() if not rule.sleeps}


def test_later_files_win_key_by_key(tmp_path: Path) -> None:
    one = "policies:\n- {id: small, rule: too-many-nodes, with: {max: 1, scope: environment}, severity: info, where: {environment: ops}}\n"
    two = "extends: one.yaml\npolicies:\n- {id: small, with: {max: 2}}\n"
    write(tmp_path, settings="extends: [two.yaml, one.yaml]\n", **{"one.yaml": one, "two.yaml": two})
    found = load_settings(tmp_path)
    (policy,) = [policy for policy in found.policies if policy.id == "small"]
    assert policy.parameters == {"max": 2, "scope": "environment"}
    assert (policy.level, policy.where.environment, policy.origin) == (Severity.INFO, ("ops",), "two.yaml:3")
    assert found.files == ("one.yaml", "two.yaml", ".kslint.yaml")


@pytest.mark.parametrize(
    ("severity", "expected"), [("error", [Severity.ERROR]), ("info", [Severity.INFO]), ("off", [])]
)
def test_severity_stands_above_the_rule(severity: str, expected: list[Severity], tmp_path: Path) -> None:
    write(tmp_path, clusters=module(), settings=RENAMED.format(severity=severity))
    assert [finding.severity for finding in run(tmp_path).findings if finding.rule == "redundant-override"] == expected


def test_message_and_remediation_stand_above_the_rule(tmp_path: Path) -> None:
    text = "policies:\n- id: redundant-override\n  message: '{environment} of {address}, {attribute}: {message}!'\n  remediation: Ask the platform team.\n"
    write(tmp_path, clusters=module(), settings=text)
    (finding,) = run(tmp_path, ["redundant-override"]).findings
    assert finding.message.startswith("ops of module.gke_zero, region: ops repeats region")
    assert finding.remediation == "Ask the platform team."


def test_several_policies_of_one_rule_have_fingerprints_of_their_own(tmp_path: Path) -> None:
    text = (
        "policies:\n- {id: first, rule: redundant-override}\n- {id: second, rule: redundant-override, severity: off}\n"
    )
    write(tmp_path, clusters=module(), settings=text)
    findings = run(tmp_path, ["redundant-override"]).findings
    assert [finding.policy for finding in findings] == ["first", "redundant-override"]
    assert len({finding.fingerprint for finding in findings}) == 2
    assert {finding.rule for finding in findings} == {"redundant-override"}


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("{}", 2),
        ("{environment: ops}", 2),
        ("{environment: apps}", 0),
        ("{environment: 'role:prod'}", 0),
        ("{environment: staging}", 2),
        ("{address: module.a}", 1),
        ("{address: [module.a, 'module.?']}", 2),
        ("{module: 'google/*'}", 2),
        ("{module: 'aws/*'}", 0),
        ("{version: v0.19.*}", 2),
        ("{version: master}", 0),
    ],
)
@pytest.mark.parametrize("rule", ["redundant-override", "missing-required-attribute"])
def test_where(where: str, count: int, rule: str, tmp_path: Path) -> None:
    text = f"environments: {{roles: {{prod: [apps]}}, aliases: {{staging: ops}}}}\npolicies:\n- {{id: {rule}, where: {where}}}\n"
    write(tmp_path, clusters=module(name="a") + module(name="b"), settings=text)
    blocks = run(tmp_path, [rule]).findings
    if rule == "redundant-override":
        assert len(blocks) == count
    else:
        # These are about apps, of which there is one in each module.
        environments = {
            "{environment: ops}": 0,
            "{environment: staging}": 0,
            "{environment: apps}": 2,
            "{environment: 'role:prod'}": 2,
        }
        assert len({finding.address for finding in blocks}) == environments.get(where, count)


@pytest.mark.parametrize(
    ("where", "count"), [("{address: module.a}", 0), ("{module: google/*}", 1), ("{version: v0.19.2*}", 0), ("{version: v0.19.1*}", 1)]
)
def test_where_of_rules_across_modules(where: str, count: int, tmp_path: Path) -> None:
    """module.b has another version than module.a: a finding about module.b."""
    other = module(name="b").replace("v0.19.2", "v0.19.1")
    write(tmp_path, clusters=module(name="a") + other, settings=f"policies:\n- {{id: module-version-mismatch, where: {where}}}\n")
    assert len(run(tmp_path, ["module-version-mismatch"]).findings) == count


def test_brackets_are_part_of_addresses_only(tmp_path: Path) -> None:
    text = "policies:\n- {{id: redundant-override, where: {{{key}: 'module.a[0]'}}}}\n"
    write(tmp_path, clusters=module(), settings=text.format(key="address"))
    assert run(tmp_path, ["redundant-override"]).findings == ()
    write(tmp_path, settings=text.format(key="module"))
    with pytest.raises(ConfigError, match="sets and negations mean nothing here"):
        load_settings(tmp_path)


@pytest.mark.parametrize(("ignorable", "refused"), [("true", True), ("false", False)])
def test_what_is_not_ignorable_stays_so(ignorable: str, refused: bool, tmp_path: Path) -> None:
    text = f"extends: own.yaml\npolicies:\n- {{id: lossy-number, ignorable: {ignorable}}}\n"
    write(tmp_path, settings=text, **{"own.yaml": "policies:\n- id: lossy-number\n  ignorable: false\n"})
    if not refused:
        assert not next(one for one in load_settings(tmp_path).policies if one.id == "lossy-number").ignorable
        return
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert caught.value.message == ".kslint.yaml:3:33: lossy-number is not ignorable, says own.yaml:3"
    assert caught.value.hint == "remove this line"


def test_a_rule_that_sleeps_is_woken_by_a_policy(tmp_path: Path) -> None:
    write(tmp_path, clusters=module())
    assert not [f for f in run(tmp_path).findings if f.rule == "too-many-nodes"]
    with pytest.raises(UsageError, match="the rule too-many-nodes needs parameters"):
        run(tmp_path, ["too-many-nodes"])
    write(tmp_path, settings="policies:\n- {id: too-many-nodes, with: {max: 0}, where: {environment: ops}}\n")
    assert [f.environment for f in run(tmp_path, ["too-many-nodes"]).findings] == ["ops"]


def test_select_and_ignore_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, clusters=module(), settings="select: [redundant-override, lossy-number]\nignore: lossy-number\n")
    assert [policy.id for policy in load_settings(tmp_path).active()] == ["redundant-override"]
    # The command line stands above the file.
    assert [policy.id for policy in load_settings(tmp_path).active(["wrong-type"])] == ["wrong-type"]


def test_globs_mean_nothing_but_stars_and_question_marks() -> None:
    assert fits('module.x["a"]', ['module.x["a"]', "none"])
    assert fits("module.x[0]", ["module.x[*]"])
    assert not fits("module.xa", ["module.x[a]", "module.x."])
    assert fits("anything", [])


@pytest.mark.parametrize("name", list(packs()))
def test_packs_are_in_order(name: str) -> None:
    check_pack(name)


def test_every_pack_says_why_it_is_there() -> None:
    assert {"recommended", "strict", "regulated"} <= set(packs())
    for pack in described_packs():
        if pack.name in ("recommended", "strict", "regulated"):
            assert pack.summary.endswith(".")


def test_the_recommended_pack_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, clusters=module())
    before = run(tmp_path).findings
    write(tmp_path, settings="extends: kslint:recommended\n")
    assert said(run(tmp_path).findings) == said(before)


@pytest.mark.parametrize("rule", [rule for rule in all_rules().values() if rule.parameters], ids=lambda rule: rule.id)
def test_parameters_of_every_rule_can_be_given(rule: Any) -> None:
    for parameter in rule.parameters:
        assert "<class" not in described(annotation(rule.check, parameter))
        try:
            converted(parse_yaml("{}", "page"), annotation(rule.check, parameter))
        except Mismatch:
            continue


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("1", int, 1),
        ("1", float, 1.0),
        ("1.5", float, 1.5),
        ("off", str, "off"),
        ("true", bool, True),
        ("~", int | None, None),
        ("[a, b]", list[str], ["a", "b"]),
        ("[a, b]", tuple[str, ...], ("a", "b")),
        ("[a, 1]", tuple[str, int], ("a", 1)),
        ("[a]", Sequence[str], ("a",)),
        ("{a: 1}", dict[str, int], {"a": 1}),
        ("ahead", Literal["ahead", 2], "ahead"),
        ("[[1], [2]]", list[list[int]], [[1], [2]]),
        ("{a: [1]}", Any, {"a": [1]}),
    ],
)
def test_parameters_are_converted(text: str, kind: Any, expected: Any) -> None:
    assert converted(parse_yaml(text, "page"), kind) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("true", int),
        ("1.5", int),
        ("'1'", int),
        ("1", str),
        ("1", bool),
        ("~", int),
        ("a", list[str]),
        ("[1]", list[str]),
        ("[a]", tuple[str, int]),
        ("[]", dict[str, int]),
        ("behind", Literal["ahead"]),
        ("true", Literal[1]),
        ("a", int | None),
    ],
)
def test_parameters_that_do_not_fit(text: str, kind: Any) -> None:
    with pytest.raises(Mismatch):
        converted(parse_yaml(text, "page"), kind)


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("a: x == 1", 2, (1, 6)),
        ('a: "x == 1"', 2, (1, 7)),
        ("a: |\n  x ==\n    1\n", 7, (3, 5)),
        ("a: 'it''s'", 4, (1, 4)),
        ("a: >\n  x ==\n  1\n", 5, (1, 4)),
    ],
)
def test_places_inside_of_texts(text: str, offset: int, expected: tuple[int, int]) -> None:
    span = parse_yaml(text, "page").items["a"].inside(offset)
    assert (span.line, span.column) == expected


def test_words_of_yaml_1_2_only() -> None:
    found = parse_yaml("[off, no, yes, 2026-01-02, 0x10, 1_000, 010, '1', null, ~]", "page").plain
    assert found == ["off", "no", "yes", "2026-01-02", "0x10", "1_000", 10, "1", None, None]


def test_unused_parts_of_signatures() -> None:
    # What the tests above take for granted about rules.
    assert all(
        parameter.kind is inspect.Parameter.KEYWORD_ONLY
        for rule in all_rules().values()
        for parameter in rule.parameters
    )


def test_errors_of_extended_files_name_those_files(tmp_path: Path) -> None:
    write(
        tmp_path,
        clusters=module(SAME),
        settings="extends: packs/own.yaml\n",
        **{"packs/own.yaml": "policies:\n- id: x\n  rule: y\n"},
    )
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert caught.value.message == "packs/own.yaml:3:9: there is no rule y"


def test_rules_across_modules_show_the_calls_that_lead_there(tmp_path: Path) -> None:
    inner = """variable "configuration" {}

module "gke" {
  source        = "github.com/kbst/terraform-kubestack//google/cluster?ref=master"
  configuration = var.configuration
}
"""
    outer = """module "platform" {
  source = "./platform"
  configuration = {
    apps = { cluster_min_master_version = "1.30" }
    ops  = { cluster_min_master_version = "1.29" }
  }
}
"""
    write(tmp_path, clusters=outer, **{"platform/main.tf": inner})
    (finding,) = run(tmp_path, ["version-skew"]).findings
    assert (finding.address, finding.environment) == ("module.platform.module.gke", "ops")
    assert [(one.span.path, one.message) for one in finding.related][-1] == ("clusters.tf", "called from here")
