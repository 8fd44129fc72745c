"""A path on disk → a Project: everything that the engine and the rules look at."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from kubestack_lint.errors import InputError, SyntaxProblem, UsageError
from kubestack_lint.limits import deep_recursion
from kubestack_lint.project.blocks import Candidate, InheritanceBlock, ModuleCall, assembled
from kubestack_lint.project.copies import is_copy
from kubestack_lint.project.discovery import git_root, is_configuration, module_directories
from kubestack_lint.project.environments import Environments
from kubestack_lint.project.instance import ModuleInstance
from kubestack_lint.project.module import TerraformModule, argument, load_module
from kubestack_lint.project.outputs import EffectiveValue, KubestackOutputs
from kubestack_lint.project.variables import GivenValues, given_values
from kubestack_lint.project.walk import Walk
from kubestack_lint.project.workspaces import named_workspaces
from kubestack_lint.project.world import ANY_WORKSPACE, Problems, World
from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes
from kubestack_lint.values.evaluate import EvaluationError


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What a caller may choose when reading a project.

    `var_files` are read after all others, as -var-file is. `assumed_version`
    stands for refs that we do not know. `environment` gives TF_VAR_ values;
    empty unless asked for, so that a run does not depend on the machine.
    `texts` stand for the content of configuration files, by resolved path.
    `secrets` are globs of more names whose values no report may show.
    """

    var_files: tuple[Path, ...] = ()
    assumed_version: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[Path, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """A directory as the engine sees it.

    `problems` are files that could not be read, `errors` expressions that
    Terraform refuses; both with places. `uncalled` are copies of Kubestack's
    modules that nothing calls, and that are not looked into. `start` is the
    directory that reported paths are relative to. `environments` is what the
    configuration of kslint says about them.
    """

    start: Path
    modules: tuple[TerraformModule, ...] = ()
    calls: tuple[ModuleCall, ...] = ()
    blocks: tuple[InheritanceBlock, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()
    errors: tuple[EvaluationError, ...] = ()
    uncalled: tuple[TerraformModule, ...] = ()
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
        self.uncalled: tuple[TerraformModule, ...] = ()

    def load(self, directory: Path) -> TerraformModule:
        """The module in a directory, read at most once."""
        directory = directory.resolve()
        if directory not in self.loaded:
            shown = os.path.relpath(directory, self.start).replace(os.sep, "/")
            self.loaded[directory] = load_module(directory, "" if shown == "." else shown, self.options.texts)
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
        return Project(
            start=self.start,
            modules=tuple(sorted(self.loaded.values(), key=lambda module: module.path)),
            calls=tuple(sorted(calls, key=lambda call: (call.span.order, call.address))),
            blocks=tuple(sorted(blocks, key=lambda block: (block.root, block.span.order, block.address))),
            uncalled=self.uncalled,
            problems=tuple(unique[key] for key in sorted(unique)),
            errors=tuple(Problems(errors)),
        )

    def _roots(self, modules: list[TerraformModule]) -> list[TerraformModule]:
        """Modules that no other one calls; if all call each other, all of them.

        Copies of Kubestack's modules are none, unless the run is about one of
        them or nothing else is there.
        """
        called: set[Path] = set()
        for module in modules:
            for block in module.calls.values():
                target = _local_target(module, block)
                if target is not None and target != module.directory:
                    called.add(target)
        roots = [module for module in modules if module.directory not in called] or modules
        copies = [module for module in roots if self._is_uncalled_copy(module)]
        own = [module for module in roots if module not in copies]
        if not any(module.calls for module in own):
            return roots
        self.uncalled = tuple(copies)
        return own

    def _is_uncalled_copy(self, module: TerraformModule) -> bool:
        if module.directory == self.start or not is_copy(module):
            return False
        given = given_values(module.directory, module.path, self.options.var_files, self.options.environment)
        return "configuration" not in given.values and not given.problems


def _local_target(module: TerraformModule, block: nodes.Block) -> Path | None:
    source = argument(block, "source")
    if source is None or not isinstance(source.expression, nodes.Template):
        return None
    text = "".join(part for part in source.expression.parts if isinstance(part, str))
    return Path(os.path.normpath(module.directory / text)).resolve() if text.startswith(".") else None


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
        self.blocks = list(self._fixed())
        if first.varies:
            self.blocks += self._varying()
        # What only a name that nobody uses brings about is no error of the configuration.
        named = [walk for name, walk in self.walks.items() if name != ANY_WORKSPACE]
        self.errors = [error for walk in named for error in walk.world.problems]

    def walk(self, workspace: str | None) -> Walk:
        """The walk in which `terraform.workspace` has this value."""
        if workspace not in self.walks:
            world = World(self.module.directory, self.loader.boundary, self.loader.load, workspace)
            walk = Walk(world, self.module.path, self.loader.options.assumed_version)
            world.calls = KubestackOutputs(walk, self.loader.effective)
            world.start = self.loader.start
            self.walks[workspace] = walk
            walk.visit(ModuleInstance(world, self.module, values=self.given.values))
        return self.walks[workspace]

    def _fixed(self) -> Iterator[InheritanceBlock]:
        """Blocks that every workspace has, whatever is in them."""
        fixed = [found for found in self.walk(None).found if found.varies is None]
        asked = self.workspaces if any(found.touched for found in fixed) else ()
        views = {name: {found.address: found for found in self.walk(name).found} for name in asked}
        for found in fixed:
            seen = dict.fromkeys(found.configuration.items, found)
            if found.touched:
                others = {name: view.get(found.address) for name, view in views.items()}
                seen = {name: other for name, other in others.items() if other and name in other.configuration.items}
            yield assembled(self.module.path, found, seen)

    def _varying(self) -> Iterator[InheritanceBlock]:
        """Blocks of which different workspaces make different instances."""
        fixed = {found.address for found in self.walk(None).found if found.varies is None}
        made: dict[tuple[str, ...], dict[str, dict[str, Candidate]]] = {}
        for workspace in self.workspaces:
            for found in self.walk(workspace).found:
                if found.address not in fixed and not self._is_nowhere(workspace, found):
                    made.setdefault(found.calls, {}).setdefault(found.address, {})[workspace] = found
        places = {found.calls: found.varies for found in self.walk(None).found if found.varies is not None}
        for calls, addresses in made.items():
            everywhere = dict.fromkeys(
                name for group in addresses.values() for found in group.values() for name in found.configuration.items
            )
            for group in addresses.values():
                found = next(iter(group.values()))
                seen = {name: other for name, other in group.items() if name in other.configuration.items}
                place = places.get(calls, found.span)
                absent = {name: place for name in self.workspaces if name in everywhere and name not in group}
                yield replace(assembled(self.module.path, found, seen), computed=True, conditional=True, absent=absent)

    def _is_nowhere(self, workspace: str, found: Candidate) -> bool:
        """True for an instance that only a workspace makes which is no environment."""
        items = found.configuration.data
        return workspace == ANY_WORKSPACE != self.workspaces[0] and isinstance(items, dict) and workspace not in items

    @cached_property
    def workspaces(self) -> tuple[str, ...]:
        """Names of environments that are written anywhere in this root module."""
        names: dict[str, None] = {}
        for found in self.walk(None).found:
            names.update(dict.fromkeys(found.configuration.items))
            given = argument(found.instance.module.calls[found.calls[-1]], "configuration")
            if given is not None and isinstance(given.expression, nodes.Object):
                names.update(dict.fromkeys(_literal_keys(given.expression)))
        if not names:
            names.update(dict.fromkeys(named_workspaces(self.walk(None).instances)))
        # With one name or none, nothing is left to stand for the other workspaces.
        return tuple(names) if len(names) > 1 else (*names, ANY_WORKSPACE)


def _literal_keys(expression: nodes.Object) -> list[str]:
    keys: list[str] = []
    for item in expression.items:
        if item.bare is not None:
            keys.append(item.bare)
        elif isinstance(item.key, nodes.Template) and len(item.key.parts) == 1 and isinstance(item.key.parts[0], str):
            keys.append(item.key.parts[0])
    return keys
