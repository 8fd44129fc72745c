"""Any bytes in: findings out, never a traceback, in time that grows no faster than the input."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubestack_lint import Loaded, SyntaxProblem, lint, load
from kubestack_lint.project.discovery import module_directories
from kubestack_lint.project.module import MAX_BYTES
from kubestack_lint.report import Report
from kubestack_lint.source import Source
from kubestack_lint.syntax import parse
from kubestack_lint.syntax.json import parse_json
from kubestack_lint.syntax.parser import MAX_DEPTH

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = int(os.environ.get("KSLINT_PROPERTY_EXAMPLES", "0"))
BLOCK = """module "x" {
  source        = "github.com/kbst/terraform-kubestack//google/cluster?ref=master"
  configuration = {
    apps = { region = "europe-west1", default_node_pool = { min_node_count = 1, max_node_count = 3 } }
    ops  = { region = "europe-west4" }
  }
}
"""


def examples(count: int) -> settings:
    return settings(
        max_examples=EXAMPLES or count,
        derandomize=EXAMPLES == 0,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def checked(directory: Path) -> tuple[Loaded, Report]:
    """Read and lint a directory; no rule may crash, and everything found has a place that exists."""
    loaded = load(directory)
    report = lint(loaded)
    assert report.failures == ()
    for finding in report.findings:
        assert 0 <= finding.span.start <= finding.span.end <= len(finding.span.source.text)
        assert finding.span.line >= 1 and finding.span.column >= 1
        assert finding.message
    for problem in loaded.project.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(problem.span.source.text)
    return loaded, report


def one_file(directory: Path, content: bytes, name: str = "main.tf") -> tuple[Loaded, Report]:
    (directory / name).write_bytes(content)
    return checked(directory)


# -- any bytes ------------------------------------------------------------

PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [
            BLOCK.encode(),
            b'module "y" {\n',
            b"}\n",
            b"\n",
            b"configuration = ",
            b"{ apps = ",
            b'"',
            b"${",
            b"<<EOF\n",
            b"\nEOF\n",
            b'variable "v" {\n  type = map(any)\n}\n',
            b"locals {\n  a = local.a\n}\n",
            b"x = 1\n",
            b"\xef\xbb\xbf",
            b"\xff",
            b"\0",
            b"/*",
            b"*/",
            b"#",
            b"for x in [1] : x",
            b"null",
            b"\xed\xa0\x80",
            b"\r",
            b"[",
            b"]",
            b"(",
            b")",
            b"= {",
            b"...",
            b"?",
            b":",
        ]
    ),
)


@examples(120)
@given(
    st.lists(PIECES, max_size=8).map(b"".join),
    st.sampled_from(["main.tf", "main.tf.json", "terraform.tfvars", "a.tofu"]),
)
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    one_file(tmp_path_factory.mktemp("any"), content, name)


def sources() -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / "examples").rglob("*.tf"))]


def mutated(rng: Random, texts: list[bytes]) -> bytes:
    """A real file with pieces cut out, doubled, swapped or overwritten."""
    text = bytearray(rng.choice(texts)[:6000])
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.choice((1, 1, 2, 10, 100)))
        piece = bytes(text[start:end])
        new = rng.choice(
            (
                b"",
                piece * 2,
                piece[::-1],
                rng.choice((b'"', b"{", b"}", b"${", b"\n", b"(", b"<<E\n", b"\0", b"=", b"]")),
            )
        )
        text[start:end] = new
    return bytes(text)


def test_mutated_examples(tmp_path: Path) -> None:
    rng = Random("mutations")
    texts = sources()
    assert texts
    for index in range(EXAMPLES or 60):
        folder = tmp_path / str(index)
        folder.mkdir()
        one_file(folder, mutated(rng, texts))


def test_every_beginning_of_a_file(tmp_path: Path) -> None:
    """A file that was cut off anywhere, as editors and full disks leave them."""
    text = (
        BLOCK
        + 'locals {\n  a = <<-EOT\n    ${1 + 1} %{ if true }x%{ endif }\n  EOT\n  b = [for x in [1] : "${x}"]\n}\n'
    )
    for length in range(len(text)):
        with suppress(SyntaxProblem):
            parse(Source("main.tf", text[:length]))
    for length in range(0, len(text), 7):
        one_file(tmp_path, text[:length].encode())


# -- named monsters -------------------------------------------------------


def problems(loaded: Loaded) -> list[str]:
    return [
        f"{problem.span.path}:{problem.span.line}:{problem.span.column}: {problem.message}"
        for problem in loaded.project.problems
    ]


def test_ten_megabytes(tmp_path: Path) -> None:
    started = time.process_time()
    (tmp_path / "ok.tf").write_text(BLOCK)
    loaded, report = one_file(tmp_path, b"# " + b"x" * 10_000_000 + b"\n" + BLOCK.encode(), "huge.tf")
    assert time.process_time() - started < 5
    (problem,) = problems(loaded)
    assert problem.startswith("huge.tf:1:1: this file is 10.0 MB")
    assert report.failed and len(loaded.inheritances) == 1


def test_as_large_as_allowed(tmp_path: Path) -> None:
    line = 'x = "' + "y" * 90 + '"\n'
    text = "locals {\n" + "".join(f"  a{index} = [{index}, {line[4:-1]}]\n" for index in range(2000)) + "}\n" + BLOCK
    filler = "# " + "z" * 97 + "\n"
    text += filler * ((MAX_BYTES - len(text)) // len(filler))
    started = time.process_time()
    loaded, _ = one_file(tmp_path, text.encode())
    assert not loaded.project.problems and len(loaded.inheritances) == 1
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "opening", ["{ a = ", "[", "(", '"${', "!", "-", "f(", "a ? ", "a[", "{ for x in ", '"%{ if ', "b {\n"]
)
def test_thousand_levels_deep(opening: str, tmp_path: Path) -> None:
    start = "" if opening == "b {\n" else "x = "
    loaded, report = one_file(tmp_path, (start + opening * 1000).encode())
    assert len(loaded.project.problems) == 1 and report.failed


@pytest.mark.parametrize(
    ("opening", "closing"), [("{ a = ", " }"), ("[", "]"), ("(", ")"), ('"${', '}"'), ("f(", ")"), ("b {\n", "}\n")]
)
def test_depth_is_bounded_and_said(opening: str, closing: str, tmp_path: Path) -> None:
    """The documented limit: half of it is read, beyond it there is a located problem."""
    half = MAX_DEPTH // 2 - 5
    block = opening == "b {\n"
    start, inner, end = ("", "", "") if block else ("x = ", "1", "\n")
    parse(Source("main.tf", start + opening * half + inner + closing * half + end))
    loaded, _ = one_file(tmp_path, (start + opening * 1000 + inner + closing * 1000 + end).encode())
    assert "nested more than" in problems(loaded)[0]


def test_deep_json(tmp_path: Path) -> None:
    loaded, _ = one_file(tmp_path, b'{"locals": ' + b'{"a": ' * 1000 + b"1" + b"}" * 1000 + b"}", "main.tf.json")
    assert "nested more than" in problems(loaded)[0]


def test_long_chains(tmp_path: Path) -> None:
    names = "".join(f"  a{index} = local.a{index + 1}\n" for index in range(1500)) + "  a1500 = 1\n"
    text = f"locals {{\n{names}  sum = {' + '.join(['1'] * 20_000)}\n  dots = {'a' + '.a' * 5000}\n}}\n"
    text += BLOCK.replace('"europe-west4"', "local.a0").replace('"europe-west1"', "local.sum")
    loaded, _ = one_file(tmp_path, text.encode())
    assert len(loaded.inheritances) == 1


def test_numbers_without_end(tmp_path: Path) -> None:
    squares = "".join(f"  n{index + 1} = local.n{index} * local.n{index}\n" for index in range(60))
    text = f"locals {{\n  n0 = 1e3999\n  m = 1e-3999 * 1e-3999\n  l = 1e99999999\n{squares}}}\n"
    for value in ("local.n60", "local.m", "local.l", "1e4400", '"${1e4400}"', '"${local.n1}"', "1e3999"):
        loaded, _ = one_file(tmp_path, (text + BLOCK.replace('"europe-west4"', value)).encode())
        assert len(loaded.inheritances) == 1


def test_values_without_end(tmp_path: Path) -> None:
    doubles = "".join(f'  s{index + 1} = "${{local.s{index}}}${{local.s{index}}}"\n' for index in range(60))
    lists = "".join(f"  l{index + 1} = [local.l{index}, local.l{index}]\n" for index in range(25))
    text = f'locals {{\n  s0 = "x"\n  l0 = []\n{doubles}{lists}}}\n' + BLOCK.replace('"europe-west4"', "local.s60")
    started = time.process_time()
    loaded, _ = one_file(tmp_path, text.encode())
    assert len(loaded.inheritances) == 1 and time.process_time() - started < 5


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'x = "\xff"\n', "main.tf:1:6: this file is not UTF-8"),
        (b'# \xc3\xa9\nx = "\xc3"\n', "main.tf:2:6: this file is not UTF-8"),
        (b'x = "\xed\xa0\x80"\n', "main.tf:1:6: this file is not UTF-8"),
        (b"\xff\xfex\x00 \x00=\x00 \x001\x00", "main.tf:1:1: this file is not UTF-8"),
        (b"x = 1\0\n", "main.tf:1:6: "),
        (b"x = 1\rlocals {}\r", "main.tf:1:6: a carriage return alone"),
    ],
)
def test_bytes_that_are_no_text(content: bytes, expected: str, tmp_path: Path) -> None:
    loaded, report = one_file(tmp_path, content)
    assert problems(loaded)[0].startswith(expected) and report.failed


@pytest.mark.parametrize(
    "change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n"), lambda text: text.rstrip("\n")]
)
def test_harmless_bytes(change: Callable[[str], str], tmp_path: Path) -> None:
    loaded, report = one_file(tmp_path, change(BLOCK).encode())
    assert not loaded.project.problems and not report.failed
    assert {name: len(e.settings) for name, e in loaded.inheritances[0].environments.items()} == {"apps": 3, "ops": 3}


def test_surrogates(tmp_path: Path) -> None:
    text = '{"locals": {"a": "\\ud800", "b": "\\ud83d\\ude00"}}'
    loaded, _ = one_file(tmp_path, text.encode(), "main.tf.json")
    assert len(problems(loaded)) <= 1
    with suppress(SyntaxProblem):
        parse(Source("main.tf", 'x = "\ud800"\ny\ud800 = 1\n'))
    with suppress(SyntaxProblem):
        parse_json(Source("main.tf.json", '{"a": "\ud800"}'))


def test_file_names_that_are_no_text(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff\xe9.tf"
    try:
        with open(name, "wb") as file:  # noqa: PTH123
            file.write(BLOCK.encode() + b"x")
    except OSError:
        pytest.skip("this file system takes no such name")
    loaded, report = checked(tmp_path)
    assert len(loaded.project.problems) == 1 and report.failed


# -- the file system ------------------------------------------------------


def test_symlinks_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(BLOCK)
    inner = tmp_path / "a/b"
    inner.mkdir(parents=True)
    (inner / "up").symlink_to(tmp_path, target_is_directory=True)
    (inner / "self").symlink_to(inner / "self")
    (inner / "loop.tf").symlink_to(inner / "loop.tf")
    (inner / "gone.tf").symlink_to(tmp_path / "nowhere.tf")
    (inner / "top").symlink_to(tmp_path, target_is_directory=True)
    assert list(islice(module_directories(tmp_path, []), 50)) == [tmp_path, inner]
    loaded, report = checked(tmp_path)
    assert "module.x" in [inheritance.block.address for inheritance in loaded.inheritances]
    assert [problem.span.path for problem in loaded.project.problems] == [
        "a/b/gone.tf",
        "a/b/loop.tf",
    ] and report.failed


def test_what_is_no_regular_file(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(BLOCK)
    (tmp_path / "zero.tf").symlink_to("/dev/zero")
    (tmp_path / "zero.auto.tfvars").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.tf")
    loaded, report = checked(tmp_path)
    assert {problem.span.path for problem in loaded.project.problems} == {"pipe.tf", "zero.tf", "zero.auto.tfvars"}
    assert report.failed and len(loaded.inheritances) == 1


def test_modules_in_a_circle(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / name).mkdir()
        text = f'module "m" {{\n  source = "../{other}"\n}}\nmodule "me" {{\n  source = "./"\n}}\n'
        (tmp_path / name / "main.tf").write_text(text + BLOCK)
    loaded, _ = checked(tmp_path)
    assert loaded.inheritances


def test_names_in_a_circle(tmp_path: Path) -> None:
    text = "locals {\n  a = local.b\n  b = local.a\n  c = { x = local.c }\n}\n"
    loaded, _ = one_file(tmp_path, (text + BLOCK.replace('"europe-west4"', "local.a")).encode())
    assert len(loaded.project.errors) >= 1 and len(loaded.inheritances) == 1


def test_unreadable_file(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(BLOCK)
    closed = tmp_path / "closed.tf"
    closed.write_text(BLOCK)
    closed.chmod(0)
    if os.access(closed, os.R_OK):
        pytest.skip("this user reads everything")
    loaded, report = checked(tmp_path)
    assert problems(loaded)[0].startswith("closed.tf:1:1: this file cannot be read") and report.failed
    assert len(loaded.inheritances) == 1


def test_directory_named_like_a_file(tmp_path: Path) -> None:
    (tmp_path / "dir.tf").mkdir()
    (tmp_path / "terraform.tfvars").mkdir()
    loaded, report = one_file(tmp_path, BLOCK.encode())
    assert len(loaded.inheritances) == 1 and not report.failed


# -- time -----------------------------------------------------------------

GROWING: dict[str, Callable[[int], str]] = {
    "blocks": lambda n: "".join(f'module "m{i}" {{\n  a = {i}\n}}\n' for i in range(n)),
    "arguments": lambda n: "".join(f"a{i} = {i}\n" for i in range(n)),
    "one long line": lambda n: "x = [" + "1, " * n + "]\n",
    "one long string": lambda n: 'x = "' + "a\\n$ " * n + '"\n',
    "interpolations": lambda n: 'x = "' + "${a}b" * n + '"\n',
    "directives": lambda n: 'x = "' + "%{ if a }b%{ endif }" * n + '"\n',
    "heredoc": lambda n: "x = <<-EOF\n" + "  a ${b}\n  $c\n" * n + "EOF\n",
    "heredocs": lambda n: "".join(f"x{i} = <<-EOF\n  a\n  EOF\n" for i in range(n)),
    "operators": lambda n: "x = 1" + " + 2 * 3" * n + "\n",
    "attributes": lambda n: "x = a" + ".b[0]" * n + "\n",
    "comments": lambda n: "/* a */ # b\n" * n,
    "blank": lambda n: " \t" * n + "\n" * n,
    "unclosed comments": lambda n: "x = 1\n" + "/* " * n,
    "unclosed heredocs": lambda n: "x = <<A\n" * n,
    "unclosed strings": lambda n: 'x = "' + "a" * n,
    "signs": lambda n: 'x = "' + "$" * n + "%" * n + '"\n',
    "dots": lambda n: "x = 1" + "." * n + "\n",
    "digits": lambda n: "x = 1" + "e1" * n + "\n",
    "less than": lambda n: "<" * n,
    "names": lambda n: "a" * n + " = 1\n",
    "wide names": lambda n: "\u00e9" * n + " = 1\n",
    "escapes": lambda n: 'x = "' + "\\" * (2 * n) + '"\n',
    "object": lambda n: "x = {\n" + "".join(f"  k{i} = {i}\n" for i in range(n)) + "}\n",
    "trimmed": lambda n: 'x = "' + "  ${~ a ~}  " * n + '"\n',
    "spaces before a marker": lambda n: "x = <<EOF\n" + " " * n + "\n" + " EO" * n + "\nEOF\n",
}


def cost(make: Callable[[int], str], size: int) -> float:
    """Processor time for reading; the least of three runs."""
    text = make(size)
    times: list[float] = []
    for _ in range(3):
        started = time.process_time()
        with suppress(SyntaxProblem):
            parse(Source("main.tf", text))
        times.append(time.process_time() - started)
    return min(times)


@pytest.mark.parametrize("shape", GROWING)
def test_time_is_linear(shape: str) -> None:
    """Eight times the text takes about eight times as long; quadratic would be sixty-four."""
    small = max(cost(GROWING[shape], 500), 0.0005)
    assert cost(GROWING[shape], 4000) < 24 * small
