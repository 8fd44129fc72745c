"""Rules of others: installed for real, run, and named where they are broken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "custom-rule"
LONG = """module "gke_zero" {
  source = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"
  configuration = {
    apps = { name_prefix = "a-prefix-that-is-much-too-long-for-that", region = "europe-west1" }
    ops  = {}
  }
}
"""


def kslint(target: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kubestack_lint", *arguments],
        cwd=cwd or target,
        env={"PYTHONPATH": f"{target}{os.pathsep}{ROOT}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="pip install -e '.[test]' brings it")
    target = tmp_path_factory.mktemp("installed")
    options = ["--quiet", "--no-index", "--no-build-isolation", "--no-deps", "--no-cache-dir"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(EXAMPLE)],
        check=True,
        capture_output=True,
    )
    return target


def test_the_example_is_installed_and_found(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(LONG)
    done = kslint(installed, "lint", str(tmp_path), "--select", "long-cluster-name", "--format", "text")
    assert done.returncode == 1, done.stderr
    assert "error[long-cluster-name] module.gke_zero, apps: name_prefix" in done.stdout
    assert "apps will be called a-prefix-that-is-much-too-long-for-that-apps-europe-west1: 57 characters" in " ".join(
        done.stdout.split()
    )
    assert kslint(installed, "explain", "long-cluster-name").stdout.startswith("# long-cluster-name\n")
    rows = kslint(installed, "rules", "--format", "json").stdout
    assert '"distribution": "acme-rules 1.0.0"' in rows


def test_policies_configure_it_like_any_other(installed: Path, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "main.tf").write_text(LONG)
    (tmp_path / ".kslint.yaml").write_text(
        "select: [short]\npolicies:\n- {id: short, rule: long-cluster-name, where: {environment: ops}, with: {max_length: 56}, severity: info}\n"
    )
    assert kslint(installed, "lint", str(tmp_path)).returncode == 0
    (tmp_path / ".kslint.yaml").write_text("policies:\n- {id: long-cluster-name, with: {max_length: many}}\n")
    done = kslint(installed, "lint", str(tmp_path))
    assert done.returncode == 2
    assert "max_length must be a whole number; many is not a whole number" in done.stderr


def test_its_page_is_its_test(installed: Path) -> None:
    done = kslint(installed, "test", str(EXAMPLE / "acme_rules"), "--strict")
    assert (done.returncode, done.stdout) == (0, "all as expected in 3 cases, 2 findings found\n"), done.stderr


RULE = """from collections.abc import Iterator
from kubestack_lint import Inheritance, Severity
from kubestack_lint.rule import Problem, rule

@rule(on=Inheritance, severity=Severity.INFO)
def {name}(inheritance: Inheritance) -> Iterator[Problem]:
    \"\"\"A rule for tests.\"\"\"
    {body}
"""
NOTHING = "yield from ()"


def distribution(target: Path, name: str, text: str, value: str = "") -> None:
    """A distribution as pip leaves it behind."""
    module = name.replace("-", "_")
    (target / f"{module}.py").write_text(text)
    folder = target / f"{module}-2.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.0\n")
    (folder / "entry_points.txt").write_text(f"[kubestack_lint.rules]\nmine = {value or module}\n")


@pytest.mark.parametrize(
    ("text", "value", "message"),
    [
        ("import no_such_module\n", "", "cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise SystemExit(0)\n", "", "cannot be loaded: SystemExit: 0"),
        ("1 / 0\n", "", "cannot be loaded: ZeroDivisionError: division by zero"),
        ("def broken(:\n", "", "cannot be loaded: SyntaxError: "),
        ("", "", "hold no rule: it must lead to a function under @rule"),
        ("x = 1\n", "bad_rules:x", "hold no rule"),
        ("", "bad_rules:nothing", "cannot be loaded: AttributeError: "),
        (
            RULE.format(name="redundant_override", body=NOTHING),
            "",
            "bring the rule redundant-override, but so does kslint itself",
        ),
        (
            RULE.format(name="BadName", body=NOTHING),
            "",
            "bring the rule 'BadName': ids are lower case letters, digits and dashes",
        ),
    ],
)
def test_a_broken_one_is_an_error_that_names_it(text: str, value: str, message: str, tmp_path: Path) -> None:
    distribution(tmp_path, "bad-rules", text, value)
    done = kslint(tmp_path, "lint", str(ROOT / "examples" / "talk"))
    assert done.returncode == 2
    shown = value or "bad_rules"
    assert done.stderr.startswith(f"kslint: the rules of bad-rules 2.0 (entry point mine = {shown}) {message}")
    assert done.stderr.endswith("  mend it, or remove it: pip uninstall bad-rules\n")
    assert "Traceback" not in done.stderr


PARAMETER = """from __future__ import annotations
import datetime
from collections.abc import Iterator
from kubestack_lint import Inheritance, Severity
from kubestack_lint.rule import Problem, rule

