"""Refs that kslint has no data for: what they are read as."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubestack_lint import load
from kubestack_lint.catalog import resolve_version
from kubestack_lint.finding import Severity
from kubestack_lint.project.load import LoadOptions
from kubestack_lint.run import lint
from tests.project.library import GKE, RELEASE, read


@pytest.mark.parametrize(
    ("ref", "name", "note"),
    [
        ("v0.20.0-beta.0", "master", "is newer than every version that kslint knows; read as master"),
        ("v1.0.0", "master", "is newer than every version that kslint knows; read as master"),
        ("v0.19.3-beta.0", "v0.19.2-beta.0", "is no version that kslint knows; read as v0.19.2-beta.0"),
        ("v0.12.9-beta.0", "v0.19.2-beta.0", "is no version that kslint knows; read as v0.19.2-beta.0"),
        ("our-branch", "v0.19.2-beta.0", "is no version that kslint knows; read as v0.19.2-beta.0"),
        ("v" + "9" * 5000 + ".0.0", "v0.19.2-beta.0", "is no version that kslint knows; read as v0.19.2-beta.0"),
    ],
)
def test_what_an_unknown_ref_is_read_as(ref: str, name: str, note: str) -> None:
    found = resolve_version(ref)
    assert (found.name, found.note) == (name, f'"{ref}" {note}')
    assert resolve_version(ref, "v0.12.2-beta.0").name == "v0.12.2-beta.0"


def test_types_of_a_supposed_version_are_no_errors(tmp_path: Path) -> None:
    """A list where the newest release takes a string may be just right for the version that is pinned."""
    text = 'module "gke" {\n  source = "%s"\n  configuration = { apps = { cluster_node_locations = ["a"] }, ops = {} }\n}\n'
    read(tmp_path, {"main.tf": text % GKE.replace(RELEASE, "our-branch")})
    [finding] = [f for f in lint(load(tmp_path)).findings if f.rule == "wrong-type"]
    assert (finding.unknown, finding.severity) == (True, Severity.INFO)
    assert finding.remediation.endswith(
        'or name the right version with --kubestack-version ("our-branch" is no version that kslint knows; '
        f"read as {RELEASE})"
    )
    loaded = load(tmp_path, LoadOptions(assumed_version="master"))
    assert not [f for f in lint(loaded).findings if f.rule == "wrong-type"]
