"""How much the tests notice: one small change at a time in what decides, and the fitting tests must fail.

    python scripts/mutants.py --sample 150 --seed 1
    python scripts/mutants.py --module 'rules/too_many*'

Comparisons are flipped (`<` and `<=`, `==` and `!=`, `in`, `is`), `and` and `or` exchanged, `not` taken away, numbers
raised by one, True and False exchanged. Each mutant lives in a forked process that imports the changed module from
memory; no file is written. Tests are chosen by name: a rule's page and the test files that speak of the module.
Survivors are printed with their place; some change nothing that can be seen, the others want a test. Not for Windows.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kubestack_lint"
WHERE = (
    "rules/*.py", "conditions/*.py", "structure/*.py", "policy/*.py", "fixing/*.py", "fixtures/*.py",
    "capacity.py", "effective.py", "ledger.py",
)  # fmt: skip
# These start processes of their own, which know nothing of mutants, or take too long.
FOLDERS = ("oracle", "verify", "properties", "values", "syntax")
FILES = tuple(
    f"test_{name}.py" for name in ("specs", "plugins", "packaging", "composed", "pages", "schemas", "readme", "laws")
)
# For the run without mutants; with one, all tests together may take as long as they did, and a minute more.
SECONDS = 1800

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


# A file, the number of the expression in it, the number of the change.
Place = tuple[Path, int, int]


@dataclass(frozen=True)
class Mutant:
    """One change: the module, the place, the code before and after, the changed tree."""

    path: Path
    line: int
    column: int
    before: str
    after: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """The name that it is imported under."""
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts)

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}:{self.column}  {self.before}  →  {self.after}"


def places(path: Path) -> list[Place]:
    """Every place of a file where something can be changed, in the order of the text."""
    tree = ast.parse(path.read_text("utf-8"))
    return [(path, number, choice) for number, node in enumerate(_deciding(tree)) for choice in range(_choices(node))]


def mutant(place: Place) -> Mutant:
    """The change at a place."""
    path, number, choice = place
    tree = ast.parse(path.read_text("utf-8"))
    node = list(_deciding(tree))[number]
    before = ast.unparse(node)
    _change(node, choice)
    return Mutant(path, node.lineno, node.col_offset + 1, before, ast.unparse(node), tree)


def _deciding(tree: ast.AST) -> Iterator[ast.expr]:
    """Expressions that decide something, without types, decorators and assertions."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list") or isinstance(tree, ast.Assert):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST):
                continue
            if isinstance(child, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant) and _choices(child):
                yield child
            yield from _deciding(child)


def _choices(node: ast.expr) -> int:
    if isinstance(node, ast.Compare):
        return len(node.ops)
    if isinstance(node, ast.UnaryOp):
        return int(isinstance(node.op, ast.Not))
    if isinstance(node, ast.Constant):
        return int(isinstance(node.value, int))
    return 1


def _change(node: ast.expr, choice: int) -> None:
    if isinstance(node, ast.Compare):
        node.ops[choice] = COMPARISONS[type(node.ops[choice])]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp):
        # not x → not not x, so that the node stays one.
        node.operand = ast.UnaryOp(ast.Not(), node.operand)
        ast.fix_missing_locations(node)
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else int(str(node.value)) + 1


