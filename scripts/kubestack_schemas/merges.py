"""Which generation of the merge logic a commit has.

Generations are told apart by the blob of common/configuration/outputs.tf. The
modules that existed before that file merged inline: L1 from the migration to
Terraform 0.12 on, which is visible in the type they declare, L0 before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from kubestack_schemas.facts import BRANCHES, Json, release_order
from kubestack_schemas.git import Checkout

LOGIC = "common/configuration/outputs.tf"

GENERATIONS = {
    "81761d8374d9ddb53fbec1fd281f9e32e5ed927b": "L2",
    "0f9445efd4aa63c0b2d89834b882bb28f96c7bb9": "L3",
    "6e4d14a6b1211124da77a34156fe117acbd1e0e7": "L4",
    "37695c958c7ba38ad259dd03edf20f60241b4cd0": "L5",
    "010c38a32449ad826d53aef501a1933434ec3ea9": "L6",
}

_INLINE = "google/cluster/variables.tf"


def merge_generations(checkout: Checkout, refs: Sequence[str]) -> dict[str, str]:
    """Generation by ref. Raises ValueError for a logic that nobody has analysed yet."""
    logic = checkout.blobs(refs, LOGIC)
    inline = checkout.blobs([ref for ref, blob in logic.items() if blob is None], _INLINE)
    typed = {blob: _is_typed(checkout, blob) for blob in inline.values() if blob}
    found = {ref: "L1" if blob and typed[blob] else "L0" for ref, blob in inline.items()}
    for ref, blob in logic.items():
        if blob in GENERATIONS:
            found[ref] = GENERATIONS[blob]
        elif blob:
            raise ValueError(f"{ref}: {LOGIC} is {blob}, a merge logic that is not known yet")
    return found


def _is_typed(checkout: Checkout, blob: str) -> bool:
    return "map(map(string))" in checkout.run("cat-file", "blob", blob)


def commits_document(checkout: Checkout) -> Json:
    """Every commit by the first version that contains it and by its merge generation."""
    tags = sorted(checkout.tags(), key=release_order)
    refs = {tag: f"refs/tags/{tag}" for tag in tags} | dict.fromkeys(BRANCHES, "HEAD")
    document: Json = {}
    before: list[str] = []
    for version, ref in refs.items():
        commits = checkout.commits(ref, without=before)
        before.append(ref)
        groups = _grouped(merge_generations(checkout, commits))
        # Two tags of one commit: the first one has it.
        document |= {version: groups} if groups else {}
    return document


def _grouped(generations: dict[str, str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for commit, generation in sorted(generations.items(), key=lambda item: (item[1], item[0])):
        groups.setdefault(generation, []).append(commit[:12])
    return groups
