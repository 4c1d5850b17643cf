"""Which network addresses a request may go to.

A name typed by a user can lead anywhere, also to this machine or to the metadata service of its cloud, which hands out
credentials. So what counts is the address it resolves to, looked at in the moment of connecting: the connection goes to
the very address that was checked, and a name that changes its answer in between (DNS rebinding) gains nothing. Private
networks are allowed, because that is where a Prometheus lives.
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Metadata and control services of clouds, from each provider's documentation. No setting opens these.
METADATA: tuple[Network, ...] = (
    ip_network("169.254.169.254/32"),  # AWS, Azure, Google, OpenStack and most others
    ip_network("169.254.170.0/24"),  # AWS: credentials of containers and pods
    ip_network("fd00:ec2::/32"),  # AWS over IPv6
    ip_network("fd20:ce::254/128"),  # Google over IPv6
    ip_network("100.100.100.200/32"),  # Alibaba
    ip_network("168.63.129.16/32"),  # Azure's host
    ip_network("192.0.0.192/32"),  # Oracle
)
_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))


class Forbidden(Exception):  # noqa: N818 - it is what the address is, and its text is shown to the user
    """The address must not be connected to; the text says why and what an administrator can do."""


def why_forbidden(address: Address, allowed: Sequence[Network] = ()) -> str | None:
    """What the address is when no request may go there, None when it may. `allowed` opens all but metadata services."""
    kinds = [_kind(one, allowed) for one in (*_embedded(address), address)]
    return next((kind for kind in kinds if kind), None)


def _kind(address: Address, allowed: Sequence[Network]) -> str | None:
    if any(address in network for network in METADATA):
        return "a metadata service of a cloud"
    if any(address in network for network in allowed):
        return None
    if address.is_loopback or address.is_unspecified or (address.version == 4 and address in ip_network("0.0.0.0/8")):
        return "this machine itself (loopback)"
    if address.is_link_local:
        return "a link-local address"
    if address.is_multicast:
        return "a multicast address"
    return "a reserved address" if address.is_reserved and not _in_nat64(address) else None


def _embedded(address: Address) -> list[Address]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if not isinstance(address, IPv6Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if _in_nat64(address) or (int(address) >> 32 == 0 and int(address) > 1):
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


def _in_nat64(address: Address) -> bool:
    return any(address in network for network in _NAT64)


def resolved(host: str, port: int, allowed: Sequence[Network]) -> list[str]:
    """The numeric addresses of a host that may be connected to, in the resolver's order.

    Raises Forbidden when the host has none but forbidden ones, and socket.gaierror when it has none at all.
    """
    found = [str(row[4][0]).partition("%")[0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    reasons = {one: why_forbidden(ip_address(one), allowed) for one in dict.fromkeys(found)}
    good = [one for one, reason in reasons.items() if reason is None]
    if not good:
        reason = next(iter(reasons.values()))
        message = (
            f"{host} leads to {reason}, and MeshAdvisor does not connect there. If that is meant, an administrator "
            f"can allow the network in MESHADVISOR_OUTBOUND_ALLOWED."
            if reason != "a metadata service of a cloud"
            else f"{host} leads to {reason}, and MeshAdvisor never connects there."
        )
        raise Forbidden(message)
    return good
