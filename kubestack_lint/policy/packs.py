"""Our own packs: what each is for, and whether it is in order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kubestack_lint.policy.instance import Policy
from kubestack_lint.policy.layers import PREFIX, pack, packs
from kubestack_lint.policy.reading import read_policies
from kubestack_lint.policy.schema import validate
from kubestack_lint.project.environments import Environments

_ID = re.compile(r"^  - id: (\S+)$", re.MULTILINE)


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
        said = documents[0].text("description")
        if len(documents) > 1:
            said = "All of " + ", ".join(PREFIX + part for part in packs() if part.startswith(f"{name}/")) + "."
        found.append(Pack(name, count, " ".join(said.split("\n\n")[0].split())))
    return tuple(found)


def policy_of_packs(name: str) -> tuple[str, Policy] | None:
    """The policy of this id with the pack that it stands in, where one of ours has it."""
    for title, ids in _ids().items():
        if name in ids:
            return PREFIX + title, next(one for one in read_policies(pack(title), Environments()) if one.id == name)
    return None


def pack_policies() -> list[str]:
    """The ids of all policies in our packs."""
    return [name for ids in _ids().values() for name in ids]


def _ids() -> dict[str, list[str]]:
    """Ids by pack, each file's under its own name. Reading a pack takes longer than looking into its text."""
    single = {title: files[0] for title, files in packs().items() if len(files) == 1}
    return {title: _ID.findall(path.read_text("utf-8")) for title, path in single.items()}


def check_pack(name: str) -> None:
    """Raise ConfigError at the first mistake in a pack."""
    found = pack(name)
    for layer in found:
        validate(layer.document)
    read_policies(found, Environments(), check=True)
