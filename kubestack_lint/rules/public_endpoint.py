"""public-endpoint: a Kubernetes API that can be reached from more networks than a policy names."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from kubestack_lint.effective import Reading, news, read, words_of
from kubestack_lint.finding import Label, Severity
from kubestack_lint.inheritance import Inheritance
from kubestack_lint.rule import Problem, rule
from kubestack_lint.values.value import Unknown
from kubestack_lint.wording import listed

# By provider: the attribute with the value that closes the public endpoint, and
# the list of networks that may reach it while it is open.
_SETTINGS = {
    "aws": ("cluster_endpoint_public_access", False, "cluster_public_access_cidrs"),
    "google": ("enable_private_endpoint", True, "master_authorized_networks_config_cidr_blocks"),
}
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@rule(on=Inheritance, severity=Severity.WARNING)
def public_endpoint(inheritance: Inheritance, *, networks: Sequence[str]) -> Iterator[Problem]:
    """The Kubernetes API can be reached from networks that a policy does not name."""
    definition = inheritance.block.definition
    if definition.kind != "cluster" or definition.provider not in _SETTINGS:
        return
    switch, closed, cidrs = _SETTINGS[definition.provider]
    if cidrs not in definition.attributes:
        return  # The module has no say in it at this version.
    for name in inheritance.environments:
        public, listed_ = read(inheritance, name, switch), read(inheritance, name, cidrs)
        if public is not None and (_is(public, closed) or not public.value.is_known):
            continue
        outside = _outside(listed_, networks)
        if outside is not None and news(inheritance, name, (public, listed_)):
            yield _problem(inheritance, name, cidrs, public, listed_, outside)


def _is(reading: Reading, wanted: bool) -> bool:
    return str(reading.value.data).lower() == str(wanted).lower()


def _outside(reading: Reading | None, networks: Sequence[str]) -> list[str] | None:
    """Networks beyond those named; everything where no list is set, None where all is well or not known."""
    words = words_of(reading) if reading is not None else ()
    if isinstance(words, Unknown):
        return None
    if not words:
        return None if _everything(networks) else ["0.0.0.0/0"]
    allowed = [network for text in networks if (network := _network(text)) is not None]
    reaching = [network for word in words if (network := _network(word.text)) is not None]
    if allowed:
        return [str(network) for network in reaching if not any(_inside(network, other) for other in allowed)] or None
    return [str(network) for network in reaching if network.prefixlen == 0] or None


def _inside(network: _Network, other: _Network) -> bool:
    if isinstance(network, ipaddress.IPv4Network) and isinstance(other, ipaddress.IPv4Network):
        return network.subnet_of(other)
    if isinstance(network, ipaddress.IPv6Network) and isinstance(other, ipaddress.IPv6Network):
        return network.subnet_of(other)
    return False


def _everything(networks: Sequence[str]) -> bool:
    return any((network := _network(text)) is not None and network.prefixlen == 0 for text in networks)


def _network(text: str) -> _Network | None:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def _problem(
    inheritance: Inheritance, name: str, cidrs: str, public: Reading | None, listed_: Reading | None, outside: list[str]
) -> Problem:
    block = inheritance.block
    written = [r for r in (listed_, public) if r is not None and r.setting is not None]
    whole = block.configuration(name).items.get(name)
    place = written[0].place if written else (whole.place if whole is not None else None) or block.configuration_span
    related = tuple(reading.label for reading in written[1:])
    if not written and public is not None:
        related = (Label(block.span, public.label.message),)
    everyone = "0.0.0.0/0" in outside or "::/0" in outside
    return Problem(
        message=f"the Kubernetes API of {block.address} in {name} can be reached from "
        + ("everywhere" if everyone else listed(outside)),
        span=place,
        label=f"{cidrs} is not set" if listed_ is None else "too wide",
        related=related,
        remediation=f"Set {cidrs} in {name} to the networks that need it, or make the endpoint private.",
        environment=name,
        attribute=(cidrs,),
        value=" ".join(outside),
    )
