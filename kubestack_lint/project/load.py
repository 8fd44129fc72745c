"""A path on disk → a Project: everything that the engine and the rules look at."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kubestack_lint.errors import InputError, SyntaxProblem, UsageError
from kubestack_lint.limits import deep_recursion
from kubestack_lint.project.blocks import Candidate, InheritanceBlock, ModuleCall
from kubestack_lint.project.discovery import git_root, is_configuration, module_directories
from kubestack_lint.project.environments import Environments
from kubestack_lint.project.instance import ANY_WORKSPACE, ModuleInstance, World
from kubestack_lint.project.module import TerraformModule, argument, load_module
from kubestack_lint.project.variables import GivenValues, given_values
from kubestack_lint.project.walk import Walk
from kubestack_lint.source import Source, Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values.evaluate import EvaluationError
from kubestack_lint.values.value import Value, object_of, unknown

# Computes the effective configuration of one environment of a block: inheritance
# stands above this floor, so it is handed in.
EffectiveValue = Callable[[InheritanceBlock, str], Value | None]


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What a caller may choose when reading a project.

    `var_files` are read after all others, as -var-file is. `assumed_version`
    stands for refs that we do not know. `environment` gives TF_VAR_ values;
    empty unless asked for, so that a run does not depend on the machine.
    """

    var_files: tuple[Path, ...] = ()
    assumed_version: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Project:
    """A directory as the engine sees it.

    `problems` are files that could not be read, `errors` expressions that
    Terraform refuses; both with places. `start` is the directory that reported
    paths are relative to. `environments` is what the configuration of kslint
    says about them.
    """

    start: Path
    modules: tuple[TerraformModule, ...] = ()
    calls: tuple[ModuleCall, ...] = ()
    blocks: tuple[InheritanceBlock, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()
    errors: tuple[EvaluationError, ...] = ()
    environments: Environments = field(default_factory=Environments)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every text that was read, by path."""
        found = {source.path: source for module in self.modules for source in module.sources}
        return tuple(found[path] for path in sorted(found))


def missing(path: Path) -> InputError:
    """The error for a path that is not there."""
    return InputError(f"{path} does not exist", "give a directory that holds .tf files, or one such file")


def load_project(
    path: str | os.PathLike[str], options: LoadOptions | None = None, effective: EffectiveValue | None = None
) -> Project:
    """Read the project at a directory, or the part of it that stands in one file.

    `effective` resolves `module.x.current_config`; without it that is unknown.
    Raises InputError when the path does not exist or cannot be listed.
    """
    options = options or LoadOptions()
    given = Path(path)
    if not given.exists():
        raise missing(given)
    for file in options.var_files:
        if not file.is_file():
            raise UsageError(f"the values file {file} does not exist")
    only = None
    start = given.resolve()
    if not start.is_dir():
        if not is_configuration(start.name):
            raise InputError(f"{given} is no Terraform configuration", "give a .tf file or a directory that holds some")
        start, only = start.parent, start.name
    with deep_recursion():
        return _Loader(start, options, only, effective).project()


class _Loader:
    """One load under way: every directory is read once."""

    def __init__(
        self, start: Path, options: LoadOptions, only: str | None, effective: EffectiveValue | None = None
    ) -> None:
        self.effective = effective
        self.start = start
        self.options = options
        self.only = only
        self.boundary = git_root(start) or start
        self.loaded: dict[Path, TerraformModule] = {}
        self.problems: list[SyntaxProblem] = []

    def load(self, directory: Path) -> TerraformModule:
        """The module in a directory, read at most once."""
        directory = directory.resolve()
        if directory not in self.loaded:
            shown = os.path.relpath(directory, self.start).replace(os.sep, "/")
            self.loaded[directory] = load_module(directory, "" if shown == "." else shown)
        return self.loaded[directory]

    def project(self) -> Project:
        unreadable: list[tuple[Path, str]] = []
        if self.only is not None:
            directories = [self.start]
        else:
            directories = list(dict.fromkeys(d.resolve() for d in module_directories(self.start, unreadable)))
        for directory, reason in unreadable:
            shown = os.path.relpath(directory, self.start).replace(os.sep, "/")
            self.problems.append(
                SyntaxProblem(f"this directory cannot be read: {reason}", Source(shown, "").span(0, 0))
            )
        modules = [self.load(directory) for directory in directories]
        calls: list[ModuleCall] = []
        blocks: list[InheritanceBlock] = []
        errors: list[EvaluationError] = []
        for module in self._roots(modules):
            root = _Root(self, module)
            calls += root.calls
            blocks += root.blocks
            errors += root.errors
        return self._finished(calls, blocks, errors)

    def _finished(
        self, calls: list[ModuleCall], blocks: list[InheritanceBlock], errors: list[EvaluationError]
    ) -> Project:
        problems = self.problems + [problem for module in self.loaded.values() for problem in module.problems]
        if self.only is not None:
            problems = [p for p in problems if p.span.path == self.only or p.span.path.endswith(".tfvars")]
            blocks = [block for block in blocks if block.span.path == self.only]
            calls = [call for call in calls if call.span.path == self.only]
        unique = {(p.span.order, p.message): p for p in problems}
        known = {(e.span.order, e.message): e for e in errors}
        return Project(
            start=self.start,
            modules=tuple(sorted(self.loaded.values(), key=lambda module: module.path)),
            calls=tuple(sorted(calls, key=lambda call: (call.span.order, call.address))),
            blocks=tuple(sorted(blocks, key=lambda block: (block.root, block.span.order, block.address))),
            problems=tuple(unique[key] for key in sorted(unique)),
            errors=tuple(known[key] for key in sorted(known)),
        )

    def _roots(self, modules: list[TerraformModule]) -> list[TerraformModule]:
        """Modules that no other one calls; if all call each other, all of them."""
        called: set[Path] = set()
        for module in modules:
            for block in module.calls.values():
                target = _local_target(module, block)
                if target is not None and target != module.directory:
                    called.add(target)
        roots = [module for module in modules if module.directory not in called]
        return roots or modules


def _local_target(module: TerraformModule, block: nodes.Block) -> Path | None:
    source = argument(block, "source")
    if source is None or not isinstance(source.expression, nodes.Template):
        return None
    text = "".join(part for part in source.expression.parts if isinstance(part, str))
    return (module.directory / text).resolve() if text.startswith(("./", "../", ".")) else None


class _Root:
    """One root module, walked once without a workspace and once for each that matters."""

    def __init__(self, loader: _Loader, module: TerraformModule) -> None:
        self.loader = loader
        self.module = module
        self.given: GivenValues = given_values(
            module.directory, module.path, loader.options.var_files, loader.options.environment
        )
        loader.problems += self.given.problems
        self.walks: dict[str | None, Walk] = {}
        first = self.walk(None)
        self.calls = first.calls
        self.blocks = [self._block(found) for found in first.found]
        seen = {(e.span.order, e.message): e for walk in self.walks.values() for e in walk.world.problems}
        self.errors = list(seen.values())

    def walk(self, workspace: str | None) -> Walk:
        """The walk in which `terraform.workspace` has this value."""
        if workspace not in self.walks:
            world = World(self.module.directory, self.loader.boundary, self.loader.load, workspace)
            walk = Walk(world, self.module.path, self.loader.options.assumed_version)
            world.outputs = _Outputs(walk, self.loader.effective)
            self.walks[workspace] = walk
            walk.visit(ModuleInstance(world, self.module, values=self.given.values))
        return self.walks[workspace]

    def _block(self, found: Candidate) -> InheritanceBlock:
        if not found.touched:
            names = tuple(found.configuration.items)
            return _assembled(self.module.path, found, names, dict.fromkeys(names, found))
        seen: dict[str, Candidate] = {}
        for workspace in self._workspaces():
            other = next((c for c in self.walk(workspace).found if c.address == found.address), None)
            if other is not None and workspace in other.configuration.items:
                seen[workspace] = other
        return _assembled(self.module.path, found, tuple(seen), seen)

    def _workspaces(self) -> tuple[str, ...]:
        """Names of environments that are written anywhere in this root module."""
        names: dict[str, None] = {}
        for found in self.walks[None].found:
            names.update(dict.fromkeys(found.configuration.items))
            given = argument(found.instance.module.calls[found.call], "configuration")
            if given is not None and isinstance(given.expression, nodes.Object):
                names.update(dict.fromkeys(_literal_keys(given.expression)))
        # With one name or none, nothing is left to stand for the other workspaces.
        return tuple(names) if len(names) > 1 else (*names, ANY_WORKSPACE)


@dataclass(frozen=True, slots=True)
class _Outputs:
    """Outputs of Kubestack modules that are static.

    `current_config` is the effective configuration of the workspace at hand,
    `merged` of common/configuration that of every environment.
    """

    walk: Walk
    effective: EffectiveValue | None

    def __call__(self, instance: ModuleInstance, call: str, name: str, span: Span) -> Value | None:
        if name not in ("current_config", "merged") or self.effective is None:
            return None
        world = self.walk.world
        found = self.walk.probe(instance, call)
        if found is None or not found.definition.typed or not isinstance(found.configuration.data, dict):
            return None
        if name == "current_config" and found.source.kind == "local":
            # A copy says itself what it puts out; its own code is evaluated.
            return None
        names = tuple(found.configuration.items)
        block = _assembled(self.walk.root, found, names, dict.fromkeys(names, found))
        if name == "merged":
            merged = {key: self.effective(block, key) for key in names}
            known = {key: value for key, value in merged.items() if value is not None}
            return (
                object_of(known, span)
                if found.definition.kind == "configuration" and known.keys() == merged.keys()
                else None
            )
        world.touched = True
        if world.workspace is None:
            return unknown("it depends on the workspace", span=span)
        return self.effective(block, world.workspace) if world.workspace in names else None


def _literal_keys(expression: nodes.Object) -> list[str]:
    keys: list[str] = []
    for item in expression.items:
        if item.bare is not None:
            keys.append(item.bare)
        elif isinstance(item.key, nodes.Template) and len(item.key.parts) == 1 and isinstance(item.key.parts[0], str):
            keys.append(item.key.parts[0])
    return keys


def _assembled(root: str, found: Candidate, names: tuple[str, ...], seen: Mapping[str, Candidate]) -> InheritanceBlock:
    configurations = {name: seen[name].configuration for name in names} or {"": found.configuration}
    return InheritanceBlock(
        address=found.address,
        root=root,
        definition=found.definition,
        source=found.source,
        span=found.span,
        configuration_span=found.configuration_span,
        base_span=found.base_span,
        environments=names,
        configurations=configurations,
        bases={name: seen[name].base for name in names} or {"": found.base},
        computed=found.touched,
        chain=found.chain,
        note=found.note or found.definition.note,
    )
