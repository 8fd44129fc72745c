"""Kubestack's merges: deepmerge with one set of strategies per generation.

Each generation is a version of upstream's common/configuration (L0 to L2
inline before it existed). The strategies say, key by key, which environment's
value Terraform takes and why. Checked against Terraform by tests/vectors and
tests/oracle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from deepmerge import Merger

from kubestack_lint.values.types import DYNAMIC, ObjectType
from kubestack_lint.values.value import Unknown, Value, definitely_not_null, passed_on, unknown_in


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one environment offers for a key; None where it does not have the key."""

    environment: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The value that a key gets, from which environment, by which rule of the merge."""

    environment: str
    value: Value
    rule: str


Tree = dict[str, "Chosen | dict[str, Chosen]"]


class MergeError(Exception):
    """The merge itself fails in Terraform: `key` is the one at fault, `message` Terraform's words."""

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.message = message
        self.key = key


OVERRIDES = "{env} sets it"
ONLY_BASE = "{env} does not set it"
NULL_INHERITS = "null in {env} inherits"
EMPTY_INHERITS = 'null and "" in {env} inherit (coalesce)'
NULL_WINS = "merge() lets even null in {env} win"
BASE_ITSELF = "the base's own value"
NESTED = "merged key by key, one level deep"
ABANDONED = '{env} adds a key with null or "", so the nested merge fails and {env} replaces the whole map'


def _merge_call(merger: Merger, path: list[str], base: Candidate, env: Candidate) -> Chosen | None:
    """L0 to L2: `merge(base, env)`; whatever the environment has wins."""
    if env.value is not None:
        rule = NULL_WINS if env.value.is_null else OVERRIDES
        return Chosen(env.environment, env.value, rule)
    return _from_base(base)


def _base_keys_only(merger: Merger, path: list[str], base: Candidate, env: Candidate) -> Chosen | None:
    """L3: as L4, but only over the keys of the base."""
    if base.value is None:
        return None
    return _not_null(merger, path, base, env)


def _not_null(merger: Merger, path: list[str], base: Candidate, env: Candidate) -> Chosen | None:
    """L4 and L5: `env != null ? env : base`, without nesting."""
    if env.value is not None and isinstance(env.value.data, Unknown) and not definitely_not_null(env.value):
        # Terraform cannot decide between the two before it knows.
        return Chosen(env.environment, env.value, OVERRIDES)
    if env.value is not None and not env.value.is_null:
        return Chosen(env.environment, env.value, OVERRIDES)
    if base.value is None:
        raise MergeError(
            "Invalid index: The given key does not identify an element in this collection value.", path[-1]
        )
    return _from_base(base, NULL_INHERITS if _is_written(env) else ONLY_BASE)


def _coalesce(merger: Merger, path: list[str], base: Candidate, env: Candidate) -> Chosen | dict[str, Chosen] | None:
    """L6: one level of nesting, then `coalesce(env, base)`, then the base as it is."""
    if len(path) == 1:
        nested = _nested(merger, path, base, env)
        if nested is not None:
            return nested
    abandoned = len(path) == 1 and _is_map(base.value) and _is_map(env.value)
    for candidate, rule in ((env, ABANDONED if abandoned else OVERRIDES), (base, _inherits(env))):
        value = candidate.value
        if value is not None and not value.is_null and value.data != "":
            return _known(Chosen(candidate.environment, value, rule))
    if base.value is not None:
        return _known(_from_base(base, _inherits(env)))
    if len(path) == 1:
        raise MergeError('Error in function call: Call to function "try" failed: no expression succeeded', path[-1])
    return None


def _inherits(env: Candidate) -> str:
    return EMPTY_INHERITS if _is_written(env) else ONLY_BASE


def _is_written(candidate: Candidate) -> bool:
    """False for keys that are absent, or only filled in with null by Terraform's types."""
    return candidate.value is not None and candidate.value.place is not None


def _nested(merger: Merger, path: list[str], base: Candidate, env: Candidate) -> Chosen | dict[str, Chosen] | None:
    """The nested merge of two maps; None where Terraform's `try` gives it up."""
    if _is_map(_empty_known(base.value)) and _is_map(_empty_known(env.value)):
        base, env = replace(base, value=_empty_known(base.value)), replace(env, value=_empty_known(env.value))
    else:
        hidden = _hidden_map(base, env)
        return None if hidden is None else Chosen(env.environment, hidden, NESTED)
    assert base.value is not None and env.value is not None
    inner: dict[str, Any] = merger.value_strategy(path, dict[str, Any](_offers(base)), _offers(env))
    if any(chosen is None for chosen in inner.values()):
        return None
    complete = {name: chosen for name, chosen in inner.items() if chosen is not None}
    for chosen in complete.values():
        found = unknown_in(chosen.value)
        if found is not None:
            # `try` waits until everything in the object is known.
            value = replace(passed_on(found, span=found.span), key=env.value.key)
            return Chosen(env.environment, value, NESTED)
    return complete


