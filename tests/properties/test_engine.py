"""Laws of the engine that need no Terraform: about differences, definitions and order."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from kubestack_lint import lint, load
from kubestack_lint.differences import Difference, Kind, differences
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.values.convert import convert, convert_all
from kubestack_lint.values.types import DYNAMIC, Collection, ObjectType, Type
from kubestack_lint.values.value import Unknown, Value, find, identity, plain, unknown_in
from tests.oracle.configurations import Case, Mapping, Node, render
from tests.properties.blocks import between, block, generated, read, repeats, resolved, without

ROOT = Path(__file__).parent.parent.parent
COUNT = int(os.environ.get("KSLINT_PROPERTY_EXAMPLES", "400"))
Pair = tuple[Case, Inheritance]


@cache
def population(typed: bool = False) -> tuple[Pair, ...]:
    """Blocks that Terraform accepts, with their cases."""
    cases = generated(f"population {typed}", COUNT, typed)
    with TemporaryDirectory() as folder:
        pairs = zip(cases, resolved(cases, Path(folder)), strict=True)
        return tuple((item, found) for item, found in pairs if not found.errors)


def shown(difference: Difference) -> tuple[Any, ...]:
    """A difference without its places."""
    sides = [None if side is None else plain(side.value) for side in (difference.inherited, difference.own)]
    return difference.block.address, difference.environment, difference.path, difference.kind, str(sides)


def demanded(kind: Type, path: tuple[str, ...]) -> bool:
    """True for an attribute that its object type insists on, even where it says nothing new."""
    above = inside(kind, path[:-1])
    return isinstance(above, ObjectType) and path[-1] in above.attributes and path[-1] not in above.optional


def same_data(left: Value, right: Value) -> bool:
    """Equal apart from map or object, list or tuple."""
    return json.dumps(plain(left), sort_keys=True) == json.dumps(plain(right), sort_keys=True)


def known(inheritance: Inheritance) -> bool:
    """True when nothing in a block is unknown."""
    return all(unknown_in(effective.value) is None for effective in inheritance.environments.values())


# -- differences ----------------------------------------------------------


def test_population_is_worth_it() -> None:
    found = population()
    assert len(found) > COUNT // 2
    kinds = {d.kind for _, i in found for name in i.others for d in differences(i, name)}
    wanted = {Kind.CHANGED, Kind.ADDED, Kind.LOST, Kind.UNKNOWN, Kind.REDUNDANT, Kind.INEFFECTIVE, Kind.DROPPED}
    assert wanted <= kinds


def with_environment(item: Case, name: str, content: Node) -> Case:
    assert isinstance(item.configuration, Mapping)
    return replace(item, configuration=Mapping((*item.configuration.items, (f"{name} =", content))))


def base_node(item: Case, base: str) -> Node:
    assert isinstance(item.configuration, Mapping)
    return [node for key, node in item.configuration.items if key.strip('()"=: ') == base][-1]


@pytest.mark.parametrize("content", ["nothing", "the base again"])
def test_environment_like_the_base_has_no_differences(content: str, tmp_path: Path) -> None:
    cases: list[Case] = []
    for item, inheritance in population():
        if inheritance.block.definition.merge in ("L0", "L1") or not known(inheritance):
            continue
        node = Mapping(()) if content == "nothing" else base_node(item, inheritance.base or "")
        cases.append(with_environment(item, "zz", node))
    count = 0
    for item, inheritance in zip(cases, resolved(cases, tmp_path), strict=True):
        if not inheritance.errors:
            # `{}` beside other types may turn all values of map(any) into strings, or be refused.
            assert between(inheritance, "zz") == (), item
            count += 1
    assert count > COUNT // 3


def test_the_base_has_no_differences() -> None:
    for _, inheritance in population():
        for name in inheritance.environments:
            if name == inheritance.block.base_of(name):
                assert differences(inheritance, name) == ()


def test_replaying_differences_on_the_base() -> None:
    """The base's settings, changed by the effective differences, are the environment's settings."""
    for item, inheritance in population():
        for name in inheritance.others:
            base = inheritance.environments.get(inheritance.block.base_of(name) or "")
            own = inheritance.environments[name]
            if base is None or isinstance(own.value.data, Unknown) or isinstance(base.value.data, Unknown):
                continue
            replayed = {setting.path: setting.value for setting in base.settings}
            for found in between(inheritance, name):
                if found.kind is Kind.LOST:
                    del replayed[found.path]
                else:
                    assert found.own is not None
                    replayed[found.path] = found.own.value
            expected = {setting.path: setting.value for setting in own.settings}
            assert _solid(replayed, expected) == _solid(expected, replayed), (str(item), name)


def _solid(settings: dict[tuple[str, ...], Value], other: dict[tuple[str, ...], Value]) -> dict[Any, Any]:
    """Settings that say something: null and empty maps are as good as absent, unknowns hide what is below."""
    hidden = [path for table in (settings, other) for path, value in table.items() if isinstance(value.data, Unknown)]
    return {
        path: identity(value)
        for path, value in settings.items()
        if not value.is_null and value.data != {} and not any(path[: len(above)] == above for above in hidden)
    }


def test_lines_without_effect_can_go(tmp_path: Path) -> None:
    """Deleting what is redundant, ineffective or dropped changes no value; only types under map(any) may."""
    shorter: list[Case] = []
    before: list[tuple[Inheritance, Difference]] = []
    for item, inheritance in population(typed=True):
        for name in inheritance.others:
            for found in differences(inheritance, name):
                if not found.kind.effective and not demanded(inheritance.block.definition.element, found.path):
                    path = (name, *found.path)
                    shorter.append(replace(item, configuration=without(item.configuration, path)))
                    before.append((inheritance, found))
    assert len(shorter) > COUNT // 4
    for item, after, (inheritance, found) in zip(shorter, resolved(shorter, tmp_path), before, strict=True):
        reason = f"{found.kind} {found.environment}.{found.dotted} in\n{item}"
        assert not after.errors, reason
        for name, effective in inheritance.environments.items():
            assert same_data(after.environments[name].value, effective.value), reason


def test_differences_stand_in_their_environment() -> None:
    """What an environment is said to write, it writes: the place lies between its braces."""
    for item, inheritance in population():
        for name in inheritance.others:
            within = inheritance.raw[name].span
            assert within is not None
            for found in differences(inheritance, name):
                if found.kind not in (Kind.COMPUTED, Kind.LOST, Kind.UNKNOWN):
                    assert found.own is not None
                    assert within.start <= found.own.place.start < found.own.place.end <= within.end, (item, found.path)


# -- settings -------------------------------------------------------------


def inside(kind: Type, path: tuple[str, ...]) -> Type | None:
    """The declared type at a path of attribute names; None where the path leaves it."""
    for name in path:
        if isinstance(kind, ObjectType):
            if name not in kind.attributes:
                return None
            kind = kind.attributes[name]
        elif isinstance(kind, Collection) and kind.kind == "map":
            kind = kind.element
        else:
            return None
    return kind


def test_every_setting_is_its_first_definition_converted() -> None:
    count = 0
    for item, inheritance in population(typed=True):
        for effective in inheritance.environments.values():
            for setting in effective.settings:
                assert setting.definitions, (str(item), setting.path)
                assert len({d.environment for d in setting.definitions}) == len(setting.definitions)
                kind = inside(inheritance.block.definition.element, setting.path)
                if kind is None or unknown_in(setting.value) is not None:
                    continue
                winner = setting.definitions[0].value
                assert same_data(convert(winner, kind), setting.value), (str(item), setting.path)
                count += 1
    assert count > COUNT


def test_definitions_are_all_candidates() -> None:
    """Winner first, then every other one of the two environments that writes the setting."""
    both = 0
    for item, inheritance in population():
        for name, effective in inheritance.environments.items():
            base = inheritance.block.base_of(name) or ""
            for setting in effective.settings:
                writers = {e for e in (name, base) if find(inheritance.raw[e], setting.path) is not None}
                found = [definition.environment for definition in setting.definitions]
                assert writers <= set(found) <= {name, base}, (str(item), name, setting.path)
                assert setting.inherited == (found[0] != name)
                both += len(found) == 2
    assert both > COUNT // 2


def test_places_of_settings_are_in_the_block() -> None:
    for item, inheritance in population():
        text = inheritance.block.span.source.text
        start = inheritance.block.span.start
        end = text.index("\n}\n", start)
        for effective in inheritance.environments.values():
            for setting in effective.settings:
                assert start <= setting.place.start <= setting.place.end <= end, (str(item), setting.path)


def test_converting_twice_changes_nothing() -> None:
    for item, inheritance in population(typed=True):
        kind = inheritance.block.definition.type
        for configuration in inheritance.block.configurations.values():
            once = convert_all(configuration, kind).value
            again = convert_all(once, kind)
            assert not again.problems and not again.dropped, item
            if not kind.is_dynamic:
                assert identity(again.value) == identity(once), item


def test_unknown_in_the_base_never_turns_a_value_over(tmp_path: Path) -> None:
    """With one value of the base unknown, every setting keeps its value or becomes unknown."""
    changed: list[Case] = []
    before: list[Inheritance] = []
    for item, inheritance in population(typed=True):
        mapping = base_node(item, inheritance.base or "")
        if known(inheritance) and isinstance(mapping, Mapping) and mapping.items:
            key, _ = mapping.items[-1]
            changed.append(replace(item, configuration=_replaced(item.configuration, inheritance.base or "", key)))
            before.append(inheritance)
    for item, after, known_one in zip(changed, resolved(changed, tmp_path), before, strict=True):
        for name, effective in known_one.environments.items():
            if name == known_one.base or after.errors:
                continue
            for setting in effective.settings:
                if not setting.inherited:
                    now = after.setting(name, setting.path)
                    assert now is None or not now.value.is_known or identity(now.value) == identity(setting.value), item


def _replaced(node: Node, environment: str, key: str) -> Node:
    from tests.oracle.configurations import UNKNOWN, Leaf

    assert isinstance(node, Mapping)
    items: list[tuple[str, Node]] = []
    for name, item in node.items:
        if name.strip('()"=: ') == environment and isinstance(item, Mapping):
            item = Mapping(tuple((k, Leaf(UNKNOWN) if k == key else v) for k, v in item.items))
        items.append((name, item))
    return Mapping(tuple(items))


# -- order and surroundings -----------------------------------------------


# Findings about a whole project stand at its first module, and so name it; what
# lost-inherited-keys says of a map keeps the map's own order.
FIRST = frozenset({"moving-version", "lost-inherited-keys"})


def report(directory: Path) -> tuple[list[Any], list[Any]]:
    """Differences and findings without places, sorted.

    Messages name environments and other modules in the order they are written
    in, so the identity that baselines rest on stands for them.
    """
    loaded = load(directory)
    result = lint(loaded)
    assert not result.failures, result.failures
    findings = [
        (f.rule, f.severity)
        if f.rule in FIRST
        else (f.rule, f.severity, f.fingerprint, f.address, f.environment, f.attribute)
        for f in result.findings
    ]
    return sorted(map(shown, loaded.differences)), sorted(findings, key=repr)


def shuffled(node: Node, rng: Random) -> Node:
    if isinstance(node, Mapping):
        items = [(key, shuffled(item, rng)) for key, item in node.items]
        rng.shuffle(items)
        return Mapping(tuple(items))
    return node


def ordered_cases() -> list[Case]:
    """Cases without repeated keys, whose order has a meaning."""
    return [item for item, _ in population() if not repeats(item.configuration)][:150]


def test_order_of_environments_and_attributes(tmp_path: Path) -> None:
    cases = ordered_cases()
    rng = Random("order")
    mixed = [replace(item, configuration=shuffled(item.configuration, rng)) for item in cases]
    read(cases, tmp_path / "a")
    read(mixed, tmp_path / "b")
    assert report(tmp_path / "a") == report(tmp_path / "b")


def test_order_of_blocks_and_files(tmp_path: Path) -> None:
    from tests.oracle.terraform import RESOURCES

    cases = ordered_cases()
    read(cases, tmp_path / "one")
    blocks = [block(index, item) for index, item in enumerate(cases)]
    Random("blocks").shuffle(blocks)
    many = tmp_path / "many"
    many.mkdir()
    for index in range(5):
        (many / f"f{index}.tf").write_text("".join(blocks[index::5]), encoding="utf-8")
    (many / "zz.tf").write_text(RESOURCES, encoding="utf-8")
    assert report(tmp_path / "one") == report(many)


def test_line_endings_and_comments(tmp_path: Path) -> None:
    cases = ordered_cases()[:60]
    read(cases, tmp_path / "lf")
    text = (tmp_path / "lf/main.tf").read_text(encoding="utf-8")
    for name, changed in {
        "crlf": text.replace("\n", "\r\n"),
        "bom": "\ufeff" + text,
        "comments": text.replace("{ ", "{ /* } */ ").replace("\n", " # {\n"),
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_bytes(changed.encode())
        assert report(tmp_path / name) == report(tmp_path / "lf"), name


def outputs(directory: Path) -> Iterator[bytes]:
    """What the commands print, in surroundings that must not matter."""
    surroundings = [("0", "C", directory), ("4242", "C.UTF-8", ROOT)]
    for seed, locale, folder in surroundings:
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "LC_ALL": locale,
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "100",
        }
        shown = os.path.relpath(directory, folder)
        for command in (["lint", "--format", "json"], ["lint"], ["diff"], ["show"]):
            run = subprocess.run(
                [sys.executable, "-m", "kubestack_lint", *command, shown],
                cwd=folder,
                env=environment,
                capture_output=True,
                check=False,
            )
            assert b"Traceback" not in run.stderr, run.stderr.decode()
            yield run.stdout


def test_surroundings_do_not_matter(tmp_path: Path) -> None:
    read(ordered_cases()[:25], tmp_path / "repository")
    found = list(outputs(tmp_path / "repository"))
    assert all(found)
    assert found[:4] == found[4:]


def test_render_and_name_agree() -> None:
    assert render(
        without(Mapping((('("a") :', Mapping(())), ("b =", Mapping((("a =", Mapping(())),))))), ("b", "a"))
    ) == ('{ ("a") : {  }, b = {  } }')
    assert DYNAMIC.is_dynamic
