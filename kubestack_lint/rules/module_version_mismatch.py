"""Modules of one root configuration at different Kubestack versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from kubestack_lint.catalog.versions import index
from kubestack_lint.finding import Label, Severity
from kubestack_lint.project.blocks import ModuleCall
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import listed


@rule(on=Project, severity=Severity.WARNING)
def module_version_mismatch(project: Project) -> Iterator[Problem]:
    """Modules of one configuration pin different Kubestack versions."""
    roots: dict[str, list[ModuleCall]] = {}
    for call in project.calls:
        if call.source is not None and call.source.kind == "framework" and call.source.ref is not None:
            roots.setdefault(call.root, []).append(call)
    for calls in roots.values():
        yield from _root(calls)


def _root(calls: list[ModuleCall]) -> Iterator[Problem]:
    # Several instances of one call count once.
    written = list({call.source_span: call for call in reversed(calls)}.values())[::-1]
    counts = Counter(_ref(call) for call in written)
    if len(counts) < 2:
        return
    usual = max(counts, key=lambda ref: (counts[ref], _age(ref), ref))
    for call in written:
        if _ref(call) != usual:
            yield _problem(call, _ref(call), usual, [other for other in written if _ref(other) == usual])


def _problem(call: ModuleCall, ref: str, usual: str, others: list[ModuleCall]) -> Problem:
    nearest = _nearest(call, others)
    verb = "is" if len(others) == 1 else "are"
    return Problem(
        message=f"{call.address} is at {ref}, but {listed(other.address for other in others)} {verb} at {usual}",
        span=call.source_span,
        label=f"at {ref}",
        related=(Label(nearest.source_span, f"{nearest.address} is at {usual}"),),
        remediation=f"pin one version everywhere: ?ref={usual}",
        address=call.address,
        value=f"{ref} {usual}",
    )


def _nearest(call: ModuleCall, others: Iterable[ModuleCall]) -> ModuleCall:
    """The module whose name is the start of the other's, as a cluster's is of its node pools'; else the first."""
    related = [o for o in others if call.address.startswith(o.address) or o.address.startswith(call.address)]
    return max(related, key=lambda other: len(other.address)) if related else next(iter(others))


def _ref(call: ModuleCall) -> str:
    return (call.source.ref if call.source is not None else None) or ""


def _age(ref: str) -> int:
    """Place among the known tags, the newest last; others come before all."""
    tags: list[str] = index()["tags"]
    return tags.index(ref) if ref in tags else -1
