"""What files say: file, fileexists, fileset, their digests, templatefile."""

from __future__ import annotations

import hashlib
import unicodedata
from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

from kubestack_lint.source import Source
from kubestack_lint.values.files import FileProblem, Files, Refusal
from kubestack_lint.values.functions.signature import FunctionError, Parameter, function, unknown_result
from kubestack_lint.values.functions.templates import render
from kubestack_lint.values.types import BOOL, DYNAMIC, STRING, set_of
from kubestack_lint.values.value import Unknown, Value, boolean, collection, string, unknown

if TYPE_CHECKING:
    from kubestack_lint.values.evaluate import Scope

_PATH = Parameter("path", STRING)


def _files(scope: Scope) -> Files | Refusal:
    return scope.files if isinstance(scope.files, Files) else Refusal("no files can be read here")


def _content(scope: Scope, path: Value) -> bytes | Refusal:
    files = _files(scope)
    if isinstance(files, Refusal):
        return files
    try:
        return files.read(str(path.data))
    except FileProblem as problem:
        raise FunctionError(str(problem), 0) from problem


def _text(scope: Scope, path: Value) -> str | Refusal:
    content = _content(scope, path)
    if isinstance(content, Refusal):
        return content
    try:
        return unicodedata.normalize("NFC", content.decode())
    except UnicodeDecodeError as error:
        raise FunctionError(f'"{path.data}" is not text in UTF-8; filebase64() reads any file', 0) from error


def _digest(scope: Scope, path: Value, algorithm: str, base64: bool = False) -> Value:
    content = _content(scope, path)
    if isinstance(content, Refusal):
        return unknown(content.because, STRING)
    digest = hashlib.new(algorithm, content, usedforsecurity=False)
    return string(b64encode(digest.digest()).decode() if base64 else digest.hexdigest())


@function(_PATH, scoped=True, not_null=True)
def file(scope: Scope, path: Value) -> Value:
    """The content of a text file, which remembers where it comes from."""
    text = _text(scope, path)
    if isinstance(text, Refusal):
        return unknown(text.because, STRING)
    assert isinstance(scope.files, Files)
    content = Source(scope.files.reported(str(path.data)), text)
    return replace(string(text), via=content.span(0, len(text)))


@function(_PATH, scoped=True, not_null=True)
def filebase64(scope: Scope, path: Value) -> Value:
    """The content of any file in Base64."""
    content = _content(scope, path)
    return unknown(content.because, STRING) if isinstance(content, Refusal) else string(b64encode(content).decode())


@function(_PATH, scoped=True, not_null=True)
def filemd5(scope: Scope, path: Value) -> Value:
    """MD5 of a file in hexadecimal."""
    return _digest(scope, path, "md5")


@function(_PATH, scoped=True, not_null=True)
def filesha1(scope: Scope, path: Value) -> Value:
    """SHA-1 of a file in hexadecimal."""
    return _digest(scope, path, "sha1")


@function(_PATH, scoped=True, not_null=True)
def filesha256(scope: Scope, path: Value) -> Value:
    """SHA-256 of a file in hexadecimal."""
    return _digest(scope, path, "sha256")


@function(_PATH, scoped=True, not_null=True)
def filesha512(scope: Scope, path: Value) -> Value:
    """SHA-512 of a file in hexadecimal."""
    return _digest(scope, path, "sha512")


@function(_PATH, scoped=True, not_null=True)
def filebase64sha256(scope: Scope, path: Value) -> Value:
    """SHA-256 of a file in Base64."""
    return _digest(scope, path, "sha256", base64=True)


@function(_PATH, scoped=True, not_null=True)
def filebase64sha512(scope: Scope, path: Value) -> Value:
    """SHA-512 of a file in Base64."""
    return _digest(scope, path, "sha512", base64=True)


@function(_PATH, returns=BOOL, scoped=True, not_null=True)
def fileexists(scope: Scope, path: Value) -> Value:
    """Whether there is a file; a directory in its place is an error."""
    files = _files(scope)
    try:
        found = files if isinstance(files, Refusal) else files.exists(str(path.data))
    except FileProblem as problem:
        raise FunctionError(str(problem), 0) from problem
    return unknown(found.because, BOOL) if isinstance(found, Refusal) else boolean(found)


@function(_PATH, Parameter("pattern", STRING), returns=set_of(STRING), scoped=True, not_null=True)
def fileset(scope: Scope, path: Value, pattern: Value) -> Value:
    """The files below a directory that match a pattern, as paths from there."""
    files = _files(scope)
    try:
        found = files if isinstance(files, Refusal) else files.matching(str(path.data), str(pattern.data))
    except FileProblem as problem:
        raise FunctionError(str(problem), 1) from problem
    if isinstance(found, Refusal):
        return unknown(found.because, set_of(STRING))
    names = (name.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for name in found)
    return collection("set", STRING, tuple(string(name) for name in names))


@function(
    Parameter("path", STRING, unknown=True),
    Parameter("vars", unknown=True),
    returns=DYNAMIC,
    scoped=True,
    not_null=True,
)
def templatefile(scope: Scope, path: Value, variables: Value) -> Value:
    """A file read as a template that sees the given variables and nothing else."""
    for value in (path, variables):
        if isinstance(value.data, Unknown):
            return unknown_result(DYNAMIC, value.data)
    text = _text(scope, path)
    if isinstance(text, Refusal):
        return unknown(text.because)
    assert isinstance(scope.files, Files)
    return render(Source(scope.files.reported(str(path.data)), text), variables, scope)
