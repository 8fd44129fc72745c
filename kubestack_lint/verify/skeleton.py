"""A repository → the text of a copy without providers, resources and data, that says what every block is merged to."""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kubestack_lint.errors import SyntaxProblem
from kubestack_lint.project.module import TerraformModule, argument
from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.syntax.references import Reference, references
from kubestack_lint.verify.references import UNKNOWN
from kubestack_lint.verify.stubs import MERGED, Stub
from kubestack_lint.verify.terraform import TYPES, VALUES
from kubestack_lint.verify.text import Call, Page, reduced

# The copy of the repository; stubs lie beside it.
TREE = "tree"
_GIVEN = "kslint_given"
_STUB = "kslint_stub_"
_REPLAY = "kslint_replay.tf"
_SENSITIVE = "  sensitive = true\n"


class Site(NamedTuple):
    """A module call: the directory it is written in, as the calls lead there, and its name."""

    place: str
    name: str


@dataclass(frozen=True, slots=True)
class StubCall:
    """What to call in the place of a Kubestack module: a stub, in a directory beside the copy."""

    folder: str
    stub: Stub


def local_target(place: str, load: Callable[[str], TerraformModule | None], name: str) -> str | None:
    """The directory that a call leads to, past links, when its source is written out, local and was read."""
    module = load(place)
    block = module.calls.get(name) if module is not None else None
    source = argument(block, "source") if block is not None else None
    if source is None or not isinstance(source.expression, nodes.Template):
        return None
    parts = source.expression.parts
    text = str(parts[0]) if len(parts) == 1 and isinstance(parts[0], str) else ""
    if not text.startswith(("./", "../")) and text not in (".", ".."):
        return None
    target = posixpath.normpath(posixpath.join(place, text.split("?")[0]))
    found = None if target.startswith("..") else load(target)
    if found is None or module is None:
        return None
    # Terraform goes by the directory behind a link, which path.module tells.
    return posixpath.normpath(posixpath.join(place, os.path.relpath(found.directory, module.directory)))


