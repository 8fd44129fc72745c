"""A policy: one rule, with parameters, for some environments and modules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kubestack_lint.finding import Severity
from kubestack_lint.policy.where import Where
from kubestack_lint.rule import Rule
from kubestack_lint.source import Span

_PLACEHOLDER = re.compile(r"\{(message|address|environment|attribute)\}")


@dataclass(frozen=True, slots=True)
class Policy:
    """One configured instance of a rule.

    `severity`, `message` and `remediation` stand above what the rule says,
    where they are given. `span` is where the policy is written, None for a
    rule that runs by itself. `origin` says whence it came.
    """

    id: str
    rule: Rule
    where: Where = field(default_factory=Where)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity | None = None
    off: bool = False
    message: str = ""
    remediation: str = ""
    ignorable: bool = True
    span: Span | None = None
    origin: str = "default"

    @property
    def level(self) -> Severity:
        """The severity of its findings."""
        return self.rule.severity if self.severity is None else self.severity

    def worded(
        self, message: str, address: str | None, environment: str | None, attribute: tuple[str, ...] | None
    ) -> str:
        """The policy's own message, or the rule's; {message} in the one stands for the other."""
        if not self.message:
            return message
        parts = {
            "message": message,
            "address": address,
            "environment": environment,
            "attribute": ".".join(attribute or ()),
        }
        return _PLACEHOLDER.sub(lambda found: parts[found[1]] or "", self.message)


def default_policy(rule: Rule) -> Policy:
    """The instance of a rule that runs by itself."""
    return Policy(rule.id, rule)
