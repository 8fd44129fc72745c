"""Policies about names that nothing has: said where all is known, and never otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from repository import TODAY, module, run, said, write

from kubestack_lint.cli import run as kslint
from kubestack_lint.conditions.expression import compared_environments
from kubestack_lint.policy.aside import aside_for
from kubestack_lint.policy.settings import load_settings
from kubestack_lint.run import lint, load

OPSS = "policies:\n- id: own\n  rule: too-many-nodes\n  with: {max: 30}\n  where: {environment: opss}\n"


def found(directory: Path) -> list[tuple[str, str]]:
    findings = [one for one in run(directory, ["idle-policy", "own"]).findings if one.policy == "idle-policy"]
    return [(f"{one.span!r} {one.message}", one.remediation) for one in findings]


def test_a_misspelt_environment_is_said_with_what_it_is_close_to(tmp_path: Path) -> None:
    write(tmp_path, clusters=module(), settings=OPSS)
    message = ".kslint.yaml:2:7 the policy own is about the environment opss, which no module has"
    assert found(tmp_path) == [(message, "Did you mean ops?")]
    # It is a hint: the gate stays open, and the baseline knows it.
    assert kslint(["lint", str(tmp_path), "--select", "idle-policy,own"]) == 0
    assert kslint(["baseline", str(tmp_path)]) == 0
    assert found(tmp_path) == []


def test_another_word_has_its_own_way_out(tmp_path: Path) -> None:
    write(tmp_path, clusters=module(), settings=OPSS.replace("opss", "[staging, testing]"))
    message = ".kslint.yaml:2:7 the policy own is about the environments staging and testing, which no module has"
    way_out = "Write a name that there is, or name it in environments: order: if it is still to come."
    assert found(tmp_path) == [(message, way_out)]


@pytest.mark.parametrize(
    ("address", "idle"),
    [("module.gke_zeroo", True), ("module.gke_zero", False), ("module.aks", False), ("[module.x, module.gke_zero]", False)],
)
def test_addresses(address: str, idle: bool, tmp_path: Path) -> None:
    # A call that kslint cannot read is there all the same.
    other = 'module "aks" {\n  source = "./somewhere"\n}\n'
    text = OPSS.replace("{environment: opss}", f"{{address: {address}}}")
    write(tmp_path, clusters=module() + other, settings=text, **{"somewhere/main.tf": ""})
    message = f".kslint.yaml:2:7 the policy own is about the module {address}, which is not there"
    assert found(tmp_path) == ([(message, "Did you mean module.gke_zero?")] if idle else [])


def test_only_where_all_of_it_is_linted(tmp_path: Path) -> None:
    write(tmp_path, settings=OPSS, **{"a/clusters.tf": module(), "b/clusters.tf": module().replace("ops ", "opss ")})
    assert found(tmp_path) == []
    assert found(tmp_path / "a") == []
    file = tmp_path / "a" / "clusters.tf"
    settings = load_settings(file)
    report = lint(load(file), settings.active(["idle-policy", "own"]), aside_for(settings, file, TODAY))
    assert said(report.findings) == []
    (tmp_path / "b" / "clusters.tf").unlink()
    assert len(found(tmp_path)) == 1


@pytest.mark.parametrize(
    "more",
    [
        'module "gke_one" {',
        module(name="gke_one").replace("  configuration = {\n", "  configuration = merge(random_id.x, {\n").replace("\n  }\n}", "\n  })\n}"),
    ],
    ids=["no-configuration", "unknown-map"],
)
def test_only_where_all_environments_are_known(more: str, tmp_path: Path) -> None:
    write(tmp_path, clusters=module(), settings=OPSS, **{"more.tf": more})
    settings = load_settings(tmp_path)
    report = lint(load(tmp_path), settings.active(["idle-policy", "own"]), aside_for(settings, tmp_path, TODAY))
    assert said(report.findings) == []


def test_an_expected_environment_may_come_later(tmp_path: Path) -> None:
    for more in ("{order: [opss, apps]}", "{base: opss}"):
        write(tmp_path, clusters=module(), settings=f"environments: {more}\n{OPSS}")
        assert found(tmp_path) == []
    # A role says what is meant, not what there is.
    text = OPSS.replace("opss", "'role:small'")
    write(tmp_path, settings=f"environments: {{roles: {{small: opss}}}}\n{text}")
    assert len(found(tmp_path)) == 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('environment == "a" || "b" != base_environment', ("a", "b")),
        ('contains(["a", "b"], environment) && contains(["x"], config.region)', ("a", "b")),
        ('config.region == "x" && environment == base_environment', ()),
        ('alltrue([for name, one in environments : name == "x" || environment == "c"])', ("c",)),
        ('environment == "${"a"}-b"', ()),
    ],
)
def test_names_that_an_environment_is_compared_with(text: str, names: tuple[str, ...]) -> None:
    assert compared_environments(text) == names


def test_names_in_conditions(tmp_path: Path) -> None:
    text = "policies:\n- id: own\n  rule: condition\n  with:\n    when: environment == \"opss\"\n    require: contains(['stage'], environment)\n"
    write(tmp_path, clusters=module(), settings=text.replace("['stage']", '["stage"]'))
    assert [message.partition(" is about ")[2] for message, _ in found(tmp_path)] == [
        "the environments opss and stage, which no module has"
    ]
    write(tmp_path, settings=text.replace("['stage']", '["stage", "ops"]'))
    assert found(tmp_path) == []
