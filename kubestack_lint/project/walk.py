"""From a root module through its calls, to every Kubestack call below it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha1
from pathlib import Path
from typing import Any

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
from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.project.blocks import Candidate, ModuleCall, candidate
from kubestack_lint.project.expansion import Each
from kubestack_lint.project.instance import ModuleInstance, World
from kubestack_lint.project.module import TerraformModule, argument
from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values.declared import variable_type
from kubestack_lint.values.evaluate import EvaluationError, evaluate
from kubestack_lint.values.types import DYNAMIC, Type
from kubestack_lint.values.value import Value

# Blob hashes of common/configuration/outputs.tf, by which a vendored copy
# tells its generation.
_BLOBS = {
    "81761d83": "L2",
    "0f9445ef": "L3",
    "6e4d14a6": "L4",
    "37695c95": "L5",
    "010c38a3": "L6",
}
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

    def visit(self, instance: ModuleInstance) -> None:
        """Find the Kubestack calls of a module and of the local modules it calls."""
        self.instances.append(instance)
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
        """One instance of a Kubestack call in a module, evaluated out of turn; None where it is none."""
        block = instance.module.calls[call]
        source, _ = self._source(instance, block, argument(block, "source"))
        if source is None or source.kind == "other":
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
            found, note = self._known(instance, address, source, version)
            if found is not None:
                self._add(candidate(instance, block, address, each, found, source, note))
                return
        downloaded = self._downloaded(address) if source.kind == "other" else None
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
        known_path = next((path for path in known_modules() if _ends_with(module.directory, path)), None)
        found = self.local_definition(module, known_path or source.path)
        if found is not None:
            self._add(candidate(instance, block, address, each, found, source, found.note))
            return
        kind = _variable_type(module.variables["configuration"])
        plain = replace(untyped(source.path, "", newest_merge()), type=kind, typed=kind != DYNAMIC)
        self._unfamiliar(instance, block, address, each, source, plain)

    def _known(
        self, instance: ModuleInstance, address: str, source: ModuleSource, version: str | None
    ) -> tuple[ModuleDefinition | None, str]:
        if source.kind == "catalog":
            return definition(source.path, version or "", ""), ""
        resolved = resolve_version(source.ref, self.assumed)
        found = definition(source.path, resolved.name, resolved.merge)
        if (resolved.note or not resolved.pinned) and found is not None:
            # What terraform init downloaded is surer than an assumption.
            downloaded = self._downloaded(address)
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

    def _downloaded(self, address: str) -> TerraformModule | None:
        key = address.removeprefix("module.").replace(".module.", ".")
        for entry in self._manifest.get("Modules", ()):
            if isinstance(entry, dict) and entry.get("Key") == key and isinstance(entry.get("Dir"), str):
                return self._module(self.world.root / entry["Dir"])
        return None

    @property
    def _manifest(self) -> dict[str, Any]:
        try:
            data = json.loads((self.world.root / ".terraform" / "modules" / "modules.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}

    def _module(self, directory: Path) -> TerraformModule | None:
        try:
            real = directory.resolve()
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
            _Arguments(instance, block, each, module),
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
        known_path = next((path for path in known_modules() if _ends_with(module.directory, path)), None)
        if self.local_definition(module, known_path or source.path) is not None:
            self._read_module(instance, block, address, each, source, module)
            return
        before = len(self.found)
        child = instance.child(block.labels[0], each)
        if child is not None:
            self.visit(child)
        if len(self.found) == before and "configuration" in module.variables:
            self._read_module(instance, block, address, each, source, module)

    def local_definition(self, module: TerraformModule, path: str) -> ModuleDefinition | None:
        """What a copy of a Kubestack module declares and how it merges; None for any other module."""
        variable = module.variables.get("configuration")
        if variable is None:
            return None
        merge, note = self._generation(module, path)
        if merge is None:
            return None
        base_argument = next((n for n in ("configuration_base_key", "base_key") if n in module.variables), "")
        template = definition(path, "master", merge) if path in known_modules() else None
        plain = template or untyped(path, "", merge)
        kind = _variable_type(variable)
        default = argument(variable, "default")
        return replace(
            plain,
            version=None,
            type=kind,
            merge=merge,
            base_key_argument=base_argument,
            base_key=_literal_default(module, base_argument, self.world) if base_argument else "apps",
            default=default.expression.span.text if default is not None else None,
            typed=kind != DYNAMIC,
            attributes=template.attributes if template is not None and kind == template.type else {},
            note=note,
        )

    def _generation(self, module: TerraformModule, path: str) -> tuple[str | None, str]:
        """The merge generation that a module's own code uses, and a note where that is assumed."""
        if _ends_with(module.directory, "common/configuration"):
            return _blob_generation(module)
        for block in module.calls.values():
            source_argument = argument(block, "source")
            given = argument(block, "configuration")
            if source_argument is None or given is None or given.expression.span.text != "var.configuration":
                continue
            literal = source_argument.expression
            if not isinstance(literal, nodes.Template) or not all(isinstance(part, str) for part in literal.parts):
                continue
            source = parse_source("".join(str(part) for part in literal.parts))
            if source.kind == "framework" and source.path == "common/configuration":
                resolved = resolve_version(source.ref, self.assumed)
                return resolved.merge, resolved.note
            if source.kind == "local" and source.path.endswith("common/configuration"):
                common = self._module(module.directory / source.path)
                if common is not None:
                    return _blob_generation(common)
        if path in known_modules():
            # Copies from before v0.9.3 merge inline, all in the same way.
            return "L1", "a copy of a module from before v0.9.3; merged as L1"
        return None, ""


