"""What other distributions bring under the entry point group `kubestack_lint.rules`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kubestack_lint.errors import KslintError

GROUP = "kubestack_lint.rules"


class PluginError(KslintError):
    """Rules of somebody else's that cannot be used; the message names the distribution."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """What one entry point leads to: a rule, or a module or package of rules. `distribution` has name and version."""

    distribution: str
    name: str
    value: str
    loaded: Any

    def error(self, message: str) -> PluginError:
        """An error about this entry point."""
        said = f"the rules of {self.distribution} (entry point {self.name} = {self.value}) {message}"
        return PluginError(said, f"mend it, or remove it: pip uninstall {self.distribution.split(' ')[0]}")


def installed() -> Iterator[Plugin]:
    """All of them, by distribution and name. Raises PluginError for one that cannot be imported."""
    if not _is_mentioned():
        return
    from importlib.metadata import entry_points

    found = []
    for entry in entry_points(group=GROUP):
        brought = f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else "an unknown distribution"
        found.append((brought, entry.name, entry.value, entry))
    for brought, name, value, entry in sorted(found, key=lambda one: one[:3]):
        plugin = Plugin(brought, name, value, None)
        try:
            loaded = entry.load()
        except (Exception, SystemExit) as error:
            raise plugin.error(f"cannot be loaded: {type(error).__name__}: {error}") from error
        yield Plugin(brought, name, value, loaded)


def _is_mentioned() -> bool:
    """True when an installed distribution has such entry points.

    importlib.metadata takes 25 ms to import and 5 ms to ask, this takes one; most machines have no rules of their own.
    """
    for directory in sys.path:
        try:
            entries = [
                entry for entry in os.scandir(directory or ".") if entry.name.endswith((".dist-info", ".egg-info"))
            ]
        except OSError:
            # Archives cannot be looked into so cheaply.
            if os.path.isfile(directory):  # noqa: PTH113
                return True
            continue
        for entry in entries:
            try:
                with open(os.path.join(entry.path, "entry_points.txt"), "rb") as file:  # noqa: PTH118, PTH123
                    if GROUP.encode() in file.read():
                        return True
            except OSError:
                continue
    return False
