"""`kslint config`, `policies` and `rules` in words: what applies, and where that was said."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from kubestack_lint.policy.instance import Policy
from kubestack_lint.policy.settings import Settings
from kubestack_lint.policy.where import KEYS
from kubestack_lint.reporters.terminal import Terminal, counted, printable, table
from kubestack_lint.rule import Rule

# With less room for what a policy says, a table of policies is no help.
_DETAILS_WIDTH = 30


def settings_rows(settings: Settings) -> list[tuple[str, Any, str]]:
    """Each setting with its value and where it was said; `default` where nobody said anything."""
    environments = settings.environments
    values: list[tuple[str, Any]] = [
        ("environments.base", environments.base),
        ("environments.order", list(environments.order)),
        ("environments.roles", {name: list(names) for name, names in environments.roles.items()}),
        ("environments.aliases", dict(environments.aliases)),
        ("select", list(settings.select)),
        ("ignore", list(settings.ignore)),
        ("secrets", list(settings.secrets)),
        ("max_waiver_days", settings.max_waiver_days),
    ]
    rows = []
    for name, value in values:
        span = settings.origins.get(name)
        rows.append((name, value, "default" if span is None else span.spot))
    return rows


def settings_text(settings: Settings, terminal: Terminal) -> str:
    """The settings, then every policy that somebody configured."""
    cells = [[name, printable(shown_value(value)), origin] for name, value, origin in settings_rows(settings)]
    parts = [
        _files(settings, terminal),
        table(["setting", "value", "from"], cells, terminal, keep=(0,)),
    ]
    configured = [policy for policy in settings.policies if policy.span is not None]
    if configured:
        parts.append(policies_text(configured, terminal))
    running = len(settings.active())
    waivers = f", {counted(len(settings.waivers), 'waiver')}" if settings.waivers else ""
    parts.append(f"{counted(running, 'policy', 'policies')} run, {len(configured)} of them configured{waivers}")
    return "\n\n".join(parts) + "\n"


def _files(settings: Settings, terminal: Terminal) -> str:
    if not settings.files:
        return "no settings file: the rules run with their own settings"
    rows = [[printable(name), printable(_first(settings.descriptions.get(name, "")))] for name in settings.files]
    return table(["settings file, the strongest last", "for"], rows, terminal, keep=(0,))


def _first(description: str) -> str:
    """The first paragraph, on one line."""
    return " ".join(description.split("\n\n")[0].split())


def policies_text(policies: Iterable[Policy], terminal: Terminal) -> str:
    """A table of policies; a list where the terminal is too narrow for it."""
    shown = list(policies)
    cells = [
        [
            policy.id,
            "" if policy.rule.id == policy.id else policy.rule.id,
            level(policy),
            printable(_details(policy)),
            policy.origin,
        ]
        for policy in shown
    ]
    taken = sum(max((len(row[i]) for row in cells), default=0) + 2 for i in (0, 1, 2, 4))
    if terminal.width - taken < _DETAILS_WIDTH:
        return "\n".join(line for policy in shown for line in _listed(policy, terminal))
    return table(["policy", "rule", "severity", "where and with", "from"], cells, terminal, keep=(0,))


def _listed(policy: Policy, terminal: Terminal) -> Iterator[str]:
    rule = "" if policy.rule.id == policy.id else f" by {policy.rule.id}"
    yield terminal.paint(policy.id, "bold")
    for text in (f"{level(policy)}{rule}, from {policy.origin}", _details(policy)):
        yield from textwrap.wrap(
            printable(text), terminal.width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
        )


def level(policy: Policy) -> str:
    """The severity in a word."""
    return "off" if policy.off else policy.level.label


def _details(policy: Policy) -> str:
    parts = [f"{key} {shown_value(list(getattr(policy.where, key)))}" for key in KEYS if getattr(policy.where, key)]
    if "title" in policy.parameters:
        # A constraint has many parameters; kslint explain shows them all.
        return "; ".join([*parts, str(policy.parameters["title"])])
    parts += [
        f"{name}: {shown_value(value)}"
        for name, value in policy.parameters.items()
        if policy.rule.sleeps or policy.span
    ]
    if not policy.ignorable:
        parts.append("not ignorable")
    text = "; ".join(parts)
    return text if len(text) <= 160 else text[:159] + "…"


def shown_value(value: Any) -> str:
    """A setting in one line."""
    if value is None or value in ([], {}, ()):
        return "–"
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {shown_value(one)}" for name, one in value.items())
    return str(value)


def policy_document(policy: Policy) -> dict[str, Any]:
    """A policy as JSON data."""
    return {
        "id": policy.id,
        "rule": policy.rule.id,
        "severity": level(policy),
        "where": {key: list(getattr(policy.where, key)) for key in KEYS if getattr(policy.where, key)},
        "with": {name: list(value) if isinstance(value, tuple) else value for name, value in policy.parameters.items()},
        "ignorable": policy.ignorable,
        "from": policy.origin,
    }


def parameters_of(rule: Rule) -> list[dict[str, Any]]:
    """The parameters of a rule as JSON data; `required` ones have no default."""
    return [
        {
            "name": parameter.name,
            "type": str(parameter.annotation),
            "required": parameter.default is parameter.empty,
            "default": None if parameter.default is parameter.empty else _data(parameter.default),
        }
        for parameter in rule.parameters
    ]


def _data(value: Any) -> Any:
    return [_data(one) for one in value] if isinstance(value, tuple | list) else value


def rules_markdown(rules: Iterable[Rule]) -> str:
    """docs/rules.md: every rule with its summary and parameters, linked to its page."""
    listed = list(rules)
    lines = [
        "# Rules",
        "",
        "Generated by `make docs` from the rules themselves. `kslint explain RULE` prints a rule's page.",
        "",
        "| rule | severity | finds |",
        "| --- | --- | --- |",
    ]
    for rule in listed:
        asleep = " Sleeps until a policy gives its parameters." if rule.sleeps else ""
        page = f"[{rule.id}](../kubestack_lint/rules/{rule.id}.md)"
        lines.append(f"| {page} | {rule.severity.label} | {_cell(rule.summary)}{asleep} |")
    lines += [
        "",
        "## Parameters",
        "",
        "Set with a policy: `with: {name: value}`.",
        "",
        "| rule | parameter | type | default |",
    ]
    lines.append("| --- | --- | --- | --- |")
    for rule in listed:
        for one in parameters_of(rule):
            default = "required" if one["required"] else f"`{_cell(shown_value(one['default']))}`"
            lines.append(f"| {rule.id} | `{one['name']}` | `{_cell(one['type'])}` | {default} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
