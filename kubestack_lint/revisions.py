"""A path at two revisions → two copies to load like any directory, with paths as in the repository."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kubestack_lint.errors import InputError, UsageError
from kubestack_lint.git import (
    Missing,
    Objects,
    Repository,
    Revision,
    Submodules,
    commit_files,
    copy_files,
    find_repository,
    merge_base,
    revision,
    staged_files,
    working_files,
)
from kubestack_lint.project.discovery import SKIPPED, VALUE_SUFFIXES, is_configuration
from kubestack_lint.project.load import LoadOptions, Project
from kubestack_lint.run import Loaded, load
from kubestack_lint.source import Span

# What no run looks into; a .git among the files of a commit is no such folder, but an attempt at something.
_PASSED_OVER = SKIPPED - {".git"}
WORKING_TREE = "the working tree"
STAGED = "what is staged"
# A call of file(), templatefile(), fileset() …; too often is only slow. JSON may write letters as \u escapes.
_READS_FILES = re.compile(rb"file\w*\s*(?:\(|/[*/]|#)|\\u")


@dataclass(frozen=True, slots=True)
class Range:
    """Which revisions are compared: `until` None is the working tree, or with `staged` the index."""

    since: str
    until: str | None = None
    from_merge_base: bool = False
    staged: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """One side of a comparison.

    `label` says which (`main (1a2b3c4)`), `top` is the copy of the top of the
    repository, `path` that of the path in question, which need not exist, and
    `real` the path that it stands for. `missing` are submodules that are not here.
    """

    label: str
    top: Path
    path: Path
    real: Path
    options: LoadOptions
    missing: tuple[Missing, ...] = ()

    @property
    def exists(self) -> bool:
        """False where there is no such path at this revision."""
        return self.path.exists()

    def loaded(self) -> Loaded:
        """The project on this side; empty where the path does not exist. Raises InputError."""
        start = self.real if self.path.is_dir() or not self.exists else self.real.parent
        if not self.exists:
            return Loaded(Project(start), (), ())
        if self.path.is_file() and not is_configuration(self.path.name):
            raise InputError(
                f"{self.real.name} is no Terraform configuration", "give a .tf file or a directory that holds some"
            )
        # A values file that the other side has is not read on this one.
        here = tuple(file for file in self.options.var_files if file.is_file())
        found = load(self.path, replace(self.options, var_files=here))
        self._whole(found.project)
        return replace(found, project=replace(found.project, start=start))

    def _whole(self, project: Project) -> None:
        """A call that leads into a submodule that is not here must not be taken for one that leads nowhere."""
        folder = os.path.realpath(self.path if self.path.is_dir() else self.path.parent)
        for call in project.calls:
            if call.source is None or call.source.kind != "local":
                continue
            target = os.path.normpath(Path(folder, call.directory, call.source.path))
            for one in self.missing:
                if Path(target).is_relative_to(Path(os.path.realpath(self.top), one.path)):
                    raise InputError(
                        f"{self.label}: {call.address} is in the submodule {one.path}, whose content is not here",
                        one.way_out,
                    )


@contextmanager
def copies(
    path: Path, wanted: Range, options: LoadOptions | None = None, settings: bool = False
) -> Iterator[tuple[Copy, Copy]]:
    """Both sides of a comparison, before and after, until the block ends.

    `settings` brings the files of policies too. Raises UsageError and GitError
    where a revision is not there, InputError where the path is on neither side.
    """
    start = path.resolve()
    repository = find_repository(_existing(start))
    before, after = _ends(repository, wanted)
    place = start.relative_to(repository.top) if repository.top is not None else Path()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kslint-"))).resolve()
        objects = stack.enter_context(Objects(repository.git))
        source = _Source(repository, objects, stack, place, start, options or LoadOptions(), settings)
        sides = (source.copy(before, folder / "before"), source.copy(after, folder / "after", wanted.staged))
        if not any(side.exists for side in sides):
            what = "is nothing that git knows" if path.exists() else "does not exist"
            last = f"in {sides[1].label}" if after is None else f"at {sides[1].label}"
            raise InputError(f"{path} {what}", f"neither at {sides[0].label} nor {last}")
        _both_whole(*sides)
        source.values_from_disk(sides)
        yield sides


@contextmanager
def staged_copy(path: Path, options: LoadOptions | None = None) -> Iterator[Copy]:
    """A path as the next commit would have it, with its settings, until the block ends."""
    start = path.resolve()
    repository = find_repository(_existing(start))
    if repository.top is None:
        raise UsageError("this repository has no index", "leave out --staged")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kslint-"))).resolve()
        objects = stack.enter_context(Objects(repository.git))
        place = start.relative_to(repository.top)
        source = _Source(repository, objects, stack, place, start, options or LoadOptions(), True)
        side = source.copy(None, folder / "staged", staged=True)
        if not side.exists:
            raise InputError(f"{path} is not staged", "git add it, or leave out --staged")
        source.values_from_disk((side,))
        yield side


def touched(before: Copy, after: Copy, loaded: Loaded) -> Callable[[Span], bool]:
    """Which places of the side after, as loaded, stand on lines that are not as they were before."""
    was, now = (side.path if side.path.is_dir() else side.path.parent for side in (before, after))
    lines: dict[str, frozenset[int]] = {}
    for source in loaded.project.sources:
        if not (now / source.path).is_file():
            continue
        place = was / source.path
        old = place.read_bytes().decode("utf-8", "replace") if place.is_file() else ""
        if old != source.text:
            lines[source.path] = _new_lines(old.splitlines(), source.text.splitlines())
    return lambda span: any(line in lines.get(span.path, ()) for line in range(span.line, span.end_line + 1))


def _new_lines(old: list[str], new: list[str]) -> frozenset[int]:
    from difflib import SequenceMatcher

    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return frozenset(line + 1 for tag, _, _, first, last in steps if tag != "equal" for line in range(first, last))


def _existing(start: Path) -> Path:
    """The nearest directory upward that exists: what a path was deleted from."""
    return next(place for place in (start, *start.parents) if place.is_dir())


def _ends(repository: Repository, wanted: Range) -> tuple[Revision, Revision | None]:
    if repository.top is None and wanted.until is None:
        raise UsageError("this repository has no working tree to compare with", "give a second revision with --to")
    before = revision(repository, wanted.since)
    after = None if wanted.until is None else revision(repository, wanted.until)
    if wanted.from_merge_base:
        before = merge_base(repository, before, after or revision(repository, "HEAD"))
    return before, after


def _both_whole(before: Copy, after: Copy) -> None:
    """A submodule that is here on one side only would look like modules that come or go."""
    for side, other in ((before, after), (after, before)):
        for one in side.missing:
            if one.path not in {m.path for m in other.missing} and any((other.top / one.path).rglob("*")):
                raise InputError(f"{side.label}: the content of the submodule {one.path} is not here", one.way_out)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where copies come from. Each lies below its folder as the repository lies below /, so that paths
    from one file to another, also to one outside of the repository, are the same."""

    repository: Repository
    objects: Objects
    stack: ExitStack
    place: Path
    start: Path
    options: LoadOptions
    settings: bool

    def copy(self, commit: Revision | None, folder: Path, staged: bool = False) -> Copy:
        git, top = self.repository.git, self.repository.top
        submodules = Submodules(self.stack)
        if commit is not None:
            entries = submodules.followed(git, top, commit_files(git, self.objects, commit.commit))
        elif staged:
            entries = submodules.followed(git, top, staged_files(git, self.objects))
        else:
            assert top is not None
            entries = submodules.followed(git, top, working_files(git, self.objects, top))
        entries = [entry for entry in entries if not _PASSED_OVER & set(entry.path.split("/"))]
        target = _below(folder, top or self.start)
        copy_files(entries, target, self._wanted, _reads_files)
        place = self.place.as_posix()
        if any(entry.path.startswith(f"{place}/") for entry in entries):
            # There it is, though nothing in it concerns us.
            (target / self.place).mkdir(parents=True, exist_ok=True)
        label = commit.label if commit is not None else STAGED if staged else WORKING_TREE
        return Copy(label, target, target / self.place, self.start, self._options(folder), tuple(submodules.missing))

    def _wanted(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        if is_configuration(name) or name.endswith(VALUE_SUFFIXES) or name == ".gitignore":
            return True
        if path == self.place.as_posix():
            return True
        if self.settings and (name.startswith(".kslint") or name.endswith((".yaml", ".yml"))):
            return True
        top = self.repository.top
        return top is not None and bool(self.options.var_files) and (top / path) in self._given()

    def _given(self) -> set[Path]:
        return {file.resolve() for file in self.options.var_files}

    def _options(self, folder: Path) -> LoadOptions:
        return replace(self.options, var_files=tuple(_below(folder, file.resolve()) for file in self.options.var_files))

    def values_from_disk(self, sides: tuple[Copy, ...]) -> None:
        """Values files that git does not know stand as they are on disk, on both sides."""
        for number, file in enumerate(self.options.var_files):
            places = [side.options.var_files[number] for side in sides]
            if any(place.is_file() for place in places):
                continue
            if not file.is_file():
                raise UsageError(f"the values file {file} does not exist")
            for place in places:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, place)


def _below(folder: Path, path: Path) -> Path:
    return folder.joinpath(*path.parts[1:])


def _reads_files(path: str, content: bytes) -> bool:
    return is_configuration(path.rpartition("/")[2]) and _READS_FILES.search(content) is not None
