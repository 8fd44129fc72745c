"""unsupported-environment: Kubestack before v0.9.3 ignores all but apps and ops."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.catalog.names import called
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.inheritance.resolve import FIXED
from kubestack_lint.rule import Problem, rule
from kubestack_lint.suggest import closest
from kubestack_lint.wording import exact, listed


@rule(on=Inheritance, severity=Severity.ERROR)
def unsupported_environment(inheritance: Inheritance) -> Iterator[Problem]:
    """An environment is written that this version of Kubestack ignores."""
    block = inheritance.block
    if block.definition.merge not in ("L0", "L1"):
        return
    for name, value in inheritance.raw.items():
        if name in FIXED:
            continue
        meant = closest(name, set(FIXED) - set(block.environments))
        yield Problem(
            message=(
                f"{called(block.definition)} ignores environment {name}: it knows {listed(FIXED)} and no others, "
                f"so Terraform stops in workspace {name} (Invalid index)"
            ),
            span=value.place or block.configuration_span,
            label="ignored",
            related=(Label(block.span, "free environment names came with v0.9.3"),),
            remediation=f"Rename {name} to {meant}." if meant else "Move to v0.9.3 or later, or remove it.",
            environment=name,
            value=exact(value),
        )
