"""`kslint policies`: packs, and the policies that apply."""

from __future__ import annotations

from pathlib import Path

import click

from kubestack_lint.cli import common


@click.command("policies", short_help="List policy packs and the policies that apply.")
@common.path_argument
@click.option("--check", is_flag=True, help="Only check them: all packs, and the settings that apply to PATH.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output format."
)
@common.settings_options
@common.colour_option
def command(path: Path, check: bool, form: str, config_file: Path | None, no_config: bool, colour: str) -> int:
    """List the packs that can be extended and the policies that apply to PATH.

    With --check every pack and every policy is checked, conditions and all, without any configuration;
    exit code 2 at the first mistake.
    """
    from kubestack_lint.policy.packs import check_pack, described_packs
    from kubestack_lint.reporters import settings_text as reporter
    from kubestack_lint.reporters.document import dumped
    from kubestack_lint.reporters.terminal import counted, table

    packs = described_packs()
    if check:
        for pack in packs:
            check_pack(pack.name)
    settings = common.settings_for(path, config_file, no_config)
    policies = settings.policies
    if form == "json":
        rows = [{"name": pack.title, "policies": pack.policies, "summary": pack.summary} for pack in packs]
        found = [reporter.policy_document(policy) for policy in policies]
        common.show(dumped({"format": "kslint-policies/1", "packs": rows, "policies": found}))
        return 0
    if check:
        common.show(f"{counted(len(packs), 'pack')} and {counted(len(policies), 'policy', 'policies')} are in order\n")
        return 0
    terminal = common.terminal(colour)
    cells = [[pack.title, str(pack.policies), pack.summary] for pack in packs]
    listed = table(["pack", "policies", "for"], cells, terminal, keep=(0,))
    common.show(f"{listed}\n\n{reporter.policies_text(policies, terminal)}\n")
    return 0
