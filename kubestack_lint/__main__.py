"""`kslint` and `python -m kubestack_lint`."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line; the exit code is 0, 1 (findings) or 2 (we could not do our work)."""
    from kubestack_lint.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    code = main()
    # What is still buffered cannot be written any more where the reader is gone.
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
