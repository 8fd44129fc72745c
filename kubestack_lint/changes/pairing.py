"""Which block of one revision is which of another, and when two unknown values are the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from kubestack_lint.inheritance import Inheritance
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.source import Span
from kubestack_lint.values.value import Unknown, Value, identity

_REFERENCE = re.compile(r"[\w-]+(?:\.[\w*-]+|\[[^\]\n]*\])*")


def pairs(
    before: Sequence[Inheritance], after: Sequence[Inheritance]
) -> Iterator[tuple[Inheritance | None, Inheritance | None, bool]]:
    """Who became whom, and whether it has another address now."""
    partners: dict[int, tuple[Inheritance, bool]] = {}
    old, new = list(before), list(after)
    keys: tuple[Callable[[Inheritance], Hashable], ...] = (
        lambda i: (i.block.root, i.block.address),
        lambda i: (_content(i.block), i.block.address),
        lambda i: (_content(i.block), i.block.root),
        lambda i: _content(i.block),
    )
    for number, key in enumerate(keys):
        matched = _matched(old, new, key)
        partners |= {id(other): (one, number > 0) for one, other in matched}
        gone = {id(one) for one, _ in matched}
        old = [item for item in old if id(item) not in gone]
        new = [item for item in new if id(item) not in partners]
    # A directory that moved while something in it changed.
    for was, other in _only_ones(old, new):
        partners[id(other)] = (was, True)
        old = [item for item in old if item is not was]
    for item in after:
        one, renamed = partners.get(id(item), (None, False))
        yield one, item, renamed
    yield from ((item, None, False) for item in old)


def _only_ones(old: Sequence[Inheritance], new: Sequence[Inheritance]) -> Iterator[tuple[Inheritance, Inheritance]]:
    """Calls of one module at one address, whatever is in them, where no other call can be meant."""
    groups: dict[Hashable, tuple[list[Inheritance], list[Inheritance]]] = {}
    for number, side in enumerate((old, new)):
        for item in side:
            groups.setdefault((item.block.definition.path, item.block.address), ([], []))[number].append(item)
    yield from ((one[0], other[0]) for one, other in groups.values() if len(one) == len(other) == 1)


def _matched(
    old: Iterable[Inheritance], new: Iterable[Inheritance], key: Callable[[Inheritance], Hashable]
) -> list[tuple[Inheritance, Inheritance]]:
    """Blocks with equal keys, paired in order of address where there are several."""
    groups: dict[Hashable, list[Inheritance]] = {}
    for item in sorted(old, key=lambda i: (i.block.root, i.block.address)):
        groups.setdefault(key(item), []).append(item)
    found: list[tuple[Inheritance, Inheritance]] = []
    for item in sorted(new, key=lambda i: (i.block.root, i.block.address)):
        candidates = groups.get(key(item))
        if candidates:
            found.append((candidates.pop(0), item))
    return found


def _content(block: InheritanceBlock) -> Hashable:
    """What makes two calls the same but for their address: the module and all that is given to it."""
    definition = block.definition
    given = [(name, identity(value), reasons(value)) for name, value in sorted(block.configurations.items())]
    bases = [(name, identity(value)) for name, value in sorted(block.bases.items())]
    return (definition.path, definition.version, block.source.ref, tuple(given), tuple(bases))


def reasons(value: Value) -> tuple[str, ...]:
    """Why parts of a value are unknown, and the expression: two unknowns are the same only when both are."""
    if isinstance(value.data, Unknown):
        return value.data.because, "" if value.data.span is None else _reference(value.data.span)
    parts = [value.items[name] for name in sorted(value.items)] if isinstance(value.data, dict) else value.elements
    return tuple(reason for part in parts for reason in reasons(part))


def _reference(span: Span) -> str:
    """The whole reference that a place begins: `data.a.b.c` where the place is that of `data.a`."""
    found = _REFERENCE.match(span.source.text, span.start)
    return span.text if found is None or found.end() < span.end else found[0]
