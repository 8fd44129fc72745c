"""Which cluster a node pool belongs to, by the references in the arguments of its call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.project.module import TerraformModule, argument
from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes

_CLUSTER_ARGUMENTS = ("cluster", "cluster_metadata", "cluster_name")
# `module.eks`, `module.eks["a"]`, `module.eks[0]`: a key may be that of an instance, or of an output.
_MODULE = re.compile(r'\bmodule\.(?P<name>[A-Za-z0-9_-]+)(?P<key>\["[^"\\]*"\]|\[[0-9]+\])?')


def with_clusters(
    blocks: Sequence[InheritanceBlock], modules: Iterable[TerraformModule]
) -> tuple[InheritanceBlock, ...]:
    """The same blocks, in which every node pool has its cluster where that is among them."""
    if not any(_is_pool(block) for block in blocks):
        return tuple(blocks)
    # Two root modules may have the same addresses.
    clusters = {(block.root, block.address): block for block in blocks if block.definition.kind == "cluster"}
    calls = {call.header: call for module in modules for call in module.calls.values()}
    return tuple(
        replace(block, cluster=_cluster_of(block, calls, clusters)) if _is_pool(block) else block for block in blocks
    )


def _is_pool(block: InheritanceBlock) -> bool:
    return block.definition.kind == "node-pool"


def _cluster_of(
    pool: InheritanceBlock, calls: Mapping[Span, nodes.Block], clusters: Mapping[tuple[str, str], InheritanceBlock]
) -> InheritanceBlock | None:
    """The cluster that the arguments of a node pool refer to; None where they name none, or several."""
    call = calls.get(pool.span)
    parent = pool.address.rpartition("module.")[0]
    for name in _CLUSTER_ARGUMENTS:
        given = argument(call, name) if call is not None else None
        named = {match.groups() for match in _MODULE.finditer(given.expression.span.text)} if given is not None else ()
        if len(named) == 1:
            ((module, key),) = named
            address = f"{parent}module.{module}"
            return clusters.get((pool.root, f"{address}{key or ''}")) or clusters.get((pool.root, address))
        if named:
            return None
    return None
