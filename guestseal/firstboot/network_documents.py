"""Network documents that platforms supply, as a NetworkConfig.

OpenStack's network_data.json (Nova's network_data schema, "Metadata service" in the Nova
admin guide), and cloud-init's network-config in its versions 1 and 2 ("Networking config
Version 1", "… Version 2" in cloud-init's reference). Physical cards only: a document
that speaks of a bond, a bridge or a VLAN is refused as a whole, because half of it would
be another network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from guestseal.firstboot.network_values import Values
from guestseal.guest.network.network_config import AnyAddress, AnyInterface, Link, NetworkConfig, Route

_NOT_PHYSICAL = ("bond", "vlan", "vxlan")
_STACKED = {  # the maps of version 2 beside `ethernets`, and what stands in them
    **{"bonds": "a bond", "bridges": "a bridge", "vlans": "a VLAN", "wifis": "a wireless card", "tunnels": "a tunnel"},
    **{
        "vrfs": "a VRF",
        "modems": "a modem",
        "dummy-devices": "a dummy device",
        "nm-devices": "a NetworkManager device",
    },
}
_TYPES = {"bond": "a bond", "bridge": "a bridge", "vlan": "a VLAN", "infiniband": "an InfiniBand card"}
_ELSEWHERE = ("table", "from", "mark", "scope", "type")
_DHCP4 = ("dhcp", "dhcp4")
_DHCP6 = ("dhcp6", "ipv6_slaac", "ipv6_dhcpv6-stateful", "ipv6_dhcpv6-stateless")


@dataclass
class _Draft:
    """A link that is being read."""

    mac: str | None
    name: str | None
    mtu: int | None
    dhcp4: bool = False
    dhcp6: bool = False
    addresses: list[AnyInterface] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    nameservers: list[AnyAddress] = field(default_factory=list)
    search: list[str] = field(default_factory=list)


def from_network_data(address: str, document: Mapping[str, Any]) -> NetworkConfig:
    """The interfaces of OpenStack's network_data.json; an empty document speaks of none.

    Raises Malformed for a bond or a VLAN and for whatever is not as the schema has it. A
    link's type ``bridge`` is what the hypervisor has on its side: the guest sees a card.
    """
    values = Values(address)
    drafts: dict[str, _Draft] = {}
    for link in values.objects(document.get("links"), "links"):
        if link.get("type") in _NOT_PHYSICAL:
            raise values.malformed(f"{_article(link['type'])} is not supported")
        drafts[_key(values, link.get("id"))] = _Draft(
            values.mac(link.get("ethernet_mac_address")), None, values.mtu(link.get("mtu"))
        )
    for network in values.objects(document.get("networks"), "networks"):
        draft = drafts.get(_key(values, network.get("link")))
        if draft is None:
            raise values.malformed("a network on a link that is not there")
        _openstack_network(values, draft, network)
    everywhere = _openstack_servers(values, document.get("services"))
    return _config(values, drafts.values(), everywhere, ())


def from_network_config(address: str, document: Mapping[str, Any]) -> NetworkConfig:
    """The interfaces of cloud-init's network-config, version 1 or 2, with or without ``network:`` around it.

    ``config: disabled`` speaks of none. Raises Malformed for what is not one physical card
    with addresses, and for whatever is not as the reference has it.
    """
    values = Values(address)
    if "network" in document:
        document = values.mapping(document["network"], "network")
    version = values.scalar(document.get("version"))
    if document.get("config") == "disabled":
        return NetworkConfig(())
    if version == "1":
        return _version_1(values, values.objects(document.get("config", "nothing"), "config"))
    if version == "2":
        return _version_2(values, document)
    raise values.malformed("neither version 1 nor version 2")


def _openstack_network(values: Values, draft: _Draft, network: Mapping[str, Any]) -> None:
    kind = network.get("type")
    if kind in ("ipv4_dhcp", "dhcp4"):
        draft.dhcp4 = True
    elif kind in ("ipv6_dhcp", *_DHCP6):
        draft.dhcp6 = True
    elif kind in ("ipv4", "ipv6"):
        draft.addresses.append(values.own(network.get("ip_address"), network.get("netmask")))
        draft.routes += [
            values.route(route.get("network"), route.get("netmask"), route.get("gateway"))
            for route in values.objects(network.get("routes"), "routes")
        ]
        if network.get("gateway") is not None:
            draft.routes.append(values.default(network["gateway"]))
        draft.nameservers += _openstack_servers(values, network.get("services"))
        draft.nameservers += [
            values.ip(each) for each in values.sequence(network.get("dns_nameservers"), "dns_nameservers")
        ]
    else:
        raise values.malformed("a network of no known type")


def _openstack_servers(values: Values, services: object) -> list[AnyAddress]:
    found = values.objects(services, "services")
    return [values.ip(service.get("address")) for service in found if service.get("type") == "dns"]


def _version_1(values: Values, entries: list[Mapping[str, Any]]) -> NetworkConfig:
    drafts: dict[str, _Draft] = {}
    for entry in entries:
        kind = entry.get("type")
        if isinstance(kind, str) and kind in _TYPES:
            raise values.malformed(f"{_TYPES[kind]} is not supported")
        if kind not in ("physical", "loopback", "nameserver", "route"):
            raise values.malformed("an entry of no known type")
        if kind == "physical":
            draft = _Draft(
                values.mac(entry.get("mac_address")), values.name(entry.get("name")), values.mtu(entry.get("mtu"))
            )
            drafts[_key(values, draft.name or draft.mac)] = draft
            for subnet in values.objects(entry.get("subnets"), "subnets"):
                _subnet(values, draft, subnet)
    return _with_global_entries(values, entries, drafts)


def _subnet(values: Values, draft: _Draft, subnet: Mapping[str, Any]) -> None:
    kind = subnet.get("type")
    if kind in _DHCP4:
        draft.dhcp4 = True
    elif kind in _DHCP6:
        draft.dhcp6 = True
    elif kind in ("static", "static6"):
        draft.addresses.append(values.own(subnet.get("address"), subnet.get("netmask")))
        if subnet.get("gateway") is not None:
            draft.routes.append(values.default(subnet["gateway"]))
    elif kind != "manual":
        raise values.malformed("a subnet of no known type")
    draft.routes += [
        values.route(
            route.get("network", route.get("destination")),
            route.get("netmask"),
            route.get("gateway"),
            route.get("metric"),
        )
        for route in values.objects(subnet.get("routes"), "routes")
    ]
    draft.nameservers += [values.ip(each) for each in values.words(subnet.get("dns_nameservers"), "dns_nameservers")]
    draft.search += [values.domain(each) for each in values.words(subnet.get("dns_search"), "dns_search")]


def _with_global_entries(
    values: Values, entries: list[Mapping[str, Any]], drafts: Mapping[str, _Draft]
) -> NetworkConfig:
    """Version 1 with its entries of no link: a route goes to the link whose network holds the gateway."""
    servers: list[AnyAddress] = []
    search: list[str] = []
    for entry in entries:
        if entry.get("type") == "nameserver":
            of = drafts.get(values.scalar(entry.get("interface")))
            found = [values.ip(each) for each in values.words(entry.get("address"), "address")]
            domains = [values.domain(each) for each in values.words(entry.get("search"), "search")]
            (of.nameservers if of is not None else servers).extend(found)
            (of.search if of is not None else search).extend(domains)
        elif entry.get("type") == "route":
            route = values.route(
                entry.get("destination"), entry.get("netmask"), entry.get("gateway"), entry.get("metric")
            )
            _next_to(values, route, drafts.values()).routes.append(route)
    return _config(values, drafts.values(), servers, search)


def _next_to(values: Values, route: Route, drafts: Iterable[_Draft]) -> _Draft:
    static = [draft for draft in drafts if draft.addresses]
    for draft in static:
        if any(route.via in own.network for own in draft.addresses):
            return draft
    if len(static) == 1:  # as in the reference's own example
        return static[0]
    raise values.malformed("a route over a gateway that no link has beside it")


def _version_2(values: Values, document: Mapping[str, Any]) -> NetworkConfig:
    for kind, what in _STACKED.items():
        if document.get(kind):
            raise values.malformed(f"{what} is not supported")
    ethernets = values.mapping(document.get("ethernets", {}), "ethernets")
    drafts = [_ethernet(values, key, values.mapping(value, "an interface")) for key, value in ethernets.items()]
    return _config(values, drafts, (), ())


def _ethernet(values: Values, key: str, given: Mapping[str, Any]) -> _Draft:
    match = values.mapping(given.get("match") or {"name": key}, "match")
    mac, name = values.mac(match.get("macaddress")), None
    if mac is None:  # a pattern such as en* means no certain interface, and is refused as a name
        name = values.name(match.get("name"))
    draft = _Draft(mac, name, values.mtu(given.get("mtu")))
    draft.dhcp4, draft.dhcp6 = values.flag(given.get("dhcp4")), values.flag(given.get("dhcp6"))
    for each in values.sequence(given.get("addresses"), "addresses"):
        # An address may be an object of one key, with its label and lifetime.
        draft.addresses.append(values.own(next(iter(each)) if isinstance(each, Mapping) and each else each))
    draft.routes = [values.default(given[key]) for key in ("gateway4", "gateway6") if given.get(key) is not None]
    for route in values.objects(given.get("routes"), "routes"):
        if any(route.get(key) is not None for key in _ELSEWHERE):
            raise values.malformed("a route that is more than a network and a gateway is not supported")
        draft.routes.append(values.route(route.get("to"), None, route.get("via"), route.get("metric")))
    if given.get("routing-policy"):
        raise values.malformed("a routing policy is not supported")
    servers = values.mapping(given.get("nameservers") or {}, "nameservers")
    draft.nameservers = [values.ip(each) for each in values.sequence(servers.get("addresses"), "nameservers")]
    draft.search = [values.domain(each) for each in values.sequence(servers.get("search"), "search")]
    return draft


def _config(
    values: Values, drafts: Iterable[_Draft], servers: Iterable[AnyAddress], search: Iterable[str]
) -> NetworkConfig:
    """The links, each once; ``servers`` and ``search`` of no certain link are on every static one."""
    links = []
    for draft in drafts:
        if draft.mac is None and draft.name is None:
            raise values.malformed("an interface with neither a MAC address nor a name")
        everywhere = (tuple(servers), tuple(search)) if draft.addresses else ((), ())
        links.append(
            Link(
                mac=draft.mac,
                name=draft.name,
                mtu=draft.mtu,
                dhcp4=draft.dhcp4,
                dhcp6=draft.dhcp6,
                addresses=tuple(dict.fromkeys(draft.addresses)),
                routes=tuple(dict.fromkeys(draft.routes)),
                nameservers=tuple(dict.fromkeys((*draft.nameservers, *everywhere[0]))),
                search=tuple(dict.fromkeys((*draft.search, *everywhere[1]))),
            )
        )
    meant = [link.mac or link.name for link in links]
    if len(set(meant)) < len(meant):
        raise values.malformed("two configurations of one interface")
    return NetworkConfig(tuple(links))


def _key(values: Values, value: object) -> str:
    if not isinstance(value, str):
        raise values.malformed("a link without an id")
    return value


def _article(kind: str) -> str:
    return _TYPES.get(kind, f"a {kind.upper()}")
