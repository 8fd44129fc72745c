"""Templates that stand on their own: they see their variables and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse_template
from kubestack_lint.values.access import EvaluationError
from kubestack_lint.values.functions.elements import is_mapping
from kubestack_lint.values.functions.signature import FunctionError
from kubestack_lint.values.value import Value

if TYPE_CHECKING:
    from kubestack_lint.values.evaluate import Scope

RENDERING = frozenset({"templatefile", "templatestring"})


def render(source: Source, variables: Value, scope: Scope, refused: frozenset[str] = RENDERING) -> Value:
    """The template's value; `variables`, a map or object, is the function's second argument."""
    from kubestack_lint.values.evaluate import Scope, evaluate

    try:
        template = parse_template(source)
    except SyntaxProblem as problem:
        raise EvaluationError(f"this template cannot be read: {problem.message}", problem.span) from problem
    if not is_mapping(variables.type):
        raise FunctionError("the variables must be a map or an object", 1)
    for name in sorted(variables.items):
        if not _is_identifier(name):
            raise FunctionError(f'"{name}" cannot be the name of a variable', 1)
    for variable in free_variables(template):
        if variable.name not in variables.items:
            raise EvaluationError(f'this template is given no variable "{variable.name}"', variable.span)
    functions = partial(_never_within, refused)
    inner = Scope(local=variables.items, budget=scope.budget, files=scope.files, functions=functions)
    result = evaluate(template, inner)
    if result.is_null:
        raise EvaluationError("the result of this template is null", template.span)
    return result


def _never_within(refused: frozenset[str], name: str) -> str | None:
    return f"{name}() cannot be called from inside this template" if name in refused else None


def _is_identifier(name: str) -> bool:
    # HCL's identifiers are Python's, plus dashes behind the first character.
    return name.replace("-", "_").isidentifier() and not name.startswith("-")


def free_variables(expression: nodes.Expression) -> Iterator[nodes.Variable]:
    """The names that an expression reads and does not bind itself, in written order."""
    pending: list[tuple[object, frozenset[str]]] = [(expression, frozenset())]
    while pending:
        node, bound = pending.pop()
        if isinstance(node, nodes.Variable):
            if node.name not in bound:
                yield node
        elif isinstance(node, nodes.ObjectItem):
            pending.append((node.value, bound))
            if node.bare is None:
                pending.append((node.key, bound))
        elif isinstance(node, nodes.For | nodes.TemplateFor):
            inner = bound | {node.value} | ({node.key} if node.key is not None else set())
            skipped = {"span", "key", "value", "collection"}
            pending.extend((getattr(node, name), inner) for name in reversed(node._fields) if name not in skipped)
            pending.append((node.collection, bound))
        elif isinstance(node, nodes.Expression):
            pending.extend((getattr(node, name), bound) for name in reversed(node._fields) if name != "span")
        elif isinstance(node, tuple):
            # Nodes are tuples too, so that this comes last: a plain sequence of them.
            pending.extend((item, bound) for item in reversed(node))
