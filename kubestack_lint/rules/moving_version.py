"""See moving-version.md."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule

_BRANCHES = frozenset({"HEAD", "main", "master"})


@rule(on=Project, severity=Severity.INFO)
def moving_version(project: Project) -> Iterator[Problem]:
    """The modules of a repository follow a branch of Kubestack."""
    seen: set[tuple[str, str]] = set()
    for call in project.calls:
        source = call.source
        if source is None or source.kind != "framework" or source.ref not in _BRANCHES:
            continue
        # Once a root module and branch: whoever follows a branch does so everywhere.
        if (call.root, source.ref) not in seen:
            seen.add((call.root, source.ref))
            yield Problem(
                message=f"{call.address} follows the branch {source.ref}, so that ops and apps may get different code "
                "when they are applied on different days",
                span=call.source_span,
                label="a branch moves",
                remediation=f"replace ref={source.ref} with a tag as soon as one has what you need",
                address=call.address,
                value=source.ref,
            )
