"""A number that loses its written form when Terraform turns it into a string."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Setting
from kubestack_lint.rule import Problem, rule
from kubestack_lint.source import Span
from kubestack_lint.values.value import Value
from kubestack_lint.wording import dotted, is_number_text, shown


@rule(on=Setting, severity=Severity.WARNING)
def lossy_number(setting: Setting) -> Iterator[Problem]:
    """An unquoted number becomes another text where a string is wanted."""
    if setting.inherited:
        return
    for path, value in _strings(setting.value, setting.path):
        span = _number_text(value)
        if span is None or span.text == value.data:
            continue
        yield Problem(
            message=f"{setting.environment} sets {dotted(path)} to the number {span.text}, "
            f"which becomes the string {shown(value)}",
            span=span,
            label=f"becomes {shown(value)}",
            remediation=f'put it in quotes: "{span.text}"',
            value=span.text,
        )


def _strings(value: Value, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Value]]:
    """The strings that Terraform made of a setting, those in lists and their objects too."""
    if value.sensitive:
        return
    if isinstance(value.data, str):
        yield path, value
    for index, part in enumerate(value.elements):
        yield from _strings(part, (*path, index))
    for name, part in value.items.items():
        yield from _strings(part, (*path, name))


def _number_text(value: Value) -> Span | None:
    """Where the value, or what it refers to, is written as a number."""
    return next((span for span in (value.span, value.via) if span is not None and is_number_text(span.text)), None)
