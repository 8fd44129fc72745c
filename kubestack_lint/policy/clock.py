"""The day of a run: given, or SOURCE_DATE_EPOCH's, or today, always UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from kubestack_lint.errors import UsageError


def day_of(given: str | None, environment: Mapping[str, str]) -> date:
    """The one clock. Raises UsageError for what is no date."""
    if given is not None:
        try:
            return date.fromisoformat(given)
        except ValueError as error:
            raise UsageError(f"--now {given} is no date", "write it as 2030-12-31") from error
    epoch = environment.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        try:
            return datetime.fromtimestamp(int(epoch), UTC).date()
        except (ValueError, OverflowError, OSError) as error:
            raise UsageError(
                f"SOURCE_DATE_EPOCH is {epoch}, which is no time", "it counts seconds since 1970"
            ) from error
    return datetime.now(UTC).date()
