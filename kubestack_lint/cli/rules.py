"""`kslint rules`: the list of rules."""

from __future__ import annotations

import click

from kubestack_lint.cli import common


@click.command("rules", short_help="List the rules.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Output format; markdown is docs/rules.md.",
)
@common.colour_option
def command(form: str, colour: str) -> int:
    """List all rules with their severity and what they find; kslint explain RULE tells more."""
    from kubestack_lint.rule import all_rules

    rules = all_rules().values()
    if form == "markdown":
        from kubestack_lint.reporters.settings_text import rules_markdown

        common.show(rules_markdown(rules))
        return 0
    if form == "json":
        from kubestack_lint.reporters.document import dumped
        from kubestack_lint.reporters.settings_text import parameters_of

        rows = [
            {
                "rule": rule.id,
                "severity": rule.severity.label,
                "summary": rule.summary,
                "sleeps": rule.sleeps,
                "distribution": rule.distribution or None,
                "parameters": parameters_of(rule),
            }
            for rule in rules
        ]
        common.show(dumped({"format": "kslint-rules/1", "rules": rows}))
        return 0
    from kubestack_lint.reporters.terminal import table

    cells = [[rule.id, rule.severity.label, rule.summary] for rule in rules]
    common.show(table(["rule", "severity", "finds"], cells, common.terminal(colour)) + "\n")
    return 0
