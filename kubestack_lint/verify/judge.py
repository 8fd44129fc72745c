"""What terraform said about a block → agreed, different, or not verified, with the reason."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from kubestack_lint.inheritance import Inheritance
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.values.literal import quoted
from kubestack_lint.values.value import Unknown, unknowns
from kubestack_lint.verify.compare import Mismatch, Theirs, compare
from kubestack_lint.verify.terraform import Plan, Refusal

Chain = tuple[str, ...]
Steps = tuple[tuple[str, str | int | None], ...]

_STEP = re.compile(r'module\.([^.\[\]]+)(?:\[("(?:[^"\\]|\\.)*"|\d+|\*)\])?\.?')
UNRESOLVED = "unresolved-value"
REFUSED_EXPRESSION = "Terraform refuses this expression"
# What refuses a plan for a reason that is no business of inheritance.
_NOT_ABOUT_VALUES = ("cannot be determined until apply", "This was checked by the validation rule")


class Verdict(Enum):
    """How a block came out."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNVERIFIED = "not verified"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One block; `reason` says more than the verdict, `note` what the replay had to leave out."""

    root: str
    address: str
    environments: tuple[str, ...]
    verdict: Verdict
    reason: str = ""
    mismatches: tuple[Mismatch, ...] = ()
    note: str = ""


@dataclass(slots=True)
class Job:
    """All instances of one call: they are planned together.

    `obstacle` says why they cannot be, `refused` why we expect Terraform to
    refuse them; `results` are by workspace.
    """

    chain: Chain
    blocks: list[Inheritance]
    obstacle: str = ""
    note: str = ""
    refused: str = ""
    results: dict[str, Plan | Refusal] = field(default_factory=dict)

    @property
    def refusals(self) -> list[Refusal]:
        """What Terraform refuses, in any workspace."""
        return [result for result in self.results.values() if isinstance(result, Refusal)]


def steps_of(address: str) -> Steps:
    """`module.a["k"].module.b` as names and instance keys; `*` stays text."""
    found: list[tuple[str, str | int | None]] = []
    for match in _STEP.finditer(address):
        key = match[2]
        found.append((match[1], key if key in (None, "*") else json.loads(_unescaped(key))))
    return tuple(found)


def _unescaped(key: str) -> str:
    return key.replace("$${", "${").replace("%%{", "%{")


def chain_of(block: InheritanceBlock) -> Chain:
    """The names of the calls that lead to a block, without instance keys."""
    return tuple(name for name, _ in steps_of(block.address))


def our_refusal(inheritance: Inheritance) -> str:
    """Why we say that Terraform refuses a block, "" where we do not."""
    error = inheritance.error
    if error is None or (error.rule == UNRESOLVED and REFUSED_EXPRESSION not in error.message):
        return ""
    return error.message


def judged(root: str, inheritance: Inheritance, job: Job) -> Outcome:
    """The verdict on one block."""
    found: tuple[Mismatch, ...] = ()
    if job.obstacle:
        verdict, reason = Verdict.UNVERIFIED, job.obstacle
    elif job.refused:
        verdict, reason = _expected_refusal(inheritance, job)
    elif job.refusals:
        verdict, reason = _unexpected_refusal(inheritance, job)
    else:
        found = tuple(m for workspace in job.results for m in _mismatches(inheritance, job, workspace))
        verdict, reason = _of_values(inheritance, found)
    block = inheritance.block
    names = tuple(name for name in block.environments if name in inheritance.environments) or block.environments
    return Outcome(root, block.address, names, verdict, reason, found, job.note)


def _expected_refusal(inheritance: Inheritance, job: Job) -> tuple[Verdict, str]:
    ours = our_refusal(inheritance)
    # What fails before the plan may be the fault of the copy, unless it is just what we say.
    summary = job.refused.split(":")[0]
    late = [refusal for refusal in job.refusals if not refusal.early or refusal.message.startswith(summary)]
    if late and not ours and any(our_refusal(other) for other in job.blocks):
        return Verdict.UNVERIFIED, f"Terraform refuses another instance of this call: {late[0].message}"
    if late:
        return Verdict.AGREES, f"both refuse it; Terraform says: {late[0].message}"
    if job.refusals:
        return Verdict.UNVERIFIED, f"terraform init fails: {job.refusals[0].message}"
    return Verdict.DIFFERS, f"kslint says that Terraform refuses it ({job.refused}), and Terraform does not"


