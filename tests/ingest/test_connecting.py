"""Which addresses may be connected to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources.connecting import may_connect

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808", "::ffff:8.8.8.8"]
NAMED_ONLY = [
    "127.0.0.1",
    "127.8.9.10",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",  # between a provider and its customers
    "::1",
    "fd00::1",
    "::ffff:127.0.0.1",  # IPv4 in IPv6
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",  # through NAT64
    "2002:7f00:1::",  # through 6to4
    "2002:c0a8:101::1",
]
NEVER = [
    "169.254.169.254",  # a cloud's secrets
    "fe80::1",
    "fe80::1%lo",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
    "240.0.0.1",
    "192.0.2.1",  # for examples in documents
    "2001:db8::1",
    "::ffff:169.254.169.254",
    "::ffff:0.0.0.0",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:a9fe:a9fe::1",
    "::127.0.0.1",
    "fec0::1",
    "4000::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_asked(address: str) -> None:
    assert may_connect(address, private=False)
    assert may_connect(address, private=True)


@pytest.mark.parametrize("address", NAMED_ONLY)
def test_a_private_address_may_be_asked_where_it_is_named(address: str) -> None:
    assert not may_connect(address, private=False)
    assert may_connect(address, private=True)


@pytest.mark.parametrize("address", NEVER)
def test_what_is_nobodys_address_may_never_be_asked(address: str) -> None:
    assert not may_connect(address, private=False)
    assert not may_connect(address, private=True)


@given(st.ip_addresses(v=4))
def test_an_address_hides_behind_no_other_way_to_write_it(address: object) -> None:
    for private in (False, True):
        plain = may_connect(str(address), private=private)
        assert may_connect(f"::ffff:{address}", private=private) is plain
        assert may_connect(f"64:ff9b::{address}", private=private) is plain


@given(st.ip_addresses())
def test_what_may_be_asked_unnamed_may_be_asked_named(address: object) -> None:
    assert may_connect(str(address), private=True) or not may_connect(str(address), private=False)
