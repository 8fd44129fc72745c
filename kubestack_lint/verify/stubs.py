"""A real module → a small one that takes the same configuration, merges it with the real code, and says the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kubestack_lint.catalog import ModuleSource, parse_source
from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse
from kubestack_lint.verify.modules import Code, Finder, Unavailable
from kubestack_lint.verify.references import references

MERGED = "kslint_merged"
_OUTPUT = 'output "{name}" {{\n  value     = {value}\n  sensitive = true\n}}\n'
# What a call may hold besides arguments for the called module.
META = frozenset({"source", "version", "providers", "depends_on"})


@dataclass(frozen=True, slots=True)
class Stub:
    """Files of the module by path, the variables it has, and what was left out of the real one."""

    files: dict[str, str]
    variables: frozenset[str]
    note: str = ""


@dataclass(slots=True)
class _Module:
    """The blocks of a module's files, as far as they matter here."""

    variables: dict[str, nodes.Block] = field(default_factory=dict)
    locals: dict[str, nodes.Argument] = field(default_factory=dict)
    calls: dict[str, nodes.Block] = field(default_factory=dict)
    experiments: bool = False


def build(code: Code, finder: Finder, key: str) -> Stub:
    """The stub for a module. Raises Unavailable where its merge cannot be replayed."""
    module = _read(code)
    _check_type(module)
    notes = [code.note] if code.note else []
    if module.experiments:
        notes.append("without its `experiments`, which no current Terraform takes")
    if code.directory.match("*common/configuration"):
        return _stub(module, _call_of(code, module), _copied(code), notes)
    for name, block in module.calls.items():
        source = _literal(block.body.arguments.get("source"))
        given = block.body.arguments.get("configuration")
        if source is None or given is None or not _names(given.expression, "configuration"):
            continue
        parsed = parse_source(source)
        if parsed.path.endswith("common/configuration"):
            common = _common(code, parsed, finder, f"{key}.{name}")
            return _stub(module, _arguments(block), _copied(common), notes)
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


def _arguments(block: nodes.Block) -> list[nodes.Argument]:
    return [argument for argument in block.body.arguments.values() if argument.name not in META]


def _call_of(code: Code, module: _Module) -> list[nodes.Argument]:
    """Arguments that hand a module's own variables on to it."""
    text = "".join(f"{name} = var.{name}\n" for name in module.variables)
    return list(parse(Source(code.directory.name, text)).arguments.values())


def _copied(code: Code) -> dict[str, str]:
    files = {f"common/{name}": text for name, text in code.files().items()}
    if not files:
        raise Unavailable("its common/configuration holds no Terraform files")
    return files


def _stub(module: _Module, arguments: list[nodes.Argument], files: dict[str, str], notes: list[str]) -> Stub:
    lines = ['module "configuration" {', '  source = "./common"']
    lines += [f"  {argument.span.text}" for argument in arguments]
    text = "\n".join((*lines, "}\n"))
    text += _OUTPUT.format(name=MERGED, value="module.configuration.merged")
    return _with_variables(module, [argument.expression for argument in arguments], text, files, notes)


def _inline(module: _Module, notes: list[str]) -> Stub:
    """Modules from before common/configuration merge in a local of their own."""
    for name, argument in module.locals.items():
        calls = {reference.name for reference in references(argument.expression) if reference.root == "()"}
        if "merge" in calls and _names(argument.expression, "configuration"):
            text = f"locals {{\n  {argument.span.text}\n}}\n" + _OUTPUT.format(name=MERGED, value=f"local.{name}")
            return _with_variables(module, [argument.expression], text, {}, notes)
    raise Unavailable("how the module merges its configuration is nothing that can be replayed")


def _with_variables(
    module: _Module, used: list[nodes.Expression], text: str, files: dict[str, str], notes: list[str]
) -> Stub:
    """The stub with the variables that expressions use, as the real module writes them."""
    names = {reference.name for expression in used for reference in references(expression) if reference.root == "var"}
    kept = frozenset(names & module.variables.keys())
    head = "".join(f"{module.variables[name].span.text}\n" for name in sorted(kept))
    return Stub({**files, "main.tf": head + text}, kept, "; ".join(notes))
