"""The command line in a pipe, on a full disk, on a small terminal, in colour."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TALK = str(ROOT / "examples" / "talk")
MULTI = str(ROOT / "examples" / "multi-cloud")
POOL = """module "gke" {
  for_each = toset(["eu.west"])
  source   = "github.com/kbst/terraform-kubestack//google/cluster/node-pool?ref=v0.19.2-beta.0"

  configuration = {
    apps = { labels = { "kubernetes.io/role" = "x" } }
    ops  = {}
  }
}
"""


def _kslint(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "TERM")}
    return subprocess.run(
        [sys.executable, "-m", "kubestack_lint", *arguments], capture_output=True, text=True, timeout=60, check=False,
        env={**clean, "PYTHONPATH": str(ROOT), **environment}, encoding="utf-8",
    )


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("command", ["diff", "show", "why gke_zero.default_node_pool", "why gke_zero.base_domain"])
def test_no_line_is_wider_than_the_terminal(command: str, columns: int) -> None:
    done = _kslint(*command.split(), MULTI, COLUMNS=str(columns))
    widest = max(len(line) for line in done.stdout.splitlines())
    # Five columns cannot be narrower than their words on a 40-column terminal.
    assert widest <= max(columns, 80)


def test_colour_only_when_wanted() -> None:
    assert "\x1b[" not in _kslint("diff", TALK).stdout
    assert "\x1b[" in _kslint("diff", TALK, "--color", "always").stdout
    assert "\x1b[" in _kslint("diff", TALK, FORCE_COLOR="1").stdout
    assert "\x1b[" not in _kslint("diff", TALK, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_colour_changes_nothing_but_colour() -> None:
    plain = _kslint("diff", MULTI).stdout
    coloured = _kslint("diff", MULTI, "--color", "always").stdout
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize("start", ["-m kubestack_lint", "-c 'from kubestack_lint.__main__ import main; import sys; sys.exit(main())'"])
def test_full_disk_is_an_error(start: str, buffered: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, *shlex.split(start), "diff", TALK], stdout=full, stderr=subprocess.PIPE, text=True,
            cwd=ROOT, check=False, env={**os.environ, "PYTHONUNBUFFERED": buffered},
        )
    assert done.returncode == 2
    assert done.stderr == "kslint: No space left on device\n"


def test_a_reader_that_stops_is_no_error() -> None:
    command = f'"{sys.executable}" -m kubestack_lint show "{MULTI}" --format json | head -c 1 >/dev/null'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stderr == ""


def test_a_reader_that_stops_hides_no_finding(tmp_path: Path) -> None:
    """The exit code is what it would be, and the other reports are written."""
    report = tmp_path / "report.json"
    words = ["lint", MULTI, "--format", "html", "-o", "-", "--format", "json", "-o", str(report)]
    process = subprocess.Popen([sys.executable, "-m", "kubestack_lint", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 1
    assert '"lost-inherited-keys"' in report.read_text("utf-8")
    process.stderr.close()


@pytest.mark.parametrize("streams", [">&-", ">&- 2>&-"])
def test_closed_streams_are_no_traceback(streams: str, tmp_path: Path) -> None:
    def run(arguments: str) -> tuple[int, str]:
        command = f'"{sys.executable}" -m kubestack_lint {arguments} {streams}'
        done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, check=False)
        return done.returncode, done.stderr

    said = "" if "2>" in streams else "kslint: standard output is closed\n"
    for command in ("lint", "diff", "show --format json"):
        assert run(f'{command} "{MULTI}"') == (2, said)
    assert run("explain wrong-type") == (2, said)
    assert run("--help") == (0, "")
    # Who asks for a file needs no standard output.
    assert run(f'lint "{MULTI}" --format json -o "{tmp_path}/report.json"') == (1, "")


def test_output_does_not_depend_on_locale_hash_seed_or_directory(tmp_path: Path) -> None:
    outputs = set()
    for seed, locale, directory in (("0", "C", ROOT), ("1", "C.UTF-8", tmp_path), ("2", "POSIX", ROOT), ("3", "C", tmp_path)):
        done = subprocess.run(
            [sys.executable, "-m", "kubestack_lint", "lint", MULTI, "--format", "json"], capture_output=True, cwd=directory,
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONPATH": str(ROOT)}, check=False,
        )
        assert done.stdout
        outputs.add(done.stdout)
    assert len(outputs) == 1


def test_importing_the_package_is_cheap() -> None:
    code = "import sys, kubestack_lint; print([m for m in ('click', 'yaml', 'jsonschema', 'tabulate', 'deepmerge') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_version_imports_only_click() -> None:
    code = (
        "import sys; from kubestack_lint.cli import run; run(['--version']);"
        "print([m for m in sys.modules if m.startswith('kubestack_lint.') and m not in"
        " ('kubestack_lint.cli', 'kubestack_lint.errors', 'kubestack_lint.source')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_crash_is_a_message_not_a_traceback(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    from kubestack_lint import run as line
    from kubestack_lint.cli import run

    def broken(*_: object) -> None:
        raise ValueError("boom")

    monkeypatch.setattr(line, "load", broken)
    assert run(["diff", TALK]) == 2
    captured = capfd.readouterr()
    assert "a bug in kslint: ValueError: boom" in captured.err
    assert "Traceback" not in captured.err


def test_a_crashing_rule_fails_the_run_and_hides_nothing(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    from kubestack_lint import rule
    from kubestack_lint.cli import run
    from kubestack_lint.finding import Severity
    from kubestack_lint.inheritance import Inheritance

    def check(inheritance: Inheritance):  # type: ignore[no-untyped-def]
        """Always crash."""
        raise RuntimeError("rule trouble")

    rules = {**rule.all_rules(), "crash": rule.rule(on=Inheritance, severity=Severity.INFO)(check)}
    monkeypatch.setattr(rule, "all_rules", lambda: rules)
    assert run(["lint", MULTI]) == 2
    captured = capfd.readouterr()
    assert "lost-inherited-keys" in captured.out
    assert "the rule check crashed: RuntimeError: rule trouble" in captured.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    assert "_KSLINT_COMPLETE" in _kslint("completion", shell).stdout


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ('module.gke["eu.west"].labels.kubernetes.io/role', "labels.kubernetes.io/role"),
        ('module.gke["eu.west"].labels["kubernetes.io/role"]', "labels.kubernetes.io/role"),
        ('gke["eu.west"].labels', "labels"),
    ],
)
def test_why_takes_keys_with_dots(setting: str, path: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(POOL, "utf-8")
    done = _kslint("why", setting, str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f'module.gke["eu.west"]: {path}\n')
    assert "  wins  apps  x        main.tf:6:25\n" in done.stdout


@pytest.mark.parametrize(
    ("path", "near"), [("labels.kubernetes.io/rol", "labels.kubernetes.io/role"), ("lables", "labels")]
)
def test_why_offers_what_is_near(path: str, near: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(POOL, "utf-8")
    done = _kslint("why", f'module.gke["eu.west"].{path}', str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f'kslint: module.gke["eu.west"] has no setting {path}\n  did you mean {near}?\n'