@dataclass(slots=True)
class Skeleton:
    """The copy for one root module.

    `load` gives the module in a directory, `stubs` what stands for Kubestack's
    modules, `unset` are variables of the root module that have no value.
    `reads` are the places of everything that the copy keeps, `called` the
    calls of stubs, `linked` those of them whose outputs are read, and
    `missing` calls that had none although an output is read.
    """

    root: str
    load: Callable[[str], TerraformModule | None]
    stubs: Mapping[Site, StubCall]
    unset: frozenset[str] = frozenset()
    chosen: dict[str, set[str]] = field(default_factory=dict)
    kept: dict[Site, str] = field(default_factory=dict)
    locals: set[Site] = field(default_factory=set)
    called: set[Site] = field(default_factory=set)
    linked: set[Site] = field(default_factory=set)
    missing: set[Site] = field(default_factory=set)
    reads: list[Span] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._enter(self.root)

    def choose(self, chain: tuple[str, ...]) -> None:
        """Add a block, named by the calls that lead to it."""
        place = self.root
        for name in chain[:-1]:
            self.chosen.setdefault(place, set()).add(name)
            place = self._keep(Site(place, name)) or place
        site = Site(place, chain[-1])
        self.chosen.setdefault(place, set()).add(_STUB + site.name)
        self._call_stub(site)

    # -- what it takes ----------------------------------------------------

    def _module(self, place: str) -> TerraformModule:
        module = self.load(place)
        assert module is not None  # only places that were loaded are entered
        return module

    def _enter(self, place: str) -> None:
        if place in self.places:
            return
        self.places.append(place)
        module = self._module(place)
        for block in module.variables.values():
            self._need_body(place, block.body)
        if place != self.root:
            for block in module.outputs.values():
                self._need_body(place, block.body)

    def _keep(self, site: Site) -> str | None:
        """Keep the call of a local module and all that it needs; None for any other call."""
        if site in self.kept:
            return self.kept[site]
        target = local_target(site.place, self.load, site.name)
        if target is None:
            return None
        self.kept[site] = target
        self._need_call(site, Call(site.name).takes)
        self._enter(target)
        return target

    def _call_stub(self, site: Site) -> None:
        if site not in self.called:
            self.called.add(site)
            self._need_call(site, self._stub(site).takes)

    def _is_linked(self, site: Site, reference: Reference) -> bool:
        """Whether a reference reads an output that the stub has, or all of them."""
        return site in self.stubs and (not reference.output or reference.output in self.stubs[site].stub.outputs)

    def _need_call(self, site: Site, takes: Callable[[str], bool]) -> None:
        for given in self._module(site.place).calls[site.name].body.arguments.values():
            if given.name != "source" and takes(given.name):
                self._need(site.place, given.expression)

    def _need_body(self, place: str, body: nodes.Body) -> None:
        for given in body.arguments.values():
            if given.name != "type":
                self._need(place, given.expression)
        for block in body.blocks:
            self._need_body(place, block.body)

    def _need(self, place: str, expression: nodes.Expression) -> None:
        self.reads.append(expression.span)
        module = self._module(place)
        for reference in references(expression):
            site = Site(place, reference.name)
            if reference.root == "local" and site not in self.locals and reference.name in module.locals:
                self.locals.add(site)
                self._need(place, module.locals[reference.name].expression)
            elif reference.root == "module" and self._is_linked(site, reference):
                self.linked.add(site)
                self._call_stub(site)
            elif reference.root == "module" and reference.name in module.calls:
                self._keep(site)
                if site not in self.stubs and reference.output in ("current_config", "merged"):
                    self.missing.add(site)

    def reads_files(self) -> bool:
        """Whether any expression reads files of the repository."""
        found = (span.text for span in self.reads)
        return any("file" in text and "(" in text for text in found)

    # -- its text ---------------------------------------------------------

    def files(self) -> dict[str, str]:
        """Text by path, in the layout of the repository."""
        found: dict[str, str] = {}
        for place in self.places:
            module = self._module(place)
            page = self._page(place, module)
            for source in module.sources:
                name = posixpath.join(place, posixpath.basename(source.path))
                try:
                    found[posixpath.normpath(name)] = reduced(source, page)
                except SyntaxProblem:
                    # Reported when the project was read.
                    continue
            found[posixpath.normpath(posixpath.join(place, _REPLAY))] = "".join(self._replay(place, module))
        return found

    def _page(self, place: str, module: TerraformModule) -> Page:
        calls: dict[str, tuple[Call, ...]] = {}
        for name in module.calls:
            site = Site(place, name)
            written = [Call(name, _source(self.kept[site], place))] if site in self.kept else []
            if site in self.called:
                written.append(self._stub(site))
            calls[name] = tuple(written)
        return Page(
            exchange=lambda reference: self._exchange(place, module, reference),
            locals=frozenset(site.name for site in self.locals if site.place == place),
            left_out=self.unset if place == self.root else frozenset(),
            outputs=place != self.root,
            calls=calls,
        )

    def _stub(self, site: Site) -> Call:
        found = self.stubs[site]
        source = posixpath.relpath(f"/{found.folder}", f"/{TREE}/{site.place}")
        return Call(_STUB + site.name, source, found.stub.variables | {"for_each", "count"})

    def _exchange(self, place: str, module: TerraformModule, reference: Reference) -> str | None:
        root, name = reference.root, reference.name
        if root == "()":
            return UNKNOWN if name.startswith("provider::") else None
        if root == "var":
            return f"module.{_GIVEN}.{name}" if place == self.root and name in self.unset else None
        if root == "module":
            site = Site(place, name)
            if self._is_linked(site, reference):
                return f"module.{_STUB}{name}"
            known = name in module.calls or not module.complete
            return UNKNOWN if known and site not in self.kept else None
        if root in ("data", "ephemeral"):
            kind, _, label = name.partition(".")
            return UNKNOWN if (f"{root}.{kind}", label) in module.resources or not module.complete else None
        if root == "resource":
            return UNKNOWN if tuple(name.split(".")) in module.resources else None
        return UNKNOWN if (root, name) in module.resources else None

    def _replay(self, place: str, module: TerraformModule) -> Iterator[str]:
        names = sorted(self.chosen.get(place, ()))
        items = ", ".join(f"{json.dumps(_plain(name))} = {_merged(module, name)}" for name in names)
        if place != self.root:
            if not names:
                return
            yield f'output "{MERGED}" {{\n  value = {{ {items} }}\n}}\n'
            return
        # A known null of the same type tells the type even where the value is unknown.
        yield f"locals {{\n  {MERGED} = {{ {items} }}\n}}\n"
        yield f'output "{VALUES}" {{\n  value = local.{MERGED}\n{_SENSITIVE}}}\n'
        yield f'output "{TYPES}" {{\n  value = [false ? local.{MERGED} : null]\n{_SENSITIVE}}}\n'
        if self.unset:
            given = "".join(f"  {name} = {UNKNOWN}\n" for name in sorted(self.unset))
            yield f'module "{_GIVEN}" {{\n  source = "./{_GIVEN}"\n{given}}}\n'

    def given_files(self) -> dict[str, str]:
        """A module that makes unknown values of the types that variables without a value have."""
        if not self.unset:
            return {}
        return {posixpath.normpath(posixpath.join(self.root, _GIVEN, "main.tf")): "".join(self._given())}

    def _given(self) -> Iterator[str]:
        variables = self._module(self.root).variables
        for name in sorted(self.unset):
            kind, hidden, nullable = (_line(variables[name], part) for part in ("type", "sensitive", "nullable"))
            yield f'variable "{name}" {{\n{kind}{hidden}{nullable}}}\n'
            yield f'output "{name}" {{\n  value = var.{name}\n{hidden}}}\n'


def _source(target: str, place: str) -> str:
    """How a call in one directory names another."""
    source = posixpath.relpath(f"/{target}", f"/{place}")
    return source if source.startswith("..") else f"./{source}"


def _line(block: nodes.Block, name: str) -> str:
    found = argument(block, name)
    return f"  {name} = {found.expression.span.text}\n" if found is not None else ""


def _plain(name: str) -> str:
    return name.removeprefix(_STUB)


def _merged(module: TerraformModule, name: str) -> str:
    """What a call and all its instances are merged to."""
    arguments = module.calls[_plain(name)].body.arguments
    if "count" in arguments:
        return f"[for one in module.{name} : one.{MERGED}]"
    if "for_each" in arguments:
        return f"{{ for key, one in module.{name} : key => one.{MERGED} }}"
    return f"module.{name}.{MERGED}"
