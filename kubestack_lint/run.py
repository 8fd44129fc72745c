"""The line: text → project → inheritance → differences → findings. Nothing else knows the order."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kubestack_lint.differences import Difference, differences
from kubestack_lint.finding import Finding
from kubestack_lint.inheritance import Inheritance, resolve, resolve_all
from kubestack_lint.ledger import Ledger
from kubestack_lint.limits import deep_recursion
from kubestack_lint.policy.check import Subjects, check
from kubestack_lint.policy.clock import day_of
from kubestack_lint.policy.idle import idle
from kubestack_lint.policy.ignores import find_ignores
from kubestack_lint.policy.instance import Policy, default_policy
from kubestack_lint.policy.waiving import Aside, Sorting
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.project.clusters import with_clusters
from kubestack_lint.project.discovery import git_root
from kubestack_lint.project.environments import Environments
from kubestack_lint.project.load import LoadOptions, Project, load_project
from kubestack_lint.report import Failure, Ignored, Ran, Report, Waived
from kubestack_lint.rule import Rule, all_rules
from kubestack_lint.secrecy import veiled
from kubestack_lint.values.value import Value


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project with every block resolved and every difference to the base."""

    project: Project
    inheritances: tuple[Inheritance, ...]
    differences: tuple[Difference, ...]


def load(path: str | os.PathLike[str], options: LoadOptions | None = None) -> Loaded:
    """Read a path and compute its environments. Raises InputError for a path that cannot be read.

    What looks like a secret is marked sensitive.
    """
    options = options or LoadOptions()
    project = load_project(path, options, _effective_value)
    blocks = with_clusters([veiled(block, options.secrets) for block in project.blocks], project.modules)
    project = replace(project, blocks=blocks)
    with deep_recursion():
        inheritances = resolve_all(project.blocks)
        found = tuple(d for i in inheritances for name in (*i.others, *i.block.absent) for d in differences(i, name))
    return Loaded(project, inheritances, found)


def _effective_value(block: InheritanceBlock, environment: str) -> Value | None:
    found = resolve(block).environments.get(environment)
    return None if found is None else found.value


def lint(
    loaded: Loaded,
    rules: Iterable[Rule | Policy] | None = None,
    aside: Aside | None = None,
    environments: Environments | None = None,
) -> Report:
    """Run rules or policies (all that need no parameters by default) over what was loaded.

    A crashing rule becomes a Failure. `aside` holds waivers, the baseline and
    the day of the run; comments that ignore findings always count.
    """
    project = loaded.project if environments is None else replace(loaded.project, environments=environments)
    policies = _policies(rules)
    subjects = Subjects(project, loaded.inheritances, loaded.differences)
    failures: list[Failure] = []
    found = _found([policy for policy in policies if policy.rule.on is not Ledger], subjects, failures)
    sources = {source.path: source for source in (*(f.span.source for f in found), *project.sources)}
    aside = aside or Aside(day_of(None, os.environ))
    sorting = Sorting(
        policies={policy.id: policy for policy in policies},
        blocks=tuple(inheritance.block for inheritance in loaded.inheritances),
        aside=aside,
        ignores=find_ignores(sources[path] for path in sorted(sources)),
    )
    sorting.add(found)
    # What became of those findings is checked last; that may itself be ignored or known.
    ledger = replace(subjects, ledger=replace(sorting.ledger(), idle=idle(policies, project, aside.own)))
    sorting.add(_found([policy for policy in policies if policy.rule.on is Ledger], ledger, failures))
    ran = tuple(Ran(policy.id, policy.rule, policy.level) for policy in sorted(policies, key=lambda policy: policy.id))
    return _report(loaded, sorting, failures, ran)


def _policies(rules: Iterable[Rule | Policy] | None) -> list[Policy]:
    if rules is None:
        rules = [rule for rule in all_rules().values() if not rule.sleeps]
    return [default_policy(rule) if isinstance(rule, Rule) else rule for rule in rules]


def _found(policies: Iterable[Policy], subjects: Subjects, failures: list[Failure]) -> list[Finding]:
    """Block after block where rules look at one, so that what policies share of a block is computed once."""
    findings: list[Finding] = []
    across = [policy for policy in policies if policy.rule.on is not Inheritance]
    each = [policy for policy in policies if policy.rule.on is Inheritance]
    turns = [(subjects, across), *((replace(subjects, inheritances=(one,)), each) for one in subjects.inheritances)]
    broken: set[str] = set()
    for part, looking in turns:
        for policy in looking:
            if policy.id in broken:
                continue
            try:
                findings += check(policy, part)
            except Exception as error:  # noqa: BLE001 - one broken rule must not hide the others
                broken.add(policy.id)
                failures.append(Failure(policy.id, f"{type(error).__name__}: {error}", policy.rule.distribution))
    return findings


def _report(loaded: Loaded, sorting: Sorting, failures: list[Failure], ran: tuple[Ran, ...]) -> Report:
    return Report(
        start=loaded.project.start,
        findings=tuple(sorted(sorting.findings, key=lambda finding: finding.order)),
        inheritances=loaded.inheritances,
        differences=loaded.differences,
        failures=tuple(failures),
        files=len(loaded.project.sources),
        unreadable=len(loaded.project.problems),
        waived=tuple(Waived(finding, waiver) for finding, waiver in sorting.waived),
        ignored=tuple(Ignored(finding, ignore) for finding, ignore in sorting.ignored),
        known=tuple(sorting.known),
        ran=ran,
        repository=git_root(loaded.project.start),
    )
