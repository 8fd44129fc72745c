"""Paths as texts; Terraform runs on a system with slashes here."""

from __future__ import annotations

import posixpath

from kubestack_lint.values.functions.signature import FunctionError, Parameter, function, scalar
from kubestack_lint.values.types import STRING
from kubestack_lint.values.value import Value, string, unknown


def _clean(path: str) -> str:
    # POSIX lets two leading slashes stand; Go does not.
    return posixpath.normpath("/" + path.lstrip("/") if path.startswith("/") else path)


@scalar(Parameter("path", STRING))
def basename(path: str) -> str:
    """The last part of a path."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


@scalar(Parameter("path", STRING))
def dirname(path: str) -> str:
    """All but the last part of a path."""
    folder, slash, _ = path.rpartition("/")
    return _clean(folder + slash)


@function(Parameter("path", STRING), not_null=True)
def abspath(path: Value) -> Value:
    """Known only for a path that is absolute already."""
    text = str(path.data)
    if text.startswith("/"):
        return string(_clean(text))
    return unknown("abspath() depends on the directory in which Terraform runs", STRING)


@function(Parameter("path", STRING), not_null=True)
def pathexpand(path: Value) -> Value:
    """Known only for a path that does not start in a home directory."""
    text = str(path.data)
    if not text.startswith("~"):
        return path
    if text[1:2] not in ("", "/", "\\"):
        raise FunctionError("the home directory of another user cannot be looked up", 0)
    return unknown("~ is the home directory of whoever runs Terraform", STRING)
