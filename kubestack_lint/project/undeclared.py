"""References that Terraform refuses before it evaluates anything, so that not even `try` helps."""

from __future__ import annotations

from kubestack_lint.project.expansion import Each
from kubestack_lint.project.module import TerraformModule
from kubestack_lint.source import Span
from kubestack_lint.syntax.references import Reference

# What stands behind these is a name, never an index; what may be one of a few names has them here.
_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "var": (),
    "local": (),
    "module": (),
    "path": ("module", "root", "cwd"),
    "terraform": ("workspace", "applying"),
    "each": ("key", "value"),
    "count": ("index",),
}
_MODES = ("data", "ephemeral", "resource")


def refused_reference(module: TerraformModule, reference: Reference, each: Each | None) -> tuple[str, Span] | None:
    """Why Terraform refuses a reference, and where; None where it does not."""
    root, name, span = reference.root, reference.name, reference.node.span
    if root in _ATTRIBUTES:
        message = _attribute(module, root, name, each)
    elif root in _MODES:
        message = _object(module, root, name)
    elif root in ("()", "self", "caller"):
        message = ""
    else:
        return _resource(module, reference)
    return (message, span) if message else None


def bare(root: str) -> str:
    """What is wrong with `var["x"]` or `keys(local)`."""
    return f"{root} is no object that can be read as a whole or with an index; write {root}.name"


def _attribute(module: TerraformModule, root: str, name: str, each: Each | None) -> str:
    if not name:
        return bare(root)
    if root == "var" and name not in module.variables:
        return f'there is no variable "{name}"'
    if root == "local" and name not in module.locals:
        return f'there is no local "{name}"'
    if root == "module" and name not in module.calls:
        return f'there is no module "{name}"'
    names = _ATTRIBUTES[root]
    if names and name not in names:
        return f"{root} has no {name}; there is {', '.join(names)}"
    if root in ("each", "count") and (each is None or f"{root}.{name}" not in each.values):
        return f"{root}.{name} exists only where {'for_each' if root == 'each' else 'count'} is set"
    return ""


def _object(module: TerraformModule, root: str, name: str) -> str:
    kind, dot, label = name.partition(".")
    if not dot:
        return f"{root} needs two names behind it: {root}.type.name"
    prefix = "" if root == "resource" else f"{root}."
    return "" if (prefix + kind, label) in module.resources else f'there is no {root} "{kind}" "{label}" in this module'


def _resource(module: TerraformModule, reference: Reference) -> tuple[str, Span] | None:
    root, name, span = reference.root, reference.name, reference.node.span
    if (root, name) in module.resources:
        return None
    if name and ("_" in root or any(kind == root for kind, _ in module.resources)):
        return f'there is no resource "{root}" "{name}" in this module', span
    return f'"{root}" refers to nothing; a string is written in quotes', span._replace(end=span.start + len(root))
