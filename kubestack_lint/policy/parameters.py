"""`with:`: the parameters of a policy, judged by the annotations of the rule's function."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, Union, get_args, get_origin

from kubestack_lint.errors import ConfigError
from kubestack_lint.policy.document import Item
from kubestack_lint.rule import Rule
from kubestack_lint.source import Span
from kubestack_lint.suggest import closest

_NOUNS = {int: "a whole number", float: "a number", str: "a text", bool: "true or false", type(None): "null"}


class Mismatch(Exception):
    """A value that does not fit an annotation: what was expected, and where."""

    def __init__(self, expected: str, item: Item) -> None:
        super().__init__(expected)
        self.expected = expected
        self.item = item


def read_parameters(rule: Rule, item: Item | None, span: Span) -> dict[str, Any]:
    """The parameters that are given. Raises ConfigError at the first one that does not fit the rule."""
    given = item.items if item is not None else {}
    known = {parameter.name: parameter for parameter in rule.parameters}
    found: dict[str, Any] = {}
    for name, value in given.items():
        assert item is not None
        if name not in known:
            raise ConfigError(f"the rule {rule.id} has no parameter {name}", item.keys[name], _choice(name, known))
        try:
            kind = annotation(rule.check, known[name])
            found[name] = converted(value, kind)
        except (NameError, AttributeError, TypeError, SyntaxError) as error:
            raise ConfigError(
                f"the rule {rule.id} declares its parameter {name} in a way that kslint cannot read: {error}",
                item.keys[name],
                _whose(rule),
            ) from error
        except Mismatch as mismatch:
            raise ConfigError(
                f"{name} must be {described(kind)}; {_said(mismatch.item)} is not {mismatch.expected}",
                mismatch.item.span,
                f"kslint explain {rule.id} shows its parameters",
            ) from None
    missing = [
        name for name, parameter in known.items() if parameter.default is inspect.Parameter.empty and name not in found
    ]
    if missing:
        wanted = f"with: {{{', '.join(f'{name}: …' for name in missing)}}}"
        raise ConfigError(
            f"the rule {rule.id} needs {' and '.join(missing)}",
            item.span if item is not None else span,
            f"add {wanted}",
        )
    return found


def check_values(
    rule: Rule, parameters: Mapping[str, Any], item: Item | None, span: Span, modules: Sequence[str] = ()
) -> None:
    """Let the rule judge its parameters beyond their types. Raises ConfigError.

    `modules` are the paths of the modules that the policy is about, where these are known; a rule that wants to know
    takes them before its keywords.
    """
    check = rule.check_parameters
    first = next(iter(inspect.signature(check).parameters.values()), None)
    about = (modules,) if first is not None and first.kind is inspect.Parameter.POSITIONAL_ONLY else ()
    try:
        problems = list(check(*about, **{**defaults(rule), **parameters}))
    except Exception as error:
        if not rule.distribution:
            raise
        said = f"the rule {rule.id} crashed on these parameters: {type(error).__name__}: {error}"
        raise ConfigError(said, span if item is None else item.span, _whose(rule)) from error
    for problem in problems:
        place = span
        if item is not None:
            found = item.at(problem.path)
            place = found.span if problem.offset is None else found.inside(problem.offset)
        raise ConfigError(problem.message, place, problem.hint)


def _whose(rule: Rule) -> str:
    return f"please report it to those who made {rule.distribution or 'kslint'}"


def defaults(rule: Rule) -> dict[str, Any]:
    """The rule's own values for parameters that nobody gives."""
    return {p.name: p.default for p in rule.parameters if p.default is not inspect.Parameter.empty}


def annotation(check: Callable[..., Any], parameter: inspect.Parameter) -> Any:
    """The type of a parameter; annotations are texts until somebody asks."""
    kind = parameter.annotation
    if isinstance(kind, str):
        # The text is code of the rule's own module, never of a settings file.
        return eval(kind, vars(inspect.getmodule(check)))
    return kind


def converted(item: Item, kind: Any) -> Any:
    """The value as the annotation wants it. Raises Mismatch."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any or kind is object:
        return item.plain
    if origin in (Union, types.UnionType):
        return _one_of(item, kind, arguments)
    if origin is Literal:
        if any(item.data == one and type(item.data) is type(one) for one in arguments):
            return item.data
        raise Mismatch(described(kind), item)
    if origin in (list, tuple, Sequence, Iterable) or kind in (list, tuple):
        return _several(item, kind, origin or kind, arguments)
    if origin in (dict, Mapping) or kind is dict:
        if not isinstance(item.data, dict):
            raise Mismatch(described(kind), item)
        inner = arguments[1] if arguments else Any
        return {name: converted(value, inner) for name, value in item.data.items()}
    return _simple(item, kind)


def _simple(item: Item, kind: Any) -> Any:
    if kind not in _NOUNS:
        raise TypeError(f"parameters cannot be of type {kind}")
    data = item.data
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if isinstance(data, kind) and (kind is bool or not isinstance(data, bool)):
        return data
    raise Mismatch(described(kind), item)


def _one_of(item: Item, kind: Any, arguments: tuple[Any, ...]) -> Any:
    deepest: Mismatch | None = None
    for one in arguments:
        try:
            return converted(item, one)
        except Mismatch as mismatch:
            if mismatch.item is not item:
                deepest = mismatch
    raise deepest or Mismatch(described(kind), item)


def _several(item: Item, kind: Any, origin: Any, arguments: tuple[Any, ...]) -> Any:
    if not isinstance(item.data, tuple):
        raise Mismatch(described(kind), item)
    if origin is tuple and arguments and arguments[-1] is not Ellipsis:
        if len(arguments) != len(item.data):
            raise Mismatch(described(kind), item)
        return tuple(converted(one, inner) for one, inner in zip(item.data, arguments, strict=True))
    inner = arguments[0] if arguments else Any
    values = [converted(one, inner) for one in item.data]
    return values if origin is list else tuple(values)


def described(kind: Any) -> str:
    """What an annotation is called in a sentence."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any or kind is object:
        return "anything"
    if origin in (Union, types.UnionType):
        return " or ".join(described(one) for one in arguments)
    if origin is Literal:
        return " or ".join(str(one) for one in arguments)
    if origin in (list, tuple, Sequence, Iterable) or kind in (list, tuple):
        inner = [described(one) for one in arguments if one is not Ellipsis]
        return f"a list of {' and '.join(word.removeprefix('a ') for word in inner)}" if inner else "a list"
    if origin in (dict, Mapping) or kind is dict:
        return "a mapping"
    return _NOUNS.get(kind, str(kind))


def _said(item: Item) -> str:
    if isinstance(item.data, dict):
        return "a mapping"
    if isinstance(item.data, tuple):
        return "a list"
    text = item.span.text
    return text if len(text) <= 40 else text[:39] + "…"


def _choice(name: str, known: Iterable[str]) -> str:
    names = list(known)
    close = closest(name, names)
    if close:
        return f"did you mean {close}?"
    return f"it has {', '.join(names)}" if names else "it has none"
