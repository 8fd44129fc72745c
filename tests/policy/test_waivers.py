"""Waivers: each silences exactly its own finding, while it holds."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import SAME, TODAY, module, run, write

from kubestack_lint.errors import UsageError
from kubestack_lint.policy.clock import day_of

RULES = [
    "redundant-override",
    "expired-waiver",
    "expiring-waiver",
    "overlong-waiver",
    "unapproved-waiver",
    "unused-waiver",
]
FOUND = "knalapgpoked"


def waiver(
    rule: str = "redundant-override",
    expires: str = "2026-08-31",
    where: str = "{address: module.gke_zero}",
    **others: str,
) -> str:
    lines = {
        "rule": rule,
        "where": where,
        "reason": "because",
        "approved_by": "alice",
        "expires": expires,
        "value": FOUND,
        **others,
    }
    return "\n".join(f"{'- ' if key == 'rule' else '  '}{key}: {text}" for key, text in lines.items() if text) + "\n"


def _left(tmp_path: Path, text: str, ops: str = SAME, today: date = TODAY) -> list[str]:
    write(tmp_path, clusters=module(ops), waivers=f"waivers:\n{text}")
    return sorted(finding.policy for finding in run(tmp_path, RULES, today).findings)


def test_a_waived_finding_stays_in_the_report(tmp_path: Path) -> None:
    assert _left(tmp_path, waiver(ticket="KUB-1")) == []
    (waived,) = run(tmp_path, RULES).waived
    assert (waived.finding.rule, waived.waiver.approved_by, waived.waiver.ticket) == (
        "redundant-override",
        "alice",
        "KUB-1",
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (waiver(expires="2026-06-14"), ["expired-waiver"]),
        (waiver(expires="2026-06-15"), None),
        (waiver(expires="2026-09-13"), None),
        (waiver(expires="2026-09-14"), ["overlong-waiver"]),
        (waiver(approved_by=""), ["unapproved-waiver"]),
        (waiver(value=""), ["unused-waiver"]),
        (waiver(value="aaaaaaaaaaaa"), ["unused-waiver"]),
        (waiver(where="{address: module.other}"), ["unused-waiver"]),
        (waiver(where="{environment: apps}"), ["unused-waiver"]),
        (waiver(where="{attribute: region, environment: ops, module: 'google/*', version: v0.19.*}"), None),
        (waiver(where="{attribute: name_prefix}"), ["unused-waiver"]),
        (waiver(rule="no-such-rule"), ["unused-waiver"]),
    ],
)
def test_what_holds(text: str, found: list[str] | None, tmp_path: Path) -> None:
    left = [name for name in _left(tmp_path, text) if name != "expiring-waiver"]
    assert left == ([] if found is None else sorted([*found, "redundant-override"]))


@pytest.mark.parametrize(
    ("text", "message", "way_out"),
    [
        (waiver(rule="redundant-overide"), "redundant-overide waives nothing: there is no such rule", "Did you mean redundant-override?"),
        (waiver(rule="zzz"), "zzz waives nothing: there is no such rule", "kslint rules lists all rules."),
        (waiver(where="{address: module.other}"), "redundant-override waives nothing: the rule finds nothing there", "Delete the waiver."),
        (waiver(value=""), "redundant-override is bound to no value, so it has no effect", f"Write value: {FOUND}, so that a new value is looked at again."),
        (waiver(value="aaaaaaaaaaaa"), "redundant-override is void: the value it was given for has changed", f"Delete it, or have it approved again for the new value ({FOUND})."),
    ],
)
def test_what_a_waiver_that_waives_nothing_is_told(text: str, message: str, way_out: str, tmp_path: Path) -> None:
    write(tmp_path, clusters=module(), waivers=f"waivers:\n{text}")
    (finding,) = (one for one in run(tmp_path, RULES).findings if one.policy == "unused-waiver")
    assert (finding.message, finding.remediation) == (f"the waiver for {message}", way_out)
    assert (finding.span.path, finding.span.line) == (".kslint-waivers.yaml", 2)


def test_it_warns_ahead(tmp_path: Path) -> None:
    assert _left(tmp_path, waiver(), today=date(2026, 8, 16)) == []
    assert _left(tmp_path, waiver(), today=date(2026, 8, 17)) == ["expiring-waiver"]


def test_a_rule_that_did_not_run_leaves_its_waiver_alone(tmp_path: Path) -> None:
    write(tmp_path, clusters=module(), settings=f"waivers:\n{waiver()}")
    assert run(tmp_path, ["unused-waiver"]).findings == ()


@settings(max_examples=30, deadline=None)
@given(st.integers(-200, 200), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_a_waiver_silences_exactly_its_own_finding_while_it_holds(
    days: int, approved: bool, same_value: bool, same_place: bool, changed: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        text = waiver(
            expires=(TODAY + timedelta(days=days)).isoformat(),
            approved_by="alice" if approved else "",
            value=FOUND if same_value else "aaaaaaaaaaaa",
            where="{address: module.gke_zero}" if same_place else "{address: module.gke_one}",
        )
        region = "europe-north1" if changed else "europe-west1"
        clusters = module().replace("europe-west1", region) + module(name="other").replace("europe-west1", region)
        write(directory, clusters=clusters, waivers=f"waivers:\n{text}")
        report = run(directory, ["redundant-override"])
        holds = 0 <= days <= 90 and approved and same_value and same_place and not changed
        assert [one.finding.address for one in report.waived] == (["module.gke_zero"] if holds else [])
        left = {finding.address for finding in report.findings}
        assert left == ({"module.other"} if holds else {"module.gke_zero", "module.other"})


def test_the_clock() -> None:
    assert day_of("2030-01-02", {"SOURCE_DATE_EPOCH": "0"}) == date(2030, 1, 2)
    assert day_of(None, {"SOURCE_DATE_EPOCH": "86400"}) == date(1970, 1, 2)
    assert day_of(None, {}) >= date(2026, 1, 1)
    for given_day, environment in (("soon", {}), (None, {"SOURCE_DATE_EPOCH": "soon"})):
        with pytest.raises(UsageError):
            day_of(given_day, environment)
