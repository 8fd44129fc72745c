"""Where `terraform init` put the modules that it downloaded, by its own record of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def downloaded_directory(root: Path, calls: tuple[str, ...]) -> Path | None:
    """The directory of the module that a chain of calls leads to; None where nothing was downloaded for it."""
    key = ".".join(calls)
    for entry in _manifest(root).get("Modules", ()):
        if isinstance(entry, dict) and entry.get("Key") == key and isinstance(entry.get("Dir"), str):
            return Path(root, entry["Dir"])
    return None


def _manifest(root: Path) -> dict[str, Any]:
    try:
        data = json.loads((root / ".terraform" / "modules" / "modules.json").read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
