"""Which network addresses may be asked: public ones."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

# Beyond what the standard library calls private: services of clouds for their own machines.
_REFUSED_V4 = (
    IPv4Network("100.64.0.0/10"),  # carrier NAT; the metadata service of Alibaba
    IPv4Network("192.0.0.0/24"),  # protocol assignments; the metadata service of Oracle
    IPv4Network("168.63.129.16/32"),  # the host agent of Azure
    IPv4Network("192.88.99.0/24"),  # 6to4 relays
)
_GLOBAL_V6 = IPv6Network("2000::/3")  # all that IANA has given to public networks
_NAT64 = IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE = IPv6Network("::/96")


class RefusedAddressError(OSError):
    """A connection to an address that is not public."""

    def __init__(self) -> None:
        # One text for all addresses, so that a host with several is refused with it as well.
        super().__init__("the address is private, local or of a cloud's metadata service")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, in whatever form it is written.

    IPv4 inside IPv6 (mapped, compatible, 6to4, Teredo, NAT64) is judged as the IPv4 it is.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(map(_is_public_v4, _inner(parsed))) and (
        isinstance(parsed, IPv4Address) or _is_public_v6(parsed)
    )


def public_socket(addr_info: tuple[Any, ...]) -> socket.socket:
    """A socket for an address, made at the moment of connecting.

    As the socket factory of a connector it sees literal addresses, DNS answers and the
    targets of redirects alike, after resolution, so that no second answer can slip past.
    Raises RefusedAddressError.
    """
    family, kind, protocol, _, address = addr_info
    if not is_public(str(address[0])):
        raise RefusedAddressError
    return socket.socket(family, kind, protocol)


def _is_public_v4(address: IPv4Address) -> bool:
    refused = any(address in network for network in _REFUSED_V4)
    return address.is_global and not address.is_multicast and not refused


def _is_public_v6(address: IPv6Address) -> bool:
    if address.ipv4_mapped or address in _NAT64:
        return True  # what it holds was judged
    return address in _GLOBAL_V6 and address.is_global and not address.is_multicast


def _inner(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an address is or carries."""
    if isinstance(address, IPv4Address):
        return [address]
    teredo = address.teredo or ()
    carried = [address.ipv4_mapped, address.sixtofour, *teredo]
    if address in _NAT64 or address in _IPV4_COMPATIBLE:
        carried.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [inner for inner in carried if inner is not None]
