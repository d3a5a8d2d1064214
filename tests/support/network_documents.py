"""Network documents of platforms, for the tests of what is read from them and of what is refused."""

from __future__ import annotations

from typing import Any

from guestseal.firstboot.yaml_documents import yaml_object

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


def read(text: str) -> dict[str, Any]:
    """A document that is written as YAML."""
    return yaml_object("x", text.encode())


def version_2(**eth0: Any) -> dict[str, Any]:
    """A document of cloud-init's version 2 that says this of one card."""
    return {"version": 2, "ethernets": {"eth0": eth0}}
