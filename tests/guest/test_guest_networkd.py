"""systemd-networkd's files: what becomes wider, and what stays for one card."""

from __future__ import annotations

import pytest

from guestseal.guest.network.networkd import findings, is_for_one_card, unbound

BY_MAC = "[Match]\nMACAddress=52:54:00:12:34:56\n"


def says(text: str, *, alone: bool = True) -> list[str]:
    return [finding.what for finding in findings("/x", text, alone=alone)]


@pytest.mark.parametrize("value", ["yes", "true", "ipv4", "ipv6", "both", "v4", "YES"])
def test_dhcp_and_one_address_become_any_ethernet_card(value: str) -> None:
    text = f"{BY_MAC}[Network]\nDHCP={value}\n"
    assert unbound(text) == f"[Match]\nName=e*\n[Network]\nDHCP={value}\n"
    assert is_for_one_card(text)
    assert not is_for_one_card(unbound(text))
    assert says(text) == []


def test_several_addresses_become_one_name() -> None:
    also = "MACAddress=52:54:00:12:34:56 52:54:00:12:34:57\nPermanentMACAddress=52:54:00:12:34:58\n"
    assert unbound(f"[Match]\n{also}[Network]\nDHCP=yes\n") == "[Match]\nName=e*\n[Network]\nDHCP=yes\n"


@pytest.mark.parametrize("rest", ["", "[Network]\nDHCP=no\n", "[Network]\nBridge=br0\n", "[Link]\nName=lan0\n"])
def test_without_dhcp_a_file_stays_for_its_card(rest: str) -> None:
    assert unbound(BY_MAC + rest) == BY_MAC + rest
    assert "MAC address" in says(BY_MAC + rest)[0]


def test_a_fixed_address_beside_dhcp_keeps_clones_away() -> None:
    for address in (
        "[Network]\nDHCP=yes\nAddress=192.0.2.1/24\n",
        "[Network]\nDHCP=yes\n[Address]\nAddress=192.0.2.1/24\n",
    ):
        assert unbound(BY_MAC + address) == BY_MAC + address
        assert "fixed address" in says(BY_MAC + address)[0]


def test_of_several_files_none_takes_all_cards() -> None:
    text = f"{BY_MAC}[Network]\nDHCP=yes\n"
    assert unbound(text, alone=False) == text
    assert "MAC address" in says(text, alone=False)[0]


def test_another_match_is_enough_even_then() -> None:
    text = f"{BY_MAC}Name=ens3\n[Network]\nDHCP=yes\n"
    assert unbound(text, alone=False) == "[Match]\nName=ens3\n[Network]\nDHCP=yes\n"
    assert says(text, alone=False) == []


def test_a_name_made_of_an_address_is_told() -> None:
    assert says("[Match]\nName=ens3 enx525400123456\n[Network]\nDHCP=yes\n") != []