def _hidden_map(base: Candidate, env: Candidate) -> Value | None:
    """Unknown when one side is unknown and the nested merge therefore cannot be decided."""
    for one, other in ((base.value, env.value), (env.value, base.value)):
        if one is None or not isinstance(one.data, Unknown):
            continue
        could_be_map = one.type == DYNAMIC or isinstance(one.type, ObjectType) or getattr(one.type, "kind", "") == "map"
        if could_be_map and other is not None and (_is_map(other) or isinstance(other.data, Unknown)):
            return replace(one, type=DYNAMIC)
    return None


def _empty_known(value: Value | None) -> Value | None:
    """An unknown object without attributes has known keys: none."""
    if value is not None and isinstance(value.data, Unknown) and value.type == ObjectType({}):
        return replace(value, data={})
    return value


def _is_map(value: Value | None) -> bool:
    return value is not None and isinstance(value.data, dict)


def _offers(candidate: Candidate) -> dict[str, Candidate]:
    assert candidate.value is not None
    return {name: Candidate(candidate.environment, value) for name, value in candidate.value.items.items()}


def _from_base(base: Candidate, rule: str = ONLY_BASE) -> Chosen:
    assert base.value is not None
    return Chosen(base.environment, base.value, rule)


def _known(chosen: Chosen) -> Chosen:
    """What `try` makes of a value that is not wholly known: all of it unknown."""
    hidden = unknown_in(chosen.value)
    if hidden is None:
        return chosen
    value = Value(DYNAMIC, hidden, chosen.value.span, chosen.value.key, sensitive=chosen.value.sensitive)
    return replace(chosen, value=value)


def _each_key(merger: Merger, path: list[str], base: dict[str, Candidate], env: dict[str, Candidate]) -> dict[str, Any]:
    """Both sides' keys, each decided by the strategy for candidates."""
    names = {**dict.fromkeys(base), **dict.fromkeys(env)}
    base_name = next(iter(base.values())).environment if base else ""
    env_name = next(iter(env.values())).environment if env else ""
    return {
        name: merger.value_strategy(
            [*path, name], base.get(name, Candidate(base_name, None)), env.get(name, Candidate(env_name, None))
        )
        for name in names
    }


_Strategy = Callable[[Merger, list[str], Candidate, Candidate], Any]


def _merger(strategy: _Strategy) -> Merger:
    return Merger([(dict, [_each_key]), (Candidate, strategy)], ["override"], ["override"])


MERGERS: Mapping[str, Merger] = {
    "L0": _merger(_merge_call),
    "L1": _merger(_merge_call),
    "L2": _merger(_merge_call),
    "L3": _merger(_base_keys_only),
    "L4": _merger(_not_null),
    "L5": _merger(_not_null),
    "L6": _merger(_coalesce),
}

# In these the base itself passes through untouched; later ones loop over it too.
_BASE_UNTOUCHED = frozenset({"L0", "L1", "L2", "L3", "L4"})


def merge(generation: str, base_name: str, base: Value, name: str, environment: Value) -> Tree:
    """The effective configuration of one environment, key by key.

    `base` and `environment` are maps or objects (or null for `environment`
    where the generation allows it). Raises MergeError where Terraform fails.
    """
    base_offers = {key: Candidate(base_name, value) for key, value in base.items.items()}
    if name == base_name and generation in _BASE_UNTOUCHED:
        return {key: Chosen(base_name, value, BASE_ITSELF) for key, value in base.items.items()}
    offers = {key: Candidate(name, value) for key, value in environment.items.items()}
    if not offers and not base_offers:
        return {}
    merged: dict[str, Any] = MERGERS[generation].value_strategy([], dict[str, Any](base_offers), offers)
    tree: Tree = {}
    for key, chosen in merged.items():
        if chosen is not None:
            tree[key] = _spoken(chosen, name, base_name)
    return tree


def _spoken(chosen: Chosen | dict[str, Chosen], name: str, base_name: str) -> Chosen | dict[str, Chosen]:
    if isinstance(chosen, dict):
        return {key: replace(inner, rule=_sentence(inner.rule, name, base_name)) for key, inner in chosen.items()}
    return replace(chosen, rule=_sentence(chosen.rule, name, base_name))


def _sentence(rule: str, name: str, base_name: str) -> str:
    return BASE_ITSELF if name == base_name else rule.format(env=name)
