"""kslint's answer beside Terraform's: equal in value, type, unknowns and errors, or why not."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from kubestack_lint import load
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.values.numbers import format_number
from kubestack_lint.values.types import is_set
from kubestack_lint.values.value import Unknown, Value
from tests.oracle.configurations import Case, render, smaller
from tests.oracle.terraform import RESOURCES, Call, Planned, Refused, Workspace

HIDDEN = "(unknown)"


class Engine:
    """kslint's view of many cases, from one file that is read as users' files are."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def judge(self, cases: Sequence[Case]) -> list[Inheritance | str]:
        """Each case resolved, or why evaluating it fails."""
        self.directory.mkdir(parents=True, exist_ok=True)
        text = RESOURCES + "".join(_text(index, case) for index, case in enumerate(cases))
        (self.directory / "main.tf").write_text(text, encoding="utf-8")
        loaded = load(self.directory)
        assert not loaded.project.problems, loaded.project.problems
        found = {inheritance.block.address: inheritance for inheritance in loaded.inheritances}
        result: list[Inheritance | str] = []
        for index in range(len(cases)):
            inheritance = found[f"module.c{index}"]
            start = inheritance.block.span.start
            end = text.find("\n}\n", start)
            refused = [e.message for e in loaded.project.errors if start <= e.span.start < end]
            result.append(refused[0] if refused else inheritance)
        return result


def _text(index: int, case: Case) -> str:
    base = "" if case.base is None else f"  {case.module.base_argument} = {case.base}\n"
    return (
        f'\nmodule "c{index}" {{\n  source = "{case.module.source}"\n'
        f"  configuration = {render(case.configuration)}\n{base}}}\n"
    )


def call(case: Case) -> Call:
    """The case for Terraform."""
    return Call(case.module.type, case.module.merge, case.module.nullable, render(case.configuration), case.base)


def disagreement(ours: Inheritance | str, theirs: Planned | Refused) -> str | None:
    """What differs, for people; None when nothing does."""
    if isinstance(ours, str):
        return None if isinstance(theirs, Refused) else f"kslint refuses it ({ours}), Terraform does not"
    if ours.error is not None and ours.error.rule == "unresolved-value":
        if isinstance(theirs, Refused):
            # What hides behind an unknown may be wrong; kslint does not claim that it is right.
            return None
        wholly = theirs.unknown is True
        return None if wholly else f"kslint cannot know ({ours.error.message}), Terraform does: {theirs.value}"
    if isinstance(theirs, Refused):
        return _error_disagreement(ours, theirs)
    if ours.error is not None:
        return f"kslint expects an error, Terraform has none\n  kslint: {ours.error.message}"
    return _value_disagreement(ours, theirs)


def _error_disagreement(ours: Inheritance, theirs: Refused) -> str | None:
    said = "; ".join(theirs.messages)
    if not ours.errors:
        return f"Terraform refuses it, kslint does not\n  Terraform: {said}"
    # Of several errors Terraform names one at random.
    if any(core(error.message) in said for error in ours.errors):
        return None
    return f"the errors differ\n  kslint: {[error.message for error in ours.errors]}\n  Terraform: {said}"


def core(message: str) -> str:
    """A message without what Terraform puts the variable's address into."""
    return message.removeprefix("Required variable not set: the ")


def _value_disagreement(ours: Inheritance, theirs: Planned) -> str | None:
    effective = ours.environments
    values = {name: shown(item.value) for name, item in effective.items()}
    expected = combined(theirs.value, theirs.unknown)
    if not isinstance(expected, dict):
        expected = dict.fromkeys(values, expected)
    else:
        expected = {
            name: ordered(item, effective[name].value) if name in effective else item for name, item in expected.items()
        }
    if text(values) != text(expected):
        return f"the values differ\n  kslint:    {text(values)}\n  Terraform: {text(expected)}"
    if theirs.type is None:
        return None
    types = {name: item.value.type.json for name, item in effective.items()}
    declared = {name: as_object(kind, expected[name]) for name, kind in attribute_types(theirs.type, expected).items()}
    if types != declared:
        return f"the types differ\n  kslint:    {json.dumps(types)}\n  Terraform: {json.dumps(declared)}"
    return None


