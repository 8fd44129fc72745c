"""`kslint explain`: the page of one rule."""

from __future__ import annotations

import click

from kubestack_lint.cli import common
from kubestack_lint.errors import UsageError


@click.command("explain", short_help="Explain a rule: example, why, fix.")
@click.argument("rule", metavar="RULE")
def command(rule: str) -> int:
    """Print the page of RULE: what it finds, why that matters and how to fix it."""
    from kubestack_lint.rule import all_rules

    rules = all_rules()
    if rule not in rules:
        from difflib import get_close_matches

        close = get_close_matches(rule, list(rules), 1)
        raise UsageError(f"there is no rule {rule}", f"did you mean {close[0]}?" if close else "see kslint rules")
    page = rules[rule].page
    if not page.is_file():
        raise UsageError(f"the rule {rule} has no page", f"{rules[rule].distribution} would have it at {page}")
    common.show(page.read_text("utf-8"))
    return 0
