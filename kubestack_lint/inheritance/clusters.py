"""All blocks of a project resolved, each node pool with the cluster that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from kubestack_lint.inheritance.resolve import Inheritance, resolve
from kubestack_lint.project.load import Project
from kubestack_lint.project.module import argument
from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes

_CLUSTER_ARGUMENTS = ("cluster", "cluster_metadata", "cluster_name")
# `module.eks`, `module.eks["a"]`, `module.eks[0]`: a key may be that of an instance, or of an output.
_MODULE = re.compile(r'\bmodule\.(?P<name>[A-Za-z0-9_-]+)(?P<key>\["[^"\\]*"\]|\[[0-9]+\])?')


def resolve_all(project: Project) -> tuple[Inheritance, ...]:
    """Every block of a project, in its order."""
    resolved = tuple(resolve(block) for block in project.blocks)
    if not any(_is_pool(one) for one in resolved):
        return resolved
    clusters = {_key(one, one.block.address): one for one in resolved if one.block.definition.kind == "cluster"}
    calls = {call.header: call for module in project.modules for call in module.calls.values()}
    return tuple(replace(one, cluster=_cluster_of(one, calls, clusters)) if _is_pool(one) else one for one in resolved)


def _is_pool(inheritance: Inheritance) -> bool:
    return inheritance.block.definition.kind == "node-pool"


def _key(inheritance: Inheritance, address: str) -> tuple[str, str]:
    # Two root modules may have the same addresses.
    return inheritance.block.root, address


def _cluster_of(
    pool: Inheritance, calls: Mapping[Span, nodes.Block], clusters: Mapping[tuple[str, str], Inheritance]
) -> Inheritance | None:
    """The cluster that the arguments of a node pool refer to; None where they name none, or several."""
    call = calls.get(pool.block.span)
    parent = pool.block.address.rpartition("module.")[0]
    for name in _CLUSTER_ARGUMENTS:
        given = argument(call, name) if call is not None else None
        found = list(_MODULE.finditer(given.expression.span.text)) if given is not None else []
        if found and len({match["name"] for match in found}) == 1 and len({match["key"] for match in found}) == 1:
            instance, whole = f"{parent}{found[0][0]}", f"{parent}module.{found[0]['name']}"
            return clusters.get(_key(pool, instance)) or clusters.get(_key(pool, whole))
        if found:
            return None
    return None
