"""Bounds that keep hostile input from hanging or crashing a run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Frames of pure Python live on the heap; the parser and the evaluator bound
# their own depth well below this.
FRAMES = 12_000


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Room for the recursion that deeply nested but legal input needs."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
