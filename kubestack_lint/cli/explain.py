"""`kslint explain`: the page of one rule, or what one policy asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kubestack_lint.cli import common
from kubestack_lint.errors import UsageError

if TYPE_CHECKING:
    from kubestack_lint.policy.instance import Policy


@click.command("explain", short_help="Explain a rule or a policy: example, why, fix.")
@click.argument("name", metavar="RULE")
@common.path_argument
@common.settings_options
def command(name: str, path: Path, config_file: Path | None, no_config: bool) -> int:
    """Print the page of RULE: what it finds, why that matters and how to fix it.

    RULE may also be the id of a policy, of the settings that apply to PATH or of a pack: then its rule, its
    parameters, its evidence and where it is said are shown.
    """
    from kubestack_lint.rule import all_rules

    rules = all_rules()
    if name in rules:
        # Settings with a mistake in them must not stand in the way of the page that explains it.
        page = rules[name].page
        if not page.is_file():
            raise UsageError(f"the rule {name} has no page", f"{rules[name].distribution} would have it at {page}")
        text = page.read_text("utf-8")
        width = common.screen_width()
        if width is not None:
            from kubestack_lint.reporters.page_text import page_text

            text = page_text(text, width)
        common.show(text)
        return 0
    from kubestack_lint.policy.packs import policy_of_packs
    from kubestack_lint.reporters.policy_text import policy_text

    policies = {policy.id: policy for policy in common.settings_for(path, config_file, no_config).policies}
    width = min(common.terminal("never").width, 100)
    if name in policies:
        common.show(policy_text(policies[name], width))
        return 0
    found = policy_of_packs(name)
    if found is None:
        raise _unknown(name, policies)
    pack, policy = found
    common.show(policy_text(policy, width, pack))
    return 0


def _unknown(name: str, policies: dict[str, Policy]) -> UsageError:
    from difflib import get_close_matches

    from kubestack_lint.policy.packs import pack_policies
    from kubestack_lint.rule import all_rules

    close = get_close_matches(name, [*all_rules(), *policies, *pack_policies()], 1)
    hint = f"did you mean {close[0]}?" if close else "see kslint rules and kslint policies"
    return UsageError(f"there is no rule or policy {name}", hint)
