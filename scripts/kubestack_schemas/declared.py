"""What a module declares: its variables as type specs, and its outputs."""

from __future__ import annotations

from kubestack_lint.syntax import nodes
from kubestack_schemas.expressions import bare, string, written
from kubestack_schemas.facts import Json
from kubestack_schemas.types import UNTYPED, type_text


def spec_of(node: nodes.Expression) -> Json:
    """The spec of a type expression; Terraform 0.11 wrote types as strings."""
    node = bare(node)
    if not isinstance(node, nodes.Call):
        return {"type": string(node) or written(node)}
    if node.name == "optional":
        spec = spec_of(node.arguments[0])
        return spec if len(node.arguments) == 1 else {**spec, "type_default": written(node.arguments[1])}
    inner = bare(node.arguments[0])
    if node.name == "object" and isinstance(inner, nodes.Object):
        return {"type": "object", "attributes": {_key(item): _member(item) for item in inner.items}}
    if node.name == "tuple":
        return {"type": written(node)}
    spec = spec_of(inner)
    nested = spec["type"] == "object" or "elem" in spec
    return {"type": node.name, "elem": spec} if nested else {"type": f"{node.name}({type_text(spec)})"}


def _member(item: nodes.ObjectItem) -> Json:
    value = bare(item.value)
    optional = isinstance(value, nodes.Call) and value.name == "optional"
    return spec_of(value) if optional else {**spec_of(value), "required_in_type": True}


def _key(item: nodes.ObjectItem) -> str:
    return item.bare or string(item.key) or written(item.key)


def configuration(block: nodes.Block) -> Json:
    """The part of a variant that variable "configuration" declares."""
    given = block.body.arguments
    variant = _configuration_type(_declared(block))
    variant["configuration_nullable"] = _nullable(block)
    if "default" in given:
        variant["configuration_default"] = written(given["default"].expression)
    return variant


def _configuration_type(spec: Json) -> Json:
    if spec["type"] == "map" and spec.get("elem", {}).get("type") == "object":
        return {"configuration_type": "map(object)", "attributes": spec["elem"]["attributes"]}
    return {"configuration_type": UNTYPED if spec == {"type": "map"} else type_text(spec)}


def argument(block: nodes.Block) -> Json:
    """Any other variable: type, whether it must be given, and its default."""
    given = block.body.arguments
    declared: Json = {
        "type": type_text(_declared(block)),
        "required": "default" not in given,
    }
    if "default" in given:
        declared["default"] = written(given["default"].expression)
    if not _nullable(block):
        declared["nullable"] = False
    return declared


def _declared(block: nodes.Block) -> Json:
    given = block.body.arguments.get("type")
    return spec_of(given.expression) if given else {"type": "any"}


def _nullable(block: nodes.Block) -> bool:
    given = block.body.arguments.get("nullable")
    return given is None or written(given.expression) != "false"
