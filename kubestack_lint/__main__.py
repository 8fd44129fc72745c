"""`kslint` and `python -m kubestack_lint`."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line; the exit code is 0, 1 (findings) or 2 (we could not do our work)."""
    from kubestack_lint.cli import run

    code = run(sys.argv[1:])
    if sys.stdout is None:
        return code
    # What is still buffered cannot be written any more where the reader is gone or the disk is full.
    try:
        sys.stdout.flush()
    except OSError as error:
        # Nor will it be when Python closes the stream, which would end in another exit code.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            if code != 2:
                sys.stderr.write(f"kslint: {error.strerror}\n")
            code = 2
    return code


if __name__ == "__main__":
    sys.exit(main())
