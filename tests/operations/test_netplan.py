"""What netplan's files lose, and what they keep."""

from __future__ import annotations

from support.operation_cases import UBUNTU, Case
from support.trees import Entry, File

ONLY = (UBUNTU,)

INSTALLER = "/etc/netplan/00-installer-config.yaml"
CLOUD = "/etc/netplan/50-cloud-init.yaml"
NM = "/etc/netplan/90-NM-5fb06bd0.yaml"


def yaml(text: str) -> File:
    return File(text, 0o600)


MATCHED = """\
# This file is generated from information provided by the datasource.
network:
    version: 2
    ethernets:
        eth0:   # the only one
            dhcp4: true
            match:
                macaddress: '52:54:00:12:34:56'
            set-name: eth0
            nameservers:
                search: [ corp.example ]
"""
ANY = """\
# This file is generated from information provided by the datasource.
network:
    version: 2
    ethernets:
        eth0:   # the only one
            dhcp4: true
            match:
                name: "e*"
            nameservers:
                search: [ corp.example ]
"""
BY_DRIVER_TOO = """\
network:
  version: 2
  ethernets:
    lan:
      match:
        driver: virtio_net
        macaddress: 52:54:00:12:34:56
      dhcp4: yes
      macaddress: 52:54:00:12:34:57
"""
BY_DRIVER = """\
network:
  version: 2
  ethernets:
    lan:
      match:
        driver: virtio_net
      dhcp4: yes
"""
TWO_CARDS = """\
network:
  version: 2
  ethernets:
    ens3:
      match:
        macaddress: 52:54:00:12:34:56
      dhcp4: true
    ens4:
      match:
        macaddress: 52:54:00:12:34:57
      dhcp4: true
"""
STATIC = """\
network:
  version: 2
  ethernets:
    ens3:
      match:
        macaddress: 52:54:00:12:34:56
      set-name: ens3
      addresses:
      - 192.0.2.10/24
      routes:
      - to: default
        via: 192.0.2.1
"""
FLOW = """\
network: {version: 2, ethernets: {ens3: {dhcp4: true}}}
"""
HALF_FLOW = """\
network:
  version: 2
  ethernets:
    ens3:
      dhcp4: true
      match: {macaddress: "52:54:00:12:34:56"}
"""
BRIDGED = """\
network:
  version: 2
  ethernets:
    port:
      match:
        macaddress: 52:54:00:12:34:56
      dhcp4: true
  bridges:
    br0:
      interfaces: [port]
      macaddress: 52:54:00:12:34:56
"""
BRIDGED_CLEAN = BRIDGED[: BRIDGED.rindex("      macaddress")]
PROFILE = """\
network:
  version: 2
  ethernets:
    NM-5fb06bd0:
      renderer: NetworkManager
      match: {}
      dhcp4: true
      networkmanager:
        uuid: "5fb06bd0"
        name: "Wired"
        passthrough:
          connection.timestamp: "1700000000"
          ipv6.ip6-privacy: "-1"
"""
PLAIN = "network:\n  version: 2\n  renderer: networkd\n  ethernets:\n    ens3:\n      dhcp4: true\n"
CLOUD_INIT: dict[str, Entry] = {
    "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
    "/usr/lib/systemd/system/cloud-init.target": File("[Unit]\n"),
    "/etc/cloud/cloud.cfg.d/05_logging.cfg": File("_log: []\n"),
}
LEFT_ALONE = {"/etc/cloud/cloud.cfg.d/99-net.cfg": File("network: {config: disabled}\n")}

# What a file says depends on the cards in the others: each case stands alone.
CASES = (
    Case("the only card becomes any card", UBUNTU, {INSTALLER: yaml(MATCHED)}, {INSTALLER: yaml(ANY)}, alone=True),
    Case(
        "what else it matches is enough",
        UBUNTU,
        {INSTALLER: yaml(BY_DRIVER_TOO)},
        {INSTALLER: yaml(BY_DRIVER)},
        alone=True,
    ),
    Case("two cards", UBUNTU, {INSTALLER: yaml(TWO_CARDS)}, found=(INSTALLER,), alone=True),
    Case(
        "a second card in another file",
        UBUNTU,
        {INSTALLER: yaml(MATCHED), "/etc/netplan/60-more.yaml": yaml(PLAIN)},
        found=(INSTALLER,),
        alone=True,
    ),
    Case(
        "a copy that netplan does not read is no second card",
        UBUNTU,
        {INSTALLER: yaml(MATCHED), f"{INSTALLER}.bak": yaml(STATIC)},
        {INSTALLER: yaml(ANY), f"{INSTALLER}.bak": yaml(STATIC)},
        found=(f"{INSTALLER}.bak",),
        alone=True,
    ),
    Case("a fixed address", UBUNTU, {INSTALLER: yaml(STATIC)}, found=(INSTALLER,), alone=True),
    Case("a match in flow style", UBUNTU, {INSTALLER: yaml(HALF_FLOW)}, found=(INSTALLER,), alone=True),
    Case("flow style", UBUNTU, {INSTALLER: yaml(FLOW)}, alone=True),
    Case(
        "a bridge's port is told by its card",
        UBUNTU,
        {INSTALLER: yaml(BRIDGED)},
        {INSTALLER: yaml(BRIDGED_CLEAN)},
        found=(INSTALLER,),
        alone=True,
    ),
    Case(
        "NetworkManager's profiles",
        UBUNTU,
        {NM: yaml(PROFILE)},
        {NM: yaml(PROFILE.replace('          connection.timestamp: "1700000000"\n', ""))},
        alone=True,
    ),
    Case("nothing of this machine", UBUNTU, {"/etc/netplan/01-netcfg.yaml": yaml(PLAIN)}, alone=True),
    Case("cloud-init's own, which it writes anew", UBUNTU, {CLOUD: yaml(MATCHED), **CLOUD_INIT}, alone=True),
    Case(
        "cloud-init's own, where it leaves the network alone",
        UBUNTU,
        {CLOUD: yaml(MATCHED), **CLOUD_INIT, **LEFT_ALONE},
        {CLOUD: yaml(ANY), **CLOUD_INIT, **LEFT_ALONE},
        alone=True,
    ),
)
