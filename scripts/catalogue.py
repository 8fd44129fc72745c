"""Lists the tier catalogue: what is shipped, what is left out, and why (make catalogue)."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TIERS = Path(__file__).parent.parent / "policies" / "tiers"
LEFT_OUT = "left-out.yaml"


def _read(path: Path) -> Any:
    # The reader in C, where there is one, is ten times faster.
    return yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def shipped() -> list[dict[str, Any]]:
    """Every entry of the catalogue, in the order of the files."""
    found: list[dict[str, Any]] = []
    for path in sorted(TIERS.glob("*.yaml")):
        if path.name != LEFT_OUT:
            found += _read(path)["policies"]
    return found


def left_out() -> list[dict[str, str]]:
    """What is known but not shipped: id, title, reason."""
    rows: list[dict[str, str]] = _read(TIERS / LEFT_OUT)["left_out"]
    return rows


def main() -> None:
    """Print the catalogue."""
    entries, rows = shipped(), left_out()
    print(f"Shipped: {len(entries)}\n")
    for entry in entries:
        print(f"  {entry['severity']:<8}{entry['with']['fails_at']:<11}{entry['id']}: {entry['with']['title']}")
    print(f"\nLeft out: {len(rows)}\n")
    for reason, _ in Counter(row["reason"] for row in rows).most_common():
        print(f"  {reason}")
        for row in rows:
            if row["reason"] == reason:
                print(f"    {row['id']}: {row['title']}")


if __name__ == "__main__":
    main()
