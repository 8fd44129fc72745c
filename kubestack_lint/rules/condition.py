"""condition: an environment breaks a condition that a policy states, in Terraform's own language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import ParameterProblem, Problem, rule

if TYPE_CHECKING:
    from kubestack_lint.conditions import Placed, Views

# The language of conditions is imported where there is one: most runs have none.


def _mistakes(
    modules: Sequence[str], /, *, require: str = "true", when: str = "true", message: str = "", **others: Any
) -> Iterator[ParameterProblem]:
    from kubestack_lint.conditions.problems import mistakes

    return mistakes(modules, when, require, message)


@rule(on=Inheritance, severity=Severity.ERROR, check_parameters=_mistakes)
def condition(inheritance: Inheritance, *, require: str, when: str = "true", message: str = "") -> Iterator[Problem]:
    """An environment breaks a condition that a policy states."""
    from kubestack_lint.conditions import said
    from kubestack_lint.conditions.problems import facts_in_words, violations

    def say(views: Views, environment: str, found: Placed) -> str:
        facts = facts_in_words(found, environment)
        if message:
            text = said(views, environment, message)
            return text if environment in text else f"{environment}: {text}"
        return f"{environment} does not meet {' '.join(require.split())}" + (f" ({facts})" if facts else "")

    return violations(inheritance, when, require, say)
