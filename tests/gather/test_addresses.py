"""Promises of the guard before private networks."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.gather.addresses import (
    RefusedAddressError,
    harmless_socket,
    is_harmless,
    is_public,
    public_socket,
)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_public_addresses_may_be_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "0.0.0.0",
        "100.64.0.1",
        "100.100.100.200",  # metadata service
        "169.254.169.254",  # metadata service
        "168.63.129.16",  # metadata service
        "192.0.0.192",  # metadata service
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",  # metadata service
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "2002:7f00:1::",  # 6to4
        "2001:0:a00:1::f5ff:fffe",  # Teredo
        "2606:4700::5efe:10.0.0.1",  # ISATAP
        "64:ff9b:1::a00:1",  # NAT64 of a network's own, RFC 8215
        "::ffff:0:10.0.0.1",  # translated, RFC 2765
        "not an address",
    ],
)
def test_other_addresses_may_not(address: str) -> None:
    assert not is_public(address)


def test_a_refused_address_gets_no_socket() -> None:
    with pytest.raises(RefusedAddressError):
        public_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80)))


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "::1", "fd12::1", "8.8.8.8"]
)
def test_allowing_private_addresses_opens_this_machine_and_its_networks(address: str) -> None:
    assert is_harmless(address)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "224.0.0.1",
        "ff02::1",
        "nonsense",
    ],
)
def test_metadata_services_stay_closed_when_private_addresses_are_allowed(address: str) -> None:
    assert not is_harmless(address)


@given(st.ip_addresses(v=4))
def test_no_way_of_writing_an_ipv4_address_in_ipv6_opens_a_private_one(inner: IPv4Address) -> None:
    number = int(inner)
    forms = (
        (0xFFFF << 32) + number,  # mapped
        number,  # compatible
        (0x64FF9B << 96) + number,  # NAT64
        (0x2002 << 112) + (number << 80) + 1,  # 6to4
        (0x20010000 << 96) + (0x08080808 << 64) + (number ^ 0xFFFFFFFF),  # Teredo
        (0x26064700 << 96) + (0x5EFE << 32) + number,  # ISATAP
    )
    for form in forms:
        written = str(IPv6Address(form))
        assert is_public(written) <= is_public(str(inner))
        assert is_harmless(written) <= is_harmless(str(inner))


def test_a_metadata_service_gets_no_socket_even_among_allowed_networks() -> None:
    with pytest.raises(RefusedAddressError):
        harmless_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 80)))
