"""Platforms' network documents as the documentation has them, and what is read from them."""

from __future__ import annotations

import copy
import ipaddress

import pytest
from support.network_documents import NOVA, read, version_2

from guestseal.firstboot.network_documents import from_network_config, from_network_data
from guestseal.guest.network.network_config import Link, NetworkConfig, Route

A, OWN, N = ipaddress.ip_address, ipaddress.ip_interface, ipaddress.ip_network
EVERYWHERE, EVERYWHERE6 = N("0.0.0.0/0"), N("::/0")
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


def one(link: Link) -> NetworkConfig:
    return NetworkConfig((link,))


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


@pytest.mark.parametrize("interface", [None, "eth7", 7, ["eth0"]], ids=repr)
def test_a_name_server_of_no_link_that_is_there_is_everybodys(interface: object) -> None:
    card = {"type": "physical", "name": "eth0", "subnets": [{"type": "static", "address": "10.0.0.2/24"}]}
    server = {"type": "nameserver", "address": "10.0.0.1", "interface": interface}
    config = from_network_config("x", {"version": 1, "config": [card, server]})
    assert config.links[0].nameservers == (A("10.0.0.1"),)
