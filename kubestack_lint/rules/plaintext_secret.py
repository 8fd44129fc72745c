"""plaintext-secret: a secret that is written into the repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Setting
from kubestack_lint.rule import Problem, rule
from kubestack_lint.secrecy import secret_name, secret_shape
from kubestack_lint.values.value import Value
from kubestack_lint.wording import dotted, is_literal

Path = tuple[str | int, ...]


@rule(on=Setting, severity=Severity.ERROR)
def plaintext_secret(setting: Setting, *, names: Sequence[str]) -> Iterator[Problem]:
    """A secret stands in the repository in plain text."""
    if setting.inherited:
        return
    for path, value in _strings(setting.value, setting.path):
        named = () if dotted(path) in setting.block.definition.attributes else names
        what = _secret(path, str(value.data), named)
        # A secret is marked sensitive, but it stands in the text all the same.
        if what is None or not (value.via is not None or is_literal(replace(value, sensitive=False))):
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
    shape = secret_shape(path, text)
    if shape is not None or not text:
        return shape
    return "what is named like a secret" if secret_name(path, names) else None
