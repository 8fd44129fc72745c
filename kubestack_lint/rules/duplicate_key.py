"""A key that is written twice in one object."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.value import Value, leaves, same
from kubestack_lint.wording import dotted, exact, listed, shown

_Path = tuple[str | int, ...]

# A key that is the same in every workspace: bare or quoted, without anything computed.
_NAME = re.compile(r'[^\W\d][\w-]*|"[^"$%{]*"')


@rule(on=Inheritance, severity=Severity.ERROR)
def duplicate_key(inheritance: Inheritance) -> Iterator[Problem]:
    """A key is written twice in one object and Terraform keeps only the last."""
    seen: set[object] = set()
    for configuration in inheritance.block.configurations.values():
        for path, value in _repeated(configuration, ()):
            if value.place not in seen:
                seen.add(value.place)
                yield from _problem(path, value)


def _repeated(value: Value, path: _Path) -> Iterator[tuple[_Path, Value]]:
    if value.hides is not None:
        yield path, value
    for name, item in value.items.items():
        yield from _repeated(item, (*path, name))
    for index, item in enumerate(value.elements):
        yield from _repeated(item, (*path, index))


def _problem(path: _Path, value: Value) -> Iterator[Problem]:
    earlier = _earlier(value)
    if value.place is None or not path or not earlier or not all(_written_out(one) for one in (value, *earlier)):
        # (terraform.workspace) = … meets another key in one workspace only, which may be none of ours.
        return
    names = tuple(step for step in path[1:] if isinstance(step, str))
    yield Problem(
        message=f"{_what(path)} is written {_times(earlier)}; the last one wins{_loss(value, earlier[0])}",
        span=value.place,
        label="this one wins",
        related=tuple(Label(one.place, "has no effect") for one in earlier if one.place is not None),
        remediation="put both into one object" if value.items else "delete one of them",
        environment=str(path[0]),
        attribute=names or None,
        value=" ".join(exact(one) for one in (*earlier, value)),
    )


def _earlier(value: Value) -> list[Value]:
    """What the value hides, the nearest first."""
    found: list[Value] = []
    while value.hides is not None:
        value = value.hides
        found.append(value)
    return found


def _times(earlier: list[Value]) -> str:
    return "twice" if len(earlier) == 1 else f"{len(earlier) + 1} times"


def _written_out(value: Value) -> bool:
    return value.key is not None and _NAME.fullmatch(value.key.text) is not None


def _what(path: _Path) -> str:
    return f"environment {path[0]}" if len(path) == 1 else f"{dotted(path[1:])} in {path[0]}"


def _loss(value: Value, hidden: Value) -> str:
    """What the hidden value would have said and the winner does not."""
    if not (isinstance(value.data, dict) and isinstance(hidden.data, dict)):
        return f" and {shown(hidden)} is lost" if not same(value, hidden) else ""
    kept = dict(leaves(value))
    lost = [
        f"{dotted(path)} = {shown(item)}"
        for path, item in leaves(hidden)
        if path and not (path in kept and same(kept[path], item))
    ]
    return f", nothing is merged and {listed(lost)} {'is' if len(lost) == 1 else 'are'} lost" if lost else ""
