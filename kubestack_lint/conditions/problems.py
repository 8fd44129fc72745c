"""Verdicts → Problems, for the rules whose parameters are conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kubestack_lint.conditions.check import check_condition, check_message
from kubestack_lint.conditions.evaluate import Judged, Verdict, judge
from kubestack_lint.conditions.places import Fact, Placed, placed
from kubestack_lint.conditions.shapes import all_definitions
from kubestack_lint.conditions.views import Views, views_of
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import ParameterProblem, Problem
from kubestack_lint.values.value import unknown_in
from kubestack_lint.wording import listed

# From the views, the environment and what was read to the sentence of a finding.
Say = Callable[[Views, str, Placed], str]


def violations(
    inheritance: Inheritance, when: str, require: str, say: Say, *, identity: str = "", repeat: bool = True
) -> Iterator[Problem]:
    """One Problem for each environment that breaks the condition, or where that cannot be known.

    Without `repeat`, an environment that only inherits what is wrong in its base is not named again.
    """
    views = views_of(inheritance)
    judged = {name: judge(views, name, when, require) for name in inheritance.environments}
    for name, verdict in judged.items():
        if verdict.verdict not in (Verdict.UNKNOWN, Verdict.VIOLATED):
            continue
        found = placed(views, name, verdict.reads)
        base = inheritance.block.base_of(name)
        inherits = base != name and _only_inherited(found, name)
        if verdict.verdict is Verdict.UNKNOWN:
            # What is inherited is as unknown in the base, and in a comparison the same as there.
            if repeat or (_undecided(verdict, found) and not inherits):
                yield _unknown(name, verdict, found, require, identity)
            continue
        in_base = judged.get(base or "")
        said_there = in_base is not None and in_base.verdict is Verdict.VIOLATED
        if repeat or not (inherits and said_there):
            yield Problem(
                message=say(views, name, found),
                span=found.span,
                label=found.label,
                related=found.related,
                environment=name,
                attribute=found.attribute,
                value=f"{identity} {found.identity}".strip(),
            )


def _only_inherited(found: Placed, environment: str) -> bool:
    """True when the environment itself wrote nothing of what was read."""
    return not any(
        fact.environment == environment and fact.setting is not None and not fact.setting.inherited
        for fact in found.facts
    )


def _undecided(judged: Judged, found: Placed) -> bool:
    """True when the configuration is why nothing is known, not the limits of what we know of the clouds."""
    written = (fact.value for fact in found.facts if fact.setting is not None)
    return judged.applies and any(unknown_in(value) is not None for value in written)


def _unknown(name: str, judged: Judged, found: Placed, require: str, title: str) -> Problem:
    # An expression that fails on null does not say whose that is.
    nothing = [fact for fact in found.facts if fact.value.is_null] if "null" in judged.because else []
    why = judged.because + (f" ({listed(dict.fromkeys(_words(fact, name) for fact in nothing))})" if nothing else "")
    return Problem(
        message=f"{_question(name, require, title)}: {why}",
        span=found.span,
        label="not known",
        related=found.related,
        environment=name,
        attribute=found.attribute,
        value=f"{title} {found.identity}".strip(),
        unknown=True,
    )


def _question(name: str, require: str, title: str) -> str:
    # Who has a title for what is wrong need not read the condition.
    if title:
        return f"{name}: {title}? It cannot be known"
    return f"It cannot be known whether {name} meets {' '.join(require.split())}"


def facts_in_words(found: Placed, environment: str) -> str:
    """`a = 1, b = 2 by default in apps`: what the verdict rests on; unset values only where they matter."""
    valued = {(fact.cluster, fact.path) for fact in found.facts if fact.setting is not None or not fact.value.is_null}
    told = [fact for fact in found.facts if (fact.cluster, fact.path) in valued] or found.facts
    return listed(dict.fromkeys(_words(fact, environment) for fact in told))


def _words(fact: Fact, environment: str) -> str:
    return fact.text if fact.lacking or fact.environment == environment else f"{fact.text} in {fact.environment}"


def mistakes(modules: Sequence[str], when: str, require: str, message: str = "") -> Iterator[ParameterProblem]:
    """What is wrong with the texts of a policy about these modules (or all), with the offset in each."""
    meant = [one for one in all_definitions() if one.path in modules] if modules else None
    for name, text in (("when", when), ("require", require)):
        for problem in check_condition(text, meant):
            yield ParameterProblem((name,), problem.message, problem.hint, problem.start)
    for problem in check_message(message, meant):
        yield ParameterProblem(("message",), problem.message, problem.hint, problem.start)
