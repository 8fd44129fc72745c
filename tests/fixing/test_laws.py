"""Laws of fixes: nothing that an environment gets changes, no byte elsewhere, and a second run has nothing to do."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubestack_lint import Loaded, Report, lint, load
from kubestack_lint.fixing.engine import Fixer, Outcome
from kubestack_lint.project.load import LoadOptions
from kubestack_lint.rule import all_rules
from kubestack_lint.values.value import identity
from tests.oracle.configurations import Mapping, Node, render
from tests.oracle.terraform import RESOURCES
from tests.properties.blocks import generated

SOURCE = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"
APPS = {
    "region": '"europe-west1"',
    "name_prefix": '"gc0"',
    "base_domain": '"example.com"',
    "cluster_max_node_count": "9",
}
# What ops may write for an attribute, and whether that line is to go.
CHOICES = [("same", True), ("null", True), ('""', False), ('"another"', False), (None, False)]
SAFE = [all_rules()[name] for name in ("redundant-override", "ineffective-override", "unused-ignore", "type-conflict")]
# Slips of the pen that leave no doubt.
SLIPS = {"machine_type": "machine_tpye", "instance_types": "instnace_types", "region": "regoin", "labels": "lables"}


def outcome(directory: Path, unsafe: bool = False) -> Outcome:
    return Fixer(directory, LoadOptions(), lint if unsafe else safe, unsafe).run()


def safe(loaded: Loaded) -> Report:
    return lint(loaded, SAFE)


def effective(directory: Path) -> dict[tuple[str, str], object]:
    return {
        (found.block.address, name): identity(one.value)
        for found in load(directory).inheritances
        for name, one in found.environments.items()
    }


def errors(directory: Path) -> Counter[tuple[str, str]]:
    return Counter((i.block.address, error.message) for i in load(directory).inheritances for error in i.errors)


def fixed(data: bytes) -> bytes:
    """The bytes after fixes; the laws that hold for all texts are checked on the way."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        file = directory / "main.tf"
        file.write_bytes(data)
        before = effective(directory)
        found = outcome(directory)
        assert file.read_bytes() == data, "nothing is written before all is proved"
        for path, (old, new) in found.texts.items():
            assert old.encode() == data
            path.write_bytes(new.encode())
        assert effective(directory) == before
        again = outcome(directory)
        assert again.texts == {} and again.applied == ()
        gone = {finding.fingerprint for finding in found.applied} - {left.finding.fingerprint for left in found.left}
        assert not gone & {finding.fingerprint for finding in safe(load(directory)).findings}
        return file.read_bytes()


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_exactly_the_lines_that_say_nothing_go(data: st.DataObject) -> None:
    newline = data.draw(st.sampled_from(["\n", "\r\n"]))
    text, expected = _written(data, newline)
    mark = data.draw(st.sampled_from(["", "\ufeff"]))
    end = data.draw(st.sampled_from(["", newline]))
    assert fixed((mark + text + end).encode()).decode() == mark + expected + end


def _written(data: st.DataObject, newline: str) -> tuple[str, str]:
    """A module with overrides of all kinds, one a line, and what is to be left of it."""
    lines, kept = [], []
    for attribute, value in APPS.items():
        said, goes = data.draw(st.sampled_from(CHOICES))
        comment = data.draw(st.sampled_from(["", " # why", " // {", " /* } */"]))
        comma = data.draw(st.sampled_from(["", ","]))
        above = data.draw(st.sampled_from([None, "", "      # above", "\t"]))
        extra = [above] if above is not None else []
        lines += extra
        kept += extra
        if said is not None:
            line = f"      {attribute} = {value if said == 'same' else said}{comma}{comment}"
            lines.append(line)
            kept += [] if goes else [line]
    apps = [f"      {attribute} = {value}" for attribute, value in APPS.items()]
    head = ['module "é" {', f'  source = "{SOURCE}"', "  configuration = {", "    apps = {", *apps, "    }"]
    blank = all(not line.strip() for line in kept) and len(lines) > len(kept)
    ops = ["    ops = {}"] if blank else ["    ops = {", *kept, "    }"]
    tail = ["  }", "}"]
    whole = newline.join([*head, "    ops = {", *lines, "    }", *tail])
    return whole, newline.join([*head, *ops, *tail])


@settings(max_examples=20, deadline=None)
@given(st.permutations(sorted(APPS)), st.data())
def test_in_one_line_commas_go_along(names: list[str], data: st.DataObject) -> None:
    chosen = [(name, *data.draw(st.sampled_from(CHOICES))) for name in names]
    entries = [(f"{name} = {APPS[name] if said == 'same' else said}", goes) for name, said, goes in chosen if said]
    trailing = data.draw(st.sampled_from(["", ","])) if entries else ""
    apps = ", ".join(f"{name} = {value}" for name, value in APPS.items())
    head = f'module "a" {{\n  source = "{SOURCE}"\n  configuration = {{\n    apps = {{ {apps} }}\n'
    text = head + f"    ops = {{ {', '.join(entry for entry, _ in entries)}{trailing} }}\n  }}\n}}\n"
    kept = [entry for entry, goes in entries if not goes]
    found = fixed(text.encode()).decode()
    if len(kept) == len(entries):
        assert found == text
    else:
        inside = found.removeprefix(head).removeprefix("    ops = {").removesuffix("}\n  }\n}\n")
        assert [part.strip() for part in inside.split(",") if part.strip()] == kept
        assert kept or inside == ""


def _spread(node: Node, rng: Random, depth: int = 1) -> str:
    """A configuration with every object on one line or on several, as it comes."""
    if not isinstance(node, Mapping) or not node.items or (depth > 1 and rng.random() < 0.4):
        return render(node)
    pad = "  " * depth
    comma = rng.choice(["", ","])
    inner = "".join(f"{pad}  {key} {_spread(item, rng, depth + 1)}{comma}\n" for key, item in node.items)
    return "{\n" + inner + pad + "}"


@pytest.mark.parametrize("seed", range(4))
def test_generated_blocks_keep_what_their_environments_get(seed: int) -> None:
    rng = Random(f"fix {seed}")
    text = RESOURCES
    for index, item in enumerate(generated(f"fix {seed}", 40)):
        base = "" if item.base is None else f"  {item.module.base_argument} = {item.base}\n"
        text += (
            f'\nmodule "c{index}" {{\n  source = "{item.module.source}"\n'
            f"  configuration = {_spread(item.configuration, rng)}\n{base}}}\n"
        )
    after = fixed(text.encode()).decode()
    assert after != text, "too few generated blocks have something to fix"
    # Only taken away, never added or changed.
    rest = iter(text)
    assert all(sign in rest for sign in after)


def test_unsafe_fixes_bring_no_new_errors() -> None:
    rng = Random("unsafe 1")
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        cases = generated("unsafe 1", 30, typed=True)
        text = RESOURCES + "".join(
            f'\nmodule "c{i}" {{\n  source = "{item.module.source}"\n  configuration = {_spread(item.configuration, rng)}\n}}\n'
            for i, item in enumerate(cases)
        )
        for right, wrong in SLIPS.items():
            text = re.sub(
                rf"\b{right} =", lambda found, wrong=wrong: wrong + " =" if rng.random() < 0.5 else found[0], text
            )
        (directory / "main.tf").write_text(text)
        before = errors(directory)
        found = outcome(directory, unsafe=True)
        for path, (_, new) in found.texts.items():
            path.write_bytes(new.encode())
        assert errors(directory) <= before
        assert any(not finding.fix.safe for finding in found.applied if finding.fix is not None)
        assert outcome(directory, unsafe=True).texts == {}
