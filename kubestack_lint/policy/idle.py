"""Policies of a team that are about nothing there is: a name is misspelt, and the policy finds nothing for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubestack_lint.ledger import Idle
from kubestack_lint.policy.instance import Policy
from kubestack_lint.project.load import Project
from kubestack_lint.suggest import closest
from kubestack_lint.values.value import Unknown


def idle(policies: Iterable[Policy], project: Project, own: str) -> tuple[Idle, ...]:
    """Policies of the settings file `own` whose names of environments or modules fit nothing.

    Only where all of them are known: everything was read, and every map of environments. Packs name what other
    repositories have, globs what may come; a name in `environments: {base: …, order: […]}` may come, too.
    """
    blocks = project.blocks
    if not own or not blocks or project.problems or any(_hidden(block.configurations.values()) for block in blocks):
        return ()
    said = project.environments
    expected = {*said.order, *([said.base] if said.base else ())}
    environments = {name for block in blocks for name in (*block.environments, *block.absent)} | expected
    addresses = {block.address for block in blocks} | {call.address for call in project.calls}
    return tuple(_idle(sorted(policies, key=lambda policy: policy.id), own, environments, addresses))


def _hidden(configurations: Iterable[object]) -> bool:
    return any(isinstance(getattr(value, "data", None), Unknown) for value in configurations)


def _idle(policies: Iterable[Policy], own: str, environments: set[str], addresses: set[str]) -> Iterator[Idle]:
    for policy in policies:
        if policy.span is None or policy.span.path != own:
            continue
        for kind, names, known in (
            ("environment", policy.where.environment, environments),
            ("environment", _compared(policy), environments),
            ("module", policy.where.address, addresses),
        ):
            if names and not any("*" in name or "?" in name or name in known for name in names):
                close = closest(names[0], known)
                yield Idle(policy.span, policy.id, kind, tuple(names), f"did you mean {close}?" if close else "")
                break


def _compared(policy: Policy) -> tuple[str, ...]:
    """The names that the expressions of a policy compare environments with."""
    texts = [policy.parameters[name] for name in ("when", "require") if name in policy.parameters]
    if policy.rule.id not in ("condition", "tier-constraint"):
        return ()
    # Imported where there is such a policy: most runs have none.
    from kubestack_lint.conditions.expression import compared_environments

    return tuple(dict.fromkeys(name for text in texts for name in compared_environments(text)))
