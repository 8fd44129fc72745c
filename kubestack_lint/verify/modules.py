"""Where the real code of Kubestack's modules is: downloaded by terraform init, in a checkout, or in the repository."""

from __future__ import annotations

import io
import json
import posixpath
import subprocess
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kubestack_lint.catalog import ModuleSource, parse_source

# Of a checkout only Terraform's files are unpacked; the catalog keeps one of
# them under a name that no tool takes for configuration.
_SUFFIXES = (".tf", "._tf")


class Unavailable(Exception):
    """A module whose code is not at hand, or that cannot be replayed; the message says why."""


@dataclass(frozen=True, slots=True)
class Code:
    """The directory of a module; local sources in it may lead anywhere below `tree`."""

    tree: Path
    directory: Path
    note: str = ""

    def files(self) -> dict[str, str]:
        """Terraform files by name."""
        found: dict[str, str] = {}
        for path in sorted(self.directory.glob("*.tf")):
            try:
                found[path.name] = path.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise Unavailable(f"{path.name} of the module cannot be read: {error}") from error
        return found


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks for modules that a root module uses.

    `checkouts` come before what `terraform init` downloaded below `root`,
    because the user names them. What is taken from git goes into `store`, and
    `revisions` remembers what is there.
    """

    root: Path
    checkouts: tuple[Path, ...]
    store: Path
    revisions: dict[tuple[Path, str], Path]

    def find(self, source: ModuleSource, version: str | None, key: str, caller: Code) -> Code:
        """The code of a module that `caller` calls; `key` is its name in modules.json. Raises Unavailable."""
        if source.kind == "local":
            return self._local(source, caller)
        reasons: dict[str, None] = {}
        checkouts = self.checkouts if source.kind in ("framework", "catalog") else ()
        for checkout in checkouts:
            try:
                return self._in_checkout(checkout, source, version)
            except Unavailable as reason:
                reasons[str(reason)] = None
        try:
            return self._downloaded(source, version, key)
        except Unavailable as reason:
            raise Unavailable("; ".join((*reasons, str(reason)))) from reason

    def _local(self, source: ModuleSource, caller: Code) -> Code:
        directory = (caller.directory / source.path).resolve()
        if not directory.is_dir():
            raise Unavailable(f"there is no directory {source.text}")
        if not directory.is_relative_to(caller.tree):
            raise Unavailable(f"{source.text} leads out of the repository")
        return Code(caller.tree, directory, caller.note)

    # -- what terraform init downloaded -----------------------------------

    def _downloaded(self, source: ModuleSource, version: str | None, key: str) -> Code:
        entry = self._manifest.get(key)
        if entry is None:
            raise Unavailable(
                "terraform init has not downloaded it"
                if self.checkouts
                else "its code is neither downloaded by terraform init nor given by --modules"
            )
        found = parse_source(str(entry.get("Source", "")))
        wanted = (source.kind, source.path, source.ref)
        other = str(entry.get("Version") or "")
        if source.kind != "other" and (found.kind, found.path, found.ref) != wanted:
            raise Unavailable(f"terraform init downloaded {found.text} for it; run it again")
        if version is not None and version[:1].isdigit() and other and other != version:
            raise Unavailable(f"terraform init downloaded version {other} of it; run it again")
        directory = (self.root / str(entry["Dir"])).resolve()
        if not directory.is_dir():
            raise Unavailable("what terraform init downloaded for it is gone; run it again")
        # A package may lie in a subdirectory of what was downloaded.
        package = (self.root / ".terraform" / "modules" / key).resolve()
        return Code(package if directory.is_relative_to(package) else directory, directory)

    @property
    def _manifest(self) -> dict[str, dict[str, Any]]:
        try:
            data = json.loads((self.root / ".terraform" / "modules" / "modules.json").read_text("utf-8"))
            entries = data["Modules"]
            return {entry["Key"]: entry for entry in entries if isinstance(entry.get("Dir"), str)}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    # -- checkouts --------------------------------------------------------

    def _in_checkout(self, checkout: Path, source: ModuleSource, version: str | None) -> Code:
        if source.kind == "catalog" and version is None:
            raise Unavailable("the call names no version")
        name = source.path.removeprefix("catalog/")
        git = Git(checkout)
        tree, note = checkout.resolve(), f"as it stands in {checkout.name}"
        if git.has_tags:
            if source.kind == "catalog":
                refs: tuple[str, ...] = (f"{name}-v{version}",)
            elif source.ref is None:
                refs = ("origin/HEAD", "origin/master", "HEAD")
            else:
                refs = (source.ref, f"origin/{source.ref}")
            tree, note = self._revision(git, refs), ""
        path = f"src/{name}" if source.kind == "catalog" else source.path
        directory = (tree / path).resolve()
        if not directory.is_dir() or not directory.is_relative_to(tree):
            where = f" at {source.ref}" if source.ref and not note else ""
            raise Unavailable(f"{checkout.name} has no {path}{where}")
        return Code(tree, directory, note)

    def _revision(self, git: Git, refs: Sequence[str]) -> Path:
        """Terraform's files at the first ref that exists, unpacked once."""
        for ref in refs:
            commit = git.commit(ref)
            if commit is None:
                continue
            known = (git.directory, commit)
            if known not in self.revisions:
                target = self.store / f"r{len(self.revisions)}"
                git.unpack(commit, target)
                self.revisions[known] = target.resolve()
            return self.revisions[known]
        raise Unavailable(f"{git.directory.name} has no version {refs[0]}")


@dataclass(slots=True, unsafe_hash=True)
class Git:
    """A repository that is read without touching its work tree."""

    directory: Path

    def _run(self, *arguments: str) -> bytes | None:
        command = ["git", "-C", str(self.directory), *arguments]
        try:
            done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
        except OSError:
            return None
        return done.stdout if done.returncode == 0 else None

    @property
    def has_tags(self) -> bool:
        """True when this directory is itself a repository, with tags."""
        top = self._run("rev-parse", "--show-prefix", "--git-dir")
        # A directory inside another repository is not a repository of its own.
        return top is not None and not top.splitlines()[0] and bool(self._run("tag", "--list"))

    def commit(self, ref: str) -> str | None:
        """The commit that a ref names, or None."""
        found = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        return found.decode().strip() if found is not None else None

    def unpack(self, commit: str, target: Path) -> None:
        """Write the Terraform files of a commit below `target`."""
        data = self._run("archive", "--format=tar", commit)
        if data is None:
            raise Unavailable(f"git cannot read {commit[:12]} of {self.directory.name}")
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            texts = _texts(archive)
        for name, text in texts.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)


def _texts(archive: tarfile.TarFile) -> dict[str, bytes]:
    """Terraform files by path; a link stands for the file that it leads to."""
    texts: dict[str, bytes] = {}
    links: dict[str, str] = {}
    for member in archive:
        name = posixpath.normpath(member.name)
        if not name.endswith(_SUFFIXES) or name.startswith(("../", "/")):
            continue
        content = archive.extractfile(member) if member.isreg() else None
        if content is not None:
            texts[name] = content.read()
        elif member.issym():
            links[name] = posixpath.normpath(posixpath.join(posixpath.dirname(name), member.linkname))
    return texts | {name: texts[path] for name, path in links.items() if path in texts}
