"""Conditions over one environment of one block → a verdict, three-valued."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from kubestack_lint.capacity import Count, Counted
from kubestack_lint.capacity import nodes as nodes_of
from kubestack_lint.conditions.expression import CLUSTER, Condition, OwnCall, Read, compiled
from kubestack_lint.conditions.functions import NODES, own_functions
from kubestack_lint.conditions.shapes import Path
from kubestack_lint.conditions.views import Views, cluster_settings, with_nulls
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.evaluate import EvaluationError, Scope, evaluate
from kubestack_lint.values.evaluate.evaluation import EVALUATORS
from kubestack_lint.values.functions import apply
from kubestack_lint.values.types import BOOL, DYNAMIC, NUMBER
from kubestack_lint.values.value import Unknown, Value, null, number, object_of, unknown


class Verdict(Enum):
    """What a condition says about an environment; `skipped` means that `when` is false."""

    HOLDS = "holds"
    VIOLATED = "violated"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, why it is unknown, and what was read: by `require` first, then by `when`.

    `applies` is False where it is not even known whether `when` is true.
    """

    verdict: Verdict
    because: str = ""
    reads: tuple[Read, ...] = ()
    applies: bool = True


@dataclass(slots=True)
class OwnScope(Scope):
    """A scope that knows whose configuration an object is."""

    inheritance: Inheritance | None = None
    owners: Mapping[int, str] | None = None

    def child(self, local: Mapping[str, Value]) -> OwnScope:
        """The same with more loop variables; what belongs to whom is known inside of loops, too."""
        names = {**self.local, **local}
        return OwnScope(
            self.names, names, self.problems, self.budget, self.functions, self.files, self.inheritance, self.owners
        )


def judge(views: Views, environment: str, when: str, require: str) -> Judged:
    """Judge one environment. Raises ExpressionProblem for what is no expression at all.

    An expression that fails on the values of this environment (null compared with a number, say) has
    an unknown result: mistakes that do not depend on values are found by `check_condition`.
    """
    condition, demand = compiled(when), compiled(require)
    applies = _truth(views, environment, condition)
    if isinstance(applies, Unknown):
        return Judged(Verdict.UNKNOWN, applies.because, condition.reads, applies=False)
    if not applies:
        return Judged(Verdict.SKIPPED)
    reads = tuple(dict.fromkeys((*demand.reads, *condition.reads)))
    fine = _truth(views, environment, demand)
    if isinstance(fine, Unknown):
        return Judged(Verdict.UNKNOWN, fine.because, reads)
    return Judged(Verdict.HOLDS if fine else Verdict.VIOLATED, "", reads)


def said(views: Views, environment: str, message: str) -> str:
    """A policy's message with what stands in `${…}` filled in; as it is where that cannot be known."""
    value = _value(views, environment, compiled(message, template=True))
    return value.data if isinstance(value.data, str) else message


def _truth(views: Views, environment: str, condition: Condition) -> bool | Unknown:
    try:
        truth = convert(_value(views, environment, condition), BOOL)
    except ConversionError as error:
        return Unknown(f"it must be true or false: {error}")
    if truth.is_null:
        return Unknown("it must be true or false, and is null")
    return truth.data if isinstance(truth.data, Unknown) else truth.data is True


def _value(views: Views, environment: str, condition: Condition) -> Value:
    try:
        return evaluate(condition.tree, _scope(views, environment, condition))
    except EvaluationError as error:
        source = views.inheritance.block.source.text
        typed = views.inheritance.block.definition.typed
        why = error.message if typed else f"kslint does not know the module {source}, and {error.message}"
        return unknown(why, span=error.span)


def _scope(views: Views, environment: str, condition: Condition) -> OwnScope:
    """What a condition can see; whole configurations only where it reads them, since a catalogue asks often."""
    block = views.inheritance.block
    base = block.base_of(environment) or ""
    read = {name for root, name in (("config", environment), ("base", base)) if root in condition.names}
    everywhere = "environments" in condition.names
    configurations = {
        name: _configuration(views, name, condition) for name in block.environments if everywhere or name in read
    }
    owners = {id(value.data): name for name, value in configurations.items() if isinstance(value.data, dict)}
    names = {
        **views.names(environment),
        "config": configurations.get(environment, unknown(f"{environment} cannot be computed")),
        "base": configurations.get(base, unknown("the base cannot be computed")),
        "environments": object_of(configurations),
    }
    if CLUSTER in condition.names:
        names[CLUSTER] = cluster_settings(views, environment)
    return OwnScope(local=names, inheritance=views.inheritance, owners=owners)


def _configuration(views: Views, name: str, condition: Condition) -> Value:
    view = views.view(name)
    if view is None:
        return unknown(f"{name} cannot be computed")
    if not views.inheritance.block.definition.typed:
        return view.config
    return with_nulls(view.config, _paths(condition), {})


def _paths(condition: Condition) -> Iterator[Path]:
    for read in condition.reads:
        if read.root in ("config", "base"):
            yield read.path
        elif read.root == "environments" and len(read.path) > 1:
            yield read.path[1:]


# -- our functions --------------------------------------------------------


def _own_call(expression: OwnCall, scope: Scope) -> Value:
    found = own_functions()[expression.name]
    given, wanted = len(expression.arguments), len(found.parameters)
    if given != wanted or expression.expand:
        plural = "s" if wanted > 1 else ""
        raise EvaluationError(f"{found.name}() takes {wanted} argument{plural}, {given} given", expression.span)
    strict = scope.strict()
    arguments = tuple(evaluate(argument, strict) for argument in expression.arguments)
    if found.name == "nodes" and isinstance(scope, OwnScope):
        return _nodes(arguments[0], expression, scope)
    spans = tuple(argument.span for argument in expression.arguments)
    return replace(apply(found, arguments, spans, expression.span), span=expression.span)


_NO_CONFIGURATION = "nodes() takes config, base, or one of environments"


def _nodes(config: Value, expression: OwnCall, scope: OwnScope) -> Value:
    if isinstance(config.data, Unknown):
        # Without any configuration the type says whether it is one.
        if scope.inheritance is None and config.type not in (DYNAMIC, scope.local["config"].type):
            raise EvaluationError(_NO_CONFIGURATION, expression.arguments[0].span)
        return Value(NODES, config.data, expression.span)
    name = (scope.owners or {}).get(id(config.data))
    if name is None or scope.inheritance is None:
        raise EvaluationError(_NO_CONFIGURATION, expression.arguments[0].span)
    found = nodes_of(scope.inheritance, name)
    if found is None:
        return Value(NODES, {"min": null(NUMBER), "max": null(NUMBER)}, expression.span)
    return Value(NODES, {"min": _total(found.min), "max": _total(found.max)}, expression.span)


def _total(counted: Counted) -> Value:
    if isinstance(counted, Count):
        return number(counted.total)
    return null(NUMBER) if counted is None else unknown(counted.because, NUMBER, counted.span)


# A kind of node that only conditions have: configurations never get to see our functions.
EVALUATORS[OwnCall] = _own_call

__all__ = ["Judged", "Verdict", "judge", "said"]
