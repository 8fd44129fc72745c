"""Hostile configuration: bounded time and memory, and always an answer: a value, unknown with a reason, or an error."""

from __future__ import annotations

import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import pytest

from kubestack_lint import Loaded, SyntaxProblem, lint, load
from kubestack_lint.limits import deep_recursion
from kubestack_lint.source import Source
from kubestack_lint.syntax import parse_expression
from kubestack_lint.syntax.parser import MAX_DEPTH
from kubestack_lint.values.access import MAX_MESSAGE
from kubestack_lint.values.evaluate import EvaluationError, Scope, evaluate
from kubestack_lint.values.value import Unknown, Value, unknown_in

# Of processor time of this process alone, and ten times what the slowest case takes: what hangs or grows
# without end takes more in any case, what only shares a busy machine does not.
SECONDS = 10.0
MEGABYTES = 400
# A hang ends here.
ALARM = 120
# Takes any attributes, of any type.
SOURCE = "github.com/kbst/terraform-kubestack//aws/cluster?ref=v0.1.0-alpha.0"
OUTER = 12  # how deep an expression stands in a whole file, generously


@dataclass(frozen=True, slots=True)
class Hostile:
    """An expression, what its module defines, and the outcome: value, unknown or error."""

    name: str
    expression: str
    outcome: str
    definitions: str = ""

    def __str__(self) -> str:
        return self.name


def locals_(lines: Iterator[str] | list[str]) -> str:
    return "locals {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def chain(count: int, step: str, first: str) -> str:
    """Locals l0, l1 … in which each is made from the one before."""
    return locals_([f"l0 = {first}", *(f"l{i + 1} = {step.replace('#', f'local.l{i}')}" for i in range(count))])


def two_chains(count: int, step: str, first: str, other: str) -> str:
    """Such locals l0, l1 … and t0, t1 … from two beginnings."""
    again = chain(count, step, other).replace("  l", "  t").replace("local.l", "local.t")
    return chain(count, step, first) + again


def nested(depth: int, opening: str, closing: str, inner: str = "1") -> str:
    return opening * depth + inner + closing * depth


def loops(depth: int, size: int) -> str:
    """`[for a in range(…) : [for b in …]]`, as deep as wanted."""
    names = [f"x{index}" for index in range(depth)]
    return "".join(f"[for {name} in range({size}) : " for name in names) + "1" + "]" * depth


def bomb(levels: int, width: int = 9) -> str:
    """A YAML document in which each level holds the one above several times."""
    lines = ["a0: &a0 [x]"]
    lines += [f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * width)}]" for i in range(levels)]
    return "\\n".join(lines)


