"""Small pieces of sentences that messages share."""

from __future__ import annotations

import json
from collections.abc import Sequence

from kubestack_lint.catalog import ModuleDefinition
from kubestack_lint.values.value import Value, plain


def listed(names: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def called(definition: ModuleDefinition) -> str:
    """A module with its version, as people name it."""
    return f"{definition.path} {definition.version}" if definition.version else definition.path


def terraform_says(message: str) -> str:
    """Terraform's own error, in quotes, so that one who searches for it lands here."""
    return f'"{message.rstrip(".")}"'


def spelled(value: Value | None) -> str:
    """A value as text for fingerprints: changes exactly when the value does."""
    return "" if value is None else json.dumps(plain(value), ensure_ascii=False, sort_keys=True)
