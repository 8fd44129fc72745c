"""long-cluster-name: names that the cloud refuses, long after the plan looked fine."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint import Inheritance, Severity
from kubestack_lint.rule import Problem, rule


@rule(on=Inheritance, severity=Severity.ERROR)
def long_cluster_name(inheritance: Inheritance, *, max_length: int = 40) -> Iterator[Problem]:
    """A cluster's name, name_prefix-environment-region, gets longer than the cloud takes."""
    if not inheritance.block.definition.path.endswith("/cluster"):
        return
    for environment in inheritance.environments:
        prefix = inheritance.setting(environment, ("name_prefix",))
        region = inheritance.setting(environment, ("region",))
        # Null, or unknown before apply: there is nothing to say.
        if prefix is None or region is None:
            continue
        parts = (prefix.value.data, environment, region.value.data)
        if not all(isinstance(part, str) for part in parts):
            continue
        name = "-".join(str(part) for part in parts)
        if len(name) > max_length:
            yield Problem(
                message=f"{environment} will be called {name}: {len(name)} characters, at most {max_length} work",
                span=prefix.place,
                label=f"{len(name) - max_length} too many",
                remediation="Shorten name_prefix.",
                environment=environment,
                attribute=("name_prefix",),
                value=name,
            )
