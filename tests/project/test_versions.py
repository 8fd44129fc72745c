"""Refs that kslint has no data for: what they are read as."""

from __future__ import annotations

import pytest

from kubestack_lint.catalog import resolve_version


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
