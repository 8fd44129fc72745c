"""Everything in this folder needs more than Python: make test-full."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ci.conftest import repository

__all__ = ["repository"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.full)
