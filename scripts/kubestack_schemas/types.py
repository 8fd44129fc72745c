"""Attribute specs and the Terraform type expressions they stand for.

A spec is the way facts record an attribute: `{"type": "string"}` for simple
types, `{"type": "object", "attributes": {...}}` for objects and
`{"type": "list", "elem": {...}}` for collections of objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

Spec: TypeAlias = dict[str, Any]

UNTYPED = "map (untyped, quoted, terraform 0.11 syntax)"


def type_text(spec: Spec) -> str:
    """The type expression of an attribute, in one line."""
    kind = str(spec["type"])
    if kind == "object":
        return "object({" + ", ".join(_member(*item) for item in spec["attributes"].items()) + "})"
    if "elem" in spec:
        return f"{kind}({type_text(spec['elem'])})"
    # Terraform 0.11 and older shorthand, still accepted as a type: "list", map.
    return f"{kind}(any)" if kind in {"list", "map", "set"} else kind


def _member(name: str, spec: Spec) -> str:
    if spec.get("required_in_type"):
        return f"{name} = {type_text(spec)}"
    default = f", {spec['type_default']}" if "type_default" in spec else ""
    return f"{name} = optional({type_text(spec)}{default})"


def configuration_type(variant: Spec) -> dict[str, Any]:
    """Type of variable "configuration"; `legacy` marks Terraform 0.11's untyped "map"."""
    written = variant["configuration_type"]
    if written == UNTYPED:
        return {"type": "map(any)", "legacy": True}
    if written == "map(object)":
        return {"type": f"map({type_text({'type': 'object', 'attributes': variant['attributes']})})"}
    return {"type": written}


def flatten(attributes: Spec, prefix: str = "") -> Iterator[tuple[str, Spec]]:
    """Every attribute under its dotted path; elements of collections are `name[]`."""
    for name, spec in attributes.items():
        path = f"{prefix}{name}"
        yield path, spec
        if "attributes" in spec:
            yield from flatten(spec["attributes"], f"{path}.")
        elif "attributes" in spec.get("elem", {}):
            yield from flatten(spec["elem"]["attributes"], f"{path}[].")
