"""What makes a module refuse a configuration in which an attribute is missing.

Released map(map(string)) modules index their configuration directly. Later
modules use preconditions, some of them inside a node pool that the cluster
module calls itself; those and the traps around them were verified by running
Terraform, and are recorded as facts for one version. A later version keeps
such a fact only as long as the precondition behind it is still there.
"""

from __future__ import annotations

from kubestack_schemas.facts import Facts, Json
from kubestack_schemas.types import flatten

_INDEXED = "Invalid index"
_POOL = "default_node_pool."


def requirements(facts: Facts, module: str, version: str) -> dict[str, Json]:
    """`required`, `condition` and `intended` by attribute path; empty where nothing is asked."""
    variant = facts.modules[module][version]
    specs = dict(flatten(variant.get("attributes", {})))
    if variant.get("configuration_type") != "map(object)":
        return {path: {"required": _INDEXED} for path, spec in specs.items() if spec.get("required")}
    found = {path: _precondition(spec["required"]) for path, spec in specs.items() if spec.get("required")}
    # Typed modules without any precondition (node pools up to v0.19.2) refuse nothing.
    return found | _verified(facts, module, version, set(specs)) if found else {}


def _precondition(required: Json) -> Json:
    entry = {"required": required["message"]}
    if "unless" in required:
        entry["condition"] = required["unless"].replace(" == ", " != ")
    return entry


def _verified(facts: Facts, module: str, version: str, paths: set[str]) -> dict[str, Json]:
    table = facts.requirements.get(module, {})
    found: dict[str, Json] = {}
    for name in ("hard", "hard_unless_autoscaling_disabled", "hard_only_when_zones_is_not_empty"):
        for path in table.get(name, []):
            message = _message(facts, module, version, path)
            if path in paths and message:
                found[path] = {"required": message, **_condition(name, path)}
    for name in ("not_enforced_but_intended", "never_enforced_because_of_for_each"):
        found |= {path: {"intended": True} for path in table.get(name, []) if path in paths}
    return found


def _condition(name: str, path: str) -> Json:
    prefix = _POOL if path.startswith(_POOL) else ""
    if name == "hard_unless_autoscaling_disabled":
        return {"condition": f"{prefix}enable_auto_scaling != false"}
    if name == "hard_only_when_zones_is_not_empty":
        return {"condition": f"try(length({prefix}zones), 0) > 0"}
    return {}


def _message(facts: Facts, module: str, version: str, path: str) -> str | None:
    own = _required(facts, module, version, path)
    inner = None
    if path.startswith(_POOL):
        inner = _required(facts, f"{module}/node-pool", version, path.removeprefix(_POOL))
    recorded = [entry.get("messages", {}).get(path) for entry in facts.requirements.values()]
    return own or inner or next((message for message in recorded if message), None)


def _required(facts: Facts, module: str, version: str, path: str) -> str | None:
    variant = facts.modules.get(module, {}).get(version, {})
    spec = dict(flatten(variant.get("attributes", {}))).get(path, {})
    required = spec.get("required")
    return str(required["message"]) if required else None
