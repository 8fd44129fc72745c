"""What a condition read → the places where these values are written, winner first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kubestack_lint.capacity import Count
from kubestack_lint.capacity import nodes as nodes_of
from kubestack_lint.catalog import ModuleDefinition
from kubestack_lint.conditions.expression import CLUSTER, EACH, MODULE, Read
from kubestack_lint.conditions.shapes import POOL, Path, pool_path, shape_of
from kubestack_lint.conditions.views import Views
from kubestack_lint.finding import Label
from kubestack_lint.inheritance import Inheritance, Setting
from kubestack_lint.source import Span
from kubestack_lint.values.types import DYNAMIC
from kubestack_lint.values.value import Value, find, null
from kubestack_lint.wording import dotted, exact, shown


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that was read: whose it is, under which name of the module, where from.

    `lacking` names the module and its version where these have no such attribute;
    `cluster` is the address of the cluster whose value it is, empty for the block's own.
    """

    environment: str
    path: Path
    value: Value
    setting: Setting | None
    lacking: str = ""
    cluster: str = ""

    @property
    def key(self) -> tuple[str, str, Path]:
        """What it is about: one setting of one environment of one block."""
        return self.cluster, self.environment, self.path

    @property
    def text(self) -> str:
        """`sku_tier = "Free"`, with a word on where it comes from when nobody wrote it."""
        if self.lacking:
            return f"{self.lacking} has no {dotted(self.path)}"
        whose = f" of {self.cluster}" if self.cluster else ""
        if self.setting is None and self.value.is_null:
            return f"{dotted(self.path)}{whose} is not set"
        return f"{dotted(self.path)}{whose} = {shown(self.value)}{'' if self.setting else ' by default'}"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a finding belongs: the first place, the others with their texts, the facts behind it."""

    span: Span
    label: str
    attribute: Path | None
    related: tuple[Label, ...]
    facts: tuple[Fact, ...]

    @property
    def identity(self) -> str:
        """All values that were read, for the identity of a finding."""
        there = (fact for fact in self.facts if not fact.lacking)
        return "; ".join(f"{_whose(fact)}.{dotted(fact.path)}={exact(fact.value)}" for fact in there)


def _whose(fact: Fact) -> str:
    return f"{fact.cluster} {fact.environment}" if fact.cluster else fact.environment


def placed(views: Views, environment: str, reads: Iterable[Read]) -> Placed:
    """The places for what was read in judging an environment."""
    reads = tuple(reads)
    found: dict[tuple[str, str, Path], Fact] = {}
    for fact in _facts(views, environment, reads):
        found.setdefault(fact.key, fact)
    facts = tuple(found.values())
    # A finding is about its own block, whatever else was read; the cluster's values are shown with it.
    own = tuple(fact for fact in facts if not fact.cluster)
    settings = [fact.setting for fact in own if fact.setting is not None]
    # What the environment wrote itself is what a reader of this finding can change.
    first = next((s for s in settings if s.environment == environment and not s.inherited), None)
    first = first or next(iter(settings), None)
    if first is None and not facts and any(read.root == MODULE for read in reads):
        block = views.inheritance.block
        return Placed(block.source_span or block.span, _titled(block.definition), None, (), facts)
    if first is None:
        whole = views.inheritance.raw.get(environment)
        span = (whole.place if whole is not None else None) or views.inheritance.block.span
        return Placed(span, _unset(own or facts, environment), None, _related(facts, span), facts)
    return Placed(first.place, _label(first), first.path, _related(facts, first.place), facts)


def _related(facts: Iterable[Fact], place: Span) -> tuple[Label, ...]:
    """Every other place where something that was read is written."""
    others: dict[Span, Label] = {}
    for label in (label for fact in facts if fact.setting is not None for label in _labels(fact.setting, fact.cluster)):
        if label.span != place:
            others.setdefault(label.span, label)
    return tuple(others.values())


def _unset(facts: tuple[Fact, ...], environment: str) -> str:
    if facts and facts[0].lacking:
        return facts[0].text
    if facts and facts[0].cluster:
        return f"the cluster of {environment} is {facts[0].cluster}"
    return f"{environment} leaves {dotted(facts[0].path)} unset" if facts else environment


def _label(setting: Setting) -> str:
    winner = setting.definitions[0].environment
    if setting.inherited:
        return f"{setting.environment} inherits it from {winner}"
    return f"{winner} sets it to {shown(setting.value)}"


def _labels(setting: Setting, cluster: str) -> Iterator[Label]:
    name = f"{setting.dotted} of {cluster}" if cluster else setting.dotted
    yield Label(setting.place, f"{setting.definitions[0].environment} sets {name} to {shown(setting.value)}")
    for other in setting.definitions[1:]:
        if other.value.place is not None:
            yield Label(other.value.place, f"{other.environment} sets {name} to {shown(other.value)}")


def _facts(views: Views, environment: str, reads: Iterable[Read]) -> Iterator[Fact]:
    for read in reads:
        if read.root == CLUSTER:
            if views.cluster is not None:
                there = _facts(views.cluster, environment, (replace(read, root="settings"),))
                address = views.cluster.inheritance.block.address
                yield from (replace(fact, cluster=address) for fact in there)
            continue
        for name, path in _targets(views, environment, read):
            if read.total:
                yield from _counted(views.inheritance, name, read.total)
            elif path:
                yield from _settings(views, name, path)
        lacking = _lacking(views, environment, read)
        if lacking is not None:
            yield lacking


def _lacking(views: Views, environment: str, read: Read) -> Fact | None:
    """What stands for an attribute that only other modules or versions have."""
    definition = views.inheritance.block.definition
    view = views.view(environment)
    path = read.path[1:] if read.root == "environments" else read.path
    if read.root == MODULE or not path or view is None or not definition.typed:
        return None
    if read.root in ("config", "base", "environments"):
        known = {*shape_of(definition).types}
    else:
        path = (POOL, *path) if read.root == POOL else path
        if path == (POOL,):
            return None
        if path[0] == POOL:
            path = (*(pool_path(definition, path[1]) or path[1:2]), *path[2:])
        known = {new[:length] for new in view.origins for length in range(1, len(new) + 1)}
    for length in range(1, len(path) + 1):
        above = path[: length - 1]
        # What lies inside of a map or list is no attribute of the module.
        if path[:length] not in known and (not above or any(other[:-1] == above for other in known)):
            return Fact(environment, path, null(DYNAMIC), None, _titled(definition))
    return None


def _titled(definition: ModuleDefinition) -> str:
    return f"{definition.path} {definition.version or ''}".rstrip()


def _targets(views: Views, environment: str, read: Read) -> Iterator[tuple[str, Path]]:
    """Environment and path by the module's own names."""
    base = views.inheritance.block.base_of(environment) or environment
    if read.root == MODULE:
        return
    if read.root == "environments":
        names = views.inheritance.block.environments
        chosen = names if read.path[:1] == (EACH,) else read.path[:1]
        yield from ((name, read.path[1:]) for name in chosen if name in names)
    elif read.root in ("config", "base"):
        yield (base if read.root == "base" else environment), read.path
    else:
        name = base if read.root == "base_settings" else environment
        path = (POOL, *read.path) if read.root == POOL else read.path
        yield from ((name, own) for own in _own_paths(views, name, path))


