"""A real module → a small one that takes the same configuration, merges it with the real code, and says the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kubestack_lint.catalog import ModuleSource, parse_source
from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse
from kubestack_lint.syntax.references import references
from kubestack_lint.verify.modules import Code, Finder, Unavailable
from kubestack_lint.verify.references import UNKNOWN

MERGED = "kslint_merged"
_OUTPUT = 'output "{name}" {{\n  value = {value}\n}}\n'
# What a call may hold besides arguments for the called module.
META = frozenset({"source", "version", "providers", "depends_on"})


@dataclass(frozen=True, slots=True)
class Stub:
    """Files of the module by path, its variables, and what was left out of the real one.

    `outputs` are those of the real module that need nothing but the merge. As
    they fail in a workspace that is no environment, they are apart, in `extra`,
    with the others, which are unknown there.
    """

    files: dict[str, str]
    variables: frozenset[str]
    outputs: frozenset[str]
    extra: str = ""
    note: str = ""


@dataclass(slots=True)
class _Module:
    """The blocks of a module's files, as far as they matter here."""

    variables: dict[str, nodes.Block] = field(default_factory=dict)
    locals: dict[str, nodes.Argument] = field(default_factory=dict)
    calls: dict[str, nodes.Block] = field(default_factory=dict)
    outputs: dict[str, nodes.Block] = field(default_factory=dict)
    experiments: bool = False


def build(code: Code, finder: Finder, key: str) -> Stub:
    """The stub for a module. Raises Unavailable where its merge cannot be replayed."""
    module = _read(code)
    _check_type(module)
    notes = [code.note] if code.note else []
    if module.experiments:
        notes.append("without its `experiments`, which no current Terraform takes")
    if code.directory.match("*common/configuration"):
        return _itself(code, module, notes)
    for name, block in module.calls.items():
        source = _literal(block.body.arguments.get("source"))
        given = block.body.arguments.get("configuration")
        if source is None or given is None or not _names(given.expression, "configuration"):
            continue
        parsed = parse_source(source)
        if parsed.path.endswith("common/configuration"):
            files = _copied(_common(code, parsed, finder, f"{key}.{name}"))
            arguments = [a for a in block.body.arguments.values() if a.name not in META]
            lines = [f'module "{name}" {{', '  source = "./common"', *(f"  {a.span.text}" for a in arguments), "}\n"]
            text = "\n".join(lines) + _OUTPUT.format(name=MERGED, value=f"module.{name}.merged")
            return _finished(module, [a.expression for a in arguments], text, frozenset({name}), files, notes)
    return _inline(module, notes)


def _common(code: Code, source: ModuleSource, finder: Finder, key: str) -> Code:
    try:
        return finder.find(source, None, key, code)
    except Unavailable as reason:
        raise Unavailable(f"its common/configuration is not at hand: {reason}") from reason


def _read(code: Code) -> _Module:
    module = _Module()
    for name, text in code.files().items():
        try:
            body = parse(Source(name, text))
        except SyntaxProblem as problem:
            raise Unavailable(f"{name} of the module cannot be read: {problem.message}") from problem
        for block in body.blocks:
            if block.type == "locals":
                module.locals |= block.body.arguments
            elif block.type == "variable" and block.labels:
                module.variables[block.labels[0]] = block
            elif block.type == "module" and block.labels:
                module.calls[block.labels[0]] = block
            elif block.type == "output" and block.labels:
                module.outputs[block.labels[0]] = block
            elif block.type == "terraform":
                module.experiments = module.experiments or "experiments" in block.body.arguments
    return module


def _check_type(module: _Module) -> None:
    variable = module.variables.get("configuration")
    if variable is None:
        raise Unavailable("the module has no variable configuration")
    declared = variable.body.arguments.get("type")
    if declared is None:
        return
    if isinstance(declared.expression, nodes.Template):
        raise Unavailable("it is written for Terraform 0.11, which no current Terraform can read")
    repeated = next(_repeated(declared.expression), None)
    if repeated is not None:
        raise Unavailable(f"its type has the attribute {repeated} twice, which no current Terraform accepts")