def _unexpected_refusal(inheritance: Inheritance, job: Job) -> tuple[Verdict, str]:
    refusal = job.refusals[0]
    here = (name for name, result in job.results.items() if isinstance(result, Refusal))
    if any(hidden.refused for name in here for hidden in _hidden(inheritance, name)):
        return Verdict.AGREES, f"both refuse it; Terraform says: {refusal.message}"
    if refusal.early:
        return Verdict.UNVERIFIED, f"terraform init fails: {refusal.message}"
    if any(text in refusal.message for text in _NOT_ABOUT_VALUES):
        return Verdict.UNVERIFIED, f"Terraform makes no plan: {refusal.message}"
    if inheritance.error is not None:
        return Verdict.UNVERIFIED, f"{inheritance.error.message}; Terraform refuses it: {refusal.message}"
    return Verdict.DIFFERS, f"Terraform refuses it: {refusal.message}"


def _hidden(inheritance: Inheritance, name: str) -> Iterator[Unknown]:
    effective = inheritance.environments.get(name)
    return unknowns(effective.value) if effective is not None else iter(())


def _of_values(inheritance: Inheritance, found: tuple[Mismatch, ...]) -> tuple[Verdict, str]:
    if any(not mismatch.unclaimed for mismatch in found):
        return Verdict.DIFFERS, ""
    if found:
        return Verdict.UNVERIFIED, "kslint calls a value unknown that Terraform knows"
    error = inheritance.error
    return Verdict.AGREES, f"unknown to both: {error.message}" if error is not None else ""


def _mismatches(inheritance: Inheritance, job: Job, workspace: str) -> Iterator[Mismatch]:
    """Differences in what one plan says about a block."""
    block = inheritance.block
    result = job.results[workspace]
    assert isinstance(result, Plan)
    theirs = _found(Theirs(result.value, result.unknown, result.type), steps_of(block.address))
    if workspace in block.absent:
        if theirs is not None:
            place = block.absent[workspace]
            yield Mismatch(workspace, "", "no such instance of this call", "an instance of it", place)
        return
    if theirs is None:
        yield Mismatch(workspace if block.computed else "", "", "an instance of this call", "none", block.span)
        return
    if inheritance.error is not None:
        yield from _whole_unknown(inheritance, theirs)
        return
    ours = tuple(inheritance.environments)
    names = ours if theirs.hidden else tuple(dict.fromkeys((*ours, *theirs.keys)))
    # What depends on the workspace is known for the workspace at hand only.
    for name in (n for n in names if not block.computed or n == workspace):
        if name not in ours or (not theirs.hidden and name not in theirs.keys):
            yield Mismatch(name, "", *(("an environment", "none") if name in ours else ("none", "an environment")))
        else:
            yield from compare(inheritance, name, theirs.part(name))


def _whole_unknown(inheritance: Inheritance, theirs: Theirs) -> Iterator[Mismatch]:
    """We say that all is unknown: then Terraform must not know a single environment."""
    error = inheritance.error
    assert error is not None
    known = [] if theirs.hidden else [name for name in theirs.keys if theirs.part(name).known]
    for name in known:
        yield Mismatch(name, "", f"unknown: {error.message}", "known", error.span, unclaimed=True)


def _found(theirs: Theirs, steps: Steps) -> Theirs | None:
    try:
        for name, key in steps:
            theirs = theirs.part(name)
            if key is not None:
                theirs = theirs.part(key)
    except (LookupError, TypeError):
        return None
    return theirs


def extras(root: str, job: Job) -> Iterator[Outcome]:
    """Instances that Terraform makes of a call and kslint does not know."""
    known = {inheritance.block.address for inheritance in job.blocks}
    for result in job.results.values():
        if not isinstance(result, Plan):
            continue
        for address in _instances(Theirs(result.value, result.unknown, result.type), job.chain, job):
            if address not in known:
                known.add(address)
                yield Outcome(root, address, (), Verdict.DIFFERS, "only Terraform makes this instance of the call")


def _instances(theirs: Theirs, chain: Chain, job: Job, done: Steps = (), address: str = "") -> Iterator[str]:
    """Addresses of all instances of a chain of calls; where kslint counts none, it is one."""
    if not chain:
        yield address
        return
    inner = theirs.part(chain[0])
    here = f"{address}.module.{chain[0]}".lstrip(".")
    if all(steps_of(i.block.address)[len(done)][1] is None for i in job.blocks):
        yield from _instances(inner, chain[1:], job, (*done, (chain[0], None)), here)
    elif inner.type[0] == "object":
        for key in inner.keys:
            step = (chain[0], key)
            suffix = f"[{quoted(key)}]"
            yield from _instances(inner.part(key), chain[1:], job, (*done, step), here + suffix)
    elif inner.type[0] == "tuple":
        for index in range(len(inner.type[1])):
            yield from _instances(inner.part(index), chain[1:], job, (*done, (chain[0], index)), f"{here}[{index}]")
