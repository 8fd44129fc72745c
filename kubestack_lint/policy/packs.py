"""Our own packs: what each is for, and whether it is in order."""

from __future__ import annotations

from dataclasses import dataclass

from kubestack_lint.policy.layers import PREFIX, pack, packs
from kubestack_lint.policy.reading import read_policies
from kubestack_lint.policy.schema import validate
from kubestack_lint.project.environments import Environments


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack by name, with the number of its policies and the first line of its description."""

    name: str
    policies: int
    summary: str

    @property
    def title(self) -> str:
        """The name as `extends:` takes it."""
        return PREFIX + self.name


def described_packs() -> tuple[Pack, ...]:
    """All packs."""
    found = []
    for name in packs():
        documents = [layer.document for layer in pack(name)]
        count = sum(len(document.words("policies")) for document in documents)
        said = next((document.text("description") for document in documents if document.text("description")), "")
        found.append(Pack(name, count, " ".join(said.split("\n\n")[0].split())))
    return tuple(found)


def check_pack(name: str) -> None:
    """Raise ConfigError at the first mistake in a pack."""
    found = pack(name)
    for layer in found:
        validate(layer.document)
    read_policies(found, Environments(), check=True)
