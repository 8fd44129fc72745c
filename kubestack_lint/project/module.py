"""One directory of configuration: its files, read and joined as Terraform joins them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.project.discovery import SUFFIXES, git_root, is_configuration, is_directory
from kubestack_lint.source import Source
from kubestack_lint.syntax import nodes, parse
from kubestack_lint.syntax.jsonbody import parse_json_body

# A configuration file beyond this is generated data; reading it would take
# longer than a gate may.
MAX_BYTES = 5_000_000

_Item = TypeVar("_Item", nodes.Block, nodes.Argument)


@dataclass(frozen=True, slots=True)
class TerraformModule:
    """The blocks of one directory by kind and name, with all that could not be read.

    `path` is the directory as reported. Later definitions of one name are
    Terraform errors and stand in `problems`.
    """

    directory: Path
    path: str
    variables: Mapping[str, nodes.Block] = field(default_factory=dict)
    locals: Mapping[str, nodes.Argument] = field(default_factory=dict)
    outputs: Mapping[str, nodes.Block] = field(default_factory=dict)
    calls: Mapping[str, nodes.Block] = field(default_factory=dict)
    resources: frozenset[tuple[str, str]] = frozenset()
    sources: tuple[Source, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()

    @property
    def complete(self) -> bool:
        """False when something could not be read, so that names may be missing."""
        return not self.problems


def read_source(path: Path, shown: str) -> Source:
    """Read a file as UTF-8. Raises SyntaxProblem, placed at the bytes that are wrong."""
    empty = Source(shown, "")
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            # A pipe or a device: reading it might never end.
            raise SyntaxProblem("this file cannot be read: it is no regular file", empty.span(0, 0))
        if status.st_size > MAX_BYTES:
            size = status.st_size / 1_000_000
            raise SyntaxProblem(
                f"this file is {size:.1f} MB; kslint reads configuration files up to {MAX_BYTES // 1_000_000} MB",
                empty.span(0, 0),
                "keep data of this size out of configuration files",
            )
        data = path.read_bytes()
    except OSError as error:
        raise SyntaxProblem(f"this file cannot be read: {error.strerror}", empty.span(0, 0)) from error
    try:
        return Source(shown, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        source = Source(shown, data.decode("utf-8", "replace"))
        offset = len(data[: error.start].decode("utf-8"))
        raise SyntaxProblem(
            "this file is not UTF-8 from here on", source.span(offset, offset + 1), "save it as UTF-8"
        ) from error


def unshown(problem: SyntaxProblem, path: Path) -> SyntaxProblem:
    """The problem without the text around it, where the file is a link that leads out of the repository.

    Whoever proposes a change could have the report show any file of the machine, and its environment.
    """
    root = git_root(path.parent.resolve()) if path.is_symlink() else None
    if root is None or path.resolve().is_relative_to(root):
        return problem
    message = "this file is a link that leads out of the repository to something that is no valid configuration"
    return SyntaxProblem(message, Source(problem.span.path, "").span(0, 0), "put the file into the repository")


def configuration_files(directory: Path) -> list[str]:
    """Names of the files that belong to the module, in the order they are joined.

    A `.tofu` file replaces the `.tf` file of the same name, and `.tofu.json`
    that of `.tf.json`, as OpenTofu has it; override files come last.
    """
    # A link that leads nowhere stays in: Terraform refuses it, and so does reading it.
    names = [entry.name for entry in os.scandir(directory) if is_configuration(entry.name) and not is_directory(entry)]
    chosen = [name for name in names if name == (other := _for_tofu(name)) or other not in names]
    return sorted(chosen, key=lambda name: (_is_override(name), name))


def _for_tofu(name: str) -> str:
    """The name under which OpenTofu prefers a file."""
    stem, suffix = _parted(name)
    return stem + suffix.replace(".tf", ".tofu")


def _is_override(name: str) -> bool:
    stem, _ = _parted(name)
    return stem == "override" or stem.endswith("_override")


def _parted(name: str) -> tuple[str, str]:
    """A file name without its suffix, and the suffix."""
    suffix = next(suffix for suffix in SUFFIXES if name.endswith(suffix))
    return name.removesuffix(suffix), suffix


def load_module(directory: Path, path: str, texts: Mapping[Path, str] | None = None) -> TerraformModule:
    """Read every file of a directory; what cannot be read becomes a problem, the rest goes on.

    `texts` stand for the content of files, by resolved path.
    """
    joined = _Joined()
    prefix = "" if path in ("", ".") else f"{path}/"
    for name in configuration_files(directory):
        try:
            given = texts.get((directory / name).resolve()) if texts else None
            source = Source(prefix + name, given) if given is not None else read_source(directory / name, prefix + name)
            joined.sources.append(source)
            body = parse_json_body(source) if name.endswith(".json") else parse(source)
        except SyntaxProblem as problem:
            joined.problems.append(unshown(problem, directory / name))
            continue
        joined.add(body, override=_is_override(name))
    return TerraformModule(
        directory,
        path,
        joined.variables,
        joined.locals,
        joined.outputs,
        joined.calls,
        frozenset(joined.resources),
        tuple(joined.sources),
        tuple(joined.problems),
    )


@dataclass(slots=True)
class _Joined:
    variables: dict[str, nodes.Block] = field(default_factory=dict)
    locals: dict[str, nodes.Argument] = field(default_factory=dict)
    outputs: dict[str, nodes.Block] = field(default_factory=dict)
    calls: dict[str, nodes.Block] = field(default_factory=dict)
    resources: set[tuple[str, str]] = field(default_factory=set)
    sources: list[Source] = field(default_factory=list)
    problems: list[SyntaxProblem] = field(default_factory=list)

    def add(self, body: nodes.Body, override: bool) -> None:
        for block in body.blocks:
            if block.type == "locals":
                for name, argument in block.body.arguments.items():
                    self._define("local", self.locals, name, argument, override)
            elif block.type in ("resource", "data", "ephemeral") and len(block.labels) == 2:
                prefix = "" if block.type == "resource" else f"{block.type}."
                self.resources.add((prefix + block.labels[0], block.labels[1]))
            else:
                table = {"variable": self.variables, "output": self.outputs, "module": self.calls}.get(block.type)
                if table is not None and len(block.labels) == 1:
                    self._block(table, block, override)

    def _block(self, table: dict[str, nodes.Block], block: nodes.Block, override: bool) -> None:
        self._refuse(block, override)
        name = block.labels[0]
        earlier = table.get(name)
        if override and earlier is not None:
            table[name] = _merged(earlier, block)
        else:
            self._define(block.type, table, name, block, override)

    def _refuse(self, block: nodes.Block, override: bool) -> None:
        """What Terraform does not take in one block, whatever the values are."""
        given = block.body.arguments
        if block.type == "module" and "count" in given and "for_each" in given:
            later = max(given["count"].name_span, given["for_each"].name_span, key=lambda span: span.start)
            self.problems.append(
                SyntaxProblem("count and for_each exclude each other in one call", later, "remove one of them")
            )
        for validation in nested(block, "validation") if override else ():
            self.problems.append(
                SyntaxProblem(
                    f'an override file cannot hold validations, as this one of variable "{block.labels[0]}"',
                    validation.header,
                    "write it where the variable is declared",
                )
            )

    def _define(self, what: str, table: dict[str, _Item], name: str, item: _Item, override: bool) -> None:
        earlier = table.get(name)
        place = item.header if isinstance(item, nodes.Block) else item.name_span
        if earlier is None and override:
            self.problems.append(
                SyntaxProblem(
                    f'there is no {what} "{name}" that this file could override',
                    place,
                    "an override file only changes what another file of the directory defines",
                )
            )
        if earlier is not None and not override:
            self.problems.append(
                SyntaxProblem(
                    f'{what} "{name}" is already defined at {earlier.span.path}:{earlier.span.line}',
                    place,
                    "Terraform refuses two of one name; rename or remove one",
                )
            )
            return
        table[name] = item


def _merged(base: nodes.Block, over: nodes.Block) -> nodes.Block:
    """An override file replaces arguments one by one, and nested blocks by their type."""
    types = {block.type for block in over.body.blocks}
    kept = tuple(block for block in base.body.blocks if block.type not in types)
    body = nodes.Body({**base.body.arguments, **over.body.arguments}, kept + over.body.blocks)
    return base._replace(body=body, parts=(*(base.parts or (base,)), over))


def argument(block: nodes.Block, name: str) -> nodes.Argument | None:
    """An argument of a block by name."""
    return block.body.arguments.get(name)


def nested(block: nodes.Block, kind: str) -> Iterator[nodes.Block]:
    """Nested blocks of one type, such as the `validation` blocks of a variable."""
    return (inner for inner in block.body.blocks if inner.type == kind)
