"""`policies:` of all layers → Policies: joined by id, with rule, parameters and globs judged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from kubestack_lint.errors import ConfigError
from kubestack_lint.finding import Severity
from kubestack_lint.policy.document import Item
from kubestack_lint.policy.instance import Policy
from kubestack_lint.policy.layers import PREFIX, Layer
from kubestack_lint.policy.parameters import check_values, read_parameters
from kubestack_lint.policy.where import read_where
from kubestack_lint.project.environments import Environments
from kubestack_lint.rule import Rule, all_rules
from kubestack_lint.suggest import closest

_PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")
_PLACEHOLDERS = ("message", "address", "environment", "attribute")


def read_policies(layers: Iterable[Layer], environments: Environments, check: bool = False) -> list[Policy]:
    """The policies of these files; a later file changes those of earlier ones key by key.

    `check` judges the parameters of our own packs too.
    """
    joined: dict[str, Item] = {}
    for layer in layers:
        here: dict[str, Item] = {}
        for item in layer.document.words("policies"):
            name = item.text("id")
            if name in here:
                raise ConfigError(
                    f"the id {name} is used twice; it is already on line {here[name].items['id'].span.line}",
                    item.items["id"].span,
                    "give each policy an id of its own",
                )
            here[name] = item
            if name in joined:
                _refuse_weaker(joined[name], item)
            joined[name] = _over(joined[name], item) if name in joined else item
    return [_policy(item, environments, check) for item in joined.values()]


def _over(below: Item, above: Item) -> Item:
    """One mapping over another; parameters are joined one by one."""
    items, keys = {**below.items, **above.items}, {**below.keys, **above.keys}
    if "with" in below.items and "with" in above.items and below.text("rule") == above.text("rule", below.text("rule")):
        inner, upper = below.items["with"], above.items["with"]
        items["with"] = Item(upper.span, {**inner.items, **upper.items}, {**inner.keys, **upper.keys})
    return Item(above.span, items, keys)


def _refuse_weaker(below: Item, above: Item) -> None:
    """What is not ignorable can be made stricter by those who extend it, not weaker."""
    if "ignorable" not in below.items or below.items["ignorable"].data is not False:
        return
    place = f"{below.items['ignorable'].span.path}:{below.items['ignorable'].span.line}"
    name = above.text("id")
    ignorable = above.items.get("ignorable")
    if ignorable is not None and ignorable.data is True:
        raise ConfigError(f"{name} is not ignorable, says {place}", ignorable.span, "remove this line")
    severity = above.items.get("severity")
    if severity is not None and severity.data == "off":
        raise ConfigError(
            f"{name} cannot be switched off: it is not ignorable, says {place}", severity.span, "remove this line"
        )


def _policy(item: Item, environments: Environments, check: bool) -> Policy:
    rule = _rule(item)
    span = item.items["id"].span
    given = item.items.get("with")
    severity = item.text("severity")
    where = read_where(item.items.get("where"), environments)
    # One that is switched off needs no parameters.
    parameters: dict[str, Any] = {}
    if severity != "off" or given is not None:
        parameters = read_parameters(rule, given, span)
        if check or not span.path.startswith(PREFIX):
            # Those of our own packs are judged by our tests, and by kslint policies --check.
            check_values(rule, parameters, given, span, where.modules())
    for key in ("message", "remediation"):
        _check_placeholders(item.items.get(key), key)
    path = item.span.path
    return Policy(
        id=item.text("id"),
        rule=rule,
        where=where,
        parameters=parameters,
        severity=None if severity in ("", "off") else Severity.named(severity),
        off=severity == "off",
        message=item.text("message"),
        remediation=item.text("remediation"),
        ignorable="ignorable" not in item.items or item.items["ignorable"].data is True,
        span=span,
        origin=path if path.startswith(PREFIX) else f"{path}:{span.line}",
    )


def _rule(item: Item) -> Rule:
    rules = all_rules()
    name = item.text("id")
    said = item.items.get("rule")
    if said is None:
        if name not in rules:
            close = closest(name, rules)
            raise ConfigError(
                f"the policy {name} says no rule, and there is none of that name",
                item.items["id"].span,
                f"did you mean {close}?" if close else "add rule: …; kslint rules lists them",
            )
        return rules[name]
    wanted = str(said.data)
    if wanted not in rules:
        close = closest(wanted, rules)
        raise ConfigError(
            f"there is no rule {wanted}", said.span, f"did you mean {close}?" if close else "kslint rules lists them"
        )
    if name in rules and name != wanted:
        raise ConfigError(
            f"{name} is a rule of its own, not a policy of {wanted}", item.items["id"].span, "choose another id"
        )
    return rules[wanted]


def _check_placeholders(item: Item | None, key: str) -> None:
    if item is None:
        return
    for name in _PLACEHOLDER.findall(str(item.data)):
        if key == "message" and name not in _PLACEHOLDERS:
            hint = "there is " + ", ".join(f"{{{one}}}" for one in _PLACEHOLDERS)
            raise ConfigError(f"{{{name}}} has no meaning in a message", item.span, hint)
