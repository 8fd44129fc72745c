"""What most blocks of a root module agree on, so that the odd one out can be named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import groupby

from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.project.load import Project


def roots(project: Project, counts: Callable[[InheritanceBlock], bool]) -> Iterator[list[InheritanceBlock]]:
    """The blocks of each root module that count; environments are one thing per root."""
    for _, blocks in groupby(project.blocks, key=lambda block: block.root):
        yield [block for block in blocks if counts(block)]


def reference(blocks: Sequence[InheritanceBlock], aspect: Callable[[InheritanceBlock], Hashable]) -> InheritanceBlock:
    """The first block of the largest group; among equals the group that has a cluster, then the first."""
    sizes = Counter(aspect(block) for block in blocks)
    clusters = {aspect(block) for block in blocks if block.definition.kind == "cluster"}
    return max(blocks, key=lambda block: (sizes[aspect(block)], aspect(block) in clusters))
