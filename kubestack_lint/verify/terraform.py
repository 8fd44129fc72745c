"""The terraform or tofu program: how it is found, run and asked for a plan."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from kubestack_lint.errors import KslintError, UsageError

TIMEOUT = 600
VALUES, TYPES = "kslint_values", "kslint_types"
# The first that knows optional attributes, which Kubestack's types have.
OLDEST = (1, 3)
_VERSION = re.compile(r" v([0-9]+)\.([0-9]+)")
# Newer versions find these while initialising already, older ones when they plan.
_ABOUT_EXPRESSIONS = (
    "Error: Reference to undeclared",
    "Error: Invalid reference",
    "Error: Call to unknown function",
    "Error: Unsupported attribute",
    "Error: Cycle",
    "Error: Error in function call",
    "Error: Invalid function argument",
    "Error: Invalid index",
    "Error: Invalid operand",
    "Error: Invalid template interpolation value",
    "Error: Inconsistent conditional result types",
    "Error: Attempt to",
)


@dataclass(frozen=True, slots=True)
class Completed:
    """How a command ended and what it printed."""

    code: int
    out: str
    error: str


class Terraform(Protocol):
    """Anything that runs terraform commands; tests pass Terraform as a library."""

    def run(self, arguments: Sequence[str], directory: Path, workspace: str) -> Completed:
        """Run one command in a directory, with a workspace selected."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What terraform computed: values, where they are unknown, and the types of all of it."""

    value: Any
    unknown: Any
    type: Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """Terraform's first words on why it makes no plan; `early` when it did not even get to planning."""

    message: str
    early: bool = False


@dataclass(frozen=True, slots=True)
class Binary:
    """A terraform or tofu program on this machine, kept from the network and from the user's settings."""

    program: str
    variables: Mapping[str, str] = field(default_factory=dict)

    def run(self, arguments: Sequence[str], directory: Path, workspace: str) -> Completed:
        """Run one command; what TF_… variables of this machine say does not count."""
        environment = {name: text for name, text in os.environ.items() if not name.startswith("TF_")}
        environment |= {name: text for name, text in self.variables.items() if name.startswith("TF_VAR_")}
        environment |= {
            # Terraform warns about a file that is not there; this one is there, and empty.
            "TF_CLI_CONFIG_FILE": os.devnull,
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "TF_WORKSPACE": workspace,
            "CHECKPOINT_DISABLE": "1",
        }
        try:
            done = subprocess.run(
                [self.program, *arguments],
                cwd=directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise KslintError(f"{self.program} {arguments[0]} takes more than {TIMEOUT} seconds") from error
        return Completed(done.returncode, done.stdout, done.stderr)


def find_binary(chosen: str | None, variables: Mapping[str, str] | None = None) -> Binary:
    """The chosen program, or terraform or tofu from PATH. Raises UsageError when there is none."""
    for name in (chosen,) if chosen is not None else ("terraform", "tofu"):
        program = shutil.which(name)
        if program is not None:
            return Binary(str(Path(program).absolute()), variables or {})
    missing = f"{chosen} is no program" if chosen is not None else "neither terraform nor tofu is on PATH"
    raise UsageError(f"{missing}; kslint verify replays the configuration through it", "--terraform FILE names one")


def version(terraform: Terraform, directory: Path) -> str:
    """The first line of `terraform version`, such as `Terraform v1.15.5`. Raises KslintError for old ones."""
    done = terraform.run(["version"], directory, "default")
    if done.code != 0 or not done.out.strip():
        raise KslintError("terraform does not even tell its version", _last_line(done.error))
    name = done.out.strip().splitlines()[0]
    found = _VERSION.search(name)
    if found is not None and (int(found[1]), int(found[2])) < OLDEST:
        raise KslintError(f"{name} is too old for kslint verify", f"it takes {OLDEST[0]}.{OLDEST[1]} or newer")
    return name


def plan(
    terraform: Terraform, directory: Path, workspace: str, store: Path, files: Sequence[Path] = ()
) -> Plan | Refusal:
    """Initialise and plan a directory, and read the two outputs that hold everything; the plan goes to `store`."""
    done = terraform.run(["init", "-backend=false", "-input=false", "-no-color"], directory, workspace)
    if done.code != 0:
        message = _plain(done.error or done.out)
        return Refusal(message.removeprefix("Error: "), early=not message.startswith(_ABOUT_EXPRESSIONS))
    arguments = ["plan", "-input=false", "-lock=false", "-json", f"-out={store}"]
    done = terraform.run([*arguments, *(f"-var-file={file}" for file in files)], directory, workspace)
    if done.code != 0:
        return Refusal(next(iter(_diagnostics(done.out)), _plain(done.error or done.out)))
    done = terraform.run(["show", "-json", str(store)], directory, workspace)
    if done.code != 0:
        return Refusal(_plain(done.error or done.out), early=True)
    document = json.loads(done.out, parse_float=Decimal, parse_int=Decimal)
    change = document["output_changes"][VALUES]
    kind = document["planned_values"]["outputs"][TYPES]["type"]
    return Plan(change.get("after"), change["after_unknown"], kind[1][0])


def _diagnostics(out: str) -> list[str]:
    found: list[str] = []
    for line in out.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and event.get("@level") == "error" and "diagnostic" in event:
            diagnostic = event["diagnostic"]
            found.append(_one_line(f"{diagnostic['summary']}: {diagnostic.get('detail', '')}"))
    return found


def _plain(text: str) -> str:
    """The message in terraform's box of lines."""
    lines = [line.strip("│╷╵ \t") for line in text.splitlines()]
    start = next((index for index, line in enumerate(lines) if line.startswith("Error:")), 0)
    return _one_line(" ".join(lines[start:]))[:600] or "terraform fails without a word"


def _one_line(text: str) -> str:
    return " ".join(text.replace("kslint_stub_", "").split()).rstrip(": ")


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""
