"""`kslint show --format hcl`: the map that could be pasted into terraform."""

from __future__ import annotations

from collections.abc import Sequence

from kubestack_lint.inheritance import Inheritance
from kubestack_lint.reporters.document import written
from kubestack_lint.values.literal import block_text
from kubestack_lint.values.value import object_of


def show_hcl(inheritances: Sequence[Inheritance], environments: Sequence[str] = (), nulls: bool = False) -> str:
    """One `configuration = {…}` per block, every environment written out in full."""
    parts: list[str] = []
    for inheritance in inheritances:
        whole = object_of(
            {
                name: effective.value if nulls else written(effective.value)
                for name, effective in inheritance.environments.items()
                if not environments or name in environments
            }
        )
        block = inheritance.block
        comment = f"# {block.address}: {block.definition.path} {block.definition.version or ''}".rstrip()
        parts.append(f"{comment}\nconfiguration = {block_text(whole)}\n")
    return "\n".join(parts)
