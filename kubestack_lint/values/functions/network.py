"""IP networks in CIDR notation.

Networks are kept as numbers. Where Terraform's libraries do something odd (IPv4
addresses written as IPv6, huge numbers), the same oddity comes out here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from ipaddress import IPv4Address, IPv6Address

from kubestack_lint.values.functions.elements import whole
from kubestack_lint.values.functions.signature import FunctionError, Parameter, function, scalar
from kubestack_lint.values.numbers import Number
from kubestack_lint.values.types import NUMBER, STRING, list_of
from kubestack_lint.values.value import Value, collection, string

_MAPPED = 0xFFFF
# Numbers in addresses may have leading zeros, but not just any size.
_LARGEST = 0xFFFFFF


@dataclass(frozen=True, slots=True)
class _Network:
    """The first address as a number, its width in bits, the length of the prefix."""

    first: int
    bits: int
    prefix: int

    @property
    def mapped(self) -> bool:
        """True for IPv4 written as IPv6, such as ::ffff:10.0.0.0/104."""
        return self.bits == 128 and self.first >> 32 == _MAPPED

    def contains(self, address: int) -> bool:
        return address >> (self.bits - self.prefix) == self.first >> (self.bits - self.prefix)

    @property
    def text(self) -> str:
        if self.prefix < 0:
            return "<nil>"
        prefix = max(self.prefix - 96, 0) if self.mapped else self.prefix
        return f"{_address(self.first, self.bits)}/{prefix}"


def _address(number: int, bits: int) -> str:
    if bits == 32 or number >> 32 == _MAPPED:
        return str(IPv4Address(number & 0xFFFFFFFF))
    return str(IPv6Address(number))


def _mask(prefix: int, bits: int) -> int:
    return (1 << bits) - (1 << (bits - prefix))


def _number(text: str, base: int, limit: int) -> int | None:
    pattern = r"[0-9]+" if base == 10 else r"[0-9A-Fa-f]+"
    if len(text) > 100 or re.fullmatch(pattern, text) is None:
        return None
    number = int(text, base)
    return number if number <= limit else None


def _ipv4(text: str) -> int | None:
    octets = [_number(part, 10, 255) for part in text.split(".")]
    if len(octets) != 4 or None in octets:
        return None
    return int.from_bytes(bytes(octet or 0 for octet in octets))


def _ipv6(text: str) -> int | None:
    head, ellipsis, tail = text.partition("::")
    before = _groups(head, last=not ellipsis) if head else []
    after = _groups(tail, last=True) if tail else []
    if before is None or after is None:
        return None
    missing = 8 - len(before) - len(after)
    if missing < 0 or bool(missing) != bool(ellipsis):
        return None
    return int.from_bytes(b"".join(group.to_bytes(2) for group in [*before, *[0] * missing, *after]))


def _groups(text: str, last: bool) -> list[int] | None:
    """Groups of 16 bits; the last of an address may be written as IPv4."""
    parts = text.split(":")
    embedded = _ipv4(parts[-1]) if last and "." in parts[-1] else None
    if embedded is not None:
        parts.pop()
    groups = [_number(part, 16, _MAPPED) for part in parts]
    found = [group for group in groups if group is not None]
    if len(found) < len(groups):
        return None
    return found if embedded is None else [*found, embedded >> 16, embedded & _MAPPED]


def _network(text: str) -> _Network:
    address, slash, length = text.partition("/")
    bits, number = 32, _ipv4(address)
    if number is None:
        bits, number = 128, _ipv6(address)
    prefix = _number(length, 10, bits)
    if not slash or number is None or prefix is None:
        raise FunctionError(f'"{text}" is no network in CIDR notation', 0)
    return _Network(number & _mask(prefix, bits), bits, prefix)


def _with_number(network: _Network, number: int, prefix: int) -> int:
    """The first address with a number written into the bits that end at `prefix`."""
    shift = network.bits - prefix
    result = abs(network.first | (number << shift if shift < 1024 else 0))
    if result >> network.bits or number.bit_length() + shift > 1024:
        raise FunctionError(f"{number} does not fit into {network.text}")
    return result


def _low64(number: int) -> int:
    return abs(number) & 0xFFFFFFFFFFFFFFFF


@scalar(Parameter("prefix", STRING), Parameter("hostnum", NUMBER))
def cidrhost(prefix: str, hostnum: Number) -> str:
    """The address with a number in a network; negative numbers count from its end."""
    if isinstance(hostnum, Fraction):
        raise FunctionError("the host number must be a whole number", 1)
    network = _network(prefix)
    highest = (1 << (network.bits - network.prefix)) - 1
    low = _low64(hostnum)
    size = low - (1 << 64) if low >> 63 else low
    number = hostnum
    if hostnum < 0:
        size = -hostnum - 1
        number = highest - size
    if size > highest:
        raise FunctionError(f"a prefix of {network.prefix} bits has no host with the number {hostnum}", 1)
    return _address(_with_number(network, number, 32 if network.mapped else network.bits), network.bits)


@scalar(Parameter("prefix", STRING))
def cidrnetmask(prefix: str) -> str:
    """The netmask of an IPv4 network."""
    network = _network(prefix)
    if network.bits == 128 and not network.mapped:
        raise FunctionError("an IPv6 network has no netmask", 0)
    return _address(_mask(network.prefix, network.bits), network.bits)


@function(Parameter("prefix", STRING), Parameter("newbits", NUMBER), Parameter("netnum", NUMBER), not_null=True)
def cidrsubnet(prefix: Value, newbits: Value, netnum: Value) -> Value:
    """The subnet with a number, its prefix longer by `newbits`."""
    bits, number = whole(newbits, 1), netnum.data
    if not isinstance(number, int):
        raise FunctionError("the number of the subnet must be a whole number", 2)
    network = _network(str(prefix.data))
    length = network.prefix + bits
    if length > network.bits:
        raise FunctionError(f"a prefix of {network.prefix} bits cannot be extended by {bits}", 1)
    highest = (1 << bits) - 1 if 0 <= bits < 64 else (1 << 64) - 1
    if _low64(number) > highest:
        raise FunctionError(f"{bits} more bits are too few for a subnet numbered {number}", 2)
    return string(_Network(_with_number(network, number, length), network.bits, length).text)


@function(Parameter("prefix", STRING), variadic=Parameter("newbits", NUMBER), returns=list_of(STRING), not_null=True)
def cidrsubnets(prefix: Value, *newbits: Value) -> Value:
    """Consecutive subnets, one for each number of new bits."""
    network = _network(str(prefix.data))
    found: list[Value] = []
    end = network.first - 1
    for argument, value in enumerate(newbits, start=1):
        bits = whole(value, argument)
        if not 1 <= bits <= 32:
            raise FunctionError("a prefix must be extended by 1 to 32 bits", argument)
        length = network.prefix + bits
        if length > network.bits:
            raise FunctionError(f"a prefix of {length} bits is too long for this address", argument)
        # The next one starts behind the block of its own size that holds the end of the last.
        host = (1 << (network.bits - length)) - 1
        start = (end | host) + 1
        if end < 0 or not network.contains(start) or network.mapped:
            raise FunctionError(f"there is no room left for a subnet with a prefix of {length} bits", argument)
        end = start | host
        found.append(string(_Network(start, network.bits, length).text))
    return collection("list", STRING, tuple(found))
