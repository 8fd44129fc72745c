"""Expressions → values, by HCL's evaluation rules.

Errors are those of Terraform: EvaluationError with the place. What cannot be
known statically is a value (Unknown), never an error. A lenient scope records
the error of an object's item and puts an Unknown in its place, so that one bad
setting does not hide the others.
"""

from __future__ import annotations

from kubestack_lint.syntax import nodes
from kubestack_lint.values.access import EvaluationError
from kubestack_lint.values.evaluate import conditionals, loops, operations, splats, structures, templates
from kubestack_lint.values.evaluate.evaluation import EVALUATORS, evaluate
from kubestack_lint.values.evaluate.scope import MAX_STRING, Budget, Names, NoNames, Scope

EVALUATORS.update(
    {
        nodes.Literal: structures.literal,
        nodes.Variable: structures.variable,
        nodes.Attribute: structures.attribute,
        nodes.Index: structures.index,
        nodes.Parentheses: structures.parentheses,
        nodes.Tuple: structures.tuple_expression,
        nodes.Object: structures.object_expression,
        nodes.Template: templates.template,
        nodes.TemplateWrap: templates.template_wrap,
        nodes.TemplateIf: templates.template_if,
        nodes.TemplateFor: templates.template_for,
        nodes.Conditional: conditionals.conditional,
        nodes.For: loops.for_expression,
        nodes.Splat: splats.splat,
        nodes.SplatItem: splats.splat_item,
        nodes.Unary: operations.unary,
        nodes.Binary: operations.binary,
        nodes.Call: operations.call,
    }
)

__all__ = ["MAX_STRING", "Budget", "EvaluationError", "Names", "NoNames", "Scope", "evaluate"]
