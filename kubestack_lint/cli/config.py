"""`kslint config`: the settings that apply, and where each was said."""

from __future__ import annotations

from pathlib import Path

import click

from kubestack_lint.cli import common


@click.command("config", short_help="Show the settings that apply and where each comes from.")
@common.path_argument
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output format."
)
@common.settings_options
@common.colour_option
def command(path: Path, form: str, config_file: Path | None, no_config: bool, colour: str) -> int:
    """Show the settings that kslint lint PATH would use, and the file and line that each comes from."""
    from kubestack_lint.reporters import settings_text as reporter

    settings = common.settings_for(path, config_file, no_config)
    if form == "text":
        common.show(reporter.settings_text(settings, common.terminal(colour)))
        return 0
    from kubestack_lint.reporters.document import dumped

    rows = {name: {"value": value, "from": origin} for name, value, origin in reporter.settings_rows(settings)}
    policies = [reporter.policy_document(policy) for policy in settings.policies]
    common.show(
        dumped(
            {
                "format": "kslint-config/1",
                "files": list(settings.files),
                "descriptions": dict(settings.descriptions),
                "settings": rows,
                "policies": policies,
            }
        )
    )
    return 0