DEEP = MAX_DEPTH - OUTER
A_LOT = "range(1000)"
ACCENTS = "e" + "\\u0301" * 20_000
JSON_OBJECTS = 'jsondecode("' + nested(5_000, '{\\"a\\":', "}") + '")'
TABLE = 'length(csvdecode("' + ",".join(f"c{i}" for i in range(300)) + ("\\n" + ",".join(["1"] * 300)) * 100 + '"))'
NESTING = {
    "parentheses": ("(", ")"), "lists": ("[", "]"), "objects": ("{ a = ", " }"), "calls": ("abs(", ")"), "signs": ("-", ""),
    "negations": ("!", ""), "then": ("true ? ", " : 1"), "otherwise": ("false ? 1 : ", ""), "conditions": ("(true ? ", " : true) ? 1 : 1"),
    "templates": ('"${', '}"'), "texts": ('"a${', '}"'), "try": ("try(", ")"), "for": ("[for x in [1] : ", "]"),
    "indices": ("[1][", "]"), "splats": ("[", "][*]"), "logic": ("(true && ", ")"), "sums": ("(1 + ", ")"),
    "directives": ('"%{ if true }${', '}%{ endif }"'), "merges": ("merge(", ")"),
}
CASES = [
    # Long, flat.
    Hostile("sum of 10,000 terms", " + ".join(["1"] * 10_000), "value"),
    Hostile("logic of 10,000 terms", " && ".join(["true"] * 10_000), "value"),
    Hostile("list of 20,000 elements", "[" + ", ".join(["1"] * 20_000) + "]", "value"),
    Hostile("list of 5,000 objects", "[" + ", ".join(f"{{ k{i} = {i} }}" for i in range(5_000)) + "]", "value"),
    Hostile("tolist of 3,000 objects", "tolist([" + ", ".join(f"{{ k{i} = {i} }}" for i in range(3_000)) + "])", "any"),
    Hostile("tolist of 500 nested types", "tolist([" + ", ".join(f"[{', '.join('1' * (i % 50))}]" for i in range(500)) + "])", "any"),
    Hostile("object of 10,000 keys", "{" + ", ".join(f"k{i} = {i}" for i in range(10_000)) + "}", "value"),
    Hostile("call with 10,000 arguments", "max(" + ", ".join(["1"] * 10_000) + ")", "value"),
    Hostile("template of 10,000 parts", '"' + "${1}a" * 10_000 + '"', "value"),
    Hostile("attributes of attributes", "null" + ".a" * 5_000, "any"),
    Hostile("indices of indices", "[1]" + "[0]" * 5_000, "any"),
    Hostile("splats of splats", "[1]" + "[*]" * 3_000, "any"),
    Hostile("legacy splats", "[1]" + ".*.a" * 1_000, "any"),
    Hostile(
        "conditionals of large objects of different types",
        "[" + ", ".join(f"true ? local.l14 : [local.t14, {i}][0]" for i in range(40)) + "]",
        "unknown",
        two_chains(14, "{ a = #, b = # }", "1", '"x"'),
    ),
    # Numbers.
    Hostile("number with a huge exponent", "1e999999999", "unknown"),
    Hostile("number with a tiny exponent", "1e-999999999", "unknown"),
    Hostile("number of 100,000 digits", "9" * 100_000, "any"),
    Hostile("fraction of 100,000 digits", "0." + "9" * 100_000, "any"),
    Hostile("text of 100,000 digits", f'tonumber("{"9" * 100_000}")', "any"),
    Hostile("text with a huge exponent", 'tonumber("1e999999999")', "any"),
    Hostile("number in JSON", 'jsondecode("1e999999999")', "any"),
    Hostile("number in YAML", 'yamldecode("1e999999999")', "any"),
    Hostile("parsed digits", f'parseint("{"f" * 100_000}", 16)', "unknown"),
    Hostile("power", "pow(2, 100000)", "any"),
    Hostile("power of a power", "pow(pow(10, 300), 300)", "any"),
    Hostile("negative power", "pow(2, -1000000000)", "any"),
    Hostile("growing product", "local.l60 > 1", "any", chain(60, "# * #", "1e4000")),
    Hostile("shrinking product", "local.l60 > 1", "any", chain(60, "# * #", "1e-4000")),
    Hostile("growing product as text", '"${local.l60}"', "any", chain(60, "# * #", "3")),
    Hostile("shrinking fraction as text", '"${local.l60}"', "any", chain(60, "# * #", "0.3")),
    Hostile("remainder of a huge number", "1e4999 % 0.00000000000007", "any"),
    Hostile("large number as text", '"${1e4999}"', "any"),
    Hostile("small number as text", '"${1e-4999}"', "any"),
    Hostile("large number formatted", 'format("%d %s %v %f %x", 1e4999, 1e4999, 1e4999, 1e4999, 1e4999)', "any"),
    Hostile("format of a huge width", 'format("%999999999d", 1)', "any"),
    Hostile("format of a huge precision", 'format("%.999999999f", 1)', "any"),
    Hostile("format of a huge padding", 'format("%-999999999s", "a")', "any"),
    Hostile("format of a huge argument number", 'format("%[999999999999]s", "a")', "error"),
    Hostile("format of many verbs", 'format("' + "%d" * 50_000 + '", 1)', "error"),
    Hostile("formatlist of a huge width", 'formatlist("%9999999d", [1, 2])', "any"),
    Hostile("formatlist of a wide column", f'formatlist("%4000s", {A_LOT}, {A_LOT})', "any"),
    # Growth.
    Hostile("doubling a text", "local.l60", "unknown", chain(60, '"${#}${#}"', '"ha"')),
    Hostile("joining a text to itself", "local.l60", "any", chain(60, 'join("", [#, #])', '"ha"')),
    Hostile("formatting a text twice", "local.l60", "any", chain(60, 'format("%s%s", #, #)', '"ha"')),
    Hostile("a text in JSON in JSON", "local.l60", "any", chain(60, "jsonencode([#, #])", '"ha"')),
    Hostile("a text in YAML in YAML", "local.l60", "any", chain(60, "yamlencode([#, #])", '"ha"')),
    Hostile("base64 of base64", "local.l60", "any", chain(60, "base64encode(base64encode(#))", '"ha"')),
    Hostile("urlencode of urlencode", "local.l90", "any", chain(90, 'urlencode("${#}${#}/")', '"/"')),
    Hostile("replacing every letter", "local.l60", "any", chain(60, 'replace(#, "a", "aa")', '"a"')),
    Hostile("replacing nothing", "local.l60", "any", chain(60, 'replace(#, "", "aa")', '"a"')),
    Hostile("replacing by pattern", "local.l60", "any", chain(60, 'replace(#, "/a/", "$0$0")', '"a"')),
    Hostile("replacing by groups", "local.l12", "any", chain(12, 'replace(#, "/(.*)/", "$1$1$1$1$1$1$1$1")', '"a"')),
    Hostile("indenting", 'indent(999999999, "a\\nb")', "any"),
    Hostile("indenting many lines", 'indent(100000, replace("a", "a", join("", [for x in range(1000) : "\\n"])))', "any"),
    Hostile("doubling a list by concat", "local.l60", "any", chain(60, "concat(#, #)", "[1]")),
    Hostile("doubling a list by flatten", "local.l60", "any", chain(60, "flatten([#, #])", "[1]")),
    Hostile("doubling a list of lists", "local.l60", "any", chain(60, "[#, #]", "1")),
    Hostile("comparing doubled lists", "local.l60 == local.m60", "any", chain(60, "[#, #]", "1") + chain(60, "[#, #]", "1").replace(" l", " m").replace(".l", ".m")),
    Hostile("a doubled list as list", "tolist(local.l60)", "any", chain(60, "tolist([#, #])", "1")),
    Hostile("a doubled list in JSON", "jsonencode(local.l60)", "any", chain(60, "[#, #]", "1")),
    Hostile("a doubled list in YAML", "yamlencode(local.l40)", "any", chain(40, "[#, #]", "1")),
    Hostile("a doubled list, flat", "flatten(local.l40)", "any", chain(40, "[#, #]", "1")),
    Hostile("a doubled object", "local.l60", "any", chain(60, "{ a = #, b = # }", "1")),
    Hostile("a doubled object in a set", "toset([local.l30, local.l30])", "any", chain(30, "{ a = #, b = # }", "1")),
    Hostile("a doubled object, sensitive", 'issensitive(local.l60) ? "a" : "b"', "any", chain(60, "{ a = #, b = # }", "1")),
    Hostile("a doubled object in a condition", "(local.l40 == null ? local.l40 : local.l40).a.b", "any", chain(40, "{ a = #, b = # }", "1")),
    Hostile("a doubled object in try", "try(local.l60, 1)", "any", chain(60, "{ a = #, b = # }", "1")),
    Hostile("a doubled object in contains", "contains([local.l40], local.l40)", "any", chain(40, "{ a = #, b = # }", "1")),
    Hostile("a squared list", "local.l12", "any", chain(12, "[for x in # : #]", "[1, 2]")),
    Hostile("a merged list", "local.l40", "any", chain(40, "concat(#, [for x in # : x])", "[1]")),
    # Loops.
    Hostile("range of a billion", "range(1e9)", "error"),
    Hostile("range in small steps", "range(0, 1, 0.000000001)", "error"),
    Hostile("loops in loops", loops(3, 1000), "any"),
    Hostile("loops in loops in loops", loops(6, 1000), "any"),
    Hostile("loop over a loop", f"[for a in [for b in {A_LOT} : {A_LOT}] : [for c in a : [for d in {A_LOT} : c]]]", "any"),
    Hostile("loop in a template", '"' + "".join(f"%{{ for x{i} in range(1000) }}" for i in range(4)) + "abc" + "%{ endfor }" * 4 + '"', "any"),
    Hostile("loop into an object", "{ for a in range(1000) : a => { for b in range(1000) : b => { for c in range(1000) : c => 1 } } }", "any"),
    Hostile("loop with a filter", "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c if c > 9999]]]", "any"),
    Hostile("loop with a wide scope", f"[for a in {A_LOT} : [for b in {A_LOT} : length({A_LOT}) + a + b]]", "any"),
    Hostile("calls over long lists", f"[for a in {A_LOT} : sort({A_LOT})]", "any"),
    Hostile("distinct over long lists", f"[for a in {A_LOT} : distinct({A_LOT})]", "any"),
    Hostile("long texts in loops", f'[for a in {A_LOT} : join(",", {A_LOT})]', "any"),
    Hostile("hashes in loops", f'[for a in {A_LOT} : sha512(join(",", {A_LOT}))]', "any"),
    Hostile("setproduct", f"setproduct({A_LOT}, {A_LOT}, {A_LOT})", "any"),
    Hostile("setproduct of many", "setproduct(" + ", ".join(["[1, 2]"] * 60) + ")", "any"),
    Hostile("setproduct of sets", "setproduct(" + ", ".join(['toset(["a", "b"])'] * 60) + ")", "any"),
    Hostile("cidrsubnets", 'cidrsubnets("10.0.0.0/8", [for x in range(1000) : 16]...)', "any"),
    Hostile("cidrsubnets of nothing", 'cidrsubnets("::/0", ' + ", ".join(["32"] * 5_000) + ")", "any"),
    Hostile("cidrsubnet far away", 'cidrsubnet("::/0", 32, 999999999999999999999999)', "any"),
    Hostile("cidrhost far away", 'cidrhost("::/0", 1e4999)', "any"),
    Hostile("chunks", f"chunklist({A_LOT}, 1)", "value"),
    Hostile("matchkeys", f"matchkeys({A_LOT}, {A_LOT}, {A_LOT})", "any"),
    Hostile("transpose", f'transpose({{ for k in {A_LOT} : k => [for v in {A_LOT} : "${{v}}"] }})', "any"),
    Hostile("index", f"[for x in {A_LOT} : index({A_LOT}, x)]", "any"),
    # Patterns.
    Hostile("nested plus", f'regex("(a+)+$", "{"a" * 5_000}b")', "error"),
    Hostile("nested star", f'regex("(a*)*b", "{"a" * 5_000}")', "error"),
    Hostile("alternatives that overlap", f'regex("(a|aa)+$", "{"a" * 5_000}b")', "error"),
    Hostile("many optional letters", f'regex("{"a?" * 200}{"a" * 200}", "{"a" * 200}")', "value"),
    Hostile("dots and stars", f'regex(".*.*.*.*.*=", "{"x" * 3_000}")', "error"),
    Hostile("a huge repetition", 'regex("a{1000000}", "a")', "error"),
    Hostile("repetitions of repetitions", 'regex("((a{100}){100}){100}", "a")', "error"),
    Hostile("a deep pattern", f'regex("{"(" * 5_000}a{")" * 5_000}", "a")', "any"),
    Hostile("a long alternative", f'regex("{"|".join(f"k{i}" for i in range(5_000))}", "k4999")', "any"),
    Hostile("every place of a long text", f'length(regexall("", "{"a" * 20_000}"))', "any"),
    Hostile("every letter of a long text", f'length(regexall("[a-z]", "{"a" * 20_000}"))', "any"),
    Hostile("a pattern that never ends", f'length(regexall("a.*b", "{"a" * 3_000}"))', "any"),
    Hostile("replacing every place", f'length(replace("{"a" * 20_000}", "/b?/", "xy"))', "any"),
    Hostile("a file pattern", 'fileset(".", "' + "**/" * 50 + '*a*a*a*a*a*a*a*b")', "any"),
    Hostile("braces in a file pattern", 'fileset(".", "' + "{a,b}" * 40 + '")', "any"),
    # Documents.
    Hostile("deep JSON", f'jsondecode("{nested(5_000, "[", "]")}")', "any"),
    Hostile("very deep JSON", f'jsondecode("{nested(200_000, "[", "]")}")', "any"),
    Hostile("deep JSON objects", JSON_OBJECTS, "any"),
    Hostile("open JSON", 'jsondecode("' + "[" * 200_000 + '")', "any"),
    Hostile("long JSON", f'length(jsondecode("[{"1," * 20_000}1]"))', "value"),
    Hostile("deep YAML", f'yamldecode("{nested(3_000, "[", "]")}")', "any"),
    Hostile("very deep YAML", f'yamldecode("{nested(100_000, "[", "]")}")', "any"),
    Hostile("deep YAML blocks", 'yamldecode("' + "- " * 3_000 + '")', "any"),
    Hostile("deep YAML maps", 'yamldecode("' + "".join(" " * i + "a:\\n" for i in range(500)) + '")', "any"),
    Hostile("YAML aliases", f'yamldecode("{bomb(9)}")', "any"),
    Hostile("more YAML aliases", f'yamldecode("{bomb(30, 2)}")', "any"),
    Hostile("YAML merge keys", 'yamldecode("' + "\\n".join(["a0: &a0 {x: 1}", *(f"a{i + 1}: &a{i + 1} {{<<: [*a{i}, *a{i}], k{i}: 1}}" for i in range(25))]) + '")', "any"),
    Hostile("a YAML alias to itself", 'yamldecode("a: &a [*a]")', "error"),
    Hostile("YAML colons", f'yamldecode("{"a:" * 20_000}")', "any"),
    Hostile("YAML digits", f'yamldecode("{"1:" * 5_000}1")', "any"),
    Hostile("CSV", TABLE, "any"),
    Hostile("CSV quotes", 'csvdecode("' + '\\"' * 50_000 + '")', "any"),
    Hostile("timeadd", 'timeadd("2024-01-01T00:00:00Z", "999999999999999999h")', "any"),
    Hostile("a long date format", f'formatdate("{"YYYY" * 20_000}", "2024-01-01T00:00:00Z")', "any"),
    Hostile("accents", f'strrev("{ACCENTS}")', "any"),
    Hostile("substr of accents", f'substr("{ACCENTS}", 0, -1)', "any"),
    Hostile("trimming", f'trim("{"ab" * 20_000}", "{"ab" * 20_000}")', "value"),
    Hostile("a template in a text", "templatestring(local.t, {})", "any", locals_([f't = "{"%%{ for x in range(1000) }" * 5}a{"%%{ endfor }" * 5}"'])),
    Hostile("a deep template in a text", "templatestring(local.t, {})", "any", locals_([f't = "{"$${" + "(" * 3_000}1{")" * 3_000 + "}"}"'])),
    # Names.
    Hostile("a local of itself", "local.a", "error", locals_(["a = local.a"])),
    Hostile("a local in a circle", "local.a", "error", locals_(["a = local.b", "b = [local.c]", 'c = "${local.a[0]}"'])),
    Hostile("a circle in try", "try(local.a, 1)", "any", locals_(["a = try(local.b, 1)", "b = try(local.a, 2)"])),
    Hostile("a circle of ten thousand", "local.l0", "any", locals_([f"l{i} = local.l{(i + 1) % 10_000}" for i in range(10_000)])),
    Hostile("a chain of ten thousand", "local.l10000", "any", chain(10_000, "#", "1")),
    Hostile("a chain of ten thousand sums", "local.l10000", "any", chain(10_000, "# + 1", "1")),
    Hostile("a chain of ten thousand lists", "local.l10000", "any", chain(10_000, "[#]", "1")),
    Hostile("ten thousand locals", "local.l9999", "value", locals_([f'l{i} = "value ${{{i}}}"' for i in range(10_000)])),
    Hostile("all of ten thousand locals", "[" + ", ".join(f"local.l{i}" for i in range(10_000)) + "]", "value", locals_([f"l{i} = {i}" for i in range(10_000)])),
    Hostile("a tree of locals", "local.l30", "any", chain(30, "# + # + #", "1")),
    Hostile("a tree of failing locals", "local.l30", "any", chain(30, "# + # + #", "local.missing")),
    Hostile("a tree of failing tries", "local.l30", "any", chain(30, 'try(#, tonumber("x"), #)', "local.missing")),
]


