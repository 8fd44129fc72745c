"""Conditions in Terraform's own language over what an environment is configured to be."""

from __future__ import annotations

from kubestack_lint.conditions.check import check_condition, check_message
from kubestack_lint.conditions.evaluate import Judged, Verdict, judge, said
from kubestack_lint.conditions.expression import Condition, ExpressionProblem, Read, compiled
from kubestack_lint.conditions.places import Fact, Placed, placed
from kubestack_lint.conditions.views import Views

__all__ = [
    "Condition",
    "ExpressionProblem",
    "Fact",
    "Judged",
    "Placed",
    "Read",
    "Verdict",
    "Views",
    "check_condition",
    "check_message",
    "compiled",
    "judge",
    "placed",
    "said",
]
