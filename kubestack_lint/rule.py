"""What a rule is: a typed generator of Problems, found by its place in the folder `rules/`."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from kubestack_lint.differences import Difference
from kubestack_lint.finding import Fix, Label, Severity
from kubestack_lint.inheritance import Inheritance, Setting
from kubestack_lint.ledger import Ledger
from kubestack_lint.plugins import Plugin, installed
from kubestack_lint.project.load import Project
from kubestack_lint.source import Span

_ID = re.compile(r"[a-z][a-z0-9-]*")

# Rules on the Ledger run last: they look at what became of the findings of all others.
Subject = Project | Inheritance | Setting | Difference | Ledger
_S = TypeVar("_S", Project, Inheritance, Setting, Difference, Ledger)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule yields; severity and fingerprint are added above, so no rule can get them wrong.

    `span` is where to look first, `label` a short text on it. `address`,
    `environment` and `attribute` are taken from the subject unless given.
    `value` goes into the fingerprint: change the value and the finding is new.
    `unknown` says that nothing is known to be wrong, but the rule cannot
    decide; such a finding is an info, and `--fail-on-unknown` makes it count.
    `fix` are edits that would make the finding go away, for kslint fix.
    """

    message: str
    span: Span
    label: str = ""
    related: tuple[Label, ...] = ()
    remediation: str = ""
    address: str | None = None
    environment: str | None = None
    attribute: tuple[str, ...] | None = None
    value: str = ""
    unknown: bool = False
    fix: Fix | None = None


class ParameterProblem(NamedTuple):
    """What is wrong with the parameters of a policy, beyond their types.

    `path` leads to the mistake through names and indexes; `offset` is a place
    in the text found there, for parameters that are expressions.
    """

    path: tuple[str | int, ...]
    message: str
    hint: str = ""
    offset: int | None = None


def _nothing_to_check(**parameters: Any) -> Iterator[ParameterProblem]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `id`, what it looks at, its default severity and its one-line summary.

    `distribution` is the package that brought it, empty for ours.
    """

    id: str
    on: type[Any]
    severity: Severity
    summary: str
    check: Callable[..., Iterator[Problem]]
    parameters: tuple[inspect.Parameter, ...]
    check_parameters: Callable[..., Iterator[ParameterProblem]] = _nothing_to_check
    distribution: str = ""

    @property
    def sleeps(self) -> bool:
        """True when a parameter has no default: then the rule runs only where a policy gives it."""
        return any(p.default is inspect.Parameter.empty for p in self.parameters)

    @property
    def page(self) -> Path:
        """The page beside the rule: example, why, fix."""
        return Path(inspect.getfile(self.check)).with_name(f"{self.id}.md")


def rule(
    *,
    on: type[_S],
    severity: Severity,
    check_parameters: Callable[..., Iterator[ParameterProblem]] = _nothing_to_check,
) -> Callable[[Callable[..., Iterator[Problem]]], Rule]:
    """Make a generator function a rule; its id is its name with dashes, its docstring the summary.

    `check_parameters` gets the parameters of each policy as keywords and says
    what is wrong with them, before anything is linted. Where it has a
    positional-only argument, that is the paths of the modules that the policy's
    `where` is about, empty when these may be any.
    """

    def declare(check: Callable[..., Iterator[Problem]]) -> Rule:
        summary = (inspect.getdoc(check) or "").split("\n")[0]
        parameters = tuple(
            p for p in inspect.signature(check).parameters.values() if p.kind is inspect.Parameter.KEYWORD_ONLY
        )
        return Rule(
            check.__name__.rstrip("_").replace("_", "-"), on, severity, summary, check, parameters, check_parameters
        )

    return declare


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by id: those of the folder `rules/`, which is the list, and those that are installed beside kslint.

    Raises PluginError for rules of others that cannot be used.
    """
    found = {rule.id: rule for rule in _rules_in(importlib.import_module("kubestack_lint.rules"))}
    for plugin in installed():
        for item in _brought(plugin):
            if item.id in found:
                other = found[item.id].distribution or "kslint itself"
                raise plugin.error(f"bring the rule {item.id}, but so does {other}")
            found[item.id] = item
    return dict(sorted(found.items()))


def _brought(plugin: Plugin) -> list[Rule]:
    """The rules of an entry point, marked with whose they are."""
    try:
        found = [plugin.loaded] if isinstance(plugin.loaded, Rule) else _rules_in(plugin.loaded)
    except (Exception, SystemExit) as error:
        raise plugin.error(f"cannot be loaded: {type(error).__name__}: {error}") from error
    if not found:
        raise plugin.error("hold no rule: it must lead to a function under @rule, or to a module or package of them")
    for item in found:
        if _ID.fullmatch(item.id) is None:
            raise plugin.error(f"bring the rule {item.id!r}: ids are lower case letters, digits and dashes")
    return [replace(item, distribution=plugin.distribution) for item in found]


def _rules_in(module: Any) -> list[Rule]:
    """The rules of a module, or of a package and its modules, each once."""
    modules = [module, *(_inner(module) if hasattr(module, "__path__") else ())]
    found = (item for one in modules for item in getattr(one, "__dict__", {}).values() if isinstance(item, Rule))
    return list({id(item): item for item in found}.values())


def _inner(package: Any) -> Iterator[Any]:
    for module in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{module.name}")
