"""A repository with a pull request, and kslint as an installed command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

SOURCE = "github.com/kbst/terraform-kubestack//google/cluster/node-pool?ref=v0.18.1-beta.0"
GOOD = f"""module "pool" {{
  source = "{SOURCE}"

  configuration = {{
    apps = {{
      max_node_count = 9
      min_node_count = 1
    }}
    ops = {{
      max_node_count = 3
    }}
  }}
}}
"""
# ops repeats what it inherits, and has more nodes.
BAD = GOOD.replace("max_node_count = 3\n", "max_node_count = 5\n      min_node_count = 1\n")


def git(directory: Path, *arguments: str) -> str:
    """Run git as nobody in particular and return what it prints."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=directory, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose only commit is good."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "--quiet")
    (root / "pool.tf").write_text(GOOD)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "good")
    return root


@pytest.fixture
def command(tmp_path: Path) -> Path:
    """A folder to put in front of PATH: kslint as this checkout has it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "kslint"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m kubestack_lint "$@"\n')
    script.chmod(0o755)
    return folder
