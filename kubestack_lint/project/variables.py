"""Input values of a root module: defaults, tfvars files and -var-file, in Terraform's order."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.project.discovery import is_directory
from kubestack_lint.project.module import read_source, unshown
from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse
from kubestack_lint.syntax.json import parse_json
from kubestack_lint.syntax.jsonbody import literal


@dataclass(frozen=True, slots=True)
class GivenValue:
    """A value given to an input variable: `expression` under `name`, in a file or the environment."""

    name: str
    key: nodes.Expression | nodes.Argument
    expression: nodes.Expression


@dataclass(slots=True)
class GivenValues:
    """All values given to a root module; the last file that names a variable wins."""

    values: dict[str, GivenValue] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    problems: list[SyntaxProblem] = field(default_factory=list)


def value_files(directory: Path) -> list[str]:
    """Files that Terraform loads by itself, in order: terraform.tfvars first, then *.auto.tfvars."""
    names = {entry.name for entry in os.scandir(directory) if not is_directory(entry)}
    first = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    return first + sorted(name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json")))


def given_values(
    directory: Path,
    path: str,
    extra: tuple[Path, ...] = (),
    environment: Mapping[str, str] | None = None,
) -> GivenValues:
    """Read every file of values. `environment` gives TF_VAR_ values, which files override."""
    given = GivenValues()
    for name, text in sorted((environment or {}).items()):
        if name.startswith("TF_VAR_"):
            _from_environment(given, name, text)
    prefix = "" if path in ("", ".") else f"{path}/"
    files = [(directory / name, prefix + name) for name in value_files(directory)]
    files += [(item, os.path.relpath(item, directory).replace(os.sep, "/")) for item in extra]
    for file, shown in files:
        try:
            source = read_source(file, shown)
            given.sources.append(source)
            _read(given, source, json=file.name.endswith(".json"))
        except SyntaxProblem as problem:
            given.problems.append(unshown(problem, file))
    return given


def _read(given: GivenValues, source: Source, json: bool) -> None:
    if json:
        root = parse_json(source)
        if not isinstance(root, nodes.Object):
            raise SyntaxProblem("a file of values is a JSON object", root.span)
        literal(root)
        for item in root.items:
            if item.bare == "//":
                continue
            name = item.bare or ""
            given.values[name] = GivenValue(name, item.key, item.value)
        return
    body = parse(source)
    for block in body.blocks:
        raise SyntaxProblem("a file of values holds no blocks", block.header, "write name = value")
    for argument in body.arguments.values():
        given.values[argument.name] = GivenValue(argument.name, argument, argument.expression)


def _from_environment(given: GivenValues, name: str, text: str) -> None:
    # A text; where the variable is not a string, Terraform reads it as an
    # expression. The variable's type decides, so the source keeps the text.
    source = Source(f"environment {name}", text, real=False)
    given.sources.append(source)
    span = source.span(0, len(text))
    variable = name.removeprefix("TF_VAR_")
    template = nodes.Template(span, (text,))
    given.values[variable] = GivenValue(variable, template, template)
