"""A call of one of the framework's internal modules."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.catalog import known_modules
from kubestack_lint.finding import Severity
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule


@rule(on=Project, severity=Severity.WARNING)
def internal_module_source(project: Project) -> Iterator[Problem]:
    """A source leads into the framework's _modules/, which know no environments."""
    seen = set()
    for call in project.calls:
        source = call.source
        if source is None or not source.internal or call.source_span in seen:
            continue
        seen.add(call.source_span)
        public = _public(source.path)
        yield Problem(
            message=f"{call.address} calls {source.path}, an internal module that may change in any release "
            "and takes no configuration per environment",
            span=call.source_span,
            label="internal",
            remediation=f"call {public} instead" if public else "call one of the framework's public modules instead",
            address=call.address,
            value=source.text,
        )


def _public(path: str) -> str | None:
    """The public module that wraps an internal one."""
    provider = path.split("/")[0]
    suffix = "/node-pool" if "node_pool" in path or "node-pool" in path else ""
    wanted = f"{provider}/cluster{suffix}"
    return wanted if wanted in known_modules() else None