def _own_paths(views: Views, environment: str, path: Path) -> Iterator[Path]:
    if path[:1] == (POOL,) and len(path) > 1:
        where = pool_path(views.inheritance.block.definition, path[1])
        if where is None:
            return
        path = (*where, *path[2:])
    view = views.view(environment)
    origins = view.origins if view is not None else {}
    exact_origin = origins.get(path)
    inside = [own for new, own in origins.items() if new[: len(path)] == path]
    # A key of a map belongs to the map; an attribute that an object does not have belongs to nothing.
    objects = {new[:length] for new in origins for length in range(1, len(new))}
    above = [own for new, own in origins.items() if path[: len(new)] == new and new not in objects]
    yield from dict.fromkeys([exact_origin] if exact_origin is not None else inside or above[-1:])


def _settings(views: Views, environment: str, path: Path) -> Iterator[Fact]:
    effective = views.inheritance.environments.get(environment)
    view = views.view(environment)
    if effective is None or view is None:
        return
    found = False
    for setting in effective.settings:
        if setting.path[: len(path)] == path or path[: len(setting.path)] == setting.path:
            if setting.value.is_null:
                continue
            found = True
            yield Fact(environment, setting.path, setting.value, setting)
    default = find(view.config, path)
    if not found and default is not None and not isinstance(default.data, dict):
        yield Fact(environment, path, default, None)


def _counted(inheritance: Inheritance, environment: str, which: str) -> Iterator[Fact]:
    found = nodes_of(inheritance, environment)
    if found is None:
        return
    for name, counted in (("max", found.max), ("min", found.min)):
        if isinstance(counted, Count) and which in (name, "both"):
            for reading in counted.readings:
                # A node pool may have the zones of its cluster.
                cluster = "" if reading.block is inheritance.block else reading.block.address
                yield Fact(environment, reading.path, reading.value, reading.setting, cluster=cluster)
