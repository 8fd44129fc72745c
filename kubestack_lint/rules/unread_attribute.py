"""An attribute that the module's type accepts and its code never looks at."""

from __future__ import annotations

from collections.abc import Iterator

from kubestack_lint.finding import Severity
from kubestack_lint.inheritance import Setting
from kubestack_lint.rule import Problem, rule
from kubestack_lint.wording import exact


@rule(on=Setting, severity=Severity.WARNING)
def unread_attribute(setting: Setting) -> Iterator[Problem]:
    """An attribute is accepted but the module never reads it."""
    written = setting.definitions[0].value
    if setting.inherited or written.is_null or written.place is None:
        return
    definition = setting.block.definition
    for length in range(1, len(setting.path) + 1):
        name = ".".join(setting.path[:length])
        attribute = definition.attributes.get(name)
        if attribute is not None and attribute.never_read:
            yield Problem(
                message=f"{definition.path} accepts {name} but never reads it, "
                f"so what {setting.environment} sets has no effect",
                span=written.place,
                label="never read",
                remediation=_way_out(setting, name),
                value=exact(setting.value),
            )
            return


def _way_out(setting: Setting, name: str) -> str:
    renames = setting.block.definition.renames
    new = next((rename.new for rename in renames if rename.old == name and rename.new not in (None, name)), None)
    return f"set {new} instead" if new else "delete it, and do not count on it"