@contextmanager
def bounded() -> Iterator[None]:
    """Fail where the body takes too long or too much; end it where it hangs."""

    def stop(_: int, __: FrameType | None) -> None:
        raise AssertionError(f"no answer in {ALARM} s")

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    earlier = signal.signal(signal.SIGALRM, stop)
    signal.alarm(ALARM)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, earlier)
    took = time.process_time() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert took < SECONDS, f"it takes {took:.1f} s"
    assert grown < MEGABYTES, f"it takes {grown:.0f} MB"


def repository(directory: Path, expression: str, definitions: str = "") -> Path:
    text = f"""
locals {{
  hostile = {expression}
}}

module "eks_zero" {{
  source = "{SOURCE}"

  configuration = {{
    apps = {{
      good    = "yes"
      hostile = local.hostile
    }}
    ops = {{
      good    = "yes"
      hostile = local.hostile
    }}
  }}
}}

{definitions}
"""
    (directory / "main.tf").write_text(text, encoding="utf-8")
    return directory


def outcome(loaded: Loaded) -> str:
    """What came of `hostile`; the other setting of the block must be there in any case."""
    if loaded.project.problems:
        assert all(problem.message for problem in loaded.project.problems)
        return "error"
    assert sum(len(error.message) for error in loaded.project.errors) < 10_000
    (inheritance,) = loaded.inheritances
    if "ops" not in inheritance.environments:
        # Terraform cannot give both environments one type.
        assert inheritance.errors
        return "error"
    value = inheritance.environments["ops"].value
    if isinstance(value.data, Unknown):
        return kind(value)
    assert value.items["good"].data == "yes"
    return "error" if loaded.project.errors else kind(value.items["hostile"])


