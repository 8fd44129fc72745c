"""Expressions through kslint and through Terraform, compared in value, type, unknowns and errors."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.limits import deep_recursion
from kubestack_lint.project.instance import ModuleInstance
from kubestack_lint.project.module import load_module
from kubestack_lint.project.world import World
from kubestack_lint.source import Source, Span
from kubestack_lint.syntax import nodes, parse
from kubestack_lint.values.evaluate import Budget, EvaluationError, evaluate
from kubestack_lint.values.numbers import format_number, rounded
from kubestack_lint.values.value import Unknown, Value, sensitive_in, unknown, unknown_in
from tests.oracle.expressions.environment import FILES
from tests.oracle.terraform import Planned, Refused, Workspace

HIDDEN = "(unknown)"
# Terraform itself breaks, or turns a set of unknown length into a list of another type than it should.
FAULTS = ("panic in function implementation", "goroutine", "but received ")
CLAIMS_LESS = "kslint claims less"
TERRAFORM_REFUSES = "Terraform refuses it, kslint does not"
SENSITIVE = "Output refers to sensitive values"
SLOW = 2.0
# How often Terraform is asked again where the answers differ: it walks the attributes of objects in an order of chance.
# The rarer of two answers came in 169 of 2,000 asked; 24 times missed it in one run of nine.
ASKED_AGAIN = 200


@dataclass(frozen=True, slots=True)
class Failure:
    """kslint says that Terraform refuses the expression."""

    message: str


@dataclass(frozen=True, slots=True)
class Crash:
    """kslint broke, or took too long."""

    message: str


Answer = Value | Failure | Crash


def block(name: str, expression: str, sensitive: bool = False) -> str:
    """An output with this value, in a tuple: there Terraform shows the type of a null too."""
    return f'output "{name}" {{\n  value = [{expression}]\n' + ("  sensitive = true\n" if sensitive else "") + "}\n"


class Engine:
    """kslint over one environment."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        module = load_module(directory, ".")
        assert not module.problems, module.problems
        self.world = World(directory, directory, lambda path: load_module(path, path.name), "default")
        self.instance = ModuleInstance(self.world, module)
        given = {name: self.instance.variable(name, block.header).type for name, block in module.variables.items()}
        hidden = {name: unknown("variables are not known yet", kind) for name, kind in given.items()}
        self.before = ModuleInstance(self.world, module, given=hidden)

    def refused_before_variables(self, expression: str, verdict: Refused) -> bool:
        """Whether it fails, or is sensitive, in Terraform's validation, where no variable is known."""
        before = self.judge(expression, self.before)
        return isinstance(before, Failure) or (SENSITIVE in verdict.messages[0] and _marked(before))

    def judge(self, expression: str, instance: ModuleInstance | None = None) -> Answer:
        """The value of one expression, or why there is none."""
        started = time.monotonic()
        scope = (instance or self.instance).scope().strict()
        scope.budget = Budget()
        try:
            with deep_recursion():
                tree = parse(Source("cases.tf", block("c", expression))).blocks[0].body.arguments["value"].expression
                value = evaluate(tree, scope).elements[0]
        except (EvaluationError, SyntaxProblem) as error:
            return Failure(error.message)
        except Exception as error:  # noqa: BLE001 - a crash is a finding, not the end of the batch
            return Crash(f"{type(error).__name__}: {error}")
        took = time.monotonic() - started
        return value if took < SLOW else Crash(f"it takes {took:.1f} s")


