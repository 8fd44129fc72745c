"""Facts → the JSON documents of schemas/kubestack."""

from __future__ import annotations

import json
from typing import Any

from kubestack_schemas.facts import BRANCHES, Facts, Json
from kubestack_schemas.requirements import requirements
from kubestack_schemas.types import Spec, configuration_type, flatten, type_text

_WIDTH = 100

_COPIED = ("never_read", "format", "passed_to")


def documents(facts: Facts) -> dict[str, Json]:
    """Every file of schemas/kubestack by name."""
    files = {file_name(module): _module(facts, module) for module in facts.modules}
    return {**files, file_name("catalog"): _catalog(facts.catalog), "index.json": _index(facts)}


def file_name(module: str) -> str:
    """`google/cluster/node-pool` → `google-cluster-node-pool.json`."""
    return module.replace("/", "-") + ".json"


def text(document: Json) -> str:
    """The bytes of a document: attributes and renames one to a line, so that diffs read well."""
    return "\n".join(_lines(document)) + "\n"


def _lines(value: Any, depth: int = 0) -> list[str]:
    flat = json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict) and not _fits(value, flat, depth):
        pairs = [(f"{json.dumps(key)}: ", item) for key, item in value.items()]
        return ["{", *_indented(pairs, depth), "}"]
    if isinstance(value, list) and len(flat) + 2 * depth > _WIDTH:
        if all(isinstance(item, str) for item in value):
            return ["[", *_packed(value, depth), "]"]
        return ["[", *_indented([("", item) for item in value], depth), "]"]
    return [flat]


def _fits(value: Json, flat: str, depth: int) -> bool:
    leaf = "type" in value or "from" in value
    return leaf or len(flat) + 2 * depth <= _WIDTH


def _indented(pairs: list[tuple[str, Any]], depth: int) -> list[str]:
    lines: list[str] = []
    for number, (key, item) in enumerate(pairs, start=1):
        first, *rest = _lines(item, depth + 1)
        lines += ["  " + line for line in (key + first, *rest)]
        lines[-1] += "," if number < len(pairs) else ""
    return lines


def _packed(items: list[str], depth: int) -> list[str]:
    """As many strings to a line as fit."""
    lines = [""]
    for item in (f"{json.dumps(item)}, " for item in items):
        if lines[-1] and len(lines[-1]) + len(item) + 2 * depth > _WIDTH:
            lines.append("")
        lines[-1] += item
    return ["  " + line.rstrip() for line in (*lines[:-1], lines[-1].removesuffix(", "))]


def _index(facts: Facts) -> Json:
    released = [version for version in facts.versions if version not in BRANCHES]
    return {
        "$schema": "../kubestack-index.schema.json",
        "tags": released,
        "newest_release": released[-1],
        "branches": BRANCHES,
        "merge": {version: facts.merge[version] for version in facts.versions},
        "modules": {module: file_name(module) for module in facts.modules},
        "catalog": {"merge": facts.catalog["logic"], "file": file_name("catalog")},
    }


def _module(facts: Facts, module: str) -> Json:
    return {
        "$schema": "../kubestack-module.schema.json",
        "module": module,
        "provider": module.partition("/")[0],
        "kind": _kind(module),
        "variants": _variants(facts, module),
        **_unless_empty("renames", _renames(facts, module)),
    }


def _kind(module: str) -> str:
    if module == "kustomization/overlay":
        return "overlay"
    last = module.rpartition("/")[2]
    return last if last in {"cluster", "node-pool", "cluster-local", "configuration"} else "other"


def _variants(facts: Facts, module: str) -> list[Json]:
    variants: list[Json] = []
    for version in facts.versions:
        if version not in facts.modules[module]:
            continue
        content = _variant(facts, module, version)
        if variants and variants[-1] == {"tags": variants[-1]["tags"], **content}:
            variants[-1]["tags"].append(version)
        else:
            variants.append({"tags": [version], **content})
    return variants


def _variant(facts: Facts, module: str, version: str) -> Json:
    variant = facts.modules[module][version]
    asked = requirements(facts, module, version)
    attributes = {path: _attribute(spec, asked.get(path, {})) for path, spec in flatten(variant.get("attributes", {}))}
    return _content(variant, attributes, _local_attributes(facts, module, version))


