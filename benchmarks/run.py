"""Start-up and throughput, as a user feels them: whole processes, medians of several runs.

make bench            measure and print
make bench RECORD=1   also write benchmarks/results.md
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = (ROOT / "examples" / "talk" / "clusters.tf").read_text("utf-8")


def _seconds(command: list[str], runs: int) -> float:
    """Median wall time after one run that warms the file cache."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False, cwd=ROOT)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def _repository(directory: Path, files: int, modules: int) -> None:
    for number in range(files):
        text = "\n".join(BLOCK.replace("gke_zero", f"gke_{number}_{index}") for index in range(modules))
        (directory / f"clusters_{number:03}.tf").write_text(text, "utf-8")


def main() -> None:
    """Measure everything and print a table."""
    python = sys.executable
    rows = [
        ("python -c pass", [python, "-c", "pass"], 3),
        ("python -c 'import click'", [python, "-c", "import click"], 3),
        ("python -c 'import kubestack_lint'", [python, "-c", "import kubestack_lint"], 3),
        ("kslint --version", [python, "-m", "kubestack_lint", "--version"], 3),
        ("kslint diff examples/talk", [python, "-m", "kubestack_lint", "diff", "examples/talk"], 3),
        ("kslint lint examples/talk", [python, "-m", "kubestack_lint", "lint", "examples/talk"], 3),
        ("kslint lint examples/multi-cloud", [python, "-m", "kubestack_lint", "lint", "examples/multi-cloud"], 3),
    ]
    lines = [
        f"Python {platform.python_version()}, {os.cpu_count()} cores, median wall time",
        "",
        "| command | seconds |",
        "| --- | ---: |",
    ]
    for name, command, runs in rows:
        lines.append(f"| `{name}` | {_seconds(command, runs):.3f} |")
    with tempfile.TemporaryDirectory() as name:
        _repository(Path(name), 200, 5)
        for verb in ("diff", "lint"):
            taken = _seconds([python, "-m", "kubestack_lint", verb, name], 1)
            lines.append(f"| `kslint {verb}` on 200 files × 5 modules | {taken:.3f} |")
        settings = Path(name) / "packs.yaml"
        settings.write_text("extends: [kslint:regulated, kslint:tiers]\n", "utf-8")
        packed = [python, "-m", "kubestack_lint", "lint", "examples/multi-cloud", "--config", str(settings)]
        taken = _seconds(packed, 3)
        lines.append(f"| `kslint lint examples/multi-cloud` with kslint:regulated and kslint:tiers | {taken:.3f} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if os.environ.get("RECORD"):
        (ROOT / "benchmarks" / "results.md").write_text("# Measured with `make bench RECORD=1`\n\n" + text, "utf-8")


if __name__ == "__main__":
    main()
