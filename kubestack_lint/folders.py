"""Where the data folders are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def folder(name: str) -> Path:
    """The folder `schemas` or `policies`.

    The wheel carries them inside the package (hatchling's force-include), an
    editable install and a checkout have them beside it.
    """
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