def _content(variant: Spec, attributes: Json, local: list[str]) -> Json:
    arguments = sorted(variant["other_arguments"].items())
    return {
        **_unless_empty("configuration", _configuration(variant)),
        **_unless_empty("arguments", {name: _argument(spec) for name, spec in arguments}),
        **_unless_empty("attributes", attributes),
        **_unless_empty("local_attributes", local),
        **_unless_empty("outputs", sorted(variant.get("outputs", []))),
    }


def _configuration(variant: Spec) -> Json:
    if "configuration_type" not in variant:
        return {}
    configuration = configuration_type(variant)
    configuration["nullable"] = variant["configuration_nullable"]
    if "configuration_default" in variant:
        configuration["default"] = variant["configuration_default"]
    return configuration


def _argument(spec: Spec) -> Json:
    required = {"required": "default" not in spec}
    return {"type": type_text(spec), **required, **{key: spec[key] for key in spec if key != "type"}}


def _attribute(spec: Spec, asked: Json) -> Json:
    attribute = {"type": type_text(spec), **asked}
    default = spec.get("default", spec.get("module_default"))
    # A default of an attribute that must be there anyway can never apply.
    refused = "required" in asked and "condition" not in asked
    if default is not None and not refused:
        attribute["default"] = default
    return attribute | {key: spec[key] for key in _COPIED if key in spec}


def _local_attributes(facts: Facts, module: str, version: str) -> list[str]:
    """What only the local variant of a cluster reads: loc environments carry it rightly."""
    local = facts.modules.get(f"{module}-local", {}).get(version)
    if local is None or _kind(module) != "cluster":
        return []
    own = facts.modules[module][version]["attributes"]
    return sorted(name for name in local["attributes"] if name not in own)


def _renames(facts: Facts, module: str) -> list[Json]:
    rows = [row for row in facts.renames if row["module"] == module]
    return [_rename(facts, module, row) for row in rows]


def _rename(facts: Facts, module: str, row: Json) -> Json:
    rename = {"from": row["from"], "to": row["to"]}
    rename["since"] = row.get("since") or _since(facts, module, row)
    return rename | {key: row[key] for key in ("argument", "note") if key in row}


def _since(facts: Facts, module: str, row: Json) -> str:
    """The first version after `after` that knows the new name, or that type under the old one."""
    known = facts.modules[module]
    before = _named(known[row["after"]], row)
    later = facts.versions[facts.versions.index(row["after"]) + 1 :]
    changed = (v for v in later if v in known and _named(known[v], row) != before)
    since = next(changed, None)
    if since is None:
        raise ValueError(f"{module}: no version after {row['after']} renames {row['from']}")
    return since


def _named(variant: Json, row: Json) -> str | None:
    """The type under the new name, or under the old one if nothing replaces it."""
    name = row["to"] or row["from"]
    specs = dict(flatten(variant.get("attributes", {})))
    if row.get("argument"):
        specs = variant["other_arguments"]
    return type_text(specs[name]) if name in specs else None


def _catalog(catalog: Json) -> Json:
    first = catalog["first_releases"]
    older = {name: spec for name, spec in catalog["attributes"].items() if name not in first["without"]}
    return {
        "$schema": "../kubestack-module.schema.json",
        "module": "catalog",
        "provider": "kustomization",
        "kind": "catalog",
        "variants": [
            _catalog_variant(catalog, first["tags"], older),
            _catalog_variant(catalog, ["*"], catalog["attributes"]),
        ],
    }


def _catalog_variant(catalog: Json, tags: list[str], specs: Json) -> Json:
    variant = {
        "configuration_type": catalog["configuration_type"],
        "configuration_nullable": True,
        "configuration_default": catalog["configuration_default"],
        "attributes": specs,
        "other_arguments": catalog["other_arguments"],
    }
    attributes = {path: _attribute(spec, {}) for path, spec in flatten(specs)}
    return {"tags": tags, **_content(variant, attributes, [])}


def _unless_empty(key: str, value: Any) -> Json:
    return {key: value} if value else {}
