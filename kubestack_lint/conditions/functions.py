"""The functions that conditions have beyond Terraform's: machine types, nodes, networks, versions."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from kubestack_lint.catalog.clouds import region_of as region_of_zone
from kubestack_lint.catalog.machines import machine as machine_named
from kubestack_lint.values.functions.signature import Function, FunctionError, Parameter, function
from kubestack_lint.values.types import BOOL, DYNAMIC, NUMBER, STRING, ObjectType, Type, list_of
from kubestack_lint.values.value import Value, boolean, collection, null, number, string, unknown

_VERSION = re.compile(r"v?([0-9]+)\.([0-9]+)((?:\.[0-9]+)*)(?:[-+].*)?")

MACHINE = ObjectType(
    {
        "vcpu": NUMBER,
        "memory_gib": NUMBER,
        "arch": STRING,
        "gpus": NUMBER,
        "burstable": BOOL,
        "family": STRING,
        "max_pods": NUMBER,
        "zones": list_of(STRING),
        "local_ssd_gb": NUMBER,
    }
)
NODES = ObjectType({"min": NUMBER, "max": NUMBER})


@cache
def own_functions() -> dict[str, Function]:
    """Our functions by name."""
    found = (machine, nodes, cidroverlaps, cidrcontains, cidrprefix, region_of, version_minor, version_atleast)
    return {item.name: item for item in found}


@function(Parameter("type", STRING, null=True), returns=MACHINE)
def machine(name: Value) -> Value:
    """A machine type of any cloud; null when our data does not have it."""
    found = machine_named(name.data) if isinstance(name.data, str) else None
    if found is None:
        return null(MACHINE)
    zones = None if found.zones is None else collection("list", STRING, tuple(string(zone) for zone in found.zones))
    facts: dict[str, Value] = {
        "vcpu": _number(found.vcpu, found.name, "processors"),
        "memory_gib": _number(found.memory_gib, found.name, "memory"),
        "arch": string(found.arch),
        "gpus": _number(found.gpus, found.name, "number of accelerators"),
        "burstable": boolean(found.burstable)
        if found.burstable is not None
        else unknown(f"kslint does not know whether {found.name} is burstable", BOOL),
        "family": string(found.family),
        "max_pods": null(NUMBER) if found.max_pods is None else number(found.max_pods),
        "zones": null(list_of(STRING)) if zones is None else zones,
        "local_ssd_gb": null(NUMBER) if found.local_ssd_gb is None else number(found.local_ssd_gb),
    }
    return Value(MACHINE, facts)


def _number(fact: int | Fraction | None, name: str, what: str) -> Value:
    return unknown(f"kslint does not know the {what} of {name}", NUMBER) if fact is None else number(fact)


# Only for its shape and its place in the table: what counts is who the configuration belongs to, and
# that the evaluation knows (see evaluate.py).
@function(Parameter("config", DYNAMIC, dynamic=True), returns=NODES)
def nodes(config: Value) -> Value:
    """Totals of a pool's nodes."""
    raise FunctionError("it takes config, base, or one of environments", 0)


_Network = IPv4Network | IPv6Network


def _network(value: Value, argument: int) -> _Network:
    try:
        return ip_network(str(value.data), strict=False)
    except ValueError as error:
        raise FunctionError(f'"{value.data}" is no network in CIDR notation', argument) from error


def _inside(outer: _Network, inner: _Network) -> bool:
    if outer.version != inner.version:
        return False
    return outer.prefixlen <= inner.prefixlen and inner.network_address in outer


@function(Parameter("a", STRING), Parameter("b", STRING), returns=BOOL, not_null=True)
def cidroverlaps(a: Value, b: Value) -> Value:
    """True when the networks share an address."""
    left, right = _network(a, 0), _network(b, 1)
    return boolean(_inside(left, right) or _inside(right, left))


@function(Parameter("outer", STRING), Parameter("inner", STRING), returns=BOOL, not_null=True)
def cidrcontains(outer: Value, inner: Value) -> Value:
    """True when a network or address lies wholly inside of another network."""
    return boolean(_inside(_network(outer, 0), _network(inner, 1)))


@function(Parameter("cidr", STRING), returns=NUMBER, not_null=True)
def cidrprefix(cidr: Value) -> Value:
    """The length of the prefix: 16 for 10.0.0.0/16."""
    return number(_network(cidr, 0).prefixlen)


@function(Parameter("zone", STRING, null=True), returns=STRING)
def region_of(zone: Value) -> Value:
    """The region of a zone by its name; null where the name does not say."""
    found = region_of_zone(zone.data) if isinstance(zone.data, str) else None
    return null(STRING) if found is None else string(found)


def _parts(value: Value) -> tuple[int, ...] | None:
    match = _VERSION.fullmatch(str(value.data).strip())
    if match is None:
        return None
    return (int(match[1]), int(match[2]), *(int(part) for part in match[3].split(".") if part))


def _no_version(value: Value, kind: Type) -> Value:
    return unknown(f'"{value.data}" is no version number', kind)


@function(Parameter("version", STRING, null=True), returns=NUMBER)
def version_minor(version: Value) -> Value:
    """The second number of a version: 31 for 1.31.4-gke.100; null for null."""
    if version.is_null:
        return null(NUMBER)
    parts = _parts(version)
    return _no_version(version, NUMBER) if parts is None else number(parts[1])


@function(Parameter("version", STRING), Parameter("least", STRING), returns=BOOL, not_null=True)
def version_atleast(version: Value, least: Value) -> Value:
    """True when a version is not below another; only the numbers that both have are compared."""
    left, right = _parts(version), _parts(least)
    if left is None or right is None:
        return _no_version(version if left is None else least, BOOL)
    shared = min(len(left), len(right))
    return boolean(left[:shared] >= right[:shared])
