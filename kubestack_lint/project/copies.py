"""Copies of Kubestack's own modules in a repository: what they declare, and what is one for certain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha1
from pathlib import Path

from kubestack_lint.catalog import ModuleDefinition, definition, known_modules, parse_source, resolve_version, untyped
from kubestack_lint.catalog.versions import newest_merge
from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.project.module import TerraformModule, argument
from kubestack_lint.syntax import nodes
from kubestack_lint.values.declared import variable_type
from kubestack_lint.values.evaluate import EvaluationError, Scope, evaluate
from kubestack_lint.values.types import DYNAMIC, Type

COMMON = "common/configuration"

# Reads the module in a directory; None where there is none, or outside the repository.
Load = Callable[[Path], TerraformModule | None]

# Blob hashes of common/configuration/outputs.tf, by which a vendored copy
# tells its generation.
_BLOBS = {
    "81761d83": "L2",
    "0f9445ef": "L3",
    "6e4d14a6": "L4",
    "37695c95": "L5",
    "010c38a3": "L6",
}


def known_path(directory: Path) -> str | None:
    """The path in Kubestack's repository that a directory ends with, such as `google/cluster`."""
    return next((path for path in known_modules() if ends_with(directory, path)), None)


def ends_with(directory: Path, path: str) -> bool:
    """True when the last parts of a directory are those of a path."""
    parts = tuple(path.split("/"))
    return directory.parts[-len(parts) :] == parts


def is_copy(module: TerraformModule) -> bool:
    """True for a directory that is certainly one of Kubestack's modules itself.

    It is named as it is upstream, it needs a `configuration`, and every
    configuration in it is that one, handed on to common/configuration. Its
    values come from a caller; a root module writes environments or is given
    some in a file of values, which the caller of this function has to see to.
    """
    path, variable = known_path(module.directory), module.variables.get("configuration")
    if path is None or variable is None or argument(variable, "default") is not None or not module.complete:
        return False
    if path == COMMON:
        return "merged" in module.outputs and not module.calls
    handed = [(argument(block, "source"), argument(block, "configuration")) for block in module.calls.values()]
    given = [(source, configuration) for source, configuration in handed if configuration is not None]
    return bool(given) and all(_is_common(s) and c.expression.span.text == "var.configuration" for s, c in given)


def _is_common(source: nodes.Argument | None) -> bool:
    match source:
        case nodes.Argument(expression=nodes.Template(parts=(str(text),))):
            return text.split("?")[0].endswith(COMMON)
    return False


# -- what a copy declares -------------------------------------------------


def copied_definition(module: TerraformModule, path: str, load: Load, assumed: str | None) -> ModuleDefinition | None:
    """What a copy of a Kubestack module declares and how it merges; None for any other module.

    `path` is the module's in Kubestack's repository, `load` reads modules of
    this one, `assumed` is the version that stands for refs that are not known.
    """
    variable = module.variables.get("configuration")
    if variable is None:
        return None
    merge, note = _generation(module, path, load, assumed)
    if merge is None:
        return None
    base_argument = next((n for n in ("configuration_base_key", "base_key") if n in module.variables), "")
    template = definition(path, "master", merge) if path in known_modules() else None
    plain = template or untyped(path, "", merge)
    kind = variable_declares(variable)
    default = argument(variable, "default")
    return replace(
        plain,
        version=None,
        type=kind,
        merge=merge,
        base_key_argument=base_argument,
        base_key=_literal_default(module, base_argument) if base_argument else "apps",
        default=default.expression.span.text if default is not None else None,
        typed=kind != DYNAMIC,
        attributes=template.attributes if template is not None and kind == template.type else {},
        note=note,
    )


def _generation(module: TerraformModule, path: str, load: Load, assumed: str | None) -> tuple[str | None, str]:
    """The merge generation that a module's own code uses, and a note where that is assumed."""
    if ends_with(module.directory, COMMON):
        return _blob_generation(module)
    for block in module.calls.values():
        source_argument = argument(block, "source")
        given = argument(block, "configuration")
        if source_argument is None or given is None or given.expression.span.text != "var.configuration":
            continue
        literal = source_argument.expression
        if not isinstance(literal, nodes.Template) or not all(isinstance(part, str) for part in literal.parts):
            continue
        source = parse_source("".join(str(part) for part in literal.parts))
        if source.kind == "framework" and source.path == COMMON:
            resolved = resolve_version(source.ref, assumed)
            return resolved.merge, resolved.note
        if source.kind == "local" and source.path.endswith(COMMON):
            common = load(module.directory / source.path)
            if common is not None:
                return _blob_generation(common)
    if path in known_modules():
        # Copies from before v0.9.3 merge inline, all in the same way.
        return "L1", "a copy of a module from before v0.9.3; merged as L1"
    return None, ""


def _blob_generation(module: TerraformModule) -> tuple[str, str]:
    try:
        data = (module.directory / "outputs.tf").read_bytes()
    except OSError:
        data = b""
    # Git's own name for the content, with whatever line endings it was stored.
    for content in (data, data.replace(b"\r\n", b"\n")):
        blob = sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()[:8]
        if blob in _BLOBS:
            return _BLOBS[blob], ""
    merge = newest_merge()
    return merge, f"its common/configuration is no version that kslint knows; merged as {merge}"


def variable_declares(block: nodes.Block) -> Type:
    """The type that a variable declares; any where it declares none that can be read."""
    declared = argument(block, "type")
    if declared is None:
        return DYNAMIC
    try:
        return variable_type(declared.expression)
    except SyntaxProblem:
        return DYNAMIC


def _literal_default(module: TerraformModule, name: str) -> str | None:
    default = argument(module.variables[name], "default")
    if default is None:
        return None
    try:
        value = evaluate(default.expression, Scope())
    except EvaluationError:
        return None
    return value.data if isinstance(value.data, str) else None
