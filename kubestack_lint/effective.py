"""Reading one attribute of an environment as its module does: after the merge, with the module's default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import lru_cache

from kubestack_lint.catalog.definitions import ModuleDefinition
from kubestack_lint.catalog.names import called
from kubestack_lint.catalog.roles import Role, names_of
from kubestack_lint.finding import Label
from kubestack_lint.inheritance import Inheritance, Setting
from kubestack_lint.inheritance.defaults import module_defaults
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.source import Span
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.types import NUMBER
from kubestack_lint.values.value import Unknown, Value, plain
from kubestack_lint.wording import exact, shown


@dataclass(frozen=True, slots=True)
class Reading:
    """An attribute's value in one environment; `setting` is None where the module's default stands."""

    block: InheritanceBlock
    environment: str
    path: tuple[str, ...]
    value: Value
    setting: Setting | None

    @property
    def name(self) -> str:
        """The path as people write it."""
        return ".".join(self.path)

    @property
    def own(self) -> bool:
        """True when this environment wrote the value itself."""
        return self.setting is not None and not self.setting.inherited

    @property
    def source(self) -> str:
        """The environment whose value it is."""
        return self.setting.definitions[0].environment if self.setting is not None else self.environment

    @property
    def place(self) -> Span:
        """Where it is written; for a default the environment that leaves it out."""
        if self.setting is not None:
            return self.setting.place
        whole = self.block.configuration(self.environment).items.get(self.environment)
        return (whole.place if whole is not None else None) or self.block.configuration_span

    @property
    def label(self) -> Label:
        """The place with who sets it."""
        if self.setting is None:
            module = called(self.block.definition)
            return Label(self.place, f"{self.name} is not set: {module} takes {shown(self.value)}")
        return Label(self.place, f"{self.source} sets it to {shown(self.value)}")

    @property
    def identity(self) -> str:
        """All of the value, for a finding's identity."""
        return exact(self.value)


@dataclass(frozen=True, slots=True)
class Word:
    """One element of a list, or of a comma-separated string, with its place."""

    text: str
    span: Span


def read(inheritance: Inheritance, environment: str, name: str) -> Reading | None:
    """The attribute as the module reads it; None where it has neither a value nor a default.

    Unknown stays Unknown: also what lies inside of an object that is unknown as a whole.
    """
    effective = inheritance.environments.get(environment)
    if effective is None:
        return None
    path = tuple(name.split("."))
    value: Value | None = effective.value
    depth = 0
    while value is not None and depth < len(path) and not isinstance(value.data, Unknown):
        value = value.items.get(path[depth])
        depth += 1
    if value is None or value.is_null or (value.data == "" and inheritance.block.definition.merge == "L6"):
        value = _default(inheritance.block.definition, path)
        return None if value is None or value.is_null else Reading(inheritance.block, environment, path, value, None)
    above = [setting for setting in effective.settings if setting.path == path[: min(depth, len(setting.path))]]
    setting = max(above, key=lambda found: len(found.path), default=None)
    return Reading(inheritance.block, environment, path, value, setting)


def _default(definition: ModuleDefinition, path: tuple[str, ...]) -> Value | None:
    """The module's default of one attribute, without computing all the others."""
    name = ".".join(path)
    attribute = definition.attributes.get(name)
    return module_defaults(replace(definition, attributes={name: attribute})).get(path) if attribute else None


def read_role(inheritance: Inheritance, environment: str, role: Role) -> Reading | None:
    """The attribute with this role, whatever the module calls it; a written one rather than a default."""
    found = [
        reading
        for name in names_of(inheritance.block.definition, role)
        if (reading := read(inheritance, environment, name)) is not None
    ]
    written = [reading for reading in found if reading.setting is not None and reading.value.data not in ("", ())]
    return next(iter(written or found), None)


def number_of(reading: Reading) -> int | Fraction | Unknown:
    """The value as a number; numbers may be written as strings. Unknown, with the reason, for anything else."""
    if isinstance(reading.value.data, Unknown):
        return reading.value.data
    try:
        data = convert(reading.value, NUMBER).data
    except ConversionError as error:
        return Unknown(f"{reading.name} is no number: {error}", reading.value.span)
    if isinstance(data, int | Fraction | Unknown):
        return data
    return Unknown(f"{reading.name} is null", reading.value.span)


def words_of(reading: Reading) -> tuple[Word, ...] | Unknown:
    """The elements of a list or of a comma-separated string, each where it stands; Unknown when one is."""
    data = reading.value.data
    if isinstance(data, Unknown):
        return data
    if isinstance(data, str):
        return tuple(_parts(data, reading.value.span or reading.place)) if data else ()
    found: list[Word] = []
    for element in reading.value.elements:
        if isinstance(element.data, Unknown):
            return element.data
        if element.data is not None:
            found.append(Word(str(plain(element)), element.place or reading.place))
    return tuple(found)


def _parts(text: str, span: Span) -> Iterator[Word]:
    """Terraform's split(","): nothing is trimmed. Each part gets its own place where the text is literal."""
    literal = span.text == f'"{text}"'
    start = span.start + 1
    for part in text.split(","):
        yield Word(part, Span(span.source, start, start + len(part)) if literal and part else span)
        start += len(part) + 1


def alike(left: Value, right: Value) -> bool:
    """Equal in what is meant: 3 and "3", true and "true" are."""
    return str(plain(left)).lower() == str(plain(right)).lower()


def is_known(*readings: Reading | None) -> bool:
    """True when each of them is there and known."""
    return all(reading is not None and reading.value.is_known for reading in readings)


def named(inheritance: Inheritance, globs: Iterable[str]) -> Iterator[str]:
    """The module's attributes that match one of the globs, by path or by last name, in the module's order."""
    yield from _matching(tuple(inheritance.block.definition.attributes), tuple(globs))


@lru_cache(maxsize=256)
def _matching(names: tuple[str, ...], globs: tuple[str, ...]) -> tuple[str, ...]:
    # Few modules and few policies, asked for again with every block.
    return tuple(name for name in names if "[]" not in name and matches(tuple(name.split(".")), globs))


def matches(path: tuple[str, ...], globs: Iterable[str]) -> bool:
    """True when a glob names the path, its last part, or an object around it."""
    dotted = [".".join(path[:length]) for length in range(1, len(path) + 1)]
    return any(fnmatchcase(name, glob) for glob in globs for name in (*dotted, path[-1]))


def pairs(inheritance: Inheritance, name: str) -> Iterator[tuple[Reading, Reading]]:
    """(own, base) of an attribute for every environment that inherits, where both are known."""
    for environment in inheritance.others:
        base = inheritance.block.base_of(environment)
        own, other = read(inheritance, environment, name), read(inheritance, base or "", name)
        if own is not None and other is not None and is_known(own, other):
            yield own, other


def news(inheritance: Inheritance, environment: str, readings: Iterable[Reading | None]) -> bool:
    """True when an environment has a hand in these values; else the base's finding says it already."""
    if inheritance.block.base_of(environment) in (None, environment):
        return True
    return any(reading is not None and reading.own for reading in readings)
