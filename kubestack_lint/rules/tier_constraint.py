"""tier-constraint: a combination of settings that a cloud, or the tier of a service, does not allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import ParameterProblem, Problem, rule

if TYPE_CHECKING:
    from kubestack_lint.conditions import Placed, Views

# What happens to somebody who does not know, and when.
FAILS_AT: dict[str, str] = {
    "plan": "terraform plan refuses it",
    "apply": "terraform apply fails",
    "operation": "the cluster then fails in operation",
    "never": "nothing fails",
}


def _mistakes(
    modules: Sequence[str], /, *, require: str = "true", when: str = "true", **others: Any
) -> Iterator[ParameterProblem]:
    from kubestack_lint.conditions.problems import mistakes

    return mistakes(modules, when, require)


@rule(on=Inheritance, severity=Severity.WARNING, check_parameters=_mistakes)
def tier_constraint(
    inheritance: Inheritance,
    *,
    title: str,
    require: str,
    when: str = "true",
    fails_at: Literal["plan", "apply", "operation", "never"] = "apply",
    explanation: str = "",
    confidence: Literal["verified-in-source", "documented", "recollection"] = "documented",
    evidence: tuple[str, ...] = (),
    as_of: str = "",
    violates: tuple[str, ...] = (),
    conforms: tuple[str, ...] = (),
) -> Iterator[Problem]:
    """A combination of settings that a cloud, or the tier of a service, does not allow."""
    # Imported where there is such a policy: most runs have none.
    from kubestack_lint.conditions.problems import facts_in_words, violations

    def say(views: Views, environment: str, found: Placed) -> str:
        facts = facts_in_words(found, environment)
        dated = f", as of {as_of}" if as_of else ""
        subject = "" if title.startswith(f"{environment} ") else f"{environment}: "
        return f"{subject}{title}{f' ({facts})' if facts else ''}; {FAILS_AT[fails_at]}{dated}"

    for problem in violations(inheritance, when, require, say, identity=title, repeat=False):
        yield replace(problem, remediation=explanation)
