"""Laws of changes between two states of one repository, on generated blocks."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from kubestack_lint.changes import Change, Changes, ChangeSide, changes
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.reporters.changes_json import changes_json
from kubestack_lint.run import load
from kubestack_lint.values.value import identity
from tests.oracle.configurations import Case, Mapping, render
from tests.oracle.terraform import RESOURCES
from tests.properties.blocks import generated, resolved

COUNT = 200
MIRRORED = {"added": "removed", "removed": "added", "changed": "changed"}


@cache
def sides() -> tuple[tuple[Inheritance, ...], tuple[Inheritance, ...]]:
    """Blocks, and the same with other contents: each has, under its address, what another one of its module had."""
    cases = generated("changes", COUNT)
    others = list(cases)
    rng = Random("changes")
    for number, case in enumerate(cases):
        alike = [other for other in cases if other.module == case.module]
        others[number] = rng.choice(alike)
    with TemporaryDirectory() as folder:
        before = resolved(cases, Path(folder, "before"))
        after = resolved(others, Path(folder, "after"))
    # Some have no counterpart.
    return tuple(before[10:]), tuple(after[:-10])


def side(found: ChangeSide | None) -> Any:
    return None if found is None else (str(identity(found.value)), repr(found.place), found.environment)


def told(change: Change) -> tuple[Any, ...]:
    return change.block.address, change.environment, change.path, str(change.kind), side(change.before), side(change.after)


def test_there_is_something_to_look_at() -> None:
    found = changes(*sides())
    assert len(found.settings) > COUNT
    assert {str(change.kind) for change in found.settings} == set(MIRRORED)
    assert {change.inherited for change in found.settings} == {True, False}
    assert {"added", "removed", "refused"} <= {str(module.kind) for module in found.modules}


def test_nothing_changes_from_a_state_to_itself() -> None:
    for state in sides():
        assert changes(state, state) == Changes()


def test_backwards_is_the_mirror_image() -> None:
    before, after = sides()
    forth, back = changes(before, after), changes(after, before)
    mirrored = [
        (address, environment, path, MIRRORED[kind], new, old)
        for address, environment, path, kind, old, new in map(told, back.settings)
    ]
    assert sorted(mirrored, key=str) == sorted(map(told, forth.settings), key=str)
    assert sorted(c.inherited for c in back.settings) == sorted(c.inherited for c in forth.settings)
    names = {"added": "removed", "removed": "added"}
    assert sorted((m.block.address, names.get(m.kind, str(m.kind))) for m in back.modules) == sorted(
        (m.block.address, str(m.kind)) for m in forth.modules
    )


def test_each_setting_is_told_once_and_only_where_it_differs() -> None:
    found = changes(*sides())
    keys = [(change.block.address, change.environment, change.path) for change in found.settings]
    assert len(set(keys)) == len(keys)
    for change in found.settings:
        assert change.before is not None or change.after is not None
        assert side(change.before) != side(change.after)


def test_the_order_of_blocks_changes_nothing() -> None:
    before, after = sides()
    shuffled = list(before)
    Random("order").shuffle(shuffled)
    assert sorted(map(told, changes(shuffled, after).settings), key=str) == sorted(
        map(told, changes(before, after).settings), key=str
    )


def _moved(cases: list[Case], directory: Path, literal: bool) -> tuple[Inheritance, ...]:
    """The cases with their configurations written where they are used, or in locals of another file."""
    directory.mkdir()
    calls, held = RESOURCES, "locals {\n"
    for number, case in enumerate(cases):
        text = render(case.configuration)
        base = "" if case.base is None else f"  {case.module.base_argument} = {case.base}\n"
        held += f"  c{number} = {text}\n"
        given = text if literal else f"local.c{number}"
        calls += f'\nmodule "c{number}" {{\n  source = "{case.module.source}"\n{base}  configuration = {given}\n}}\n'
    (directory / "main.tf").write_text(calls, "utf-8")
    (directory / "locals.tf").write_text("" if literal else held + "}\n", "utf-8")
    return load(directory).inheritances


def test_a_refactoring_from_literals_to_locals_changes_nothing(tmp_path: Path) -> None:
    cases = [case for case in generated("refactoring", COUNT) if isinstance(case.configuration, Mapping)]
    before = _moved(cases, tmp_path / "before", True)
    after = _moved(cases, tmp_path / "after", False)
    assert len(before) == len(after) > COUNT // 2
    assert changes(before, after) == Changes()


def test_a_renamed_block_is_the_same_block() -> None:
    _, after = sides()
    renamed = [
        replace(one, block=replace(one.block, address=f"{one.block.address}_renamed", root="elsewhere")) for one in after
    ]
    found = changes(after, renamed)
    assert found.settings == ()
    assert {str(module.kind) for module in found.modules} == {"renamed"}
    assert len(found.modules) == len(after)


def test_documents_are_the_same_bytes_twice() -> None:
    before, after = sides()
    text = changes_json(changes(before, after), "a", "b")
    assert text == changes_json(changes(before, after), "a", "b")
    assert json.loads(text)["format"] == "kslint-changes/1"
