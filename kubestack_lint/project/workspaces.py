"""Names of workspaces that expressions expect, where no map of environments names any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubestack_lint.project.instance import ModuleInstance
from kubestack_lint.syntax import nodes
from kubestack_lint.values.evaluate import EvaluationError


def named_workspaces(instances: Iterable[ModuleInstance]) -> Iterator[str]:
    """What `terraform.workspace` is compared with, and the keys of tables that it is looked up in."""
    for instance in instances:
        module = instance.module
        bodies = [argument.expression for argument in module.locals.values()]
        bodies += [a.expression for block in module.calls.values() for a in block.body.arguments.values()]
        for body in bodies:
            for expression in _parts(body):
                yield from _names(instance, expression)


def _parts(expression: nodes.Expression) -> Iterator[object]:
    waiting: list[object] = [expression]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, tuple):
            # Nodes are tuples of their parts; in reverse, so that what is written first comes first.
            waiting += reversed(part)


def _names(instance: ModuleInstance, expression: object) -> Iterator[str]:
    match expression:
        case nodes.Binary(operator="==" | "!=", left=left, right=right):
            for one, other in ((left, right), (right, left)):
                if _is_workspace(one):
                    yield from _texts(other)
        case nodes.Index(subject=table, key=key) if _is_workspace(key):
            yield from _keys(instance, table)
        case nodes.Call(name="lookup", arguments=(table, key, *_)) if _is_workspace(key):
            yield from _keys(instance, table)
        case nodes.Call(name="contains", arguments=(nodes.Tuple(items=items), key)) if _is_workspace(key):
            for item in items:
                yield from _texts(item)


def _is_workspace(expression: object) -> bool:
    match expression:
        case nodes.Attribute(subject=nodes.Variable(name="terraform"), name="workspace"):
            return True
        case nodes.TemplateWrap(wrapped=inner) | nodes.Parentheses(inner=inner):
            return _is_workspace(inner)
    return False


def _texts(expression: object) -> Iterator[str]:
    match expression:
        case nodes.Template(parts=(str(text),)):
            yield text


def _keys(instance: ModuleInstance, table: nodes.Expression) -> Iterator[str]:
    try:
        yield from instance.evaluate(table).items
    except EvaluationError:
        # Reported where the expression itself is evaluated.
        return