def judged(**parameters: object) -> Iterator[Problem]:
    raise KeyError("limit")

@rule(on=Inheritance, severity=Severity.INFO, check_parameters=judged)
def own_rule(inheritance: Inheritance, *, limit: {kind}) -> Iterator[Problem]:
    \"\"\"A rule for tests.\"\"\"
    yield from ()
"""


@pytest.mark.parametrize(
    ("kind", "place", "message"),
    [
        ("datetime.date", "4:10", "declares its parameter limit in a way that kslint cannot read: parameters cannot be of"),
        ("Missing", "4:10", "declares its parameter limit in a way that kslint cannot read: name 'Missing' is not defined"),
        ("str", "4:9", "crashed on these parameters: KeyError: 'limit'"),
    ],
)
def test_parameters_that_kslint_cannot_read_are_theirs(kind: str, place: str, message: str, tmp_path: Path) -> None:
    distribution(tmp_path, "own-rules", PARAMETER.format(kind=kind))
    settings = tmp_path / ".kslint.yaml"
    settings.write_text("policies:\n- id: own\n  rule: own-rule\n  with: {limit: a}\n")
    done = kslint(tmp_path, "policies", "--check", "--config", str(settings), str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"kslint: .kslint.yaml:{place}: the rule own-rule {message}")
    assert done.stderr.endswith("\n  please report it to those who made own-rules 2.0\n")


def test_two_that_bring_the_same_id(tmp_path: Path) -> None:
    for name in ("a-rules", "b-rules"):
        distribution(tmp_path, name, RULE.format(name="own", body=NOTHING))
    done = kslint(tmp_path, "rules")
    assert done.returncode == 2
    assert (
        "the rules of b-rules 2.0 (entry point mine = b_rules) bring the rule own, but so does a-rules 2.0"
        in done.stderr
    )


def test_one_that_crashes_is_said_with_whose_it_is(tmp_path: Path) -> None:
    distribution(tmp_path, "bad-rules", RULE.format(name="own", body="raise RuntimeError('trouble'); yield"))
    done = kslint(tmp_path, "lint", str(ROOT / "examples" / "talk"))
    assert done.returncode == 2
    assert "no findings" in done.stdout
    assert done.stderr == (
        "kslint: the rule own crashed: RuntimeError: trouble; please report it to those who made bad-rules 2.0\n"
    )
    # Commands that need no rules do not even look.
    assert kslint(tmp_path, "diff", str(ROOT / "examples" / "talk")).returncode == 0
    explained = kslint(tmp_path, "explain", "own")
    assert (explained.returncode, explained.stderr.split("\n")[0]) == (2, "kslint: the rule own has no page")


def test_nothing_is_imported_where_nobody_brings_rules() -> None:
    code = "import sys, kubestack_lint.rule as r; r.all_rules(); print('importlib.metadata' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PATH": ""},
    )
    assert done.stdout.strip() == "False", done.stderr