def kind(value: Value) -> str:
    hidden = value.data if isinstance(value.data, Unknown) else unknown_in(value)
    if hidden is None:
        return "value"
    assert hidden.because
    assert len(hidden.because) < 1_000
    return "unknown"


def assert_outcome(found: str, expected: str) -> None:
    assert found == expected or expected == "any"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_whole_run(case: Hostile, tmp_path: Path) -> None:
    repository(tmp_path, case.expression, case.definitions)
    with bounded():
        loaded = load(tmp_path)
        found = outcome(loaded)
    assert_outcome(found, case.outcome)


@pytest.mark.parametrize("case", [case for case in CASES if not case.definitions], ids=str)
def test_expression(case: Hostile) -> None:
    with bounded(), deep_recursion():
        try:
            found = kind(evaluate(parse_expression(Source("hostile.tf", case.expression)), Scope()))
        except (EvaluationError, SyntaxProblem) as error:
            found = "error"
            assert error.message
            assert len(error.message) <= MAX_MESSAGE + 1
    if "fileset" not in case.expression:
        assert_outcome(found, case.outcome)


@pytest.mark.parametrize("name", NESTING)
@pytest.mark.parametrize("depth", [20, 60, DEEP // 2, DEEP, MAX_DEPTH, MAX_DEPTH + 1, 100_000])
def test_nesting(name: str, depth: int, tmp_path: Path) -> None:
    opening, closing = NESTING[name]
    repository(tmp_path, nested(depth, opening, closing))
    with bounded():
        outcome(load(tmp_path))


@pytest.mark.parametrize("name", ["sum of 10,000 terms", "doubling a list of lists", "a doubled object", "loops in loops", "a chain of ten thousand lists"])
def test_rules_too(name: str, tmp_path: Path) -> None:
    """What was computed must also be comparable and showable."""
    (case,) = [case for case in CASES if case.name == name]
    repository(tmp_path, case.expression, case.definitions)
    with bounded():
        report = lint(load(tmp_path))
    assert not report.failures


def test_circles_through_modules(tmp_path: Path) -> None:
    """Outputs of local modules that need each other's inputs."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text('variable "in" {}\noutput "out" {\n  value = [var.in]\n}\n')
    calls = "\n".join(
        f'module "{name}" {{\n  source = "./{name}"\n  in = module.{other}.out\n}}' for name, other in (("one", "two"), ("two", "one"))
    )
    repository(tmp_path, "module.one.out", calls)
    with bounded():
        assert outcome(load(tmp_path)) == "error"


def test_a_module_that_calls_itself(tmp_path: Path) -> None:
    repository(tmp_path, "module.again.out", 'module "again" {\n  source = "./"\n  in = 1\n}\noutput "out" {\n  value = module.again.out\n}\n')
    with bounded():
        load(tmp_path)


def test_modules_that_double(tmp_path: Path) -> None:
    """Twenty folders, each calling the next one twice: a million instances."""
    for level in range(20):
        folder = tmp_path / f"m{level}"
        folder.mkdir()
        calls = "".join(f'module "{name}" {{\n  source = "../m{level + 1}"\n}}\n' for name in "ab") if level < 19 else ""
        (folder / "main.tf").write_text(calls + 'output "out" {\n  value = 1\n}\n')
    repository(tmp_path, "module.first.out", 'module "first" {\n  source = "./m0"\n}\n')
    with bounded():
        load(tmp_path)


def test_many_instances(tmp_path: Path) -> None:
    """`count` and `for_each` of a billion."""
    (tmp_path / "child").mkdir()
    (tmp_path / "child/main.tf").write_text('output "out" {\n  value = 1\n}\n')
    calls = 'module "many" {\n  source = "./child"\n  count = 1000000000\n}\nmodule "more" {\n  source = "./child"\n  for_each = toset([for x in range(1000) : "${x}"])\n}\n'
    repository(tmp_path, "1", calls)
    with bounded():
        load(tmp_path)
