"""Values that have no type in common where Terraform needs one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.inheritance.model import Problem as Refused
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.unify import unify
from kubestack_lint.values.value import Value
from kubestack_lint.wording import article, described, dotted, exact, noun

# Comparing each with each; nobody writes more by hand.
MAX_VALUES = 300

_Path = tuple[str | int, ...]
_Part = tuple[_Path, Value]


@rule(on=Inheritance, severity=Severity.ERROR)
def type_conflict(inheritance: Inheritance) -> Iterator[Problem]:
    """Environments have no common type where Terraform needs one."""
    for refused in inheritance.problems:
        if refused.problem.kind == "mixed":
            yield _problem(inheritance, refused)


def _problem(inheritance: Inheritance, refused: Refused) -> Problem:
    path, whole = refused.problem.path, refused.problem.value
    what = dotted(path) if path else "the configuration"
    clash = next((found for group in _groups(whole) if (found := _clash(group)) is not None), None)
    first, related = whole, tuple[Label, ...]()
    if clash is None:
        message = f"The parts of {what} have no type in common: {refused.problem.message}"
    else:
        (odd, first), (usual, other) = clash
        message = (
            f"{dotted((*path, *odd))} is {described(first)} and {dotted((*path, *usual))} {described(other)}: "
            f"the parts of {what} have no type in common"
        )
        related = (Label(other.place, _kind(other)),) if other.place is not None else ()
    full = path if clash is None else (*path, *clash[0][0])
    return Problem(
        message=message,
        span=first.place or inheritance.block.configuration_span,
        label=_kind(first) if clash is not None else "",
        related=related,
        remediation=_way_out(path),
        environment=str(full[0]) if full else None,
        attribute=tuple(step for step in full[1:] if isinstance(step, str)) or None,
        value=exact(first),
    )


def _way_out(path: _Path) -> str:
    if path:
        return "give all of its elements one type"
    return (
        "pass the configuration through a variable of type map(object({ … })), or set the same attributes, "
        "each of one type, in every environment"
    )


def _groups(whole: Value) -> Iterable[list[_Part]]:
    """What has to have one type: attribute by attribute where all objects have the same names, else everything."""
    parts: list[_Part] = [((name,), item) for name, item in whole.items.items()]
    parts += [((index,), item) for index, item in enumerate(whole.elements)]
    if not any(item.items for _, item in parts):
        return [parts]
    inner = [((*path, name), value) for path, item in parts for name, value in item.items.items()]
    if any(item.items.keys() != parts[0][1].items.keys() for _, item in parts):
        return [inner]
    return [[part for part in inner if part[0][-1] == name] for name in parts[0][1].items]


def _clash(group: list[_Part]) -> tuple[_Part, _Part] | None:
    """The value that fits least of the others, with the first that it does not fit."""
    group = group[:MAX_VALUES]
    known = [part for part in group if not part[1].is_null]
    clashes = {
        position: [other for other in known if unify((part[1].type, other[1].type)) is None]
        for position, part in enumerate(known)
    }
    worst = max(clashes, key=lambda position: (len(clashes[position]), -position), default=None)
    if worst is not None and clashes[worst]:
        return known[worst], clashes[worst][0]
    # null takes the type of its neighbours only if that is a simple one.
    nulls = [part for part in group if part[1].is_null]
    whole = [part for part in known if isinstance(part[1].data, dict | tuple)]
    return (nulls[0], whole[0]) if nulls and whole else None


def _kind(value: Value) -> str:
    return "null" if value.is_null else article(noun(value.type))
