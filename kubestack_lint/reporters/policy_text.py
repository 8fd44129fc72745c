"""`kslint explain` for a policy: what it asks for, why, and where that is said."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Any

from kubestack_lint.policy.instance import Policy
from kubestack_lint.policy.where import KEYS
from kubestack_lint.reporters.settings_text import level, shown_value
from kubestack_lint.reporters.terminal import printable
from kubestack_lint.rules.tier_constraint import FAILS_AT

# What a line of an expression may be broken behind: blanks outside of strings.
_WORD = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^\s"])+\s*|\s+|"')

# Parameters that are read as text, as code, or as lists; all others are values in one line.
_PROSE = ("title", "explanation")
_CODE = ("when", "require")
_EXAMPLES = {"violates": "Found", "conforms": "Silent"}
_LISTS = ("evidence",)


def policy_text(policy: Policy, width: int, elsewhere: str = "") -> str:
    """A page about one policy, in the form of the rules' pages.

    `elsewhere` is the pack that it stands in when no settings extend that.
    """
    given = policy.parameters
    parts = [f"# {policy.id}", *_prose(policy, width)]
    if elsewhere:
        parts.append(_wrapped(f"It does not run here: no settings extend {elsewhere}.", width))
    parts.append("\n".join(line for text in _facts(policy) for line in _bullet(text, width)))
    code = [f"{name}:\n\n{_condition(str(given[name]).strip(), width)}" for name in _CODE if name in given]
    if code:
        parts += ["## Condition", *code]
    for name in _LISTS:
        if given.get(name):
            parts += [f"## {name.title()}", "\n".join(line for one in given[name] for line in _bullet(one, width))]
    for name, title in _EXAMPLES.items():
        if given.get(name):
            parts += [f"## {title}", *(f"```hcl\n{one.strip()}\n```" for one in given[name])]
    return "\n\n".join(printable(part) for part in parts) + "\n"


def _prose(policy: Policy, width: int) -> Iterator[str]:
    """The policy's own words where it has any, else what its rule finds."""
    own = [str(policy.parameters[name]) for name in _PROSE if policy.parameters.get(name)]
    for text in own or [policy.rule.summary]:
        yield _wrapped(text if text.endswith((".", "!", "?")) else f"{text}.", width)
    if policy.message:
        yield _wrapped(f"message: {policy.message}", width)
    if policy.remediation:
        yield _wrapped(f"fix: {policy.remediation}", width)


def _facts(policy: Policy) -> Iterator[str]:
    """What it is made of, one line each."""
    yield f"rule: {policy.rule.id} (kslint explain {policy.rule.id})"
    yield f"severity: {level(policy)}"
    where = [f"{key} {shown_value(getattr(policy.where, key))}" for key in KEYS if getattr(policy.where, key)]
    yield f"where: {'; '.join(where) if where else 'everywhere'}"
    apart = (*_PROSE, *_CODE, *_EXAMPLES, *_LISTS)
    for name, value in policy.parameters.items():
        if name not in apart:
            yield f"{name}: {_said(name, value)}"
    if not policy.ignorable:
        yield "cannot be ignored by a comment or switched off by a file that extends this one"
    yield f"said in: {policy.origin}"


def _condition(text: str, width: int) -> str:
    """An expression in lines: one for each part that must hold, longer ones broken between their words."""
    lines: list[str] = []
    for written in text.split("\n"):
        for part in re.split(r"(?<= &&) ", written) if len(written) > width - 4 else [written]:
            line, inner = "    ", "      "
            for word in _WORD.findall(part):
                if line.strip() and len(line) + len(word.rstrip()) > width:
                    lines.append(line.rstrip())
                    line = inner
                line += word
            lines.append(line.rstrip())
    return "\n".join(lines)


def _said(name: str, value: Any) -> str:
    text = shown_value(value)
    return f"{text} ({FAILS_AT[text]})" if name == "fails_at" else text


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(text, width, break_on_hyphens=False, break_long_words=False)


def _bullet(text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False, break_long_words=False
    )
