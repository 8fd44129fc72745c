"""What is known about every module at every version: recorded facts plus versions read later."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

BRANCHES = {"master": "master"}

_VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)(?:-(alpha|beta|rc)\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Facts:
    """Modules by path and version, with all that was verified by hand."""

    versions: tuple[str, ...]
    merge: dict[str, str]
    modules: dict[str, dict[str, Json]]
    requirements: dict[str, Json]
    renames: list[Json]
    catalog: Json


def release_order(version: str) -> tuple[bool, int, int, int, str, int]:
    """Sort key of tags; branches come after every tag, a release after its candidates."""
    if version in BRANCHES:
        return True, 0, 0, 0, "", 0
    match = _VERSION.fullmatch(version)
    if match is None:
        raise ValueError(f"{version} is not a version such as v0.19.2-beta.0")
    major, minor, patch, stage, number = match.groups()
    return False, int(major), int(minor), int(patch), stage or "release", int(number or 0)


def load(recorded: Path) -> Facts:
    """Facts of `modules.json`, `renames.json` beside it and every version under `read/`."""
    data: Json = read_json(recorded)
    merge = {tag: logic for logic, entry in data["logic_by_id"].items() for tag in entry["tags"]}
    modules = {path: _by_version(module) for path, module in data["modules"].items()}
    facts = Facts(
        versions=tuple(sorted(merge, key=release_order)),
        merge=merge,
        modules=modules,
        requirements=data["effective_required_on_master"],
        renames=read_json(recorded.with_name("renames.json")),
        catalog=data["catalog_module"],
    )
    for path in sorted((recorded.parent / "read").glob("*.json")):
        facts = with_version(facts, read_json(path))
    return facts


def with_version(facts: Facts, read: Json) -> Facts:
    """Facts in which the version of `read` says what was read, and nothing else."""
    version = read["version"]
    merge = {**facts.merge, version: read["merge"]}
    paths = sorted({*facts.modules, *read["modules"]}, key=_known_first(facts))
    modules = {path: dict(facts.modules.get(path, {})) for path in paths}
    for path, by_version in modules.items():
        by_version.pop(version, None)
        if path in read["modules"]:
            by_version[version] = read["modules"][path]
    versions = tuple(sorted(merge, key=release_order))
    return replace(facts, versions=versions, merge=merge, modules=modules)


def read_json(path: Path) -> Any:
    """The content of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def _by_version(module: Json) -> dict[str, Json]:
    return {tag: variant for variant in module["variants"] for tag in variant["tags"]}


def _known_first(facts: Facts) -> Any:
    order = {path: number for number, path in enumerate(facts.modules)}
    return lambda path: (order.get(path, len(order)), path)
