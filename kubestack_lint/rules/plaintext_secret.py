"""plaintext-secret: a secret that is written into the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Setting
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.value import Value
from kubestack_lint.wording import dotted, is_literal

# Shapes that are nothing but secrets, whatever the attribute is called. Compiled by `re` when first used.
_SHAPES = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "an AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,})",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20}",
    "a Google API key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a Slack token": r"\bxox[abprs]-[0-9A-Za-z-]{10,}",
}

# A manifest or patch of a Secret that has values in it.
_KIND = r"(?m)^kind:\s*[\"']?Secret\b"
_DATA = r"(?mi)^(?:string)?data:\s*\n\s+\S+:\s*\S"

Path = tuple[str | int, ...]


@rule(on=Setting, severity=Severity.ERROR)
def plaintext_secret(setting: Setting, *, names: Sequence[str]) -> Iterator[Problem]:
    """A secret stands in the repository in plain text."""
    if setting.inherited:
        return
    for path, value in _strings(setting.value, setting.path):
        named = () if dotted(path) in setting.block.definition.attributes else names
        what = _secret(path, str(value.data), named)
        if what is None or value.sensitive or not (value.via is not None or is_literal(value)):
            continue
        related = () if value.via is None else (Label(value.via, "the value comes from here"),)
        yield Problem(
            # The value itself is not repeated: reports travel further than repositories.
            message=f"{setting.environment} has {what} in plain text in {dotted(path)}",
            span=value.place or setting.place,
            label="a secret",
            related=related,
            remediation="Replace it now, keep the new one in a secret store and refer to it.",
            attribute=tuple(str(step) for step in path),
        )


def _strings(value: Value, path: Path) -> Iterator[tuple[Path, Value]]:
    """Every string in a value, with its path."""
    if isinstance(value.data, str):
        yield path, value
    for name, item in value.items.items():
        yield from _strings(item, (*path, name))
    for index, item in enumerate(value.elements):
        yield from _strings(item, (*path, index))


def _secret(path: Path, text: str, names: Sequence[str]) -> str | None:
    for what, shape in _SHAPES.items():
        if re.search(shape, text):
            return what
    if path[0] == "secret_generator" and "literals" in path:
        return "a literal of a Kubernetes secret"
    if re.search(_KIND, text) and re.search(_DATA, text):
        return "the data of a Kubernetes secret"
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    named = any(fnmatchcase(name.lower(), glob.lower()) for glob in names)
    return "what is named like a secret" if named and text else None
