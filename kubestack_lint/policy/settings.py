""".kslint.yaml → Settings: configured policies, environments, waivers, and where each was said."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from kubestack_lint import rule as rule_folder
from kubestack_lint.errors import ConfigError, InputError, UsageError
from kubestack_lint.ledger import Waiver
from kubestack_lint.policy.document import Item, read_yaml
from kubestack_lint.policy.instance import Policy, default_policy
from kubestack_lint.policy.layers import Layer, layers
from kubestack_lint.policy.reading import read_policies
from kubestack_lint.policy.schema import validate
from kubestack_lint.policy.where import read_where
from kubestack_lint.project.discovery import git_root
from kubestack_lint.project.environments import Environments
from kubestack_lint.project.load import missing
from kubestack_lint.source import Span
from kubestack_lint.suggest import closest

NAME = ".kslint.yaml"
WAIVERS = ".kslint-waivers.yaml"
MAX_WAIVER_DAYS = 90


@dataclass(frozen=True, slots=True)
class Settings:
    """What applies to a run.

    `origins` says for each key that was given where that was, `descriptions` what each file says of itself.
    """

    policies: tuple[Policy, ...]
    path: Path | None = None
    files: tuple[str, ...] = ()
    environments: Environments = field(default_factory=Environments)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    max_waiver_days: int = MAX_WAIVER_DAYS
    waivers: tuple[Waiver, ...] = ()
    secrets: tuple[str, ...] = ()
    origins: Mapping[str, Span] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)

    def active(self, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Policy, ...]:
        """The policies that run; names given here, on the command line, stand above those of the file."""
        selected = _known(select, self.policies)
        for name in sorted(selected):
            if _sleeps(name, self.policies):
                raise UsageError(*_needs_parameters(name))
        selected = selected or set(self.select)
        ignored = _known(ignore, self.policies) | set(self.ignore)
        return tuple(
            policy
            for policy in self.policies
            if not policy.off and (not selected or _named(policy, selected)) and not _named(policy, ignored)
        )


def _named(policy: Policy, names: set[str]) -> bool:
    return policy.id in names or policy.rule.id in names


def _known(names: Iterable[str], policies: Iterable[Policy]) -> set[str]:
    """Names of rules or policies. Unknown ones are errors: a gate must not guess."""
    found = {name.strip() for text in names for name in text.split(",") if name.strip()}
    known = {*rule_folder.all_rules(), *(policy.id for policy in policies)}
    for name in sorted(found - known):
        close = closest(name, known)
        raise UsageError(f"there is no rule {name}", f"did you mean {close}?" if close else "see kslint rules")
    return found


def _sleeps(name: str, policies: Iterable[Policy]) -> bool:
    """True for a rule that nothing wakes. To select it would run nothing; to ignore it does no harm."""
    rule = rule_folder.all_rules().get(name)
    return rule is not None and rule.sleeps and not any(_named(policy, {name}) for policy in policies)


def _needs_parameters(name: str) -> tuple[str, str]:
    return f"the rule {name} needs parameters", f"write a policy for it in {NAME}; see kslint explain {name}"


def default_settings() -> Settings:
    """What applies where nobody wrote a settings file."""
    return Settings(tuple(default_policy(rule) for rule in rule_folder.all_rules().values() if not rule.sleeps))


def upward(start: Path, name: str) -> Path | None:
    """The nearest file of this name, from a directory up to the root of its repository.

    Raises InputError for a directory, pipe or dangling link of that name: nobody shall take it for settings that apply.
    """
    root = git_root(start) or start
    for directory in (start, *start.parents):
        found = directory / name
        if found.is_file():
            return found
        if os.path.lexists(found):
            raise InputError(f"{found} is no file", "remove it, or make it one: kslint reads it in every run")
        if directory == root:
            break
    return None


def load_settings(path: Path, file: Path | None = None) -> Settings:
    """Settings for a linted path: from `file`, or from the nearest .kslint.yaml. Raises ConfigError."""
    if not path.exists():
        raise missing(path)
    start = path.resolve()
    start = start if start.is_dir() else start.parent
    if file is not None and not file.is_file():
        raise UsageError(f"the settings file {file} does not exist", "kslint init writes one")
    found = file.resolve() if file is not None else upward(start, NAME)
    waivers = upward(start, WAIVERS)
    settings = default_settings()
    if found is not None:
        boundary = git_root(found.parent) or found.parent
        settings = _settings(found, layers(found, start, boundary))
    if waivers is not None:
        settings = _with_waivers(settings, waivers, start)
    return settings


def secret_names(path: Path) -> tuple[str, ...]:
    """The `secrets` of the nearest .kslint.yaml alone, without its policies. Raises ConfigError."""
    start = path.resolve()
    start = start if start.is_dir() else start.parent
    found = upward(start, NAME)
    if found is None:
        return ()
    return _secrets(layers(found, start, git_root(found.parent) or found.parent, with_packs=False))


def _secrets(found: Iterable[Layer]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(item.data) for layer in found for item in layer.document.words("secrets")))


def _settings(path: Path, found: tuple[Layer, ...]) -> Settings:
    origins: dict[str, Span] = {}
    environments = Environments()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    days = MAX_WAIVER_DAYS
    for layer in found:
        document = layer.document
        for key, item in document.items.items():
            origins[key] = item.span
        environments = _environments(document.items.get("environments"), environments, origins)
        select = tuple(str(item.data) for item in document.words("select")) or select
        ignore += tuple(str(item.data) for item in document.words("ignore"))
        if "max_waiver_days" in document.items:
            # JSON Schema, and so we, take 30.0 for a whole number.
            days = int(float(document.text("max_waiver_days")))
    own = read_policies(found, environments)
    replaced = {policy.id for policy in own}
    base = [policy for policy in default_settings().policies if policy.id not in replaced]
    policies = tuple(sorted((*base, *own), key=lambda policy: policy.id))
    for layer in found:
        _check_names(layer.document, policies)
    waivers = tuple(_waiver(item, environments) for layer in found for item in layer.document.words("waivers"))
    return Settings(
        policies,
        path,
        tuple(layer.name for layer in found),
        environments,
        select,
        tuple(dict.fromkeys(ignore)),
        days,
        waivers,
        _secrets(found),
        origins,
        {layer.name: layer.document.text("description") for layer in found},
    )


def _environments(item: Item | None, before: Environments, origins: dict[str, Span]) -> Environments:
    if item is None:
        return before
    origins.update({f"environments.{key}": value.span for key, value in item.items.items()})
    nothing = Item(item.span, {}, {})
    roles, aliases = item.items.get("roles", nothing), item.items.get("aliases", nothing)
    return replace(
        before,
        base=item.text("base") or before.base,
        base_span=item.items["base"].span if "base" in item.items else before.base_span,
        order=tuple(str(one.data) for one in item.words("order")) or before.order,
        roles={**before.roles, **{name: tuple(str(one.data) for one in roles.words(name)) for name in roles.items}},
        aliases={**before.aliases, **{name: str(one.data) for name, one in aliases.items.items()}},
    )


def _check_names(document: Item, policies: tuple[Policy, ...]) -> None:
    """`select` and `ignore` name what there is, and ignore nothing that may not be ignored."""
    by_id = {policy.id: policy for policy in policies}
    known = {*rule_folder.all_rules(), *by_id}
    for key in ("select", "ignore"):
        for item in document.words(key):
            name = str(item.data)
            if name not in known:
                close = closest(name, known)
                hint = f"did you mean {close}?" if close else "kslint policies lists them"
                raise ConfigError(f"there is no rule or policy {name}", item.span, hint)
            if key == "select" and _sleeps(name, policies):
                message, hint = _needs_parameters(name)
                raise ConfigError(message, item.span, hint)
            kept = next((p for p in policies if _named(p, {name}) and not p.ignorable), None)
            if key == "ignore" and kept is not None:
                raise ConfigError(
                    f"{kept.id} cannot be ignored: its policy says ignorable: false", item.span, f"see {kept.origin}"
                )


def _waiver(item: Item, environments: Environments) -> Waiver:
    expires = item.items["expires"]
    try:
        day = date.fromisoformat(str(expires.data))
    except ValueError as error:
        raise ConfigError(f"{expires.data} is no date: {error}", expires.span) from None
    where = item.items.get("where")
    return Waiver(
        span=item.items["rule"].span,
        rule=item.text("rule"),
        where=read_where(where, environments),
        reason=item.text("reason"),
        expires=day,
        expires_span=expires.span,
        ticket=item.text("ticket"),
        approved_by=item.text("approved_by"),
        value=item.text("value"),
        attribute=tuple(str(one.data) for one in where.words("attribute")) if where is not None else (),
    )


def _with_waivers(settings: Settings, path: Path, start: Path) -> Settings:
    document = read_yaml(path, os.path.relpath(path, start).replace(os.sep, "/"))
    validate(document)
    for key in document.items:
        if key not in ("waivers", "description"):
            raise ConfigError(f"{key} has no place in {WAIVERS}", document.keys[key], f"move it to {NAME}")
    more = tuple(_waiver(item, settings.environments) for item in document.words("waivers"))
    shown = document.span.path
    return replace(
        settings,
        waivers=settings.waivers + more,
        files=(*settings.files, shown),
        descriptions={**settings.descriptions, shown: document.text("description")},
    )
