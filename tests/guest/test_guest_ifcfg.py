"""ifcfg files: what is taken out, what is completed, and which addresses keep clones away."""

from __future__ import annotations

import pytest

from guestseal.guest.network.ifcfg import SCRIPTS, WICKED, findings, is_plain, unbound

ETH0 = f"{SCRIPTS}eth0"
DHCP = "BOOTPROTO=dhcp\n"
HWADDR = "HWADDR=52:54:00:12:34:56\n"
WHOLE = "DEVICE=eth0\nTYPE=Ethernet\nBOOTPROTO=dhcp\nONBOOT=yes\n"


def test_the_four_lines_are_left_alone() -> None:
    assert unbound(ETH0, WHOLE) == WHOLE


def test_what_is_missing_of_them_is_added() -> None:
    assert unbound(ETH0, DHCP + HWADDR) == f"{DHCP}DEVICE=eth0\nTYPE=Ethernet\nONBOOT=yes\n"


def test_a_card_that_is_off_stays_off_beside_another() -> None:
    text = WHOLE.replace("ONBOOT=yes", "ONBOOT=no")
    assert unbound(ETH0, text, alone=False) == text
    assert unbound(ETH0, text) == WHOLE


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (f"{SCRIPTS}bond0", DHCP),
        (f"{SCRIPTS}br0", "DEVICE=br0\nBOOTPROTO=dhcp\nTYPE=Bridge\n"),
        (f"{SCRIPTS}eth0.5", DHCP + "VLAN=yes\n"),
        (f"{SCRIPTS}eth0.bak", DHCP),
        (f"{SCRIPTS}eth0", DHCP + "BRIDGE=br0\n"),
        (f"{SCRIPTS}eth0", DHCP + "IPADDR2=192.0.2.1\n"),
        (f"{SCRIPTS}eth0", "BOOTPROTO=none\n"),
        (f"{WICKED}eth0", DHCP),
    ],
)
def test_nothing_but_a_plain_card_is_completed(path: str, text: str) -> None:
    assert not is_plain(path, text)
    assert unbound(path, text) == text


@pytest.mark.parametrize("key", ["IPADDR", "IPADDR0", "IPADDR_1", "IPV6ADDR", "IPV6ADDR_SECONDARIES"])
def test_a_fixed_address_stays_with_its_card_and_is_told(key: str) -> None:
    text = f"DEVICE=eth0\n{HWADDR}{key}=x\nUUID=1\n"
    assert unbound(ETH0, text) == text.replace("UUID=1\n", "")
    assert ["fixed address" in finding.what for finding in findings(ETH0, text)] == [True]


def test_an_empty_address_is_none() -> None:
    assert list(findings(ETH0, "IPADDR=''\n")) == []


def test_a_port_is_known_by_its_device() -> None:
    assert unbound(ETH0, f"DEVICE=eth0\n{HWADDR}MASTER=bond0\n") == "DEVICE=eth0\nMASTER=bond0\n"


def test_a_name_made_of_an_address_is_told() -> None:
    assert list(findings(f"{SCRIPTS}x", "DEVICE=enx525400123456\n")) != []
    assert list(findings(f"{SCRIPTS}enx525400123456", DHCP)) != []
