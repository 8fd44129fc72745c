"""Every block of a project through terraform: what agrees, what differs, what could not be verified and why."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kubestack_lint.inheritance import Inheritance, resolve
from kubestack_lint.limits import deep_recursion
from kubestack_lint.project.blocks import InheritanceBlock
from kubestack_lint.project.discovery import git_root
from kubestack_lint.project.load import Project
from kubestack_lint.project.module import TerraformModule, argument
from kubestack_lint.project.variables import GivenValues, given_values, value_files
from kubestack_lint.project.world import ANY_WORKSPACE
from kubestack_lint.source import Span
from kubestack_lint.syntax import nodes
from kubestack_lint.values.evaluate import EvaluationError
from kubestack_lint.verify.copy import copy_files
from kubestack_lint.verify.judge import Chain, Job, Outcome, Verdict, chain_of, extras, judged, our_refusal, steps_of
from kubestack_lint.verify.modules import Code, Finder, Unavailable
from kubestack_lint.verify.skeleton import TREE, Site, Skeleton, StubCall, local_target
from kubestack_lint.verify.stubs import build
from kubestack_lint.verify.terraform import Plan, Terraform, plan

EXTRA = "kslint_outputs.tf"
_WORKSPACE = re.compile(r"[A-Za-z0-9._~$&+:=@-]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """How to verify: `environment` are the TF_VAR_ values that count, `folder` is for the copies."""

    terraform: Terraform
    folder: Path
    checkouts: tuple[Path, ...] = ()
    var_files: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    tofu: bool = False


def verify(project: Project, inheritances: Sequence[Inheritance], settings: Settings) -> list[Outcome]:
    """Replay blocks, root module by root module, in the order in which they are given."""
    with deep_recursion():
        return _verified(project, inheritances, settings)


def _verified(project: Project, inheritances: Sequence[Inheritance], settings: Settings) -> list[Outcome]:
    by_root: dict[str, list[Inheritance]] = {}
    for inheritance in inheritances:
        by_root.setdefault(inheritance.block.root, []).append(inheritance)
    outcomes: list[Outcome] = []
    unpacked: dict[tuple[Path, str], Path] = {}
    seen: set[EvaluationError] = set()
    for index, (root, blocks) in enumerate(by_root.items()):
        one = _Root(project, root, blocks, settings, settings.folder / str(index), unpacked)
        outcomes += one.outcomes()
        seen |= one.errors
    if len(inheritances) == len(project.blocks):
        # A call without instances, because its for_each is wrong, has no block that could tell.
        outcomes += [_leftover(error) for error in project.errors if error not in seen]
    return outcomes


def _leftover(error: EvaluationError) -> Outcome:
    reason = f"kslint says that Terraform refuses this, and there is nothing to replay: {error.message}"
    return Outcome("", repr(error.span), (), Verdict.UNVERIFIED, reason)


class _Root:
    """One root module under verification."""

    def __init__(
        self,
        project: Project,
        root: str,
        blocks: list[Inheritance],
        settings: Settings,
        folder: Path,
        unpacked: dict[tuple[Path, str], Path],
    ) -> None:
        self.project = project
        self.root = root
        self.settings = settings
        self.folder = folder
        self.directory = (project.start / root).resolve()
        self.boundary = git_root(project.start) or project.start
        self.place = os.path.relpath(self.directory, self.boundary).replace(os.sep, "/")
        self.modules = {module.directory: module for module in project.modules}
        self.stubs: dict[Site, StubCall] = {}
        store = settings.folder / "checkouts"
        self.finder = Finder(self.directory, settings.checkouts, store, unpacked)
        self.copied = False
        self.written: list[Path] = []
        self.blocks = blocks
        self.jobs: dict[Chain, Job] = {}
        self.expected: dict[Site, list[str]] = {}
        self.obstacles: dict[Site, str] = {}
        self.errors: set[EvaluationError] = set()

    def outcomes(self) -> list[Outcome]:
        """A verdict for each block, and one for each instance that only Terraform makes."""
        # A block may read what another one is merged to, so there are stubs for all.
        for block in self.project.blocks:
            if block.root == self.root:
                self._prepare(block)
        for inheritance in self.blocks:
            chain = chain_of(inheritance.block)
            self.jobs.setdefault(chain, Job(chain, [])).blocks.append(inheritance)
        for job in self.jobs.values():
            self._examine(job)
        self._run()
        found = [judged(self.root, inheritance, self.jobs[chain_of(inheritance.block)]) for inheritance in self.blocks]
        return found + [extra for job in self.jobs.values() for extra in extras(self.root, job)]

    # -- getting ready ----------------------------------------------------

    def load(self, place: str) -> TerraformModule | None:
        """The module in a directory of the repository, as far as the project read it."""
        return self.modules.get((self.boundary / place).resolve())

    @cached_property
    def given(self) -> GivenValues:
        """What tfvars files and the environment give to the root module."""
        files = tuple(file.resolve() for file in self.settings.var_files)
        return given_values(self.directory, self.root, files, self.settings.environment)

    @cached_property
    def unset(self) -> frozenset[str]:
        """Variables of the root module that need a value and have none."""
        module = self.load(self.place)
        variables = module.variables if module is not None else {}
        return frozenset(
            name
            for name, block in variables.items()
            if argument(block, "default") is None and name not in self.given.values
        )

    def _site(self, chain: Chain) -> Site | None:
        """The call that a chain of calls ends with; None where a source on the way is not written out."""
        place = self.place
        for name in chain[:-1]:
            target = local_target(place, self.load, name)
            if target is None:
                return None
            place = target
        return Site(place, chain[-1])

    def _prepare(self, block: InheritanceBlock) -> None:
        """Find the real module of a call and make its stub, or note what is in the way."""
        chain = chain_of(block)
        site = self._site(chain)
        if site is None:
            return
        if site not in self.stubs and site not in self.obstacles:
            try:
                self.stubs[site] = self._stub(block, chain, site)
            except Unavailable as reason:
                self.obstacles[site] = str(reason)
        refusal = our_refusal(resolve(block))
        self.expected.setdefault(site, []).extend([refusal] if refusal else [])

    def _stub(self, block: InheritanceBlock, chain: Chain, site: Site) -> StubCall:
        """Write the stub of the module that a call names."""
        module = self.load(site.place)
        assert module is not None
        if block.definition.merge == "L0":
            raise Unavailable("it is a module for Terraform 0.11, which no current Terraform can read")
        caller = Code(self.boundary.resolve(), module.directory)
        version = argument(module.calls[site.name], "version")
        text = version.expression.parts[0] if version and isinstance(version.expression, nodes.Template) else None
        key = ".".join(chain)
        code = self.finder.find(block.source, text if isinstance(text, str) else None, key, caller)
        stub = build(code, self.finder, key)
        folder = f"stubs/s{len(self.stubs)}"
        for name, content in stub.files.items():
            self._write(self.folder / folder / name, content)
        return StubCall(folder, stub)

    def _examine(self, job: Job) -> None:
        """What is in the way of replaying a job, and whether Terraform must refuse it."""
        site = self._site(job.chain)
        job.obstacle = self._obstacle(job, site)
        if job.obstacle or site is None:
            return
        skeleton = self._skeleton([job])
        hidden = sorted(other for other in skeleton.missing if other in self.obstacles)
        if hidden:
            job.obstacle = f"it reads an output of module.{hidden[0].name}: {self.obstacles[hidden[0]]}"
        job.note = self.stubs[site].stub.note
        # An expression that Terraform refuses may be anywhere in what the call needs.
        errors = [error for error in self.project.errors if self._is_to_blame(error, skeleton.reads)]
        self.errors |= set(errors)
        mine = [refusal for inheritance in job.blocks if (refusal := our_refusal(inheritance))]
        others = [refusal for other in sorted(skeleton.called) for refusal in self.expected.get(other, ())]
        job.refused = next(iter((*mine, *others, *(error.message for error in errors))), "")

    def _obstacle(self, job: Job, site: Site | None) -> str:
        if site is None:
            return "a source on the way to it is not written out, or leads out of the repository"
        if any(key == "*" for inheritance in job.blocks for _, key in steps_of(inheritance.block.address)):
            return "its instances are known only after apply, so Terraform cannot plan it either"
        module = self.load(site.place)
        if module is not None and not self.settings.tofu and any(".tofu" in s.path for s in module.sources):
            return "its .tofu files are read by OpenTofu only; name it with --terraform tofu"
        for inheritance in job.blocks:
            for name in inheritance.block.environments if inheritance.block.computed else ():
                if name == ANY_WORKSPACE:
                    return "its environments are named after whatever workspace there is"
                if not _WORKSPACE.fullmatch(name):
                    return f"it depends on the workspace, and Terraform takes no workspace named {name}"
        return self.obstacles.get(site, "")

    def _is_to_blame(self, error: EvaluationError, reads: Sequence[Span]) -> bool:
        return any(self._is_read(span, reads) for span in (error.span, *error.within))

    def _is_read(self, span: Span, reads: Sequence[Span]) -> bool:
        if any(source.path == span.path for source in self.given.sources):
            return True
        return any(read.path == span.path and read.start <= span.start <= read.end for read in reads)

    # -- running ----------------------------------------------------------

    def _run(self) -> None:
        ready = [job for job in self.jobs.values() if not job.obstacle]
        together: dict[str, list[Job]] = {}
        for job in ready:
            for workspace in self._workspaces(job):
                if job.refused:
                    self._plan([job], workspace)
                else:
                    together.setdefault(workspace, []).append(job)
        for workspace, jobs in together.items():
            self._plan(jobs, workspace)

    def _workspaces(self, job: Job) -> tuple[str, ...]:
        """Workspaces to plan in: each environment's own where the block depends on it, else one that exists."""
        names = dict.fromkeys(name for i in job.blocks for name in (*i.block.environments, *i.block.absent))
        if any(inheritance.block.computed for inheritance in job.blocks):
            return tuple(names) or ("default",)
        everywhere = dict.fromkeys(name for i in self.blocks for name in (i.base, *i.block.environments) if name)
        return (next((name for name in everywhere if _WORKSPACE.fullmatch(name)), "default"),)

    def _plan(self, jobs: list[Job], workspace: str) -> None:
        """Plan jobs in one go; when one fails all do, so halve until the culprit is alone."""
        skeleton = self._skeleton(jobs)
        self._copy(skeleton)
        store = self.folder / "plan"
        result = plan(self.settings.terraform, self._tree / self.place, workspace, store, self._var_files)
        if isinstance(result, Plan) or len(jobs) == 1:
            for job in jobs:
                job.results[workspace] = result
            return
        middle = len(jobs) // 2
        self._plan(jobs[:middle], workspace)
        self._plan(jobs[middle:], workspace)

    @property
    def _tree(self) -> Path:
        return self.folder / TREE

    @property
    def _var_files(self) -> list[Path]:
        return [file.resolve() for file in self.settings.var_files]

    def _skeleton(self, jobs: Sequence[Job]) -> Skeleton:
        skeleton = Skeleton(self.place, self.load, self.stubs, self.unset)
        for job in jobs:
            skeleton.choose(job.chain)
        return skeleton

    def _copy(self, skeleton: Skeleton) -> None:
        if not self._tree.exists():
            root = self._tree / self.place
            root.mkdir(parents=True)
            for name in value_files(self.directory):
                shutil.copyfile(self.directory / name, root / name)
        if skeleton.reads_files() and not self.copied:
            copy_files(self.boundary, self._tree)
            self.copied = True
        for path in self.written:
            path.unlink(missing_ok=True)
        self.written = []
        files = {f"{TREE}/{name}": text for name, text in {**skeleton.files(), **skeleton.given_files()}.items()}
        for site in skeleton.linked:
            files[f"{self.stubs[site].folder}/{EXTRA}"] = self.stubs[site].stub.extra
        for name, text in files.items():
            self._write(self.folder / name, text)
            self.written.append(self.folder / name)

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
