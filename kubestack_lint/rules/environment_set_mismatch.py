"""environment-set-mismatch: modules of one repository with different environments."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.consensus import reference, roots
from kubestack_lint.finding import Label, Severity
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.project.load import Project
from kubestack_lint.rule import Problem, rule
from kubestack_lint.suggest import closest, top_level
from kubestack_lint.phrases import listed


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
    """Only what is known to be a map of environments; `computed` maps follow the others."""
    return block.definition.typed and bool(block.environments) and not block.computed


def _default(block: InheritanceBlock) -> bool:
    """True where the module's own default stands for a configuration that is not given."""
    return block.configuration_span == block.span


def _names(block: InheritanceBlock) -> tuple[str, ...]:
    """Environments, without attributes and scalars that were written among them by mistake."""
    attributes = top_level(block.definition)
    return tuple(
        name
        for name in block.environments
        if name not in attributes and isinstance(block.configuration(name).items[name].data, dict | None)
    )


def _problem(block: InheritanceBlock, rest: InheritanceBlock, missing: list[str], extra: list[str]) -> Problem:
    typo = len(missing) == len(extra) == 1 and closest(extra[0], missing) is not None
    if typo:
        fact, way_out = f"calls {extra[0]} what is {missing[0]}", f"Rename {extra[0]} to {missing[0]}."
    elif missing and extra:
        fact, way_out = f"has {listed(extra)} instead of {listed(missing)}, which is what there is", "Use the same environments in every module."
    elif missing:
        fact, way_out = f"has no {listed(missing, 'or')}, as there is", f"Add {listed([f'{name} = {{}}' for name in missing])}."
    else:
        fact, way_out = f"has {listed(extra)}, which is missing", f"Add {listed(extra)} to every module, or remove it here."
    failing = [*missing, *extra]
    place = block.configuration(extra[0]).items[extra[0]].place if extra else None
    return Problem(
        message=(
            f"{block.address} {fact} in {rest.address}, so Terraform stops "
            f'in workspace {listed(failing, "or")} with "Invalid index"'
        ),
        span=place or block.configuration_span,
        label=f"has {listed(_names(block))}",
        related=(Label(rest.configuration_span, f"{rest.address} has {listed(_names(rest))}"),),
        remediation=way_out,
        address=block.address,
        value=" ".join(sorted(_names(block))),
    )
