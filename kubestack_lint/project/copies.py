"""Copies of Kubestack's own modules in a repository, which are no root modules where nobody calls them."""

from __future__ import annotations

from pathlib import Path

from kubestack_lint.catalog import known_modules
from kubestack_lint.project.module import TerraformModule, argument
from kubestack_lint.syntax import nodes

COMMON = "common/configuration"


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
