"""Writes schemas/kubestack: what each Kubestack module accepts at each version.

Without options the files are rebuilt from scripts/facts. For a new release:

    python scripts/build_schemas.py --checkout ../terraform-kubestack --tag v0.20.0-beta.0 --commits

reads that version through git, keeps what was read under scripts/facts/read
unless the facts say the same already, and rebuilds every file.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run from a checkout, kubestack_lint need not be installed

from kubestack_schemas.documents import documents, text  # noqa: E402
from kubestack_schemas.facts import Facts, Json, load, with_version  # noqa: E402
from kubestack_schemas.git import Checkout  # noqa: E402
from kubestack_schemas.merges import commits_document  # noqa: E402
from kubestack_schemas.reader import read_version, with_recorded  # noqa: E402

COMMITS = "commits.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build or check the files; 1 means that files on disk are not what would be written."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if (options.tag or options.commits) and not options.checkout:
        parser.error("--tag and --commits need --checkout")
    try:
        wanted = _wanted(options)
    except (ValueError, subprocess.CalledProcessError) as error:
        parser.error(str(error))
    # Commits cannot be rebuilt without a checkout: then the file stays as it is.
    known = {*wanted, options.output / COMMITS}
    stale = sorted({*options.output.glob("*.json")} - known)
    return _check(wanted, stale) if options.check else _write(wanted, stale)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--facts", type=Path, default=ROOT / "scripts/facts/modules.json")
    parser.add_argument("--output", type=Path, default=ROOT / "schemas/kubestack")
    parser.add_argument("--checkout", type=Path, help="git checkout of terraform-kubestack to read")
    parser.add_argument("--tag", help="version to read (default: HEAD, recorded as master)")
    parser.add_argument("--commits", action="store_true", help=f"also rebuild {COMMITS} from --checkout")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 on differences")
    return parser


def _wanted(options: argparse.Namespace) -> dict[Path, str]:
    """The content of every file that this run answers for."""
    facts = load(options.facts)
    wanted: dict[Path, str] = {}
    if options.checkout:
        read = _read(Checkout(options.checkout), options.tag, facts)
        updated = with_version(facts, read)
        if documents(updated) != documents(facts):
            facts = updated
            wanted[options.facts.parent / "read" / f"{read['version']}.json"] = text(read)
    wanted |= {options.output / name: text(document) for name, document in documents(facts).items()}
    if options.commits:
        wanted[options.output / COMMITS] = text(commits_document(Checkout(options.checkout)))
    return wanted


def _read(checkout: Checkout, tag: str | None, facts: Facts) -> Json:
    version = tag or "master"
    return with_recorded(read_version(checkout, tag or "HEAD", version), facts)


def _check(wanted: dict[Path, str], stale: Sequence[Path]) -> int:
    differing = [path for path, content in wanted.items() if _on_disk(path) != content]
    for path in differing:
        print(f"{path}: is not what would be written")
    for path in stale:
        print(f"{path}: would be removed")
    return 1 if differing or stale else 0


def _on_disk(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8") if path.exists() else None


def _write(wanted: dict[Path, str], stale: Sequence[Path]) -> int:
    for path, content in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8"))
    for path in stale:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
