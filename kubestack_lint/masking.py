"""What secrets stand nowhere in: reports, with their excerpts and messages, and what else is shown of a project."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kubestack_lint.changes import Change, Changes, ModuleChange
from kubestack_lint.differences import Difference, Side
from kubestack_lint.finding import Finding, Label
from kubestack_lint.inheritance import Effective, Inheritance, Setting
from kubestack_lint.report import Ignored, Report, Waived
from kubestack_lint.secrecy import secrets_in
from kubestack_lint.source import Source, Span
from kubestack_lint.values.value import Unknown, Value

MASK = "•"
SAID = "(sensitive)"
# Shorter texts occur by chance, inside other words too.
_LEAST = 6

# Texts, with the places where they may stand.
_Secrets = tuple[tuple[str, tuple[Span, ...]], ...]


def masked(report: Report) -> Report:
    """The report with every sensitive text hidden, in excerpts character by character so that places stay true."""
    secrets = _all_secrets(report.inheritances)
    set_aside = (*(w.finding for w in report.waived), *(i.finding for i in report.ignored))
    found = (*report.findings, *report.known, *report.old, *set_aside)
    unparsed = {id(f.span.source) for f in found if f.rule == "syntax-error"}
    if not secrets and not unparsed:
        return report
    sources = {id(span.source): span.source for f in found for span in (f.span, *(label.span for label in f.related))}
    texts = _long(secrets)
    veil = Veil(texts, _masked_sources(list(sources.values()), secrets, texts, unparsed))
    return replace(
        report,
        inheritances=tuple(veil.inheritance(inheritance) for inheritance in report.inheritances),
        differences=tuple(veil.difference(difference) for difference in report.differences),
        findings=tuple(veil.finding(finding) for finding in report.findings),
        waived=tuple(Waived(veil.finding(item.finding), item.waiver) for item in report.waived),
        ignored=tuple(Ignored(veil.finding(item.finding), item.ignore) for item in report.ignored),
        known=tuple(veil.finding(finding) for finding in report.known),
        old=tuple(veil.finding(finding) for finding in report.old),
        failures=tuple(replace(failure, message=veil.text(failure.message)) for failure in report.failures),
    )


def veil_over(inheritances: Iterable[Inheritance]) -> Veil:
    """What hides the secrets of these blocks wherever else they stand, also inside of other values."""
    return Veil(_long(_all_secrets(inheritances)), {})


def masked_lines(inheritances: Iterable[Inheritance], sources: Iterable[Source]) -> dict[str, str]:
    """Each line of these texts in which a secret stands, and what to show instead."""
    secrets = _all_secrets(inheritances)
    listed = list(sources)
    masks = _masked_sources(listed, secrets, _long(secrets))
    pairs = [(source.text, masks[id(source)].text) for source in listed if id(source) in masks]
    lines = (pair for old, new in pairs for pair in zip(old.split("\n"), new.split("\n"), strict=True))
    return {old: new for old, new in lines if old != new}


def _all_secrets(inheritances: Iterable[Inheritance]) -> _Secrets:
    configurations = (value for i in inheritances for value in i.block.configurations.values())
    return tuple(dict.fromkeys(secret for value in configurations for secret in _secrets(value)))


def _long(secrets: _Secrets) -> list[str]:
    return sorted({text for text, _ in secrets if len(text) >= _LEAST}, key=lambda text: (-len(text), text))


def _secrets(value: Value) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Every text of a sensitive value, with the places where it may stand."""
    if value.sensitive:
        yield from _texts(value, tuple(span for span in (value.span, value.via) if span is not None))
    for part in (*value.items.values(), *value.elements):
        yield from _secrets(part)


def _texts(value: Value, spans: tuple[Span, ...]) -> Iterator[tuple[str, tuple[Span, ...]]]:
    if isinstance(value.data, str) and value.data:
        yield value.data, spans
    for part in (*value.items.values(), *value.elements):
        more = tuple(span for span in (part.span, part.via) if span is not None)
        yield from _texts(part, tuple(dict.fromkeys((*spans, *more))))


