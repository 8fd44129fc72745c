"""`kslint verify` as users call it."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from kubestack_lint.cli import run
from kubestack_lint.inheritance import resolve as real_resolve
from kubestack_lint.values.value import number, object_of
from tests.verify.library import VENDORED, Library, write

pytestmark = pytest.mark.oracle

RIGHT = """
module "one" {
  source        = "../vendor/google/cluster"
  configuration = { apps = { name = "a", size = 3 }, ops = { size = 2 } }
}
"""
UNKNOWN_MODULE = """
module "two" {
  source        = "github.com/kbst/terraform-kubestack//google/cluster?ref=v0.19.2-beta.0"
  configuration = { apps = { name = "a" }, ops = {} }
}
"""


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubestack_lint.verify.terraform.find_binary", lambda *_: Library())
    monkeypatch.setenv("COLUMNS", "120")


def test_all_agree(library: None, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {**VENDORED, "infra/main.tf": RIGHT})
    assert run(["verify", str(tmp_path / "infra")]) == 0
    out = capfd.readouterr().out
    assert out.startswith("module      environments    verdict\nmodule.one  apps, ops       agrees\n\nTerraform v")
    assert out.endswith(": 1 block, 1 agrees\n")


def test_a_wrong_value_is_found(
    library: None, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(block):  # type: ignore[no-untyped-def]
        inheritance = real_resolve(block)
        ops = inheritance.environments["ops"]
        value = object_of({**ops.value.items, "size": number(7, ops.value.items["size"].span)})
        return replace(inheritance, environments={**inheritance.environments, "ops": replace(ops, value=value)})

    monkeypatch.setattr("kubestack_lint.run.resolve_all", lambda blocks: tuple(map(wrong, blocks)))
    write(tmp_path, {**VENDORED, "infra/main.tf": RIGHT})
    assert run(["verify", str(tmp_path / "infra")]) == 1
    out = capfd.readouterr().out
    assert "module.one  apps, ops       differs\n" in out
    assert "  ops size (main.tf:4:69)\n    kslint:    7 (number)\n    terraform: 2 (number)\n" in out
    assert out.endswith(": 1 block, 1 differs\n")


def test_a_wrong_type_is_found(
    library: None, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kubestack_lint.values.value import string

    def wrong(block):  # type: ignore[no-untyped-def]
        inheritance = real_resolve(block)
        apps = inheritance.environments["apps"]
        value = object_of({**apps.value.items, "size": string("3")})
        return replace(inheritance, environments={**inheritance.environments, "apps": replace(apps, value=value)})

    monkeypatch.setattr("kubestack_lint.run.resolve_all", lambda blocks: tuple(map(wrong, blocks)))
    write(tmp_path, {**VENDORED, "infra/main.tf": RIGHT})
    assert run(["verify", str(tmp_path / "infra")]) == 1
    assert '    kslint:    "3" (string)\n    terraform: 3 (number)\n' in capfd.readouterr().out


def test_what_is_not_verified_fails(library: None, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {**VENDORED, "infra/main.tf": RIGHT + UNKNOWN_MODULE})
    assert run(["verify", str(tmp_path / "infra")]) == 2
    out = capfd.readouterr().out
    assert "module.one  apps, ops       agrees\n" in out
    assert "not verified: its code is neither downloaded by terraform init nor given by" in out
    assert out.endswith(": 2 blocks, 1 agrees, 1 not verified\n")


def test_only_one_module(library: None, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {**VENDORED, "infra/main.tf": RIGHT + UNKNOWN_MODULE})
    assert run(["verify", str(tmp_path / "infra"), "--module", "one"]) == 0


def test_files_that_cannot_be_read_fail(library: None, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {**VENDORED, "infra/main.tf": RIGHT, "infra/broken.tf": "module {"})
    assert run(["verify", str(tmp_path / "infra")]) == 2
    assert "broken.tf:1:8" in capfd.readouterr().err


def test_without_terraform(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    write(tmp_path, {**VENDORED, "infra/main.tf": RIGHT})
    assert run(["verify", str(tmp_path / "infra")]) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "kslint: neither terraform nor tofu is on PATH; kslint verify replays the configuration through it\n"
        "  --terraform FILE names one\n"
    )


def test_a_program_that_is_not_there(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(tmp_path), "--terraform", str(tmp_path / "nothing")]) == 2
    assert "nothing is no program" in capfd.readouterr().err


def test_a_terraform_that_is_too_old(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "terraform"
    program.write_text("#!/bin/sh\necho Terraform v1.2.9\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    write(tmp_path / "r", {**VENDORED, "infra/main.tf": RIGHT})
    assert run(["verify", str(tmp_path / "r" / "infra"), "--terraform", str(program)]) == 2
    assert capfd.readouterr().err == (
        "kslint: Terraform v1.2.9 is too old for kslint verify\n  it takes 1.3 or newer\n"
    )


def test_the_program_sees_nothing_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kubestack_lint.verify.terraform import find_binary

    program = tmp_path / "terraform"
    program.write_text("#!/bin/sh\nenv\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("TF_CLI_ARGS", "-target=x")
    monkeypatch.setenv("TF_VAR_size", "9")
    monkeypatch.setenv("TF_TOKEN_app_terraform_io", "secret")
    for given, expected in (({}, False), (dict(os.environ), True)):
        out = find_binary(str(program), given).run(["version"], tmp_path, "ops").out.splitlines()
        assert "TF_WORKSPACE=ops" in out
        assert f"TF_CLI_CONFIG_FILE={os.devnull}" in out
        assert ("TF_VAR_size=9" in out) is expected
        assert not any(line.startswith(("TF_CLI_ARGS=", "TF_TOKEN")) for line in out)


def test_the_copy_is_removed_unless_it_shall_stay(
    library: None, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "r", {**VENDORED, "infra/main.tf": RIGHT})
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    assert run(["verify", str(tmp_path / "r" / "infra")]) == 0
    assert list(folder.iterdir()) == []
    assert run(["verify", str(tmp_path / "r" / "infra"), "--keep"]) == 0
    (kept,) = folder.iterdir()
    assert capfd.readouterr().err == f"kslint: the copy is in {kept}\n"
    assert (kept / "0" / "tree" / "infra" / "main.tf").is_file()
