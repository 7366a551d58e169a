"""Promises of the guard before private networks."""

from __future__ import annotations

import socket

import pytest

from extractor.gather.addresses import RefusedAddressError, is_public, public_socket


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
        "not an address",
    ],
)
def test_other_addresses_may_not(address: str) -> None:
    assert not is_public(address)


def test_a_refused_address_gets_no_socket() -> None:
    with pytest.raises(RefusedAddressError):
        public_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80)))