class Terraform(Workspace):
    """Terraform over one environment, hundreds of outputs in a plan."""

    def __init__(self, directory: Path, environment: str) -> None:
        self.directory = directory
        self._write("main.tf", environment)
        for name, content in FILES.items():
            self._write(name, content)
        # There from the beginning, so that fileset() always finds them.
        self._write("cases.tf", "")
        self._write("plan.bin", "")
        self.ready = False

    def judge(self, blocks: Sequence[str]) -> list[Planned | Refused]:  # type: ignore[override]
        """What Terraform makes of each output; what it refuses is left out until a plan succeeds."""
        if not self.ready:
            code, _, error = self._run("init", no_color=...)
            assert code == 0, error
            self.ready = True
        verdicts: dict[int, Planned | Refused] = {}
        self._rounds(blocks, list(range(len(blocks))), verdicts)
        self._write("cases.tf", "")
        return [verdicts[index] for index in range(len(blocks))]

    def _rounds(self, blocks: Sequence[str], chosen: list[int], verdicts: dict[int, Planned | Refused]) -> None:
        while chosen:
            lines = self._cases(blocks, chosen)
            code, out, error = self._run("plan", json=..., out="plan.bin", lock=False, input=False)
            if code == 0:
                verdicts.update(self._values(blocks, chosen))
                return
            found = _refused(out, lines)
            for index, messages in found.items():
                verdicts[index] = Refused(tuple(messages))
            if not found and len(chosen) == 1:
                verdicts[chosen[0]] = Refused((error or out[-500:],))
            elif not found:
                middle = len(chosen) // 2
                self._rounds(blocks, chosen[:middle], verdicts)
                self._rounds(blocks, chosen[middle:], verdicts)
                return
            chosen = [index for index in chosen if index not in verdicts]

    def _cases(self, blocks: Sequence[str], chosen: Sequence[int]) -> list[tuple[int, int]]:
        """Write the outputs; the first line of each, with its index."""
        lines: list[tuple[int, int]] = []
        line = 1
        for index in chosen:
            lines.append((line, index))
            line += blocks[index].count("\n")
        self._write("cases.tf", "".join(blocks[index] for index in chosen))
        return lines

    def _values(self, blocks: Sequence[str], chosen: Sequence[int]) -> dict[int, Planned | Refused]:
        code, out, error = self._run("show", "plan.bin", json=...)
        assert code == 0, error
        document = json.loads(out, parse_float=Decimal, parse_int=Decimal)
        found: dict[int, Planned | Refused] = {}
        for index in chosen:
            name = _name(blocks[index])
            change = document["output_changes"][name]
            planned = document["planned_values"]["outputs"][name]
            found[index] = _unwrapped(change.get("after"), change["after_unknown"], planned.get("type"))
        return found


def _unwrapped(value: Any, unknown: Any, kind: Any) -> Planned:
    hidden = unknown[0] if isinstance(unknown, list) else unknown
    return Planned(value[0] if value else None, hidden, None if kind is None else kind[1][0])


def _name(text: str) -> str:
    found = re.match(r'output "(\w+)"', text)
    assert found
    return found[1]


def _refused(out: str, lines: Sequence[tuple[int, int]]) -> dict[int, list[str]]:
    """The outputs that the errors of a plan stand in."""
    found: dict[int, list[str]] = {}
    for text in out.splitlines():
        diagnostic = json.loads(text).get("diagnostic", {})
        place = diagnostic.get("range", {})
        if diagnostic.get("severity") == "error" and place.get("filename") == "cases.tf":
            line = place["start"]["line"]
            index = max((start, index) for start, index in lines if start <= line)[1]
            found.setdefault(index, []).append(f"{diagnostic['summary']}: {diagnostic.get('detail', '')}")
    return found


# -- comparing ------------------------------------------------------------


def disagreement(ours: Answer, theirs: Planned | Refused, limits: Collection[str] = ()) -> str | None:
    """What differs, for people; None when nothing does. What is unknown for one of the `limits` may be anything."""
    if isinstance(ours, Crash):
        return f"kslint breaks: {ours.message}"
    if isinstance(ours, Failure):
        return None if isinstance(theirs, Refused) else f"kslint refuses it, Terraform does not\n  kslint: {ours.message}\n  Terraform: {text(combined(theirs))}"
    why = reasons(ours)
    if any(limit in reason for limit in limits for reason in why):
        return None
    if isinstance(theirs, Refused):
        if any(fault in theirs.messages[0] for fault in FAULTS):
            return None
        return f"{TERRAFORM_REFUSES}\n  kslint: {text(shown(ours))}\n  Terraform: {theirs.messages[0]}"
    expected = combined(theirs)
    if text(shown(ours)) != text(expected):
        kind = CLAIMS_LESS if _less(shown(ours), expected) else "the values differ"
        return f"{kind}\n  kslint:    {text(shown(ours))} {'; '.join(why)}\n  Terraform: {text(expected)}"
    if theirs.type is not None and unknown_in(ours) is None and ours.type.json != theirs.type:
        return f"the types differ\n  kslint:    {json.dumps(ours.type.json)}\n  Terraform: {json.dumps(theirs.type)}"
    return None


def reasons(value: Value) -> tuple[str, ...]:
    """Why parts of a value are unknown."""
    if isinstance(value.data, Unknown):
        return (value.data.because,)
    return tuple(reason for part in (*value.items.values(), *value.elements) for reason in reasons(part))


def _less(ours: Any, theirs: Any) -> bool:
    """Whether kslint's value only has more unknowns in it."""
    if ours == HIDDEN:
        return True
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(_less(ours[name], theirs[name]) for name in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(_less, ours, theirs))
    return bool(ours == theirs)


