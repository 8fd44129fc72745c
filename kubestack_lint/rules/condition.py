"""condition: an environment breaks a condition that a policy states, in Terraform's own language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kubestack_lint.conditions import Placed, Views, said
from kubestack_lint.conditions.problems import facts_in_words, mistakes, violations
from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import ParameterProblem, Problem, rule


def _mistakes(
    *, require: str = "true", when: str = "true", message: str = "", **others: Any
) -> Iterator[ParameterProblem]:
    return mistakes(when, require, message)


@rule(on=Inheritance, severity=Severity.ERROR, check_parameters=_mistakes)
def condition(inheritance: Inheritance, *, require: str, when: str = "true", message: str = "") -> Iterator[Problem]:
    """An environment breaks a condition that a policy states."""

    def say(views: Views, environment: str, found: Placed) -> str:
        facts = facts_in_words(found, environment)
        if message:
            text = said(views, environment, message)
            return text if environment in text else f"{environment}: {text}"
        return f"{environment} does not meet {' '.join(require.split())}" + (f" ({facts})" if facts else "")

    return violations(inheritance, when, require, say)
