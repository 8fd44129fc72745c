"""Digests of texts, in hexadecimal and Base64."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from typing import TYPE_CHECKING

from kubestack_lint.values.functions.signature import FunctionError, Parameter, function, scalar
from kubestack_lint.values.types import STRING
from kubestack_lint.values.value import Value, unknown

if TYPE_CHECKING:
    from uuid import UUID

_TEXT = Parameter("str", STRING)


@scalar(_TEXT)
def md5(text: str) -> str:
    """MD5 in hexadecimal."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@scalar(_TEXT)
def sha1(text: str) -> str:
    """SHA-1 in hexadecimal."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


@scalar(_TEXT)
def sha256(text: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@scalar(_TEXT)
def sha512(text: str) -> str:
    """SHA-512 in hexadecimal."""
    return hashlib.sha512(text.encode()).hexdigest()


@scalar(_TEXT)
def base64sha256(text: str) -> str:
    """SHA-256 in Base64."""
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


@scalar(_TEXT)
def base64sha512(text: str) -> str:
    """SHA-512 in Base64."""
    return b64encode(hashlib.sha512(text.encode()).digest()).decode()


_NAMESPACES = ("dns", "url", "oid", "x500")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_PLAIN_UUID = re.compile(r"[0-9A-Fa-f]{32}")


@scalar(Parameter("namespace", STRING), Parameter("name", STRING))
def uuidv5(namespace: str, name: str) -> str:
    """The UUID of a name in a namespace: dns, url, oid, x500 or a UUID."""
    import uuid

    space = getattr(uuid, f"NAMESPACE_{namespace.upper()}") if namespace in _NAMESPACES else _uuid(namespace)
    if space is None:
        raise FunctionError(f'"{namespace}" is neither dns, url, oid, x500 nor a UUID', 0)
    digest = hashlib.sha1(space.bytes + name.encode(), usedforsecurity=False).digest()
    return str(uuid.UUID(bytes=digest[:16], version=5))


def _uuid(text: str) -> UUID | None:
    from uuid import UUID

    if text[:9].lower() == "urn:uuid:" and len(text) == 45:
        text = text[9:]
    elif len(text) == 38 and text.isascii():
        # Braces, Terraform says; it takes whatever is in their place.
        text = text[1:37]
    matches = _UUID.fullmatch(text) or _PLAIN_UUID.fullmatch(text)
    return UUID(text) if matches else None


@function(Parameter("ciphertext", STRING), Parameter("privatekey", STRING), returns=STRING, not_null=True)
def rsadecrypt(ciphertext: Value, privatekey: Value) -> Value:
    """Never decrypted here."""
    return unknown("kslint decrypts nothing", STRING)
