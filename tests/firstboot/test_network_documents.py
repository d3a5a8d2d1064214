"""Platforms' network documents: those of the documentation as recorded, and hostile ones."""

from __future__ import annotations

import copy
import ipaddress
import sys
from typing import Any

import pytest

from guestseal.errors import Malformed
from guestseal.firstboot.network_documents import from_network_config, from_network_data
from guestseal.firstboot.yaml_documents import yaml_object
from guestseal.guest.network.network_config import Link, NetworkConfig, Route

A, OWN, N = ipaddress.ip_address, ipaddress.ip_interface, ipaddress.ip_network
EVERYWHERE, EVERYWHERE6 = N("0.0.0.0/0"), N("::/0")

# Recorded from a config drive of OpenStack: both address families, as Nova writes their netmasks.
NOVA: dict[str, Any] = {
    "links": [
        {
            "mtu": 1500,
            "ethernet_mac_address": "fa:16:3e:99:59:c6",
            "type": "ovs",
            "vif_id": "68f096f7-8155-4cfc-8b87-dedb565cc2eb",
            "id": "tap68f096f7-81",
        }
    ],
    "networks": [
        {
            "id": "network0",
            "ip_address": "10.192.35.66",
            "link": "tap68f096f7-81",
            "netmask": "255.255.252.0",
            "network_id": "edbd37df-7fa8-4e34-a411-5edfc29ff3ca",
            "routes": [{"gateway": "10.192.35.254", "netmask": "0.0.0.0", "network": "0.0.0.0"}],
            "type": "ipv4",
        },
        {
            "network_id": "dd30bcfe-1e79-4839-8982-375a33f8e649",
            "routes": [{"network": "::", "gateway": "2001:db8:9::1", "netmask": "::"}],
            "services": [],
            "id": "network1",
            "link": "tap68f096f7-81",
            "type": "ipv6",
            "ip_address": "2001:db8:9:19:f180:658c:2eeb:520c",
            "netmask": "ffff:ffff:ffff::",
        },
    ],
    "services": [{"address": "10.255.250.40", "type": "dns"}, {"address": "10.255.251.40", "type": "dns"}],
}
# The examples of cloud-init's reference, "Networking config Version 1": subnets, name servers, routes.
VERSION_1 = """
network:
  version: 1
  config:
    - type: physical
      name: interface0
      mac_address: '00:11:22:33:44:55'
      subnets:
        - type: dhcp
        - type: static
          address: 192.168.23.14/27
          gateway: 192.168.23.1
          dns_nameservers:
            - 192.168.23.2
            - 8.8.8.8
          dns_search:
            - exemplary
        - type: static
          address: 10.184.225.122
          netmask: 255.255.255.252
          routes:
            - gateway: 10.184.225.121
              netmask: 255.240.0.0
              destination: 10.176.0.0
    - type: physical
      name: jumbo0
      mac_address: 'AA:11:22:33:44:55'
      mtu: 9000
    - type: nameserver
      interface: interface0  # Ties nameserver to interface0 only
      address: [192.168.23.3]
    - type: nameserver
      address: 9.9.9.9
      search: [everywhere.example]
    - type: route
      destination: 192.168.24.0/24
      gateway: 192.168.24.1
      metric: 3
"""
# From "Networking config Version 2".
VERSION_2 = """
version: 2
ethernets:
  id0:
    match:
      macaddress: '00:11:22:33:44:55'
    set-name: wired0
    wakeonlan: true
    dhcp4: true
    addresses:
      - 192.168.14.2/24
      - 2001:1::1/64
      - 192.168.14.3/24: {label: "eth0:1", lifetime: 0}
    gateway4: 192.168.14.1
    gateway6: 2001:1::2
    nameservers:
      search: [foo.local, bar.local]
      addresses: [8.8.8.8, FEDC::1]
    routes:
      - to: 192.0.2.0/24
        via: 11.0.0.1
        metric: 3
      - to: default
        via: 192.168.14.254
        on-link: true
  switchports:
    match:
      name: enp2s0
    mtu: 1280
  lom: {dhcp6: yes}
"""


def read(text: str) -> dict[str, Any]:
    return yaml_object("x", text.encode())


def one(link: Link) -> NetworkConfig:
    return NetworkConfig((link,))


def version_2(**eth0: Any) -> dict[str, Any]:
    return {"version": 2, "ethernets": {"eth0": eth0}}


