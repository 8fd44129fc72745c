"""What the tests of revisions share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    # pytest-xdist sets COLUMNS for its workers.
    monkeypatch.setenv("COLUMNS", "140")
