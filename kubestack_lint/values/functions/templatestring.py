"""`templatestring`: a form, because it looks at how its template is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes
from kubestack_lint.values.access import EvaluationError
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.functions.signature import FunctionError
from kubestack_lint.values.functions.templates import RENDERING, render
from kubestack_lint.values.types import DYNAMIC, STRING
from kubestack_lint.values.value import Unknown, Value, sensitive_in

if TYPE_CHECKING:
    from kubestack_lint.values.evaluate import Scope

_READING = frozenset({"file", "fileexists", "fileset"}) | {
    f"file{kind}"
    for kind in ("base64", "base64sha256", "base64sha512", "md5", "sha1", "sha256", "sha512")
}


def templatestring(expression: nodes.Call, scope: Scope) -> Value:
    """A text from elsewhere read as a template that sees the given variables and nothing else."""
    from kubestack_lint.values.evaluate import evaluate

    if len(expression.arguments) != 2 or expression.expand:
        raise EvaluationError("templatestring() takes two arguments, a template and its variables", expression.span)
    template, given = expression.arguments
    strict = scope.strict()
    variables = evaluate(given, strict)
    if variables.is_null:
        raise EvaluationError("templatestring(vars): argument must not be null", given.span)
    if isinstance(variables.data, Unknown):
        kind = DYNAMIC if variables.type == DYNAMIC else STRING
        return Value(kind, replace(variables.data, not_null=kind == STRING), expression.span)
    _check_reference(template)
    text = evaluate(template, strict)
    if isinstance(text.data, Unknown):
        hidden: Unknown = replace(text.data, not_null=True)
        return Value(STRING, hidden, expression.span, sensitive=text.sensitive)
    if not isinstance(text.data, str):
        raise EvaluationError("templatestring(template): a string is required", template.span)
    result = _rendered(text.data, variables, strict, expression)
    sensitive = result.sensitive or text.sensitive or sensitive_in(variables)
    return replace(result, span=expression.span, key=None, sensitive=sensitive)


def _check_reference(template: nodes.Expression) -> None:
    """Terraform takes references only, so that nobody writes the template in place."""
    source = template
    while isinstance(source, nodes.Attribute | nodes.Index | nodes.Splat):
        source = source.subject
    # The elements of a list that `...` spreads stand nowhere else.
    if not isinstance(source, nodes.Variable) or source.name.startswith("\0"):
        raise EvaluationError(
            "templatestring(template): the template must be a reference to a text from elsewhere, "
            "such as local.template; a text in place needs no templatestring()",
            template.span,
        )


def _rendered(text: str, variables: Value, scope: Scope, expression: nodes.Call) -> Value:
    # Places inside the text mean nothing to the reader, so problems move to the call.
    try:
        result = convert(render(Source("", text), variables, scope, RENDERING | _READING), STRING)
    except (EvaluationError, FunctionError) as error:
        raise EvaluationError(f"templatestring(): {error.message}", expression.span) from error
    except ConversionError as error:
        raise EvaluationError(f"templatestring(): the result is no text: {error}", expression.span) from error
    if isinstance(result.data, Unknown):
        result = replace(result, data=replace(result.data, span=expression.span, not_null=True))
    return replace(result, via=None)