def _blob_generation(module: TerraformModule) -> tuple[str, str]:
    try:
        data = (module.directory / "outputs.tf").read_bytes()
    except OSError:
        data = b""
    # Git's own name for the content, with whatever line endings it was stored.
    for content in (data, data.replace(b"\r\n", b"\n")):
        blob = sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()[:8]
        if blob in _BLOBS:
            return _BLOBS[blob], ""
    merge = newest_merge()
    return merge, f"its common/configuration is no version that kslint knows; merged as {merge}"


def _address(instance: ModuleInstance, call: str, each: Each) -> str:
    return f"{instance.address}.module.{call}{each.suffix}".lstrip(".")


def _ends_with(directory: Path, path: str) -> bool:
    parts = tuple(path.split("/"))
    return directory.parts[-len(parts) :] == parts


def _variable_type(block: nodes.Block) -> Type:
    declared = argument(block, "type")
    if declared is None:
        return DYNAMIC
    try:
        return variable_type(declared.expression)
    except SyntaxProblem:
        return DYNAMIC


def _literal_default(module: TerraformModule, name: str, world: World) -> str | None:
    default = argument(module.variables[name], "default")
    if default is None:
        return None
    try:
        value = evaluate(default.expression, ModuleInstance(world, module).scope())
    except EvaluationError:
        return None
    return value.data if isinstance(value.data, str) else None


class _Arguments(Mapping[str, Value]):
    """The arguments of a call, each evaluated when it is asked for."""

    def __init__(self, caller: ModuleInstance, block: nodes.Block, each: Each, module: TerraformModule) -> None:
        self.caller = caller
        self.block = block
        self.each = each
        self.module = module
        self.cache: dict[str, tuple[Value, bool]] = {}

    def __getitem__(self, name: str) -> Value:
        world = self.caller.world
        if name not in self.cache:
            given = self.block.body.arguments[name]
            before, world.touched = world.touched, False
            value = self.caller.evaluate(given.expression, self.each)
            self.cache[name] = (
                value.at(value.span or given.expression.span, value.key or given.name_span),
                world.touched,
            )
            world.touched = world.touched or before
        value, touched = self.cache[name]
        world.touched = world.touched or touched
        return value

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(name for name in self.block.body.arguments if name in self.module.variables)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names
