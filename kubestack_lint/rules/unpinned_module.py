"""A module whose version is left to the day on which init runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.project.blocks import ModuleCall
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule

# NAMESPACE/NAME/PROVIDER, with or without a host; the git hosts have short forms that look alike.
_REGISTRY = re.compile(r"(?!github\.com/|bitbucket\.org/)(?:[\w.-]+\.[\w.-]+/)?[\w-]+/[\w-]+/[\w-]+(?://.*)?")


@rule(on=Project, severity=Severity.WARNING)
def unpinned_module(project: Project) -> Iterator[Problem]:
    """A module source names no version."""
    seen = set()
    for call in project.calls:
        problem = _problem(call)
        if problem is not None and call.source_span not in seen:
            seen.add(call.source_span)
            yield problem


def _problem(call: ModuleCall) -> Problem | None:
    source = call.source
    if source is None:
        return None
    if source.kind == "framework" and source.ref is None:
        what, label = "names no version", "no ?ref="
        fix = "add ?ref= with the tag that the other modules and the Dockerfile use"
    elif call.version is None and (source.kind == "catalog" or _REGISTRY.fullmatch(source.text)):
        what, label = "names no version", "no version argument"
        fix = 'add version = "…" with the release that is in use'
    else:
        return None
    return Problem(
        message=f"{call.address} {what}, so environments that are applied on different days may get different code",
        span=call.source_span,
        label=label,
        remediation=fix,
        address=call.address,
        value=source.text,
    )
