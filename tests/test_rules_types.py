"""What has the wrong type, or none in common: rule, places, words and the way out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kubestack_lint.finding import Finding
from kubestack_lint.rule import all_rules
from kubestack_lint.run import lint, load

DIRECT = "common/configuration?ref=v0.19.2-beta.0"
RULES = ("type-conflict", "wrong-type", "workspace-conditional")
PASS = (
    "pass the configuration through a variable of type map(object({ … })), or set the same attributes, "
    "each of one type, in every environment"
)


def found(
    directory: Path, source: str, configuration: str, more: str = "", rules: Sequence[str] = RULES
) -> list[Finding]:
    base = '  base_key = "apps"\n' if source.startswith("common") else "\n"
    text = (
        f'module "m" {{\n  source = "github.com/kbst/terraform-kubestack//{source}"\n{base}'
        f"  configuration = {{\n{configuration}\n  }}\n}}\n{more}"
    )
    (directory / "clusters.tf").write_text(text, "utf-8")
    report = lint(load(directory), [all_rules()[name] for name in rules])
    assert not report.failures
    return list(report.findings)


def told(finding: Finding) -> tuple[object, ...]:
    """Whose it is, where it stands and what stands there, the other places."""
    return (
        finding.environment,
        finding.attribute,
        (finding.span.line, finding.span.text, finding.label),
        [(label.span.line, label.span.text, label.message) for label in finding.related],
    )


# -- type-conflict --------------------------------------------------------------


@pytest.mark.parametrize(
    ("configuration", "expected", "message"),
    [
        (  # null takes the type of its neighbours only if that is a simple one.
            'apps = { zones = null }\nops = { zones = ["a"] }',
            ("apps", ("zones",), (5, "zones", "null"), [(6, "zones", "a list")]),
            'apps.zones is null and ops.zones the list ["a"]',
        ),
        (
            'apps = { zones = "a" }\nops = { zones = null }\nqa = { zones = ["a"] }',
            ("apps", ("zones",), (5, "zones", "a string"), [(7, "zones", "a list")]),
            'apps.zones is the string "a" and qa.zones the list ["a"]',
        ),
        (  # The one that fits least of the others.
            'apps = { a = "x", b = "y" }\nops = { a = ["z"] }\nqa = { b = "w" }',
            ("ops", ("a",), (6, "a", "a list"), [(5, "a", "a string")]),
            'ops.a is the list ["z"] and apps.a the string "x"',
        ),
        (  # The same names: attribute by attribute, and the first is fine.
            'apps = { a = "x", b = [1] }\nops = { a = "y", b = "c" }',
            ("apps", ("b",), (5, "b", "a list"), [(6, "b", "a string")]),
            'apps.b is the list [1] and ops.b the string "c"',
        ),
        (  # A list and a string may stand beside each other as long as the names are the same.
            'apps = { a = "x", b = [1] }\nops = { a = 2, b = { c = 3 } }',
            ("apps", ("b",), (5, "b", "a list"), [(6, "b", "an object")]),
            "apps.b is the list [1] and ops.b the object { c = 3 }",
        ),
        (  # A null beside a text is fine, and hides nothing of what follows.
            'apps = { a = null, b = [1] }\nops = { a = "y", b = "c" }',
            ("apps", ("b",), (5, "b", "a list"), [(6, "b", "a string")]),
            'apps.b is the list [1] and ops.b the string "c"',
        ),
    ],
)
def test_two_values_without_a_common_type(
    configuration: str, expected: tuple[object, ...], message: str, tmp_path: Path
) -> None:
    [finding] = found(tmp_path, DIRECT, configuration)
    assert told(finding) == expected
    assert finding.message == f"{message}: the parts of the configuration have no type in common"
    assert finding.remediation == PASS


def test_environments_of_two_kinds_stand_at_the_whole(tmp_path: Path) -> None:
    [finding] = found(tmp_path, DIRECT, 'apps = { a = "x" }\nops = "x"')
    assert told(finding) == (None, None, (4, "configuration", ""), [])
    assert finding.message == (
        "The parts of the configuration have no type in common: all map elements must have the same type"
    )


def test_elements_of_a_list_without_a_common_type(tmp_path: Path) -> None:
    """A declared list: the path leads to the attribute, the places to the elements."""
    variable = 'variable "c" {\n  type = map(object({ zones = optional(list(any)) }))\n}\n'
    text = (
        f'{variable}module "m" {{\n  source = "./local"\n  configuration = {{\n'
        'apps = { zones = [\n"a",\n["b"]\n] }\n}\n}\n'
    )
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "main.tf").write_text(
        variable.replace('"c"', '"configuration"') + 'module "c" {\n  source = "github.com/kbst/terraform-kubestack//'
        'common/configuration?ref=v0.19.2-beta.0"\n  base_key = "apps"\n  configuration = var.configuration\n}\n'
    )
    (tmp_path / "clusters.tf").write_text(text, "utf-8")
    findings = [f for f in lint(load(tmp_path), [all_rules()["type-conflict"]]).findings if f.address == "module.m"]
    for finding in findings:
        assert (finding.environment, finding.attribute) == ("apps", ("zones",))
        assert finding.remediation == "give all of its elements one type"
        assert [label.span.line for label in finding.related] and finding.span.line in (7, 8)
    assert len(findings) == 1


@pytest.mark.parametrize(
    "configuration",
    [
        'apps = { a = "x", b = [1] }\nops = { a = "y", b = [2] }',
        'apps = { a = null, b = "x" }\nops = { a = "y" }',
        "apps = { a = 1 }\nops = { a = null }",
        'apps = { a = [1] }\nops = { a = ["x"] }',
    ],
)
def test_values_with_a_common_type(configuration: str, tmp_path: Path) -> None:
    assert found(tmp_path, DIRECT, configuration) == []


# -- wrong-type -----------------------------------------------------------------

MASTER, OLD = "google/cluster?ref=master", "google/cluster?ref=v0.19.2-beta.0"
POOL = "default_node_pool = {{ {} }}".format


@pytest.mark.parametrize(
    ("source", "written", "message", "way_out"),
    [
        (MASTER, 'enable_tpu = ""', 'enable_tpu to "", which is no bool', "write false, without quotes"),
        (MASTER, 'enable_tpu = "yes"', 'enable_tpu to "yes", which is no bool', "write true, without quotes"),
        (MASTER, 'enable_tpu = "so"', 'enable_tpu to "so", which is no bool', "write true or false, without quotes"),
        (
            MASTER,
            "enable_tpu = 1",
            "enable_tpu to the number 1, but the module takes a bool",
            "write true, without quotes",
        ),
        (
            MASTER,
            POOL('disk_size_gb = "+1,000GB"'),
            'default_node_pool.disk_size_gb to "+1,000GB", which is no number',
            "write the number alone: 1000",
        ),
        (
            MASTER,
            POOL('disk_size_gb = "big"'),
            'default_node_pool.disk_size_gb to "big", which is no number',
            "write a number, or leave the attribute out",
        ),
        (
            MASTER,
            POOL("disk_size_gb = true"),
            "default_node_pool.disk_size_gb to the bool true, but the module takes a number",
            "write a number",
        ),
        (
            MASTER,
            'cluster_node_locations = "a, b,"',
            'cluster_node_locations to the string "a, b,", but the module takes a list of strings',
            'write ["a", "b"]',
        ),
        (
            MASTER,
            POOL('labels = "k=v,l-m=w"'),
            'default_node_pool.labels to the string "k=v,l-m=w", but the module takes a map of strings',
            'write { k = "v", l-m = "w" }',
        ),
        (
            MASTER,
            POOL('labels = "k=v,l"'),
            'default_node_pool.labels to the string "k=v,l", but the module takes a map of strings',
            "write a map of strings",
        ),
        (
            MASTER,
            POOL('taints = "k=v"'),
            'default_node_pool.taints to the string "k=v", but the module takes a list of objects',
            "write a list of objects",
        ),
        (
            OLD,
            'cluster_node_locations = ["a", "b"]',
            'cluster_node_locations to the list ["a", "b"], but the module takes a string',
            'write one string for google/cluster v0.19.2-beta.0: "a,b"',
        ),
        (
            OLD,
            'cluster_node_locations = ["a", 1]',
            'cluster_node_locations to the list ["a", 1], but the module takes a string',
            "write a string; google/cluster v0.19.2-beta.0 takes nothing else here",
        ),
        (
            OLD,
            "cluster_node_locations = []",
            "cluster_node_locations to the list [], but the module takes a string",
            "delete it; it is empty anyway",
        ),
        (
            OLD,
            'project_id = ["p"]',
            'project_id to the list ["p"], but the module takes a string',
            "write a string; google/cluster v0.19.2-beta.0 takes nothing else here",
        ),
        (
            "azurerm/cluster?ref=v0.19.2-beta.0",
            'additional_metadata_labels = { a = "b", c = "d" }',
            'additional_metadata_labels to the object { a = "b", c = "d" }, but the module takes a string',
            'write one string for azurerm/cluster v0.19.2-beta.0: "a=b,c=d"',
        ),
        (
            "azurerm/cluster?ref=v0.19.2-beta.0",
            "additional_metadata_labels = { a = 1 }",
            "additional_metadata_labels to the object { a = 1 }, but the module takes a string",
            "write a string; azurerm/cluster v0.19.2-beta.0 takes nothing else here",
        ),
        (
            "aws/cluster?ref=v0.19.2-beta.0",
            "default_node_pool = { min_size = 1, unheard = 2 }",
            "default_node_pool to the object { min_size = 1, unheard = 2 }, but the module takes a string",
            "aws/cluster v0.19.2-beta.0 has no default_node_pool; write cluster_min_size instead",
        ),
    ],
)
def test_the_way_out_of_a_wrong_type(source: str, written: str, message: str, way_out: str, tmp_path: Path) -> None:
    [finding] = found(tmp_path, source, f"apps = {{}}\nops = {{ {written} }}")
    assert finding.rule == "wrong-type"
    assert finding.message == f"ops sets {message}"
    assert finding.remediation == way_out
    names = tuple(message.split(" to ")[0].split("."))
    assert told(finding)[:2] == ("ops", names)
    assert (finding.span.line, finding.span.text, finding.related) == (6, names[-1], ())


def test_the_base_shows_how_it_is_written(tmp_path: Path) -> None:
    right, wrong = POOL("min_node_count = 1"), POOL('min_node_count = "one"')
    [finding] = found(tmp_path, MASTER, f"apps = {{ {right} }}\nops = {{ {wrong} }}")
    assert told(finding) == (
        "ops",
        ("default_node_pool", "min_node_count"),
        (6, "min_node_count", "Terraform says only: a number is required"),
        [(5, "min_node_count", "apps writes a number")],
    )
    both = found(tmp_path, MASTER, f"apps = {{ {wrong} }}\nops = {{ {wrong} }}")
    assert [(one.environment, one.related) for one in both] == [("apps", ()), ("ops", ())]
    [alone] = found(tmp_path, MASTER, f"apps = {{ {POOL('min_node_count = null')} }}\nops = {{ {wrong} }}")
    assert alone.related == ()


def test_what_terraform_refuses_is_no_override_without_effect(tmp_path: Path) -> None:
    apps = POOL('machine_type = "e2-medium", min_node_count = 1')
    ops = POOL('min_node_count = ""')
    text = f"apps = {{ {apps} }}\nops = {{ {ops} }}"
    [finding] = found(tmp_path, MASTER, text, rules=(*RULES, "ineffective-override"))
    assert (finding.rule, finding.span.line) == ("wrong-type", 6)
    assert finding.message == 'ops sets default_node_pool.min_node_count to "", which is no number'
    # The same text where a string belongs is passed over by the merge.
    ops = POOL('machine_type = ""')
    text = f"apps = {{ {apps} }}\nops = {{ {ops} }}"
    [finding] = found(tmp_path, MASTER, text, rules=(*RULES, "ineffective-override"))
    assert (finding.rule, finding.span.line) == ("ineffective-override", 6)


def test_an_element_is_shown_by_its_index(tmp_path: Path) -> None:
    configuration = 'apps = { cluster_node_locations = ["a"] }\nops = { cluster_node_locations = ["a", ["b"]] }'
    [finding] = found(tmp_path, MASTER, configuration)
    assert told(finding) == (
        "ops", ("cluster_node_locations",), (6, '["b"]', "a list where a string is wanted"), []
    )  # fmt: skip
    assert finding.message == 'ops sets cluster_node_locations[1] to the list ["b"], but the module takes a string'


@pytest.mark.parametrize(
    ("given", "message", "label", "way_out"),
    [
        (
            '"x"',
            'The configuration is the string "x", but the module takes a map of objects',
            "a string where a map of objects is wanted",
            "write a map of objects",
        ),
        (
            "null",
            "The configuration cannot be used: "
            "Required variable not set: the required variable may not be set to null.",
            "a map of environments is wanted",
            "write configuration = { apps = { … }, ops = { … } }",
        ),
    ],
)
def test_a_configuration_that_is_none(given: str, message: str, label: str, way_out: str, tmp_path: Path) -> None:
    source = "github.com/kbst/terraform-kubestack//google/cluster?ref=master"
    text = f'module "m" {{\n  source = "{source}"\n\n  configuration = {given}\n}}\n'
    (tmp_path / "clusters.tf").write_text(text, "utf-8")
    [finding] = lint(load(tmp_path), [all_rules()["wrong-type"]]).findings
    assert told(finding) == (None, None, (4, "configuration", label), [])
    assert (finding.message, finding.remediation) == (message, way_out)


def test_a_secret_is_not_read_for_the_way_out(tmp_path: Path) -> None:
    variable = 'variable "s" {\n  sensitive = true\n  default   = "yes"\n}\n'
    [finding] = found(tmp_path, MASTER, "apps = { enable_tpu = var.s }", variable)
    assert finding.message == "apps sets enable_tpu to (sensitive), which is no bool"
    assert finding.remediation == "write a bool"


# -- workspace-conditional ------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('terraform.workspace == "apps" ? "europe-west1" : "us-east1"', True),
        ('"${terraform.workspace}.example.com"', False),
        ('terraform.workspace == "apps" ? "x" : "ops"', True),
        # The one that says ops for apps says apps for ops: no copy of the name either way.
        ('terraform.workspace == "apps" ? "ops" : "apps"', True),
        # apps stands in both: whoever exchanges the names the other way gets "ops of ops".
        ('"${terraform.workspace} of apps"', False),
    ],
)
def test_only_the_name_of_the_environment_is_no_difference(value: str, said: bool, tmp_path: Path) -> None:
    findings = found(tmp_path, OLD, f"apps = {{ base_domain = {value} }}\nops = {{}}")
    assert [(one.rule, one.environment, one.span.line) for one in findings] == (
        [("workspace-conditional", "ops", 5)] if said else []
    )
