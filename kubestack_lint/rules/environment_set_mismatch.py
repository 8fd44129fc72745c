"""environment-set-mismatch: modules of one repository with different environments."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.catalog.names import top_level
from kubestack_lint.finding import Label, Severity
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.project.consensus import reference, roots
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule
from kubestack_lint.suggest import closest
from kubestack_lint.values.value import Unknown
from kubestack_lint.wording import listed


@rule(on=Project, severity=Severity.ERROR)
def environment_set_mismatch(project: Project) -> Iterator[Problem]:
    """A module has other environments than the rest, so that one workspace cannot be planned."""
    for blocks in roots(project, _counts):
        written = [block for block in blocks if not _default(block)]
        if not written:
            continue
        rest = reference(written, lambda block: frozenset(_names(block)))
        for block in blocks:
            missing = [name for name in _names(rest) if name not in _names(block)]
            extra = [] if _default(block) else [name for name in _names(block) if name not in _names(rest)]
            if missing or extra:
                yield _problem(block, rest, missing, extra)


def _counts(block: InheritanceBlock) -> bool:
    """Only what is known to be a map of environments; a map with other keys in every workspace follows the rest."""
    names = set(block.environments)
    fixed = all(set(view.items) == names for view in block.configurations.values())
    return block.definition.typed and bool(names) and (fixed or not block.computed)


def _default(block: InheritanceBlock) -> bool:
    """True where the module's own default stands for a configuration that is not given."""
    return block.configuration_span == block.span


def _names(block: InheritanceBlock) -> tuple[str, ...]:
    """Environments, without attributes and scalars that were written among them by mistake."""
    attributes = top_level(block.definition)
    return tuple(
        name
        for name in block.environments
        if name not in attributes and isinstance(block.configuration(name).items[name].data, dict | Unknown | None)
    )


def _problem(block: InheritanceBlock, rest: InheritanceBlock, missing: list[str], extra: list[str]) -> Problem:
    other = rest.address
    if missing and extra:
        fact = f"has {listed(extra)} where {other} has {listed(missing)}"
    elif missing:
        fact = f"has no {' and no '.join(missing)}, but {other} does"
    else:
        fact = f"has {listed(extra)}, but {other} does not"
    place = block.configuration(extra[0]).items[extra[0]].place if extra else None
    failing = " or ".join([*missing, *extra])
    return Problem(
        message=f"{block.address} {fact}, so Terraform stops in workspace {failing} (Invalid index)",
        span=place or block.configuration_span,
        label=f"has {listed(_names(block))}",
        related=(Label(rest.configuration_span, f"{rest.address} has {listed(_names(rest))}"),),
        remediation=_way_out(block, missing, extra),
        address=block.address,
        value=" ".join(sorted(_names(block))),
    )


def _way_out(block: InheritanceBlock, missing: list[str], extra: list[str]) -> str:
    if _default(block):
        return f"Give it a configuration that has {listed(missing)}."
    if missing and extra:
        meant = closest(extra[0], missing)
        return f"Rename {extra[0]} to {meant}." if meant else "Use the same environments in every module."
    if missing:
        return f"Add {listed([f'{name} = {{}}' for name in missing])}."
    return f"Add {listed(extra)} to every other module, or remove it here."
