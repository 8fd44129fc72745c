"""README, docs and --help are true: commands run, output is what they print, options exist."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kubestack_lint.cli import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def _command(arguments: list[str]) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "FORCE_COLOR")}
    done = subprocess.run(
        [sys.executable, "-m", "kubestack_lint", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={**environment, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


def _consoles() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


@pytest.mark.parametrize(("command", "output"), _consoles(), ids=lambda text: text.split("\n")[0][:40])
def test_console_blocks_show_real_output(command: str, output: str) -> None:
    words = shlex.split(command)
    assert words[0] == "kslint"
    assert _command(words[1:]) == output


def test_there_is_a_picture() -> None:
    assert _consoles()


def test_python_block_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    out = io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {})
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("ops cluster_") and lines[0].endswith(":7")
    assert len(lines) == 3


def _commands() -> dict[str, click.Command]:
    context = click.Context(cli)
    found = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def test_every_command_is_in_the_readme_and_the_other_way_round() -> None:
    named = set(re.findall(r"`kslint ([a-z]+)", README))
    assert named == set(_commands())


PLACES = {
    path: (ROOT / path).read_text("utf-8")
    for path in (
        "docs/ci.md",
        "README.md",
        ".pre-commit-hooks.yaml",
        "action.yml",
        "templates/gitlab-ci.yml",
        "Dockerfile",
    )
}


@pytest.mark.parametrize("path", PLACES)
def test_every_command_that_people_copy_has_its_options(path: str) -> None:
    commands = _commands()
    # A command may go on behind a backslash at the end of a line.
    text = re.sub(r"\\\n\s*", " ", PLACES[path])
    found = re.findall(r"(?:bin/)?\bkslint\"? ([a-z]+)((?: +[^\n`|&;]*)?)", text)
    known = [(name, rest) for name, rest in found if name in commands]
    assert known or path == "Dockerfile"
    for name, rest in known:
        options = {option for parameter in commands[name].params for option in parameter.opts}
        for option in re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", rest):
            assert option in options, (name, option)


def test_init_hooks_in_what_the_hooks_file_does() -> None:
    import yaml

    from kubestack_lint.policy.starting import PRE_COMMIT

    ((hook,),) = [repository["hooks"] for repository in yaml.safe_load(PRE_COMMIT)]
    (ours,) = [one for one in yaml.safe_load(PLACES[".pre-commit-hooks.yaml"]) if one["id"] == "kslint"]
    same = ("entry", "always_run", "pass_filenames")
    assert {key: hook[key] for key in same} == {key: ours[key] for key in same}


def test_snippets_for_ci_are_yaml() -> None:
    import yaml

    snippets = re.findall(r"```yaml\n(.*?)```", PLACES["docs/ci.md"], re.DOTALL)
    assert len(snippets) >= 4
    for snippet in snippets:
        assert yaml.safe_load(snippet)


def test_the_hooks_named_in_the_documentation_are_there() -> None:
    import yaml

    hooks = {hook["id"] for hook in yaml.safe_load(PLACES[".pre-commit-hooks.yaml"])}
    for path in ("docs/ci.md", "README.md"):
        assert set(re.findall(r"- id: (kslint\S*)", PLACES[path])) <= hooks


def test_inputs_in_the_documentation_are_those_of_the_action() -> None:
    import yaml

    inputs = set(yaml.safe_load(PLACES["action.yml"])["inputs"])
    step = re.search(r"uses: acme/kubestack_lint@\S+\n\s+with:\n((?:\s{10}.*\n)+)", PLACES["docs/ci.md"])
    assert step is not None
    assert set(re.findall(r"^\s+([a-z-]+):", step[1], re.MULTILINE)) <= inputs
    assert set(re.findall(r"`([a-z]+-[a-z]+)(?::|`)", PLACES["docs/ci.md"])) & inputs


def test_every_option_in_the_readme_exists() -> None:
    commands = _commands()
    table = re.findall(r"^\| `kslint ([a-z]+).*?\| (.*) \|$", README, re.MULTILINE)
    for name, text in table:
        options = {option for parameter in commands[name].params for option in parameter.opts}
        for option in re.findall(r"`(--[a-z-]+)", text):
            assert option in options, (name, option)


@pytest.mark.parametrize("name", sorted(_commands()))
def test_help_of_every_command(name: str) -> None:
    text = _command([name, "--help"])
    assert text.startswith("Usage: kslint")
    command = _commands()[name]
    assert command.short_help
    assert all(len(line) <= 100 for line in text.splitlines())
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_and_paths_exist(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", text):
        assert (ROOT / target).exists(), target
    for target in re.findall(r"`((?:scripts|tests|schemas|examples|kubestack_lint|policies)/[\w./-]+)`", text):
        assert (ROOT / target).exists(), target
