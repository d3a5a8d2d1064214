"""Platforms' network documents that are hostile, or mean what cannot be configured: they are refused."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from support.network_documents import NOVA, read, version_2

from guestseal.errors import Malformed
from guestseal.firstboot.network_documents import from_network_config, from_network_data


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"version": 1, "config": [{"type": "bond", "name": "bond0"}]}, "a bond"),
        ({"version": 1, "config": [{"type": "bridge", "name": "br0"}]}, "a bridge"),
        ({"version": 1, "config": [{"type": "vlan", "name": "eth0.5"}]}, "a VLAN"),
        ({**version_2(dhcp4=True), "bonds": {"bond0": {}}}, "a bond"),
        ({**version_2(dhcp4=True), "bridges": {"br0": {}}}, "a bridge"),
        ({**version_2(dhcp4=True), "vlans": {"v5": {}}}, "a VLAN"),
        ({**version_2(dhcp4=True), "wifis": {"wl0": {}}}, "a wireless card"),
    ],
)
def test_what_is_no_physical_card_is_named_and_refused(document: dict[str, Any], kind: str) -> None:
    with pytest.raises(Malformed, match=f"{kind} is not supported"):
        from_network_config("x", document)


@pytest.mark.parametrize(("kind", "named"), [("bond", "a bond"), ("vlan", "a VLAN")])
def test_so_it_is_in_network_data(kind: str, named: str) -> None:
    document = {**NOVA, "links": [{**NOVA["links"][0], "type": kind}]}
    with pytest.raises(Malformed, match=f"{named} is not supported"):
        from_network_data("x", document)


@pytest.mark.parametrize("place", ["dhcp4", "mtu", "addresses", "gateway4"])
@pytest.mark.parametrize(
    "written",
    ["!!bool s3cret", "!!int ''", "!!float ''", "!!timestamp s3cret", "0x" + "f" * 5000, "1" + ":59" * 99_999],
)
def test_no_yaml_in_the_place_of_a_value_is_more_than_an_error(place: str, written: str) -> None:
    value = f"[{written}]" if place == "addresses" else written
    text = f"{{version: 2, ethernets: {{eth0: {{addresses: [10.0.0.2/24], {place}: {value}}}}}}}"
    if place == "addresses":
        text = f"{{version: 2, ethernets: {{eth0: {{{place}: {value}}}}}}}"
    with pytest.raises(Malformed) as caught:
        from_network_config("x", read(text))
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("place", ["dhcp4", "mtu", "netmask"])
def test_what_is_nested_as_deep_as_python_goes_is_refused(place: str) -> None:
    deep: Any = []
    for _ in range(sys.getrecursionlimit()):
        deep = [deep]
    document: dict[str, Any] = version_2(**{place: deep})
    if place == "netmask":
        subnet = {"type": "static", "address": "10.0.0.2", "netmask": deep}
        document = {"version": 1, "config": [{"type": "physical", "name": "eth0", "subnets": [subnet]}]}
    with pytest.raises(Malformed):
        from_network_config("x", document)


INJECTIONS = ("10.0.0.1\npost-up reboot", "fe80::1%eth0\nup reboot", "10.0.0.1;reboot", "$(reboot)", "\x1b[2J", " ", "")
NONSENSE = (*INJECTIONS, None, 7, True, [], {}, "a" * 100_000, "10.0.0.256", "\u0661\u0660.0.0.1", "::1.2.3.4.5")
HARMLESS = [("gateway4", None), ("mtu", None), ("search", "10.0.0.256"), ("name", "10.0.0.256")]


@pytest.mark.parametrize("value", NONSENSE, ids=repr)
@pytest.mark.parametrize("place", ["addresses", "gateway4", "nameservers", "search", "to", "via", "mac", "name", "mtu"])
def test_nothing_but_what_is_meant_gets_into_the_types(place: str, value: Any) -> None:
    """Whatever is let through is one of the few values without a meaning of their own."""
    static = {"addresses": ["10.0.0.2/24"]}
    eth0 = {
        "addresses": {"addresses": [value]},
        "gateway4": {**static, "gateway4": value},
        "nameservers": {**static, "nameservers": {"addresses": [value]}},
        "search": {**static, "nameservers": {"search": [value]}},
        "to": {**static, "routes": [{"to": value, "via": "10.0.0.1"}]},
        "via": {**static, "routes": [{"to": "10.9.0.0/16", "via": value}]},
        "mac": {**static, "match": {"macaddress": value}},
        "name": {**static, "match": {"name": value}},
        "mtu": {**static, "mtu": value},
    }[place]
    if (place, value) in HARMLESS:
        assert from_network_config("x", version_2(**eth0))
        return
    with pytest.raises(Malformed) as caught:
        from_network_config("x", version_2(**eth0))
    assert str(caught.value).isprintable()
    assert "reboot" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0/8",
        "127.0.0.1/8",
        "224.0.0.1/24",
        "10.0.0.2",
        "10.0.0.2/0",
        "10.0.0.2/33",
        "10.0.0.2/-1",
        "10.0.0.2/24/24",
        "::/64",
        "ff02::1/64",
        "::1/128",
        "2001:db8::1/129",
        "10.0.0.2/255.0.255.0",
        "fe80::1%1/64",
    ],
)
def test_an_address_that_no_card_can_have_is_refused(address: str) -> None:
    with pytest.raises(Malformed):
        from_network_config("x", version_2(addresses=[address]))


@pytest.mark.parametrize(
    "eth0",
    [
        {"routes": [{"to": "10.0.0.0/8", "via": "2001:db8::1"}]},
        {"routes": [{"to": "10.0.0.0/8"}]},
        {"routes": [{"to": "10.0.0.0/8", "via": "10.0.0.1", "table": 100}]},
        {"routes": [{"to": "10.0.0.0/8", "via": "10.0.0.1", "type": "blackhole"}]},
        {"routes": [{"to": "10.0.0.0/8", "via": "10.0.0.1", "metric": -1}]},
        {"routes": [{"to": "127.0.0.0/8", "via": "10.0.0.1"}]},
        {"routing-policy": [{"from": "10.0.0.0/8", "table": 5}]},
        {"routes": "10.0.0.0/8"},
        {"addresses": [["10.0.0.2/24"]]},
        {"addresses": ["10.0.0.2/24"] * 257},
        {"match": {"name": "en*"}, "dhcp4": True},
        {"match": {"driver": "ixgbe"}},
        {"match": "eth0"},
        {"match": {"macaddress": "00:00:00:00:00:00"}},
        {"dhcp4": "perhaps"},
        {"mtu": 12},
        {"mtu": 65536},
    ],
)
def test_what_cannot_be_said_in_the_types_is_refused(eth0: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        from_network_config("x", version_2(**eth0))


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"version": 3},
        {"version": "3", "ethernets": {}},
        {"version": True, "config": []},
        {"version": [2], "ethernets": {}},
        {"network": []},
        {"network": None},
        {"version": 2, "ethernets": []},
        {"version": 2, "ethernets": {5: {}}},
        {"version": 1},
        {"version": 1, "config": {}},
        {"version": 1, "config": [5]},
        {"version": 1, "config": [{"type": ["bond"]}]},
        {"version": 1, "config": [{"type": "physical"}]},
        {"version": 1, "config": [{"type": "physical", "name": "eth0", "subnets": [{"type": "static"}]}]},
        {"version": 1, "config": [{"type": "route", "destination": "10.0.0.0/8", "gateway": "10.0.0.1"}]},
    ],
    ids=repr,
)
def test_what_is_no_network_config_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        from_network_config("x", document)


@pytest.mark.parametrize(
    "changes",
    [
        {"links": {}},
        {"links": [{"id": "a"}]},
        {"links": [{**NOVA["links"][0], "id": None}]},
        {"links": [NOVA["links"][0], {**NOVA["links"][0], "id": "b"}]},
        {"links": []},
        {"networks": [{**NOVA["networks"][0], "type": "ipv5"}]},
        {"networks": [{**NOVA["networks"][0], "netmask": "255.0.255.0"}]},
        {"networks": [{**NOVA["networks"][0], "netmask": "ffff::"}]},
        {"networks": [{**NOVA["networks"][0], "routes": [{"network": "0.0.0.0", "netmask": "0.0.0.0"}]}]},
        {"services": [{"type": "dns"}]},
        {"services": "8.8.8.8"},
    ],
    ids=repr,
)
def test_what_is_no_network_data_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        from_network_data("x", {**NOVA, **changes})
