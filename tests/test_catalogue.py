"""Every entry of the tier catalogue holds what it says: each `violates` is found, each `conforms` is not."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from catalogue import TIERS, left_out, shipped

from kubestack_lint.conditions import check_condition
from kubestack_lint.conditions.shapes import all_definitions
from kubestack_lint.policy.instance import Policy
from kubestack_lint.policy.settings import load_settings
from kubestack_lint.rule import Problem, all_rules
from kubestack_lint.run import lint, load

ROOT = Path(__file__).parent.parent
POLICIES = load_settings(ROOT, ROOT / "policies" / "regulated.yaml").active()
ENTRIES = {entry["id"]: entry for entry in shipped()}
_HEADER = re.compile(r"^# (?P<module>[a-z-]+(?:/[a-z-]+)+)(?: (?P<version>\S+))?\n", re.MULTILINE)


def modules(entry: dict[str, Any]) -> list[str]:
    named = entry["where"]["module"]
    return [named] if isinstance(named, str) else list(named)


def found(entry: dict[str, Any], example: str, directory: Path) -> list[Problem]:
    """The problems in one example: a whole configuration, or the configuration of apps alone.

    Of two, the first is that of the cluster which the second belongs to.
    """
    _, *split = _HEADER.split(example)
    parts = list(zip(split[::3], split[1::3], split[2::3], strict=True)) or [(modules(entry)[0], None, example)]
    module, version, _ = parts[-1]
    assert module in modules(entry) and len(parts) <= 2
    assert fnmatchcase(version or "master", entry["where"].get("version", "*"))
    names = ("example",) if len(parts) == 1 else ("cluster", "example")
    text = "".join(call(name, *part) for name, part in zip(names, parts, strict=True))
    (directory / "example.tf").write_text(text, "utf-8")
    loaded = load(directory)
    assert not loaded.project.problems, loaded.project.problems
    for one in loaded.inheritances:
        assert not one.problems and not one.dropped, (one.problems, one.dropped, example)
    inheritance = loaded.inheritances[-1]
    assert inheritance.block.address == "module.example" and (inheritance.cluster is None) == (len(parts) == 1)
    return list(all_rules()["tier-constraint"].check(inheritance, **entry["with"]))


def call(name: str, module: str, version: str | None, body: str) -> str:
    """A module call; every one but the cluster is given it."""
    body = body if body.startswith("apps = {") else f"apps = {{\n{body}\n}}"
    source = f"github.com/kbst/terraform-kubestack//{module}?ref={version or 'master'}"
    given = "" if name == "cluster" else "  cluster = module.cluster.current\n"
    return f'module "{name}" {{\n  source = "{source}"\n{given}  configuration = {{\n{body}\n}}\n}}\n'


@pytest.mark.parametrize("name", list(ENTRIES))
def test_an_entry_holds_both_ways(name: str, tmp_path: Path) -> None:
    entry = ENTRIES[name]
    assert entry["with"]["violates"] and entry["with"]["conforms"]
    for example in entry["with"]["violates"]:
        problems = found(entry, example, tmp_path)
        assert problems and not any(problem.unknown for problem in problems), f"not found:\n{example}\n{problems}"
    for example in entry["with"]["conforms"]:
        assert not found(entry, example, tmp_path), f"found:\n{example}"


@pytest.mark.parametrize("name", list(ENTRIES))
def test_an_entry_asks_only_for_what_its_modules_have(name: str) -> None:
    entry = ENTRIES[name]
    about = [item for item in all_definitions() if item.path in modules(entry)]
    assert {item.path for item in about} == set(modules(entry))
    for key in ("when", "require"):
        problems = [(p.message, p.start) for p in check_condition(entry["with"][key], about)]
        assert not problems, problems


def test_what_rests_on_recollection_is_an_info() -> None:
    for entry in ENTRIES.values():
        if entry["with"]["confidence"] == "recollection":
            assert entry["severity"] == "info", entry["id"]


def test_ids_belong_to_their_file_and_occur_once() -> None:
    names = [entry["id"] for entry in shipped()] + [row["id"] for row in left_out()]
    assert len(names) == len(set(names))
    assert all(entry["rule"] == "tier-constraint" for entry in shipped())
    for path in sorted(TIERS.glob("*.yaml")):
        written = re.findall(r"^  - id: (\S+)$", path.read_text("utf-8"), re.MULTILINE)
        assert written
        assert path.name == "left-out.yaml" or all(name.startswith(f"{path.stem}-") for name in written)


# These compare an environment with its base; that the difference also breaks a constraint is another mistake.
COMPARISONS = {"tier-mismatch", "larger-than-base", "region-mismatch"}


@pytest.mark.parametrize("name", list(ENTRIES))
def test_an_entry_does_not_repeat_what_a_rule_says(name: str, tmp_path: Path) -> None:
    entry = ENTRIES[name]
    tier = Policy(name, all_rules()["tier-constraint"], parameters=entry["with"])
    for example in entry["with"]["violates"]:
        found(entry, example, tmp_path)
        findings = lint(load(tmp_path), [*POLICIES, tier]).findings
        about = {(one.environment, one.attribute) for one in findings if one.policy == name}
        twice = [one for one in findings if one.policy != name and (one.environment, one.attribute) in about]
        assert {one.policy for one in twice} <= COMPARISONS, f"two findings for one mistake:\n{example}\n{twice}"


def test_what_is_left_out_says_why() -> None:
    for row in left_out():
        assert row["reason"] and row["title"]
        for rule in re.findall(r"rules? ([a-z-]+-[a-z-]+)", row["reason"]):
            assert rule in all_rules(), rule
