"""Policies and what was loaded → findings, with all that stands above a rule added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kubestack_lint.differences import Difference
from kubestack_lint.finding import Finding, Label, Severity, fingerprint, value_hash
from kubestack_lint.inheritance import Inheritance, Setting
from kubestack_lint.ledger import Ledger
from kubestack_lint.policy.instance import Policy
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem
from kubestack_lint.values.value import Value


@dataclass(frozen=True, slots=True)
class Subjects:
    """All that rules look at."""

    project: Project
    inheritances: Sequence[Inheritance]
    differences: Sequence[Difference]
    ledger: Ledger | None = None

    def of(self, policy: Policy) -> Iterable[Any]:
        """What one policy looks at; its `where` decides."""
        rule, where = policy.rule, policy.where
        if rule.on is Ledger:
            return () if self.ledger is None else (self.ledger,)
        if rule.on is Project:
            return (where.part(self.project),)
        found: Iterable[Any] = self.differences
        if rule.on is Inheritance:
            found = self.inheritances
        elif rule.on is Setting:
            found = (s for i in self.inheritances for effective in i.environments.values() for s in effective.settings)
        return (subject for subject in found if where.fits_subject(subject))

    def meant(self, policy: Policy, finding: Finding) -> bool:
        """True unless the finding names a module that the policy is not about; two roots may share an address."""
        blocks = [i.block for i in self.inheritances if i.block.address == finding.address]
        return not blocks or any(policy.where.fits_block(block) for block in blocks)


def check(policy: Policy, subjects: Subjects) -> Iterator[Finding]:
    """The findings of one policy."""
    where = policy.where
    for subject in subjects.of(policy):
        for problem in policy.rule.check(subject, **policy.parameters):
            found = _finding(policy, subject, problem)
            # Subjects that are blocks, or stand in one, were chosen already.
            across = where.about_blocks and isinstance(subject, Project | Ledger)
            if where.fits_environment(found.environment) and (not across or subjects.meant(policy, found)):
                yield found


def _origins(block: InheritanceBlock, problem: Problem) -> Iterator[Label]:
    """Where values are written that only arrive, by a reference, at the places of a problem."""
    places = dict.fromkeys((problem.span, *(label.span for label in problem.related)))
    shown = {(span.path, span.line) for span in places}
    for value in (part for whole in block.configurations.values() for part in _parts(whole)):
        origin = value.via
        if origin is not None and value.place in places and (origin.path, origin.line) not in shown:
            shown.add((origin.path, origin.line))
            yield Label(origin, "the value comes from here")


def _parts(value: Value) -> Iterator[Value]:
    yield value
    for part in (*value.items.values(), *value.elements):
        yield from _parts(part)


def _finding(policy: Policy, subject: Any, problem: Problem) -> Finding:
    address, environment, attribute = problem.address, problem.environment, problem.attribute
    related = problem.related
    blocks: Sequence[InheritanceBlock] = ()
    if isinstance(subject, Inheritance | Setting | Difference):
        address = address or subject.block.address
        blocks = (subject.block,)
    elif isinstance(subject, Project):
        blocks = [block for block in subject.blocks if block.address == address]
    if len(blocks) == 1:
        related += tuple(_origins(blocks[0], problem))
        # Innermost call first: that is where the value is passed on last.
        related += tuple(Label(span, "called from here") for span in reversed(blocks[0].chain))
    if isinstance(subject, Setting | Difference):
        environment = environment or subject.environment
        attribute = attribute or subject.path
    return Finding(
        rule=policy.rule.id,
        policy=policy.id,
        severity=Severity.INFO if problem.unknown else policy.level,
        # What a rule says about the unknown is not what the policy says about the known.
        message=problem.message if problem.unknown else policy.worded(problem.message, address, environment, attribute),
        span=problem.span,
        fingerprint=fingerprint(policy.id, address, environment, attribute, problem.value),
        value=value_hash(problem.value),
        label=problem.label,
        address=address,
        environment=environment,
        attribute=attribute,
        related=related,
        remediation=policy.remediation or problem.remediation,
        unknown=problem.unknown,
        fix=problem.fix,
    )
