"""The line: text → project → inheritance → differences → findings. Nothing else knows the order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kubestack_lint.differences import Difference, differences
from kubestack_lint.finding import Finding, Label, fingerprint
from kubestack_lint.inheritance import Inheritance, Setting, resolve
from kubestack_lint.limits import deep_recursion
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.project.load import LoadOptions, Project, load_project
from kubestack_lint.report import Failure, Report
from kubestack_lint.rule import Problem, Rule, all_rules
from kubestack_lint.values.value import Value


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project with every block resolved and every difference to the base."""

    project: Project
    inheritances: tuple[Inheritance, ...]
    differences: tuple[Difference, ...]


def load(path: str | os.PathLike[str], options: LoadOptions | None = None) -> Loaded:
    """Read a path and compute its environments. Raises InputError for a path that cannot be read."""
    project = load_project(path, options, _effective_value)
    with deep_recursion():
        inheritances = tuple(resolve(block) for block in project.blocks)
        found = tuple(d for i in inheritances for name in (*i.others, *i.block.absent) for d in differences(i, name))
    return Loaded(project, inheritances, found)


def _effective_value(block: InheritanceBlock, environment: str) -> Value | None:
    found = resolve(block).environments.get(environment)
    return None if found is None else found.value


def lint(loaded: Loaded, rules: Iterable[Rule] | None = None) -> Report:
    """Run rules (all by default) over what was loaded; a crashing rule becomes a Failure."""
    findings: list[Finding] = []
    failures: list[Failure] = []
    for rule in all_rules().values() if rules is None else rules:
        try:
            findings += [_finding(rule, subject, problem) for subject, problem in _problems(rule, loaded)]
        except Exception as error:  # noqa: BLE001 - one broken rule must not hide the others
            failures.append(Failure(rule.id, f"{type(error).__name__}: {error}"))
    return Report(
        start=loaded.project.start,
        findings=tuple(sorted(set(findings), key=lambda finding: finding.order)),
        inheritances=loaded.inheritances,
        differences=loaded.differences,
        failures=tuple(failures),
        files=len(loaded.project.sources),
        unreadable=len(loaded.project.problems),
    )


def _problems(rule: Rule, loaded: Loaded) -> Iterator[tuple[Any, Problem]]:
    for subject in _subjects(rule, loaded):
        for problem in rule.check(subject):
            yield subject, problem


def _subjects(rule: Rule, loaded: Loaded) -> Iterable[Any]:
    if rule.on is Project:
        return (loaded.project,)
    if rule.on is Inheritance:
        return loaded.inheritances
    if rule.on is Difference:
        return loaded.differences
    return (s for i in loaded.inheritances for effective in i.environments.values() for s in effective.settings)


def _finding(rule: Rule, subject: Any, problem: Problem) -> Finding:
    address, environment, attribute = problem.address, problem.environment, problem.attribute
    related = problem.related
    if isinstance(subject, Inheritance | Setting | Difference):
        address = address or subject.block.address
        # Innermost call first: that is where the value is passed on last.
        related += tuple(Label(span, "called from here") for span in reversed(subject.block.chain))
    if isinstance(subject, Setting | Difference):
        environment = environment or subject.environment
        attribute = attribute or subject.path
    identity = fingerprint(rule.id, address, environment, attribute, problem.value)
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=problem.message,
        span=problem.span,
        fingerprint=identity,
        label=problem.label,
        address=address,
        environment=environment,
        attribute=attribute,
        related=related,
        remediation=problem.remediation,
    )
