"""Small repositories with a history, made for one test each."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = {
    **{name: text for name, text in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": f"{who}@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    **{f"GIT_{who}_DATE": "2026-01-01T00:00:00Z" for who in ("AUTHOR", "COMMITTER")},
}
MODULE = """module "{name}" {{
  source = "{source}"

  configuration = {{
    apps = {{
{apps}
    }}
    ops = {{
{ops}
    }}
  }}
}}
"""
GKE = "github.com/kbst/terraform-kubestack//google/cluster?ref={}"


def module(
    name: str = "gke_zero", apps: str = "cluster_max_node_count = 3", ops: str = "", version: str = "v0.19.2-beta.0",
    source: str = GKE,
) -> str:
    """A module call; attributes of an environment stand one a line."""
    inner = ["\n".join(f"      {line}" for line in text.splitlines()) for text in (apps, ops)]
    return MODULE.format(name=name, source=source.format(version), apps=inner[0], ops=inner[1])


@dataclass(frozen=True)
class History:
    """A repository in a directory."""

    top: Path

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments], cwd=self.top, env=ENVIRONMENT, check=True, capture_output=True,
        )
        return os.fsdecode(done.stdout).removesuffix("\n")

    def write(self, **files: str) -> None:
        """Files by name; `__` stands for a slash, `_tf` at the end for .tf."""
        for name, text in files.items():
            self.put(name.replace("__", "/").removesuffix("_tf") + (".tf" if name.endswith("_tf") else ""), text)

    def put(self, name: str, text: str | bytes) -> None:
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(self, message: str = "change") -> str:
        """Everything, deletions too; the new commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


def history(directory: Path, **files: str) -> History:
    """A new repository with one commit of these files, tagged `start`."""
    directory.mkdir(parents=True, exist_ok=True)
    made = History(directory)
    made.git("init", "--quiet", "--initial-branch=main")
    made.write(**files)
    made.commit("start")
    made.git("tag", "start")
    return made
