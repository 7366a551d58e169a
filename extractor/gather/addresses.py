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
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: the identifier before the IPv4 address
# They stay closed when the networks of this machine are opened: what a cloud tells its own
# machines there (keys, passwords) is never news.
_NEVER = (
    IPv4Network("169.254.0.0/16"),  # link-local; the metadata service of most clouds
    IPv4Network("100.100.100.200/32"),
    IPv4Network("168.63.129.16/32"),
    IPv4Network("192.0.0.192/32"),
    IPv6Network("fe80::/10"),
    IPv6Network("fd00:ec2::254/128"),  # Amazon
    IPv6Network("fd20:ce::254/128"),  # Google
)


class RefusedAddressError(OSError):
    """A connection to an address that is not public."""

    def __init__(self) -> None:
        # One text for all addresses, so that a host with several is refused with it as well.
        super().__init__("the address is private, local or of a cloud's metadata service")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, in whatever form it is written.

    IPv4 inside IPv6 (mapped, compatible, 6to4, Teredo, NAT64, ISATAP) is judged as the IPv4
    it is.
    """
    parsed = _parsed(address)
    if parsed is None:
        return False
    return all(map(_is_public_v4, _inner(parsed))) and (
        isinstance(parsed, IPv4Address) or _is_public_v6(parsed)
    )


def is_harmless(address: str) -> bool:
    """Whether an address may be asked once private ones are allowed: no metadata service."""
    parsed = _parsed(address)
    if parsed is None:
        return False
    forms = (parsed, *_inner(parsed))
    return not any(form.is_multicast or _is_never(form) for form in forms)


def public_socket(addr_info: tuple[Any, ...]) -> socket.socket:
    """A socket for an address, made at the moment of connecting.

    As the socket factory of a connector it sees literal addresses, DNS answers and the
    targets of redirects alike, after resolution, so that no second answer can slip past.
    Raises RefusedAddressError.
    """
    return _socket(addr_info, is_public(str(addr_info[4][0])))


def harmless_socket(addr_info: tuple[Any, ...]) -> socket.socket:
    """The same where private addresses are allowed: only metadata services are refused."""
    return _socket(addr_info, is_harmless(str(addr_info[4][0])))


def _socket(addr_info: tuple[Any, ...], is_allowed: bool) -> socket.socket:
    if not is_allowed:
        raise RefusedAddressError
    family, kind, protocol, _, _ = addr_info
    return socket.socket(family, kind, protocol)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address.partition("%")[0])
    except ValueError:
        return None


def _is_never(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in _NEVER)


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
    last_words = int(address) >> 32 & 0xFFFFFFFF
    if address in _NAT64 or address in _IPV4_COMPATIBLE or last_words in _ISATAP:
        carried.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [inner for inner in carried if inner is not None]