def combined(planned: Planned) -> Any:
    """Terraform's `after` and `after_unknown` as one structure."""
    return _combined(planned.value, planned.unknown)


def _combined(value: Any, unknown: Any) -> Any:
    if unknown is True:
        return HIDDEN
    if isinstance(unknown, dict):
        names = {*(value or {}), *(name for name, part in unknown.items() if part)}
        return {name: _combined((value or {}).get(name), unknown.get(name, False)) for name in names}
    if isinstance(unknown, list):
        given = value or []
        return [_combined(given[i] if i < len(given) else None, unknown[i] if i < len(unknown) else False) for i in range(max(len(given), len(unknown)))]
    return plain(value)


def plain(value: Any) -> Any:
    """JSON data with exact numbers."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {"number": str(Fraction(value))} if isinstance(value, Decimal) else value


def shown(value: Value) -> Any:
    """A Value in the same form."""
    data = value.data
    if isinstance(data, Unknown):
        return HIDDEN
    if isinstance(data, dict):
        return {name: shown(item) for name, item in data.items()}
    if isinstance(data, tuple):
        return [shown(item) for item in data]
    if isinstance(data, int | Fraction) and not isinstance(data, bool):
        return {"number": str(Fraction(_stored(data)))}
    return data


def _stored(number: int | Fraction) -> str:
    """A number as it comes back from a plan file: as 64-bit float if it is one, else as text."""
    try:
        exact = float(number)
    except OverflowError:
        exact = math.inf
    if number.denominator != 1 and exact == number:
        return repr(exact)
    return format_number(rounded(Fraction(format_number(number))))


def text(value: Any) -> str:
    """Comparable and readable: tells true from 1 and 1 from "1"."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


# -- batches --------------------------------------------------------------


@dataclass(slots=True)
class Court:
    """Both judges over one environment."""

    terraform: Terraform
    engine: Engine
    singles: int
    limits: Collection[str] = ()

    @classmethod
    def over(cls, directory: Path, environment: str, singles: int, limits: Collection[str] = ()) -> Court:
        """Judges over the environment written into the directory."""
        return cls(Terraform(directory, environment), Engine(directory), singles, limits)

    def compare(self, expressions: Sequence[str], again: bool = True) -> list[str | None]:
        """Every disagreement. So many of those that should fail get a plan of their own, the others `can`.

        `again` asks Terraform once more, many times, about those that it may answer in several ways.
        """
        answers = [self.engine.judge(expression) for expression in expressions]
        verdicts: dict[int, Planned | Refused] = {}
        good = [index for index, answer in enumerate(answers) if isinstance(answer, Value)]
        blocks = [block(f"c{index}", expressions[index], _marked(answers[index])) for index in good]
        verdicts.update(zip(good, self.terraform.judge(blocks), strict=True))
        bad = [index for index in range(len(answers)) if index not in verdicts]
        for index in self._unproven(bad, expressions):
            verdicts[index] = self.terraform.judge([block(f"c{index}", expressions[index], True)])[0]
        refused = Refused(("can() says false",))
        found = [disagreement(answer, verdicts.get(index, refused), self.limits) for index, answer in enumerate(answers)]
        if again:
            self._ask_again(found, answers, expressions)
        for index, verdict in verdicts.items():
            if isinstance(verdict, Refused) and self.engine.refused_before_variables(expressions[index], verdict):
                found[index] = None
        for index in self._not_secret(good, answers, expressions):
            found[index] = found[index] or "kslint says that it is sensitive, Terraform shows it"
        return found

    def _ask_again(self, found: list[str | None], answers: Sequence[Answer], expressions: Sequence[str]) -> None:
        """Drop the disagreements over what Terraform answers in several ways, where one of them is ours."""
        open_ = [index for index, problem in enumerate(found) if problem is not None]
        again = [index for index in open_ for _ in range(ASKED_AGAIN)]
        blocks = [
            block(f"c{number}", expressions[index], _marked(answers[index])) for number, index in enumerate(again)
        ]
        for index, verdict in zip(again, self.terraform.judge(blocks), strict=True):
            if disagreement(answers[index], verdict, self.limits) is None:
                found[index] = None

    def _not_secret(self, good: Sequence[int], answers: Sequence[Answer], expressions: Sequence[str]) -> list[int]:
        """Those that Terraform accepts in an output that is not marked as sensitive, though kslint would not."""
        secret = [index for index in good if _marked(answers[index])]
        verdicts = self.terraform.judge([block(f"c{index}", expressions[index]) for index in secret])
        return [index for index, verdict in zip(secret, verdicts, strict=True) if isinstance(verdict, Planned)]

    def _unproven(self, bad: Sequence[int], expressions: Sequence[str]) -> list[int]:
        """Those that need their own plan: the first few, and all where `can` does not say false."""
        blocks = [block(f"c{index}", f"can({expressions[index]})", True) for index in bad[self.singles :]]
        verdicts = self.terraform.judge(blocks)
        rest = [
            index for index, verdict in zip(bad[self.singles :], verdicts, strict=True)
            if isinstance(verdict, Refused) or verdict.value is not False
        ]
        return [*bad[: self.singles], *rest]

    def knows_less(self, expression: str, problem: str) -> bool:
        """Whether Terraform only says more because it knows more of the unknown, here or in a part that then fails."""
        if not problem.startswith(TERRAFORM_REFUSES):
            return problem.startswith(CLAIMS_LESS)
        parts = sorted(set(_parts(expression)), key=len)
        found = self.compare(parts)
        return any(map(self._beyond, parts)) or any((other or "").startswith(CLAIMS_LESS) for other in found)

    def _beyond(self, expression: str) -> bool:
        """Whether kslint does not look at what this depends on."""
        answer = self.engine.judge(expression)
        return isinstance(answer, Value) and any(limit in why for limit in self.limits for why in reasons(answer))

    def minimal(self, expression: str, rounds: int = 25) -> str:
        """The same kind of disagreement with as little as possible."""
        whole, kind = expression, _kind(self.compare([expression])[0])
        for _ in range(rounds):
            candidates = sorted(set(smaller(expression)), key=len)[:150]
            problems = self.compare(candidates, again=False)
            better = next((c for c, p in zip(candidates, problems, strict=True) if p is not None and _kind(p) == kind), None)
            if better is None:
                break
            expression = better
        return expression if _kind(self.compare([expression])[0]) == kind else whole


