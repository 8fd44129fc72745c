"""A version of terraform-kubestack, read from a git checkout into the shape of facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse
from kubestack_schemas.declared import argument, configuration
from kubestack_schemas.expressions import Read, reads, string
from kubestack_schemas.facts import Facts, Json
from kubestack_schemas.formats import formats
from kubestack_schemas.git import Checkout
from kubestack_schemas.merges import merge_generations
from kubestack_schemas.preconditions import preconditions
from kubestack_schemas.types import UNTYPED, flatten

_NOT_MODULES = {"_modules", "tests", "quickstart"}


@dataclass(frozen=True, slots=True)
class Module:
    """All blocks of all files of one module."""

    blocks: tuple[nodes.Block, ...]

    def labelled(self, block_type: str) -> dict[str, nodes.Block]:
        """Blocks of a type by their first label."""
        return {block.labels[0]: block for block in self.blocks if block.type == block_type}

    def local_values(self) -> dict[str, nodes.Expression]:
        """Every local value by name."""
        locals_blocks = [block for block in self.blocks if block.type == "locals"]
        arguments = (block.body.arguments for block in locals_blocks)
        return {name: one.expression for given in arguments for name, one in given.items()}

    def expressions(self) -> Iterator[nodes.Expression]:
        """The expression of every argument, at any depth."""
        return _expressions(self.blocks)


def read_version(checkout: Checkout, ref: str, version: str) -> Json:
    """All modules at a ref, with or without a configuration, and the ref's merge generation."""
    generation = merge_generations(checkout, [ref])[ref]
    modules: Json = {}
    for folder, paths in _folders(checkout.files(ref)).items():
        module = _parse(checkout, ref, paths)
        if module.labelled("variable"):
            _check_pinned_merge(checkout, module, folder, generation)
            modules[folder] = _variant(module)
    return {"version": version, "merge": generation, "modules": modules}


def with_recorded(read: Json, facts: Facts) -> Json:
    """What was read, plus `passed_to`, which is recorded by hand, of the same version."""
    for path, variant in read["modules"].items():
        recorded = facts.modules.get(path, {}).get(read["version"], {})
        specs = dict(flatten(recorded.get("attributes", {})))
        for name, spec in flatten(variant.get("attributes", {})):
            if "passed_to" in specs.get(name, {}):
                spec["passed_to"] = specs[name]["passed_to"]
    return read


def _folders(files: Iterable[str]) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = {}
    for file in files:
        path = PurePosixPath(file)
        if path.suffix == ".tf" and not _NOT_MODULES.intersection(path.parts):
            folders.setdefault(str(path.parent), []).append(file)
    return folders


def _parse(checkout: Checkout, ref: str, paths: Iterable[str]) -> Module:
    bodies = [parse(Source(path, checkout.text(ref, path))) for path in paths]
    return Module(tuple(block for body in bodies for block in body.blocks))


def _check_pinned_merge(checkout: Checkout, module: Module, folder: str, generation: str) -> None:
    """A module may pin common/configuration to another ref, if that merges in the same way."""
    call = module.labelled("module").get("configuration")
    source = (string(call.body.arguments["source"].expression) if call else None) or ""
    pinned = source.partition("?ref=")[2]
    if pinned and merge_generations(checkout, [pinned])[pinned] != generation:
        raise ValueError(f"{folder} pins {source}, which merges differently from its own {generation}")


def _variant(module: Module) -> Json:
    variables = module.labelled("variable")
    inherited = variables.pop("configuration", None)
    return {
        **(_configuration(module, inherited) if inherited else {}),
        "other_arguments": {name: argument(block) for name, block in variables.items()},
        "outputs": sorted(module.labelled("output")),
    }


def _configuration(module: Module, block: nodes.Block) -> Json:
    variant = configuration(block)
    found = [read for expression in module.expressions() for read in reads(expression)]
    if variant["configuration_type"] == "map(object)":
        _annotate(variant["attributes"], found, preconditions(module.blocks))
    elif variant["configuration_type"] in {"map(map(string))", UNTYPED} and found:
        variant["attributes"] = _strings(found)
    attributes = dict(flatten(variant.get("attributes", {})))
    for path, form in formats(module.expressions(), module.local_values()).items():
        if path in attributes:
            attributes[path]["format"] = form
    return variant


def _strings(found: Iterable[Read]) -> Json:
    """Attributes of a map(map(string)) configuration: those that the module reads."""
    attributes: Json = {}
    for read in found:
        spec = attributes.setdefault(read.path[0], {"type": "string"})
        if read.default is None:
            spec["required"] = True
        else:
            spec.setdefault("default", read.default)
    return attributes


def _annotate(attributes: Json, found: Iterable[Read], required: dict[str, Json]) -> None:
    """Adds to declared attributes what the module does with them."""
    used = {read.path for read in found}
    defaults: dict[tuple[str, ...], str] = {}
    for read in found:
        if read.default not in (None, "null"):
            defaults.setdefault(read.path, str(read.default))
    for name, spec in flatten(attributes):
        path = tuple(name.replace("[]", "").split("."))
        if path in defaults:
            spec["module_default"] = defaults[path]
        if name in required:
            spec["required"] = required[name]
        if not any(path[: len(one)] == one[: len(path)] for one in used):
            spec["never_read"] = True


def _expressions(blocks: Iterable[nodes.Block]) -> Iterator[nodes.Expression]:
    for block in blocks:
        yield from (given.expression for given in block.body.arguments.values())
        yield from _expressions(block.body.blocks)