def attribute_types(kind: Any, value: dict[str, Any]) -> dict[str, Any]:
    """The type of each attribute of an object or map."""
    if kind[0] == "object":
        return dict(kind[1])
    return dict.fromkeys(value, kind[1])


def as_object(kind: Any, value: Any) -> Any:
    """An environment is an object for kslint, even where Terraform's `merge` returns a map."""
    if kind[0] == "map" and isinstance(value, dict):
        return ["object", dict.fromkeys(sorted(value), kind[1])]
    return kind


def combined(value: Any, unknown: Any) -> Any:
    """Terraform's `after` and `after_unknown` as one structure."""
    if unknown is True:
        return HIDDEN
    if isinstance(unknown, dict):
        names = {*(value or {}), *(name for name, part in unknown.items() if part)}
        return {name: combined((value or {}).get(name), unknown.get(name, False)) for name in names}
    if isinstance(unknown, list):
        return [combined(item, part) for item, part in zip(value, unknown, strict=False)]
    return plain(value)


def plain(value: Any) -> Any:
    """JSON data with exact numbers."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return {"number": str(Decimal(value).normalize()) if value else "0"}
    return value


def shown(value: Value) -> Any:
    """A Value in the same form."""
    data = value.data
    if isinstance(data, Unknown):
        return HIDDEN
    if isinstance(data, dict):
        return {name: shown(item) for name, item in data.items()}
    if isinstance(data, tuple):
        return [shown(item) for item in data]
    if isinstance(data, int | Fraction) and not isinstance(data, bool):
        return {"number": str(Decimal(format_number(data)).normalize()) if data else "0"}
    return data


def ordered(theirs: Any, ours: Value) -> Any:
    """Sets of structures in one order: Terraform's is an internal hash, kslint's only stable."""
    if isinstance(theirs, dict) and isinstance(ours.data, dict):
        return {name: ordered(item, ours.data[name]) if name in ours.data else item for name, item in theirs.items()}
    if isinstance(theirs, list) and len(theirs) == len(ours.elements):
        if is_set(ours.type):
            return (
                sorted(theirs, key=[shown(item) for item in ours.elements].index)
                if _same_items(theirs, ours)
                else theirs
            )
        return [ordered(item, other) for item, other in zip(theirs, ours.elements, strict=True)]
    return theirs


def _same_items(theirs: list[Any], ours: Value) -> bool:
    return sorted(map(text, theirs)) == sorted(text(shown(item)) for item in ours.elements)


def text(value: Any) -> str:
    """Comparable and readable: tells true from 1 and 1 from "1"."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def check(cases: Sequence[Case], directory: Path, checkout: Path | None = None) -> list[str]:
    """Every disagreement, each with its smallest configuration, printed."""
    workspace = Workspace(directory / "terraform", checkout)
    engine = Engine(directory / "kslint")
    compare = _comparer(workspace, engine)
    reports: list[str] = []
    for case, problem in zip(cases, compare(cases), strict=True):
        if problem is not None and len(reports) < 5:
            small = minimal(case, compare)
            reports.append(f"{small}\n{compare([small])[0]}\n")
        elif problem is not None:
            reports.append(f"{case}\n{problem}\n")
    return reports


def _comparer(workspace: Workspace, engine: Engine) -> Callable[[Sequence[Case]], list[str | None]]:
    def compare(cases: Sequence[Case]) -> list[str | None]:
        ours = engine.judge(cases)
        suspects = frozenset(index for index, found in enumerate(ours) if isinstance(found, str) or found.errors)
        theirs = workspace.judge([call(case) for case in cases], suspects)
        return [disagreement(a, b) for a, b in zip(ours, theirs, strict=True)]

    return compare


def minimal(case: Case, compare: Callable[[Sequence[Case]], list[str | None]], rounds: int = 30) -> Case:
    """The same kind of disagreement with as little as possible in the configuration."""
    first = compare([case])[0]
    assert first is not None
    kind = first.split("\n")[0].split(" (")[0]
    for _ in range(rounds):
        candidates = list(smaller(case))
        problems = compare(candidates) if candidates else []
        better = next(
            (c for c, p in zip(candidates, problems, strict=True) if p is not None and p.startswith(kind)), None
        )
        if better is None:
            return case
        case = better
    return case