class _Changed(importlib.abc.MetaPathFinder):
    """Imports one module in its changed form."""

    def __init__(self, changed: Mutant) -> None:
        self.changed = changed

    def find_spec(self, name: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        if name != self.changed.module:
            return None
        code = compile(self.changed.tree, str(self.changed.path), "exec")
        loader = _Loader(name, str(self.changed.path), code)
        return importlib.util.spec_from_file_location(name, self.changed.path, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self.code = code

    def get_code(self, fullname: str) -> CodeType:
        return self.code


def fitting(path: Path) -> list[str]:
    """Arguments of pytest for a module: its page, and the test files that say its name."""
    words = {path.stem, path.stem.replace("_", "-")}
    folder = path.parent.name
    tests = [test for test in sorted((ROOT / "tests").glob("**/test_*.py")) if _usable(test)]
    speaking = [test for test in tests if any(word in test.read_text("utf-8") for word in words)]
    if folder == "rules":
        return [*_pages(words), *_named(speaking)]
    if folder == "kubestack_lint":
        # What stands below several rules is tested through them.
        rules = [rule for rule in (PACKAGE / "rules").glob("*.py") if f".{path.stem} import" in rule.read_text("utf-8")]
        pages = _pages({rule.stem.replace("_", "-") for rule in rules})
        return list(dict.fromkeys([*pages, "tests/test_rules_parity.py", "tests/conditions", *_named(speaking)]))
    beside = [test for test in tests if folder in (test.parent.name, test.stem.removeprefix("test_"))]
    ordered = [*(test for test in beside if test in speaking), *(test for test in beside if test not in speaking)]
    # What stands below rules is tested through their pages.
    below = {"conditions": {"condition", "tier-constraint"}, "structure": {"schema"}}
    pages = _pages(below.get(folder, set()))
    return [*pages, *_named(ordered)]


def _usable(test: Path) -> bool:
    return test.name not in FILES and test.relative_to(ROOT / "tests").parts[0] not in FOLDERS


def _named(tests: Sequence[Path]) -> list[str]:
    return [test.relative_to(ROOT).as_posix() for test in tests]


def _pages(words: set[str]) -> list[str]:
    pages = sorted(word for word in words if "_" not in word)
    test = "tests/test_pages.py::test_findings_are_those_that_the_page_says"
    return [f"{test}[{case}]" for page in pages for case in _cases(page)]


def _cases(page: str) -> list[str]:
    path = PACKAGE / "rules" / f"{page}.md"
    if not path.is_file():
        return []
    lines = path.read_text("utf-8").split("\n")
    return [f"{path.name}:{number}:1" for number, line in enumerate(lines, 1) if line.startswith("```hcl")]


def survives(changed: Mutant | None, arguments: Sequence[str], seconds: int = SECONDS) -> bool:
    """True when the tests pass all the same; a crash and a test without end count as noticed."""
    child = os.fork()
    if child == 0:
        os._exit(_run(changed, arguments, seconds))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status == 0


def _run(changed: Mutant | None, arguments: Sequence[str], seconds: int) -> int:
    import pytest

    with open(os.devnull, "w") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
    signal.alarm(seconds)
    if changed is not None:
        sys.meta_path.insert(0, _Changed(changed))
    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments]))


def main() -> int:
    """Run a sample; the exit code is 0 whatever survives, 2 where the tests fail without any mutant."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sample", type=int, default=150, help="how many mutants, 0 for all")
    parser.add_argument("--seed", default="1", help="which sample")
    parser.add_argument("--module", default="*", help="only modules whose path below kubestack_lint fits this glob")
    options = parser.parse_args()
    os.chdir(ROOT)
    os.nice(10)
    import hypothesis  # noqa: F401 - what all children need is imported once
    import jsonschema  # noqa: F401
    import yaml  # noqa: F401

    paths = [path for glob in WHERE for path in sorted(PACKAGE.glob(glob)) if path.name != "__init__.py"]
    paths = [path for path in paths if fnmatchcase(path.relative_to(PACKAGE).as_posix(), f"{options.module}*")]
    found = [place for path in paths for place in places(path)]
    chosen = found if not options.sample else random.Random(options.seed).sample(found, min(options.sample, len(found)))
    tests = {path: fitting(path) for path, _, _ in chosen}
    everything = sorted({argument for arguments in tests.values() for argument in arguments})
    start = time.monotonic()
    if not survives(None, everything):
        print("the tests fail as they are; mend that first")
        return 2
    seconds = int(time.monotonic() - start) + 60
    survivors = []
    for number, place in enumerate(sorted(chosen), 1):
        changed = mutant(place)
        if survives(changed, tests[changed.path], seconds):
            survivors.append(changed)
            print(changed, flush=True)
        if number % 25 == 0:
            print(f"# {number} of {len(chosen)}, {time.monotonic() - start:.0f} s", flush=True)
    noticed = len(chosen) - len(survivors)
    share = noticed / max(1, len(chosen))
    print(f"{noticed} of {len(chosen)} mutants noticed ({share:.0%}), of {len(found)} that there are")
    return 0


if __name__ == "__main__":
    sys.exit(main())
