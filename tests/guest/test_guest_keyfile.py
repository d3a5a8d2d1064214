"""NetworkManager's profiles: which address may go, and which one a clone needs to stay away."""

from __future__ import annotations

import pytest

from guestseal.guest.network.keyfile import findings, unbound

MAC = "mac-address=52:54:00:12:34:56"


def profile(connection: str = "", *, method: str = "auto", ethernet: str = MAC) -> str:
    return f"[connection]\ntype=ethernet\n{connection}[ethernet]\n{ethernet}\n[ipv4]\nmethod={method}\n"


def says(text: str) -> list[str]:
    return [finding.what for finding in findings("/x", text)]


def test_a_card_with_dhcp_is_any_card() -> None:
    assert MAC not in unbound(profile())
    assert says(profile()) == []


def test_a_fixed_address_stays_with_its_card() -> None:
    for text in (profile(method="manual"), profile().replace("method=auto", "address1=192.0.2.1/24")):
        assert unbound(text) == text
        assert "fixed address" in says(text)[0]


@pytest.mark.parametrize("key", ["master=br0", "controller=br0", "slave-type=bridge", "port-type=bond"])
def test_a_port_without_a_name_stays_with_its_card(key: str) -> None:
    text = profile(f"{key}\n")
    assert unbound(text) == text
    assert "MAC address" in says(text)[0]


def test_a_port_with_a_name_needs_no_address() -> None:
    text = profile("master=br0\ninterface-name=ens3\n")
    assert MAC not in unbound(text)
    assert says(text) == []


def test_a_uuid_goes_unless_another_profile_names_it() -> None:
    text = profile("uuid=5fb06bd0\n")
    assert "uuid" not in unbound(text)
    assert unbound(text, others="parent=5fb06bd0\n").count("uuid=5fb06bd0") == 1


@pytest.mark.parametrize("value", ["permanent", "preserve", "random", "stable", "stable-ssid"])
def test_a_keyword_in_place_of_an_address_stays(value: str) -> None:
    text = profile(ethernet=f"cloned-mac-address={value}")
    assert unbound(text) == text


def test_an_address_of_something_else_stays() -> None:
    text = "[bluetooth]\nbdaddr=52:54:00:12:34:56\nmac-address=52:54:00:12:34:56\n[wifi]\nbssid=52:54:00:12:34:56\n"
    assert unbound(text) == text