def _masked_sources(
    sources: Sequence[Source], secrets: _Secrets, texts: Iterable[str], unparsed: Container[int] = ()
) -> dict[int, Source]:
    """A copy of each text in which a secret stands, of the same length; of `unparsed` ones nobody knows the values."""
    shown = {id(source): source.text for source in sources}
    for secret, spans in secrets:
        for span in spans:
            text = shown.get(id(span.source))
            if text is not None:
                inside = text[span.start : span.end]
                shown[id(span.source)] = text[: span.start] + _dotted(inside, secret) + text[span.end :]
    masks = {}
    for source in sources:
        text = shown[id(source)]
        for secret in texts:
            text = _dotted(text, secret)
        for start, end in secrets_in(text) if id(source) in unparsed else ():
            text = text[:start] + MASK * (end - start) + text[end:]
        if text != source.text:
            masks[id(source)] = Source(source.path, text, source.real)
    return masks


def _dotted(text: str, secret: str) -> str:
    """The text with dots for a secret, line by line: heredocs are indented, and line breaks must stay."""
    for line in sorted({part.strip() for part in secret.splitlines()} - {""}, key=len, reverse=True):
        text = text.replace(line, MASK * len(line))
    return text


class Veil:
    """Texts to hide and sources to put in the place of others."""

    def __init__(self, texts: Sequence[str], sources: Mapping[int, Source]) -> None:
        self.texts = texts
        self.sources = sources

    def text(self, text: str) -> str:
        for secret in self.texts:
            text = text.replace(secret, SAID)
        return text

    def span(self, span: Span) -> Span:
        return span._replace(source=self.sources.get(id(span.source), span.source))

    def finding(self, finding: Finding) -> Finding:
        return replace(
            finding,
            message=self.text(finding.message),
            label=self.text(finding.label),
            remediation=self.text(finding.remediation),
            span=self.span(finding.span),
            related=tuple(Label(self.span(label.span), self.text(label.message)) for label in finding.related),
        )

    def value(self, value: Value) -> Value:
        """The value with every secret in it hidden, also where nobody marked it as one."""
        if value.sensitive or value.is_null:
            return value
        data = value.data
        if isinstance(data, str):
            return replace(value, data=self.text(data)) if self.text(data) != data else value
        if isinstance(data, Unknown):
            return replace(value, data=replace(data, because=self.text(data.because)))
        if isinstance(data, dict):
            return replace(value, data={name: self.value(item) for name, item in data.items()})
        return replace(value, data=tuple(map(self.value, data))) if isinstance(data, tuple) else value

    def inheritance(self, inheritance: Inheritance) -> Inheritance:
        """A block whose settings hide secrets; what was written (`raw`, the block) stays for the engine."""
        environments = {name: self.effective(found) for name, found in inheritance.environments.items()}
        errors = tuple(replace(error, message=self.text(error.message)) for error in inheritance.errors)
        return replace(inheritance, environments=environments, errors=errors)

    def effective(self, effective: Effective) -> Effective:
        settings = tuple(self.setting(setting) for setting in effective.settings)
        return replace(effective, value=self.value(effective.value), settings=settings)

    def setting(self, setting: Setting) -> Setting:
        definitions = tuple(replace(one, value=self.value(one.value)) for one in setting.definitions)
        return replace(setting, value=self.value(setting.value), definitions=definitions)

    def difference(self, difference: Difference) -> Difference:
        return replace(difference, inherited=self.side(difference.inherited), own=self.side(difference.own))

    def changes(self, changes: Changes) -> Changes:
        """Changes between two revisions."""
        return Changes(tuple(map(self.change, changes.settings)), tuple(map(self.module, changes.modules)))

    def change(self, change: Change) -> Change:
        before, after = (side and replace(side, value=self.value(side.value)) for side in (change.before, change.after))
        return replace(change, before=before, after=after)

    def module(self, change: ModuleChange) -> ModuleChange:
        before, after = (side and self.inheritance(side) for side in (change.before, change.after))
        return replace(change, before=before, after=after)

    def side(self, side: Side | None) -> Side | None:
        return None if side is None else Side(self.value(side.value), side.place)
