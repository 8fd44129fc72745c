"""kslint fix: what it changes, what it leaves, what it never touches."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kubestack_lint.cli import run as kslint
from kubestack_lint.errors import InputError
from kubestack_lint.fixing.files import write

SOURCE = "github.com/kbst/terraform-kubestack//"
OLD = f"{SOURCE}google/cluster?ref=v0.19.2-beta.0"
NEW = f"{SOURCE}aws/cluster?ref=master"
NODES = f"{SOURCE}google/cluster/node-pool?ref=master"


def module(apps: str, ops: str, source: str = OLD, name: str = "gke_zero") -> str:
    return (
        f'module "{name}" {{\n  source = "{source}"\n  # one\n  configuration = {{\n'
        f"    apps = {apps}\n    ops = {ops}\n  }}\n}}\n"
    )


@pytest.fixture
def fix(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    (tmp_path / ".git").mkdir()

    def run(text: str, *options: str, name: str = "main.tf", code: int = 0) -> tuple[str, str]:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode())
        assert kslint(["fix", str(tmp_path), "--now", "2026-06-15", *options]) == code
        return file.read_bytes().decode(), capfd.readouterr().out

    return run


def test_safe_ones_are_made_and_said(fix) -> None:
    apps = '{\n      region = "europe-west1"\n      tags = "a"\n    }'
    text = module(apps, '{\n      region = "europe-west1" # the same\n      tags = null\n    }')
    after, out = fix(text)
    assert after == module(apps, "{}")
    assert out == (
        "main.tf:10:7 [redundant-override] module.gke_zero: delete region from ops\n"
        "main.tf:11:7 [ineffective-override] module.gke_zero: delete tags from ops\n"
        "2 findings fixed in 1 file, 5 others without a fix\n"
    )
    # A second run finds nothing to do.
    assert fix(after) == (after, "0 findings fixed in 0 files, 5 others without a fix\n")


def test_a_diff_writes_nothing_and_says_so_with_its_exit_code(fix) -> None:
    text = module('{ region = "a1" }', '{ region = "a1" }').replace("\n", "\r\n").removesuffix("\r\n")
    after, out = fix(text, "--diff", code=1)
    assert after == text
    assert out == (
        "--- a/main.tf\n+++ b/main.tf\n@@ -3,6 +3,6 @@\n   # one\r\n   configuration = {\r\n"
        '     apps = { region = "a1" }\r\n-    ops = { region = "a1" }\r\n+    ops = {}\r\n   }\r\n }\n'
        "\\ No newline at end of file\n"
    )
    assert fix(module('{ region = "a1" }', "{}"), "--diff") == (module('{ region = "a1" }', "{}"), "")


def test_a_diff_is_one_that_git_applies(fix, tmp_path: Path) -> None:
    import subprocess

    text = "\ufeff" + module('{\n      region = "a1"\n    }', '{\n      region = "a1"\n    }', name="é").replace(
        "\n", "\r\n"
    )
    text = text.removesuffix("\r\n")
    _, diff = fix(text, "--diff", code=1)
    (tmp_path / "p.diff").write_bytes(diff.encode())
    (tmp_path / ".git").rmdir()
    subprocess.run(["git", "apply", "p.diff"], cwd=tmp_path, check=True, capture_output=True)
    applied = (tmp_path / "main.tf").read_bytes().decode()
    assert fix(text)[0] == applied != text


def test_one_rule_only_while_all_run(fix) -> None:
    ops = '{\n      region = "a1"\n      # kslint: ignore[lossy-number] gone\n      tags = null\n    }'
    text = module('{ region = "a1", tags = "x" }', ops)
    after, out = fix(text, "--rule", "unused-ignore")
    assert after == text.replace("      # kslint: ignore[lossy-number] gone\n", "")
    assert out.startswith("main.tf:8:7 [unused-ignore] delete the comment\n1 finding fixed")
    fix(text, "--rule", "unused-ignor", code=2)


@pytest.mark.parametrize(("name", "gone"), [("mine", ["region"]), ("redundant-override", ["region", "tags"])])
def test_one_policy_or_all_of_a_rule(fix, name: str, gone: list[str], tmp_path: Path) -> None:
    where = "where: {address: module.one}"
    settings = f"policies:\n- {{id: redundant-override, severity: off}}\n- {{id: mine, rule: redundant-override, {where}}}\n- {{id: yours, rule: redundant-override, where: {{address: module.two}}}}\n"
    (tmp_path / ".kslint.yaml").write_text(settings)
    ops = '{\n      region = "a1"\n    }'
    text = module('{ region = "a1" }', ops, name="one") + module('{ region = "a1" }', ops, name="two")
    after, out = fix(text, "--rule", name)
    assert out.count("delete region from ops") == len(gone)
    assert after == text.replace(ops, "{}", len(gone))


def test_one_that_cannot_be_proved_does_not_keep_the_others(fix) -> None:
    text = (
        'locals {\n  shared = {\n    region = "a1"\n  }\n}\n'
        + module('{ region = "a1" }', "local.shared", name="one")
        + module('{ region = "b1" }', "local.shared", name="two")
        + module('{ region = "a1" }', '{\n      region = "a1"\n    }', name="three")
        + module('{ region = "a1" }', '{\n      region = "a1"\n    }', name="four")
    )
    after, out = fix(text)
    assert after == text.replace('{\n      region = "a1"\n    }', "{}")
    assert "  left: it would change what ops of module.two gets\n2 findings fixed in 1 file, 1 left" in out


def test_of_several_rules_the_one_that_ignores_nothing(fix) -> None:
    comment = "# kslint: ignore[lossy-number,redundant-override] because"
    text = module('{ region = "a1" }', f'{{\n      {comment}\n      region = "a1"\n    }}')
    assert fix(text)[0] == text.replace("lossy-number,redundant-override", "redundant-override")
    two = text.replace("redundant-override", "wrong-type").replace('"a1"\n', '"b1"\n')
    assert fix(two)[0] == two.replace(f"      {comment}\n".replace("redundant-override", "wrong-type"), "")


def test_a_name_that_is_no_rule_is_left_to_people(fix) -> None:
    text = module(
        '{ region = "a1" }', '{\n      # kslint: ignore[redundant-overide] because\n      region = "b1"\n    }'
    )
    assert fix(text)[0] == text


@pytest.mark.parametrize(
    ("apps", "ops", "expected", "title"),
    [
        (
            '{ region = "a1", cluster_max_node_count = 3 }',
            "{ cluster_max_node_cout = 1 }",
            "{ cluster_max_node_count = 1 }",
            "rename cluster_max_node_cout to cluster_max_node_count",
        ),
    ],
)
def test_unsafe_ones_only_when_asked_for(fix, apps: str, ops: str, expected: str, title: str) -> None:
    text = module(apps, ops)
    after, out = fix(text)
    assert after == text
    assert f"{title}\n  left: it changes what environments get; --unsafe makes it\n" in out
    assert fix(text, "--unsafe")[0] == module(apps, expected)


def test_a_name_that_is_written_already_is_not_given_twice(fix) -> None:
    text = module('{ region = "a1" }', "{ cluster_max_node_cout = 1, cluster_max_node_count = 2 }")
    assert fix(text, "--unsafe")[0] == text


def test_lost_keys_are_copied(fix) -> None:
    apps = (
        '{\n      default_node_pool = {\n        metadata_options = {\n          http_endpoint = "enabled"\n'
        '          "http_tokens" = "required"\n        }\n      }\n    }'
    )
    one = '{ default_node_pool = { metadata_options = { http_endpoint = "disabled" } } }'
    text = module(apps, one, NEW)
    after, out = fix(text, "--unsafe", "--rule", "lost-inherited-keys")
    assert after == text.replace('"disabled" }', '"disabled", "http_tokens" = "required" }')
    assert "copy http_tokens from apps into default_node_pool.metadata_options of ops" in out


def test_what_would_change_another_environment_is_left(fix) -> None:
    text = (
        'locals {\n  shared = {\n    region = "a1"\n  }\n}\n'
        + module('{ region = "a1" }', "local.shared", name="one")
        + module('{ region = "b1" }', "local.shared", name="two")
    )
    after, out = fix(text)
    assert after == text
    assert "delete region from ops\n  left: it would change what ops of module.two gets" in out


def test_an_edit_that_the_type_needs_is_left(fix) -> None:
    # Without the attribute the environments of map(any) have no common type any more.
    text = (
        'locals {\n  all = {\n    apps = { region = "a1", zones = ["b"] }\n'
        '    ops = { region = "a1", zones = ["c"] }\n  }\n}\n'
        f'module "c" {{\n  source = "{OLD}"\n  configuration = local.all\n}}\n'
    )
    after, _ = fix(text)
    assert after in (text, text.replace('ops = { region = "a1", zones', "ops = { zones"))


def test_only_native_files_below_the_path(fix, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shared").mkdir()
    shared = module('{ region = "a1" }', '{ region = "a1" }')
    (tmp_path / "shared" / "main.tf").write_text(shared)
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "main.tf").write_text('module "s" {\n  source = "../shared"\n}\n')
    (tmp_path / "root" / "c.yaml").write_text("apps: {region: a1}\nops: {region: a1}\n")
    (tmp_path / "root" / "yaml.tf").write_text(
        f'module "y" {{\n  source = "{OLD}"\n  configuration = yamldecode(file("c.yaml"))\n}}\n'
    )
    (tmp_path / "root" / "json.tf.json").write_text(
        f'{{"module": {{"j": {{"source": "{OLD}", "configuration": {{"apps": {{"region": "a1"}}, "ops": {{"region": "a1"}}}}}}}}}}'
    )
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    assert kslint(["fix", str(tmp_path / "root"), "--unsafe"]) == 0
    assert {path: path.read_bytes() for path in before} == before
    assert "left: the file lies outside of the directory that is fixed" in capfd.readouterr().out


def test_a_file_alone(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.tf").write_text(module('{ region = "a1" }', '{ region = "a1" }', name=name))
    assert kslint(["fix", str(tmp_path / "a.tf")]) == 0
    assert "ops = {}" in (tmp_path / "a.tf").read_text()
    assert "ops = {}" not in (tmp_path / "b.tf").read_text()


def test_what_cannot_be_read_stops_everything(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = module('{ region = "a1" }', '{ region = "a1" }')
    (tmp_path / "a.tf").write_text(text)
    (tmp_path / "b.tf").write_text("module {")
    assert kslint(["fix", str(tmp_path)]) == 2
    assert (tmp_path / "a.tf").read_text() == text
    assert "b.tf:1" in capfd.readouterr().err


def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "real").mkdir()
    (tmp_path / "env").mkdir()
    real, link = tmp_path / "real" / "a.txt", tmp_path / "env" / "a.tf"
    real.write_text(module('{ region = "a1" }', '{ region = "a1" }'))
    real.chmod(0o640)
    link.symlink_to("../real/a.txt")
    assert kslint(["fix", str(tmp_path / "env")]) == 0
    assert link.is_symlink() and str(link.readlink()) == "../real/a.txt"
    assert "ops = {}" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert sorted(path.name for path in real.parent.iterdir()) == ["a.txt"]


def test_a_link_out_of_the_repository_is_left(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "inside" / ".git").mkdir(parents=True)
    text = module('{ region = "a1" }', '{ region = "a1" }')
    (tmp_path / "a.txt").write_text(text)
    (tmp_path / "inside" / "a.tf").symlink_to("../a.txt")
    assert kslint(["fix", str(tmp_path / "inside")]) == 0
    assert (tmp_path / "a.txt").read_text() == text
    assert "left: the file is a link that leads out of the repository" in capfd.readouterr().out


@pytest.mark.parametrize("folder", [".terraform/modules/a", "kslint-tests/a"])
def test_copies_and_fixtures_are_left(folder: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / folder).mkdir(parents=True)
    text = module('{ region = "a1" }', '{ region = "a1" }')
    (tmp_path / folder / "a.tf").write_text(text)
    assert kslint(["fix", str(tmp_path / folder)]) == 0
    assert (tmp_path / folder / "a.tf").read_text() == text
    assert f"left: the file lies in {folder.split('/')[0]}, which kslint does not edit" in capfd.readouterr().out


def test_a_file_that_changes_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text("a = 1\n")
    (tmp_path / "b.tf").write_text("b = 2\n")
    with pytest.raises(InputError, match=r"a\.tf was changed"):
        write({tmp_path / "b.tf": ("b = 2\n", ""), tmp_path / "a.tf": ("a = 0\n", "")})
    assert (tmp_path / "b.tf").read_text() == "b = 2\n"


def test_waived_ignored_and_known_findings_are_left_alone(fix, tmp_path: Path) -> None:
    text = module('{ region = "a1" }', '{\n      region = "a1" # kslint: ignore[redundant-override] ops stays\n    }')
    assert fix(text)[0] == text
    plain = module('{ region = "a1" }', '{ region = "a1" }')
    (tmp_path / "main.tf").write_text(plain)
    assert kslint(["baseline", str(tmp_path)]) == 0
    assert fix(plain)[0] == plain
    assert fix(plain, "--no-config")[0] != plain


def test_lint_says_what_can_be_fixed(fix, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    import json

    fix(module('{ region = "a1" }', '{ region = "a1", cluster_max_node_cout = 3 }'), "--diff", code=1)
    kslint(["lint", str(tmp_path), "--format", "json"])
    found = {f["rule"]: f["fixable"] for f in json.loads(capfd.readouterr().out)["findings"]}
    assert found["redundant-override"] == "safe"
    assert found["unknown-attribute"] == "unsafe"
    assert found["missing-required-attribute"] is None


def test_a_diff_shows_no_secret(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = module('{\n      region = "a1"\n      db_password = "hunter2"\n    }', '{\n      region = "a1"\n      db_password = "hunter2"\n    }')
    (tmp_path / "main.tf").write_text(text)
    assert kslint(["fix", str(tmp_path), "--diff"]) == 1
    said = capfd.readouterr()
    assert '-      db_password = "•••••••"\n' in said.out
    assert "hunter2" not in said.out
    assert said.err.startswith("kslint: lines that hold secrets are shown with dots, so that this is no patch to apply\n")
    assert kslint(["fix", str(tmp_path)]) == 0
    assert (tmp_path / "main.tf").read_text().count("hunter2") == 1
