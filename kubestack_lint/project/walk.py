"""From a root module through its calls, to every Kubestack call below it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from kubestack_lint.catalog import (
    ModuleDefinition,
    ModuleSource,
    definition,
    known_modules,
    parse_source,
    resolve_version,
    untyped,
)
from kubestack_lint.catalog.versions import newest_merge
from kubestack_lint.project.arguments import Arguments
from kubestack_lint.project.blocks import Candidate, ModuleCall, candidate
from kubestack_lint.project.copies import copied_definition, known_path, variable_declares
from kubestack_lint.project.downloads import downloaded_directory
from kubestack_lint.project.expansion import Each, Touch
from kubestack_lint.project.inputs import check_inputs
from kubestack_lint.project.instance import ModuleInstance
from kubestack_lint.project.module import TerraformModule, argument
from kubestack_lint.project.world import World
from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values.evaluate import EvaluationError, evaluate
from kubestack_lint.values.types import DYNAMIC

# A bound keeps modules that call each other in doubling trees from taking all
# time and memory.
MAX_INSTANCES_IN_ALL = 5000
MAX_DEPTH = 20


@dataclass(slots=True)
class Walk:
    """One walk from one root module, for one workspace.

    `instances` are the modules that were visited. `varies` says that there is
    a for_each or count which asks for the workspace.
    """

    world: World
    root: str
    assumed: str | None
    calls: list[ModuleCall] = field(default_factory=list)
    found: list[Candidate] = field(default_factory=list)
    instances: list[ModuleInstance] = field(default_factory=list)
    varies: bool = False
    probed: dict[str, Candidate | None] = field(default_factory=dict)

    def visit(self, instance: ModuleInstance) -> None:
        """Find the Kubestack calls of a module and of the local modules it calls."""
        self.instances.append(instance)
        check_inputs(instance)
        for name, block in sorted(instance.module.calls.items(), key=lambda item: item[1].span.order):
            source_argument = argument(block, "source")
            source, source_span = self._source(instance, block, source_argument)
            version = self._version(instance, block)
            for each in instance.instances(name):
                self.varies = self.varies or each.varies is not None
                address = _address(instance, name, each)
                pinned = source is None or source.kind not in ("framework",) or source.ref is not None
                self.calls.append(
                    ModuleCall(
                        address, self.root, source, source_span, block.header, instance.module.path, pinned, version
                    )
                )
                if source is not None:
                    self._call(instance, block, address, each, source, version)

    def probe(self, instance: ModuleInstance, call: str, each: Each) -> Candidate | None:
        """One instance of a Kubestack call in a module, evaluated out of turn, once; None where it is none."""
        address = _address(instance, call, each)
        if address not in self.probed:
            self.probed[address] = self._probe(instance, call, each)
        found = self.probed[address]
        if found is not None and found.touched:
            # What the cluster's own expressions ask is said there.
            self.world.touched |= Touch.CLUSTER
        return found

    def _probe(self, instance: ModuleInstance, call: str, each: Each) -> Candidate | None:
        block = instance.module.calls[call]
        source, _ = self._source(instance, block, argument(block, "source"))
        if source is None or source.kind == "other":
            return None
        if source.kind == "local":
            module = self._module(instance.module.directory / source.path)
            if module is None or self._copied(module, source) is None:
                return None
        apart = replace(self, found=[], calls=[], instances=[])
        address = _address(instance, call, each)
        apart._call(instance, block, address, each, source, self._version(instance, block))
        return next((found for found in apart.found if found.address == address), None)

    def _source(
        self, instance: ModuleInstance, block: nodes.Block, given: nodes.Argument | None
    ) -> tuple[ModuleSource | None, Span]:
        if given is None:
            return None, block.header
        try:
            value = evaluate(given.expression, instance.scope())
        except EvaluationError as error:
            instance.world.problem(error)
            return None, given.expression.span
        return (parse_source(value.data) if isinstance(value.data, str) else None), given.expression.span

    def _version(self, instance: ModuleInstance, block: nodes.Block) -> str | None:
        given = argument(block, "version")
        if given is None:
            return None
        try:
            value = evaluate(given.expression, instance.scope())
        except EvaluationError:
            return None
        return value.data if isinstance(value.data, str) else None

    # -- one call ---------------------------------------------------------

    def _call(
        self,
        instance: ModuleInstance,
        block: nodes.Block,
        address: str,
        each: Each,
        source: ModuleSource,
        version: str | None,
    ) -> None:
        if source.kind == "local":
            self._local(instance, block, address, each, source)
            return
        if source.kind in ("framework", "catalog"):
            found, note = self._known(instance, block, source, version)
            if found is not None:
                self._add(candidate(instance, block, address, each, found, source, note))
                return
        downloaded = self._downloaded(instance, block) if source.kind == "other" else None
        if downloaded is not None and "configuration" in downloaded.variables:
            self._read_module(instance, block, address, each, source, downloaded)
        else:
            self._unfamiliar(instance, block, address, each, source)

    def _read_module(
        self,
        instance: ModuleInstance,
        block: nodes.Block,
        address: str,
        each: Each,
        source: ModuleSource,
        module: TerraformModule,
    ) -> None:
        """A module whose code we can see: what it declares counts, however it merges."""
        found = self._copied(module, source)
        if found is not None:
            self._add(candidate(instance, block, address, each, found, source, found.note))
            return
        kind = variable_declares(module.variables["configuration"])
        plain = replace(untyped(source.path, "", newest_merge()), type=kind, typed=kind != DYNAMIC)
        self._unfamiliar(instance, block, address, each, source, plain)

    def _known(
        self, instance: ModuleInstance, block: nodes.Block, source: ModuleSource, version: str | None
    ) -> tuple[ModuleDefinition | None, str]:
        if source.kind == "catalog":
            return definition(source.path, version or "", ""), ""
        resolved = resolve_version(source.ref, self.assumed)
        found = definition(source.path, resolved.name, resolved.merge)
        if (resolved.note or not resolved.pinned) and found is not None:
            # What terraform init downloaded is surer than an assumption.
            downloaded = self._downloaded(instance, block)
            if downloaded is not None:
                real = self.local_definition(downloaded, source.path)
                if real is not None:
                    return replace(real, version=source.ref, renames=found.renames), ""
        if found is None and source.path in known_modules():
            where = f"{source.path} does not exist at {resolved.name}"
            return untyped(source.path, where, resolved.merge), resolved.note or where
        return found, resolved.note

    def _unfamiliar(
        self,
        instance: ModuleInstance,
        block: nodes.Block,
        address: str,
        each: Each,
        source: ModuleSource,
        plain: ModuleDefinition | None = None,
    ) -> None:
        """A source that we cannot look into counts when its configuration looks like Kubestack's."""
        note = f"{source.text} is no module that kslint knows; its attributes are not checked"
        found = candidate(instance, block, address, each, plain or untyped(source.path, note), source, note)
        if found is None or not isinstance(found.configuration.data, dict):
            return
        environments = found.configuration.data
        if found.base.data in environments and all(isinstance(item.data, dict) for item in environments.values()):
            self._add(found)

    def _downloaded(self, instance: ModuleInstance, block: nodes.Block) -> TerraformModule | None:
        """What terraform init downloaded for a call, of which all instances have the same."""
        directory = downloaded_directory(self.world.root, (*instance.calls, block.labels[0]))
        return None if directory is None else self._module(directory)

    def _module(self, directory: Path) -> TerraformModule | None:
        try:
            # As Terraform does it: first the dots in the path, then links.
            real = Path(os.path.normpath(directory)).resolve()
            if not real.is_dir() or not real.is_relative_to(self.world.boundary):
                return None
            return self.world.load(real)
        except OSError:
            return None

    def _add(self, found: Candidate | None) -> bool:
        if found is not None:
            self.found.append(found)
        return found is not None

    # -- local modules ----------------------------------------------------

    def child(self, instance: ModuleInstance, call: str, each: Each) -> ModuleInstance | None:
        """The local module that a call leads to; None for any other, and for one that leads back up."""
        block = instance.module.calls[call]
        source, _ = self._source(instance, block, argument(block, "source"))
        if source is None or source.kind != "local" or len(instance.above) >= MAX_DEPTH:
            return None
        module = self._module(instance.module.directory / source.path)
        above = (*instance.above, instance.module.directory)
        if module is None or module.directory in above:
            return None
        self.world.instances += 1
        if self.world.instances > MAX_INSTANCES_IN_ALL:
            message = f"there are more than the {MAX_INSTANCES_IN_ALL} module instances that kslint looks at"
            self.world.problem(EvaluationError(message, block.header))
            return None
        return ModuleInstance(
            self.world,
            module,
            _address(instance, call, each),
            Arguments(instance, block, each, module),
            (*instance.chain, block.header),
            calls=(*instance.calls, call),
            above=above,
            varies=instance.varies or each.varies,
        )

    def _local(
        self,
        instance: ModuleInstance,
        block: nodes.Block,
        address: str,
        each: Each,
        source: ModuleSource,
    ) -> None:
        module = self._module(instance.module.directory / source.path)
        if module is None:
            self._unfamiliar(instance, block, address, each, source)
            return
        if self._copied(module, source) is not None:
            self._read_module(instance, block, address, each, source, module)
            return
        before = len(self.found)
        child = instance.child(block.labels[0], each)
        if child is not None:
            self.visit(child)
        if len(self.found) == before and "configuration" in module.variables:
            self._read_module(instance, block, address, each, source, module)

    def _copied(self, module: TerraformModule, source: ModuleSource) -> ModuleDefinition | None:
        return self.local_definition(module, known_path(module.directory) or source.path)

    def local_definition(self, module: TerraformModule, path: str) -> ModuleDefinition | None:
        """What a copy of a Kubestack module declares and how it merges; None for any other module."""
        return copied_definition(module, path, self._module, self.assumed)


def _address(instance: ModuleInstance, call: str, each: Each) -> str:
    return f"{instance.address}.module.{call}{each.suffix}".lstrip(".")