def _kind(problem: str | None) -> str:
    return (problem or "").split("\n")[0].split(":")[0]


def _marked(answer: Answer) -> bool:
    return isinstance(answer, Value) and sensitive_in(answer)


def smaller(expression: str) -> Iterator[str]:
    """Expressions with a part replaced by a part of that part, or by something trivial."""
    try:
        yield from filter(_parses, _smaller(expression))
    except SyntaxProblem:
        return


def _parses(expression: str) -> bool:
    try:
        parse(Source("cases.tf", block("c", expression)))
    except SyntaxProblem:
        return False
    return True


def _smaller(expression: str) -> Iterator[str]:
    source = Source("cases.tf", block("c", expression))
    wrapper = parse(source).blocks[0].body.arguments["value"].expression
    assert isinstance(wrapper, nodes.Tuple)
    (root,) = wrapper.items
    start, end = root.span.start, root.span.end
    for node in _nodes(root):
        before, after = source.text[start : node.span.start], source.text[node.span.end : end]
        choices = [source.text[child.span.start : child.span.end] for child in _nodes(node) if child is not node]
        for choice in (*choices, *(_without_items(node, source)), "1", '"a"', "true", "null", "[]", "{}", "local.u"):
            if len(choice) < node.span.end - node.span.start:
                yield before + choice + after


def _parts(expression: str) -> Iterator[str]:
    """The expressions that it consists of."""
    source = Source("cases.tf", block("c", expression))
    for node in _nodes(parse(source).blocks[0].body.arguments["value"].expression):
        yield source.text[node.span.start : node.span.end]


def _without_items(node: nodes.Expression, source: Source) -> Iterator[str]:
    """The node without one of its items or arguments."""
    parts: tuple[Any, ...] = ()
    if isinstance(node, nodes.Tuple | nodes.Object):
        parts = node.items
    elif isinstance(node, nodes.Call):
        parts = node.arguments
    for index in range(len(parts)):
        rest = [source.text[p.span.start : p.span.end] for i, p in enumerate(parts) if i != index]
        before = source.text[node.span.start : parts[0].span.start]
        yield before + ", ".join(rest) + source.text[parts[-1].span.end : node.span.end]


def all_nodes(node: Any) -> Iterator[Any]:
    """A node and all below it."""
    if isinstance(node, Span) or not isinstance(node, tuple):
        return
    if hasattr(node, "span") and not isinstance(node, nodes.ObjectItem):
        yield node
    for child in node:
        yield from all_nodes(child)


def _nodes(node: Any) -> Iterator[Any]:
    """Those that stand in the text for themselves; names alone may mean nothing elsewhere."""
    apart = (nodes.SplatItem, nodes.TemplateIf, nodes.TemplateFor, nodes.Variable)
    return (found for found in all_nodes(node) if not isinstance(found, apart))