def test_openstacks_network_data_with_both_families() -> None:
    expected = Link(
        mac="fa:16:3e:99:59:c6",
        mtu=1500,
        addresses=(OWN("10.192.35.66/22"), OWN("2001:db8:9:19:f180:658c:2eeb:520c/48")),
        routes=(Route(EVERYWHERE, A("10.192.35.254")), Route(EVERYWHERE6, A("2001:db8:9::1"))),
        nameservers=(A("10.255.250.40"), A("10.255.251.40")),
    )
    assert from_network_data("x", NOVA) == one(expected)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("ipv4_dhcp", (True, False)),
        ("ipv6_dhcp", (False, True)),
        ("ipv6_slaac", (False, True)),
        ("ipv6_dhcpv6-stateful", (False, True)),
        ("ipv6_dhcpv6-stateless", (False, True)),
    ],
)
def test_what_dhcp_brings_is_no_fixed_address(kind: str, expected: tuple[bool, bool]) -> None:
    """Nova gives the address of a stateful DHCPv6 network as well."""
    document = copy.deepcopy(NOVA)
    document["networks"] = [{**NOVA["networks"][1], "type": kind}]
    config = from_network_data("x", document)
    assert (config.links[0].dhcp4, config.links[0].dhcp6) == expected
    assert not config.static
    assert config.links[0].nameservers == ()


def test_the_link_types_of_the_hypervisor_are_cards_to_the_guest() -> None:
    for kind in ("bridge", "dvs", "hw_veb", "hyperv", "ovs", "tap", "vhostuser", "vif", "phy", "cascading", None):
        assert from_network_data("x", {**NOVA, "links": [{**NOVA["links"][0], "type": kind}]}).static


def test_an_empty_network_data_speaks_of_nothing() -> None:
    """CloudStack writes `{}` before 4.20."""
    assert from_network_data("x", {}) == NetworkConfig(())


def test_cloud_inits_version_1() -> None:
    config = from_network_config("x", read(VERSION_1))
    wired = Link(
        mac="00:11:22:33:44:55",
        name="interface0",
        dhcp4=True,
        addresses=(OWN("192.168.23.14/27"), OWN("10.184.225.122/30")),
        routes=(
            Route(EVERYWHERE, A("192.168.23.1")),
            Route(N("10.176.0.0/12"), A("10.184.225.121")),
            Route(N("192.168.24.0/24"), A("192.168.24.1"), 3),
        ),
        nameservers=(A("192.168.23.2"), A("8.8.8.8"), A("192.168.23.3"), A("9.9.9.9")),
        search=("exemplary", "everywhere.example"),
    )
    assert config == NetworkConfig((wired, Link(mac="aa:11:22:33:44:55", name="jumbo0", mtu=9000)))


def test_cloud_inits_version_2() -> None:
    config = from_network_config("x", {"network": read(VERSION_2)})
    wired = Link(
        mac="00:11:22:33:44:55",
        dhcp4=True,
        addresses=(OWN("192.168.14.2/24"), OWN("2001:1::1/64"), OWN("192.168.14.3/24")),
        routes=(
            Route(EVERYWHERE, A("192.168.14.1")),
            Route(EVERYWHERE6, A("2001:1::2")),
            Route(N("192.0.2.0/24"), A("11.0.0.1"), 3),
            Route(EVERYWHERE, A("192.168.14.254")),
        ),
        nameservers=(A("8.8.8.8"), A("fedc::1")),
        search=("foo.local", "bar.local"),
    )
    others = (Link(mac=None, name="enp2s0", mtu=1280), Link(mac=None, name="lom", dhcp6=True))
    assert config == NetworkConfig((wired, *others))


def test_the_top_level_key_may_be_missing_or_there() -> None:
    inner = read(VERSION_2)
    assert from_network_config("x", inner) == from_network_config("x", {"network": inner})


def test_disabled_speaks_of_nothing() -> None:
    assert from_network_config("x", {"network": {"config": "disabled"}}) == NetworkConfig(())


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


@pytest.mark.parametrize("version", [2, "2"])
def test_numbers_and_truth_values_are_what_json_or_yaml_have(version: object) -> None:
    """YAML's are texts."""
    number = str if isinstance(version, str) else int
    routes = [{"to": "default", "via": "10.0.0.1", "metric": number(7)}]
    eth0 = {"addresses": ["10.0.0.2/24"], "dhcp4": False, "mtu": number(1400), "routes": routes}
    for said, dhcp6 in ((True, True), ("yes", True), ("On", True), ("no", False), (None, False)):
        config = from_network_config("x", {**version_2(**eth0, dhcp6=said), "version": version})
        (link,) = config.links
        assert (link.mtu, link.routes[0].metric, link.dhcp4, link.dhcp6) == (1400, 7, False, dhcp6)


def test_a_mac_address_needs_no_quotes() -> None:
    """YAML 1.1 takes 52:54:00:12:34:56 for a number of base 60."""
    config = from_network_config("x", read("{version: 2, ethernets: {a: {match: {macaddress: 52:54:00:12:34:56}}}}"))
    assert config.links[0].mac == "52:54:00:12:34:56"


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


@pytest.mark.parametrize("interface", [None, "eth7", 7, ["eth0"]], ids=repr)
def test_a_name_server_of_no_link_that_is_there_is_everybodys(interface: object) -> None:
    card = {"type": "physical", "name": "eth0", "subnets": [{"type": "static", "address": "10.0.0.2/24"}]}
    server = {"type": "nameserver", "address": "10.0.0.1", "interface": interface}
    config = from_network_config("x", {"version": 1, "config": [card, server]})
    assert config.links[0].nameservers == (A("10.0.0.1"),)


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
