"""placeholder-value: what a quickstart ships and nobody filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kubestack_lint.catalog import AttributeDefinition
from kubestack_lint.catalog.names import called
from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Setting
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import exact

# Quickstarts ship these empty. Terraform checks none of them for "" or [].
IDENTITY = frozenset(
    {"name_prefix", "base_domain", "project_id", "region", "location", "resource_group", "cluster_availability_zones"}
)
# Nothing here means all zones that Google chooses. In a base that is a list to
# be filled in; elsewhere it is how an inherited list is cleared.
ZONES = "cluster_node_locations"
CLUSTERS = frozenset({"cluster", "cluster-local", "node-pool"})

_PLACEHOLDER = re.compile(
    r"todo|tbd|fixme|xxx+|change[-_ ]?me|replace[-_ ]?(me|this)|<[^<>]*>|your[-_ ][a-z0-9_. -]+|example\.(com|org|net)",
    re.IGNORECASE,
)


@rule(on=Setting, severity=Severity.WARNING)
def placeholder_value(setting: Setting) -> Iterator[Problem]:
    """A value that names this cluster was left empty or as a placeholder."""
    definition = setting.block.definition
    attribute = definition.attributes.get(setting.dotted)
    if definition.kind not in CLUSTERS or attribute is None or setting.inherited:
        return
    data = setting.value.data
    if data in ("", ()) and _needed(setting, attribute):
        fact = f"{setting.dotted} is empty in {setting.environment}, as quickstarts ship it"
    elif isinstance(data, str) and _PLACEHOLDER.fullmatch(data.strip()):
        fact = f"{setting.dotted} in {setting.environment} is still a placeholder"
    else:
        return
    yield Problem(
        message=f"{fact}, and {called(definition)} does not check that",
        span=setting.place,
        label="fill this in",
        remediation=f"Write the real {setting.path[-1]}.",
        value=exact(setting.value),
    )


def _needed(setting: Setting, attribute: AttributeDefinition) -> bool:
    if setting.dotted == ZONES:
        return setting.block.base_of(setting.environment) == setting.environment
    return bool(attribute.required) or setting.dotted in IDENTITY
