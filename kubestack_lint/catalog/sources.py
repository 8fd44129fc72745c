"""The `source` argument of a module call → which module it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

# Everything before // that go-getter accepts for the framework's repository,
# forks under another owner and ssh included.
_FRAMEWORK = re.compile(
    r"(?:git::)?(?:(?:https?|ssh|git)://)?(?:[\w.-]+@)?(?:www\.)?[\w.-]+[:/](?:[\w.-]+/)*terraform-kubestack(?:\.git)?"
    r"(?://(?P<path>[^?]*))?(?:\?(?P<query>.*))?"
)
_CATALOG = re.compile(
    r"(?:(?:test\.)?kbst\.xyz/catalog|kubestack-modules|registry\.terraform\.io/kubestack-modules)/(?P<name>[\w.-]+)/kustomization"
)
_LOCAL = re.compile(r"\.{1,2}(?:/|$)")


@dataclass(frozen=True, slots=True)
class ModuleSource:
    """A parsed source: `kind` is framework, catalog, local or other.

    `path` is the module inside the framework (`google/cluster`), `catalog/NAME`,
    or the relative folder of a local module. `ref` is the text after `?ref=`.
    """

    text: str
    kind: str
    path: str
    ref: str | None = None

    @property
    def internal(self) -> bool:
        """True for the framework's `_modules/`, which are not meant to be called."""
        return self.kind == "framework" and "_modules" in self.path.split("/")


def parse_source(text: str) -> ModuleSource:
    """Recognise a source; anything unfamiliar is `other`."""
    text = text.strip()
    if _LOCAL.match(text):
        return ModuleSource(text, "local", text.split("?")[0].rstrip("/"))
    match = _CATALOG.fullmatch(text.rstrip("/"))
    if match:
        return ModuleSource(text, "catalog", f"catalog/{match['name']}")
    match = _FRAMEWORK.fullmatch(text)
    if match and match["path"]:
        ref = parse_qs(match["query"] or "", keep_blank_values=True).get("ref", [None])[0]
        return ModuleSource(text, "framework", match["path"].strip("/"), ref or None)
    return ModuleSource(text, "other", text)
