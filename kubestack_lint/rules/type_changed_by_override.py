"""An override of another type than the base's value."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.types import Collection, ObjectType, TupleType
from kubestack_lint.values.value import Unknown, Value
from kubestack_lint.wording import article, described, dotted, exact

_Path = tuple[str, ...]


@rule(on=Inheritance, severity=Severity.WARNING)
def type_changed_by_override(inheritance: Inheritance) -> Iterator[Problem]:
    """An environment writes another type than the base."""
    # A value that Terraform refuses is a wrong type, not a changed one; one that it drops is not there at all.
    refused = {(p.environment, *p.problem.path[1:]) for p in inheritance.problems}
    refused |= {(d.environment, *d.path) for d in inheritance.dropped}
    for name in inheritance.others:
        base = inheritance.block.base_of(name)
        if base is None or base not in inheritance.raw:
            continue
        for path, own, other in _changed(inheritance.raw[name], inheritance.raw[base], ()):
            if (name, *path) not in refused and (base, *path) not in refused and own.place and other.place:
                yield Problem(
                    message=f"{name} sets {dotted(path)} to {described(own)}, but {base} to {described(other)}",
                    span=own.place,
                    label=article(_family(own)),
                    related=(Label(other.place, f"{article(_family(other))} in {base}"),),
                    remediation=f"write {article(_family(other))} in {name} as well, or change both",
                    environment=name,
                    attribute=path,
                    value=f"{exact(own)} {exact(other)}",
                )


def _changed(own: Value, other: Value, path: _Path) -> Iterator[tuple[_Path, Value, Value]]:
    if any(value.is_null or isinstance(value.data, Unknown) or value.data == "" for value in (own, other)):
        # null has no type, and "" stands for a value that is still to come.
        return
    if _family(own) != _family(other):
        if path:
            yield path, own, other
        return
    for name, item in own.items.items():
        if name in other.items:
            yield from _changed(item, other.items[name], (*path, name))


def _family(value: Value) -> str:
    """The kind of value that a reader sees; how exactly a list or map is typed does not matter."""
    if isinstance(value.type, TupleType) or (isinstance(value.type, Collection) and value.type.kind != "map"):
        return "list"
    return "object" if isinstance(value.type, ObjectType | Collection) else value.type.name
