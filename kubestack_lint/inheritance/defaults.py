"""What a module fills in by itself where nobody sets an attribute."""

from __future__ import annotations

from functools import lru_cache

from kubestack_lint.catalog import ModuleDefinition
from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source
from kubestack_lint.syntax import parse_expression
from kubestack_lint.values.evaluate import EvaluationError, Scope, evaluate
from kubestack_lint.values.value import Value, unknown


def module_defaults(definition: ModuleDefinition) -> dict[tuple[str, ...], Value]:
    """Defaults by attribute path; where the module computes one, it is unknown with the expression as reason."""
    return {
        tuple(path.split(".")): _constant(attribute.default)
        for path, attribute in definition.attributes.items()
        if attribute.default is not None and "[]" not in path
    }


@lru_cache(maxsize=1024)
def _constant(text: str) -> Value:
    source = Source("module default", text, real=False)
    try:
        return evaluate(parse_expression(source), Scope())
    except (SyntaxProblem, EvaluationError):
        return unknown(f"the module computes {text}", span=None)
