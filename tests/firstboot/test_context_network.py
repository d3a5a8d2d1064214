"""The network of OpenNebula contexts."""

from __future__ import annotations

import ipaddress

import pytest

from guestseal.errors import Malformed
from guestseal.firstboot.context_network import context_network
from guestseal.guest.network.network_config import Link, NetworkConfig, Route

MAC, OTHER_MAC = "02:00:c0:00:02:05", "02:00:c0:00:02:06"


def read(**variables: str) -> NetworkConfig | None:
    return context_network("here", variables)


def only(**variables: str) -> Link:
    """The one interface of a context; its MAC is given."""
    found = read(ETH0_MAC=MAC.upper(), **{f"ETH0_{name}": value for name, value in variables.items()})
    assert found is not None
    (link,) = found.links
    return link


def _interfaces(*texts: str):
    return tuple(ipaddress.ip_interface(text) for text in texts)


def _route(to: str, via: str, metric: int | None = None) -> Route:
    return Route(ipaddress.ip_network(to), ipaddress.ip_address(via), metric)


def test_an_interface_as_opennebula_writes_it():
    link = only(
        IP="192.0.2.5",
        MASK="255.255.255.192",
        NETWORK="192.0.2.0",
        GATEWAY="192.0.2.1",
        DNS="192.0.2.53 198.51.100.53",
        SEARCH_DOMAIN="example.com lab.example.com",
        MTU="1450",
        METRIC="100",
        IP6="",
        IP6_METHOD="",
        EXTERNAL="",
        VLAN_ID="7",
    )
    assert link.mac == MAC
    assert link.addresses == _interfaces("192.0.2.5/26")
    assert link.routes == (_route("0.0.0.0/0", "192.0.2.1", 100),)
    assert [str(server) for server in link.nameservers] == ["192.0.2.53", "198.51.100.53"]
    assert link.search == ("example.com", "lab.example.com")
    assert (link.mtu, link.dhcp4, link.dhcp6) == (1450, False, False)


def test_what_is_not_said_is_as_in_opennebulas_scripts():
    assert only(IP="192.0.2.5").addresses == _interfaces("192.0.2.5/24")
    assert only(IP6="2001:db8::5").addresses == _interfaces("2001:db8::5/64")
    assert only(IP="192.0.2.5").routes == ()


def test_ipv6_has_its_gateway_by_either_name_and_its_own_metric():
    for name in ("IP6_GATEWAY", "GATEWAY6"):
        link = only(IP6="2001:db8::5", IP6_PREFIX_LENGTH="48", IP6_ULA="fd00::5", IP6_METRIC="7", **{name: "fe80::1"})
        assert link.addresses == _interfaces("2001:db8::5/48", "fd00::5/48")
        assert link.routes == (_route("::/0", "fe80::1", 7),)


@pytest.mark.parametrize(
    ("method", "method6", "dhcp4", "dhcp6"),
    [
        ("dhcp", "", True, True),
        ("dhcp", "skip", True, False),
        ("skip", "auto", False, True),
        ("skip", "dhcp", False, True),
    ],
)
def test_methods(method, method6, dhcp4, dhcp6):
    link = only(METHOD=method, IP6_METHOD=method6, IP="192.0.2.5")
    assert (link.dhcp4, link.dhcp6, link.addresses) == (dhcp4, dhcp6, ())


@pytest.mark.parametrize("variables", [{"METHOD": "skip", "IP": "192.0.2.5"}, {}, {"IP6_METHOD": "disable"}])
def test_an_interface_that_is_to_be_left_alone_is_not_spoken_of(variables):
    assert read(ETH0_MAC=MAC, **{f"ETH0_{name}": value for name, value in variables.items()}) is None


def test_routes_and_aliases():
    link = only(
        IP="192.0.2.5",
        ROUTES="10.0.0.0/8 via 192.0.2.2, 172.16.0.0/12 via 192.0.2.3,",
        ALIAS0_MAC=MAC,
        ALIAS0_IP="192.0.2.6",
        ALIAS0_MASK="255.255.255.255",
        ALIAS1_MAC=MAC,
        ALIAS1_IP="192.0.2.7",
        ALIAS1_EXTERNAL="YES",
    )
    assert link.addresses == _interfaces("192.0.2.5/24", "192.0.2.6/32")
    assert link.routes == (_route("10.0.0.0/8", "192.0.2.2"), _route("172.16.0.0/12", "192.0.2.3"))


def test_servers_of_no_certain_interface_are_on_every_static_one():
    found = read(
        ETH10_MAC=OTHER_MAC,
        ETH10_METHOD="dhcp",
        ETH2_MAC=MAC,
        ETH2_IP="192.0.2.5",
        DNS="192.0.2.53",
        SEARCH_DOMAIN="a.b",
    )
    assert found is not None
    static, dynamic = found.links
    assert (static.mac, [str(server) for server in static.nameservers], static.search) == (
        MAC,
        ["192.0.2.53"],
        ("a.b",),
    )
    assert (dynamic.mac, dynamic.nameservers, dynamic.search) == (OTHER_MAC, (), ())


def test_without_a_mac_there_is_no_interface():
    assert read(ETH0_IP="192.0.2.5") is None
    assert read() is None


@pytest.mark.parametrize(
    "variables",
    [
        {"IP": "192.0.2"},
        {"IP": "192.0.2.5; id"},
        {"IP": "192.0.2.5", "MASK": "255.0.255.0"},
        {"IP": "192.0.2.5", "GATEWAY": "x"},
        {"IP": "192.0.2.5", "GATEWAY": "0.0.0.0"},
        {"IP": "192.0.2.5", "MTU": "7"},
        {"IP": "192.0.2.5", "METRIC": "-1", "GATEWAY": "192.0.2.1"},
        {"IP": "192.0.2.5", "DNS": "one.example"},
        {"IP": "192.0.2.5", "SEARCH_DOMAIN": "$(id)"},
        {"IP": "192.0.2.5", "ROUTES": "10.0.0.0/8"},
        {"IP": "192.0.2.5", "ROUTES": "10.0.0.0/8 dev eth0"},
        {"IP": "192.0.2.5", "MAC": "nonsense"},
        {"IP6": "fe80::1%eth0"},
        {"METHOD": "bootp"},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_and_not_quoted(variables):
    with pytest.raises(Malformed) as caught:
        read(**{"ETH0_MAC": MAC, **{f"ETH0_{name}": value for name, value in variables.items()}})
    assert not any(value in str(caught.value) for value in variables.values())


def test_two_interfaces_with_one_mac_are_refused():
    with pytest.raises(Malformed):
        read(ETH0_MAC=MAC, ETH0_IP="192.0.2.5", ETH1_MAC=MAC, ETH1_IP="192.0.2.6")