def _repeated(kind: nodes.Expression) -> Iterator[str]:
    """Attributes that an object type has more than once."""
    if isinstance(kind, nodes.Call):
        for inner in kind.arguments:
            yield from _repeated(inner)
    elif isinstance(kind, nodes.Object):
        seen: set[str] = set()
        for item in kind.items:
            name = item.key.span.text.strip('"')
            if name in seen:
                yield name
            seen.add(name)
            yield from _repeated(item.value)


def _names(expression: nodes.Expression, name: str) -> bool:
    return any(reference.root == "var" and reference.name == name for reference in references(expression))


def _literal(argument: nodes.Argument | None) -> str | None:
    if argument is None or not isinstance(argument.expression, nodes.Template):
        return None
    parts = argument.expression.parts
    return "".join(str(part) for part in parts) if all(isinstance(part, str) for part in parts) else None


def _copied(code: Code) -> dict[str, str]:
    files = {f"common/{name}": text for name, text in code.files().items()}
    if not files:
        raise Unavailable("its common/configuration holds no Terraform files")
    return files


def _itself(code: Code, module: _Module, notes: list[str]) -> Stub:
    """common/configuration called directly: its own variables are handed on to it."""
    given = "".join(f"  {name} = var.{name}\n" for name in module.variables)
    text = f'module "configuration" {{\n  source = "./common"\n{given}}}\n'
    text += "".join(_OUTPUT.format(name=name, value="module.configuration.merged") for name in (MERGED, "merged"))
    head = "".join(f"{block.span.text}\n" for block in module.variables.values())
    files = {**_copied(code), "main.tf": head + text}
    return Stub(files, frozenset(module.variables), frozenset({"merged"}), note="; ".join(notes))


def _inline(module: _Module, notes: list[str]) -> Stub:
    """Modules from before common/configuration merge in a local of their own."""
    for name, argument in module.locals.items():
        calls = {reference.name for reference in references(argument.expression) if reference.root == "()"}
        if "merge" in calls and _names(argument.expression, "configuration"):
            text = _OUTPUT.format(name=MERGED, value=f"local.{name}")
            local = parse(Source("output", f"x = local.{name}\n")).arguments["x"].expression
            return _finished(module, [local], text, frozenset(), {}, notes)
    raise Unavailable("how the module merges its configuration is nothing that can be replayed")


def _finished(
    module: _Module,
    used: list[nodes.Expression],
    text: str,
    calls: frozenset[str],
    files: dict[str, str],
    notes: list[str],
) -> Stub:
    """The stub with all that its expressions use."""
    uses = _Uses(module, calls)
    for expression in used:
        uses.add(expression)
    more, outputs, extra = _Uses(module, calls, set(uses.variables), set(uses.locals)), set(), ""
    for name, block in sorted(module.outputs.items()):
        value = block.body.arguments.get("value")
        if value is not None and _Uses(module, calls).add(value.expression):
            more.add(value.expression)
            outputs.add(name)
            extra += _OUTPUT.format(name=name, value=value.expression.span.text)
        else:
            extra += _OUTPUT.format(name=name, value=UNKNOWN)
    main = _declared(module, more.variables, uses.locals) + text
    extra += _declared(module, set(), more.locals - uses.locals)
    return Stub({**files, "main.tf": main}, frozenset(more.variables), frozenset(outputs), extra, "; ".join(notes))


def _declared(module: _Module, variables: set[str], names: set[str]) -> str:
    text = "".join(f"{module.variables[name].span.text}\n" for name in sorted(variables))
    return text + "".join(f"locals {{\n  {module.locals[name].span.text}\n}}\n" for name in sorted(names))


@dataclass(slots=True)
class _Uses:
    """Variables and locals that expressions need, as long as they need nothing but those and the merge."""

    module: _Module
    calls: frozenset[str]
    variables: set[str] = field(default_factory=set)
    locals: set[str] = field(default_factory=set)

    def add(self, expression: nodes.Expression) -> bool:
        """Take up an expression; False when it needs something that a stub does not have."""
        results = [self._add(reference.root, reference.name) for reference in references(expression)]
        return all(results)

    def _add(self, root: str, name: str) -> bool:
        if root == "var" and name in self.module.variables:
            self.variables.add(name)
            return True
        if root == "local" and name in self.module.locals:
            if name in self.locals:
                return True
            self.locals.add(name)
            return self.add(self.module.locals[name].expression)
        return root in ("()", "terraform") or (root == "module" and name in self.calls)
