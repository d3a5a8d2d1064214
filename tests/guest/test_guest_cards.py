"""MAC addresses, and what only looks like one."""

from __future__ import annotations

import pytest

from guestseal.guest.network.cards import holds_mac, is_mac, named_by_mac

ETHERNET = "52:54:00:12:34:56"
INFINIBAND = "80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03:00:31:78:f2"


@pytest.mark.parametrize(
    "value",
    [ETHERNET, ETHERNET.upper(), f'"{ETHERNET}"', f" '{ETHERNET}' ", "52-54-00-12-34-56", "5254.0012.3456", INFINIBAND],
)
def test_addresses(value: str) -> None:
    assert is_mac(value)
    assert holds_mac(f"ether {value};")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "permanent",
        "random",
        "none",
        "52:54:00",
        "52:54:00:*",
        "52:54:00:12:34:5g",
        "2001:db8::1",
        "192.0.2.1",
        "52:54:00-12:34:56",
        "525400123456",
    ],
)
def test_what_is_none(value: str) -> None:
    assert not is_mac(value)
    assert not holds_mac(value)


def test_an_address_within_something_else_is_none() -> None:
    assert not holds_mac("fe80:52:54:00:12:34:56:78:9a:bc:de:f0:00:11:22:33:44:55:66:77:88")
    assert not holds_mac("x52:54:00:12:34:56")


def test_names_made_of_an_address() -> None:
    assert named_by_mac("enx525400123456")
    assert named_by_mac("eth-id-52:54:00:12:34:56")
    assert not any(map(named_by_mac, ("enx0", "eth0", "enp1s0", "ens3", "")))
