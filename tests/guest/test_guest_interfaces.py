"""interfaces(5) by line."""

from __future__ import annotations

import pytest

from guestseal.guest.network.interfaces import findings, unbound

ODD = "\udcff\n  \n#\\\niface\nauto\niface x\niface lo inet dhcp\n hwaddress ether \\\n  random\nno newline"


def told(text: str) -> list[str]:
    return [finding.what for finding in findings("/x", text)]


def test_what_is_not_ours_keeps_every_byte() -> None:
    assert unbound(ODD) == ODD
    assert told(ODD) == []


@pytest.mark.parametrize(
    "option", ["hwaddress ether 52:54:00:12:34:56", "hwaddress 52:54:00:12:34:56", "hwaddress \\\n 52:54:00:12:34:56"]
)
def test_an_address_that_is_set_goes_with_its_continuation(option: str) -> None:
    assert unbound(f"iface a inet manual\n  {option}\n  mtu 1450\n") == "iface a inet manual\n  mtu 1450\n"


@pytest.mark.parametrize("option", ["hostname golden", "client golden", "client-id 00:11"])
def test_dhcp_is_told_nothing_of_this_machine(option: str) -> None:
    assert unbound(f"iface a inet dhcp\n  {option}\n") == "iface a inet dhcp\n"
    assert unbound(f"iface a inet ppp\n  {option}\n") == f"iface a inet ppp\n  {option}\n"


def test_an_option_ends_with_its_stanza() -> None:
    text = "iface a inet dhcp\nauto b\n  hostname golden\nmapping c\n  hostname golden\n"
    assert unbound(text) == text


@pytest.mark.parametrize(
    "option",
    [
        "address 192.0.2.1",
        "up ip addr add 192.0.2.1/24 dev a",
        "post-up ip -6 a add x dev a",
        "up ifconfig a 192.0.2.1",
    ],
)
def test_a_fixed_address_is_told(option: str) -> None:
    assert "fixed address" in told(f"iface a inet manual\n  {option}\n")[0]
    assert told(f"iface lo inet loopback\n  {option}\n") == []


def test_one_card_is_told() -> None:
    assert told("auto mac/52:54:00:12:34:56=lan\n") != []
    assert told("iface enx525400123456 inet dhcp\n") != []
    assert told("# mac/52:54:00:12:34:56\n") == []
