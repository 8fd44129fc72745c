"""A value that Terraform refuses to convert to what the module declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from kubestack_lint.catalog import ModuleDefinition
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.inheritance.model import Problem as Refused
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.literal import key_text, quoted
from kubestack_lint.values.types import BOOL, NUMBER, STRING, Collection, Type
from kubestack_lint.values.value import Value, find, sensitive_in
from kubestack_lint.wording import article, described, dotted, exact, listed, noun, shown

_LEADING_NUMBER = re.compile(r"\s*([+-]?[0-9][0-9,_]*(?:\.[0-9]+)?)\s*[A-Za-z%]*\s*")
_TRUE, _FALSE = ("true", "yes", "on", "enabled", "y", "1"), ("false", "no", "off", "disabled", "n", "0", "")


@rule(on=Inheritance, severity=Severity.ERROR)
def wrong_type(inheritance: Inheritance) -> Iterator[Problem]:
    """A value has not the type that the module declares."""
    for refused in inheritance.problems:
        # An environment that is no object holds misplaced attributes; that is another matter.
        environment_itself = len(refused.problem.path) == 1 and refused.problem.kind == "type"
        if refused.problem.kind in ("type", "value") and not environment_itself:
            yield _problem(inheritance, refused)
    for error in inheritance.errors:
        if error.rule == "wrong-type" and error.environment is None and not inheritance.problems:
            yield Problem(
                message=f"The configuration cannot be used: {error.message}",
                span=error.span,
                label="a map of environments is wanted",
                remediation="write configuration = { apps = { … }, ops = { … } }",
                value=error.message,
            )


def _problem(inheritance: Inheritance, refused: Refused) -> Problem:
    problem = refused.problem
    path = dotted(problem.path[1:])
    names = tuple(str(step) for step in takewhile(lambda step: isinstance(step, str), problem.path[1:]))
    subject = f"{refused.environment} sets {path} to" if path else "The configuration is"
    if problem.kind == "value":
        message = f"{subject} {shown(problem.value)}, which is no {noun(problem.wanted)}"
        label = f"Terraform says only: {problem.message}"
    else:
        message = f"{subject} {described(problem.value)}, but the module takes {article(noun(problem.wanted))}"
        label = f"{article(noun(problem.value.type))} where {article(noun(problem.wanted))} is wanted"
    return Problem(
        message=message,
        span=problem.value.place or inheritance.block.configuration_span,
        label=label,
        related=tuple(_right(inheritance, refused, names)),
        remediation=_way_out(inheritance.block, problem.value, problem.wanted, names),
        environment=refused.environment,
        attribute=names or None,
        value=exact(problem.value),
        # Where kslint had to suppose a version, the type is supposed as well.
        unknown=bool(inheritance.block.note) and inheritance.block.source.kind == "framework",
    )


def _right(inheritance: Inheritance, refused: Refused, names: tuple[str, ...]) -> Iterator[Label]:
    """Where the base gets right what this environment gets wrong."""
    base = inheritance.base
    if base is None or base == refused.environment or names != refused.problem.path[1:]:
        return
    value = find(inheritance.raw.get(base), names)
    wrong = {other.problem.path for other in inheritance.problems}
    if value is not None and value.place is not None and not value.is_null and (base, *names) not in wrong:
        yield Label(value.place, f"{base} writes {article(noun(value.type))}")


def _way_out(block: InheritanceBlock, value: Value, wanted: Type, names: tuple[str, ...]) -> str:
    text = _right_text(block.definition, value, wanted, names)
    if block.note and block.source.kind == "framework":
        return f"{text}, or name the right version with --kubestack-version ({block.note})"
    return text + (f" ({block.note})" if block.note else "")


def _right_text(definition: ModuleDefinition, value: Value, wanted: Type, names: tuple[str, ...]) -> str:
    data = value.data
    if sensitive_in(value):
        return f"write {article(noun(wanted))}"
    if wanted == STRING:
        return _as_string(definition, value, names)
    if isinstance(data, bool) or not isinstance(data, str | int):
        return f"write {article(noun(wanted))}"
    if wanted == NUMBER:
        match = _LEADING_NUMBER.fullmatch(str(data))
        digits = match[1].replace(",", "").replace("_", "").lstrip("+") if match else ""
        return f"write the number alone: {digits}" if digits else "write a number, or leave the attribute out"
    if wanted == BOOL:
        word = str(data).strip().lower()
        meant = "true" if word in _TRUE else "false" if word in _FALSE else "true or false"
        return f"write {meant}, without quotes"
    if isinstance(wanted, Collection):
        return f"write {_as_collection(str(data), wanted)}"
    return f"write {article(noun(wanted))}"


def _as_collection(text: str, wanted: Collection) -> str:
    """The list or map for a comma-separated string, as HCL."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if wanted.element == STRING and wanted.kind != "map":
        return f"[{', '.join(quoted(part) for part in parts)}]"
    pairs = [part.partition("=") for part in parts]
    if wanted.element != STRING or not pairs or not all(key and sign for key, sign, _ in pairs):
        return article(noun(wanted))
    return "{ " + ", ".join(f"{key_text(key)} = {quoted(item)}" for key, _, item in pairs) + " }"


def _as_string(definition: ModuleDefinition, value: Value, names: tuple[str, ...]) -> str:
    """The string for a list or object; old versions took them joined with commas, or flat under other names."""
    attribute = definition.attributes.get(".".join(names))
    joined = attribute is not None and attribute.format.startswith("comma-separated")
    version = f"{definition.path} {definition.version or ''}".strip()
    parts = [part.data for part in value.elements if isinstance(part.data, str)]
    if joined and len(parts) == len(value.elements) and value.elements:
        return f'write one string for {version}: "{",".join(parts)}"'
    pairs = {key: item.data for key, item in value.items.items() if isinstance(item.data, str)}
    if joined and pairs and len(pairs) == len(value.items):
        return f'write one string for {version}: "{",".join(f"{k}={v}" for k, v in pairs.items())}"'
    start = ".".join(names) + "."
    flat = {rename.new: rename.old for rename in definition.renames if rename.new and rename.new.startswith(start)}
    old = [flat[start + key] for key in value.items if start + key in flat]
    if old:
        return f"{version} has no {names[-1]}; write {listed(old)} instead"
    if value.data in ((), {}):
        return "delete it; it is empty anyway"
    return f"write a string; {version} takes nothing else here"
