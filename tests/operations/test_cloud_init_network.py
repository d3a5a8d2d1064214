"""What cloud-init wrote for the network of one machine, and when it stays."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, UBUNTU, Case
from support.trees import Dir, Entry, File

UNIT: dict[str, Entry] = {
    "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
    "/usr/lib/systemd/system/cloud-init.target": File("[Unit]\n"),
    "/etc/cloud/cloud.cfg": File("users:\n- default\n"),
    "/etc/cloud/cloud.cfg.d/05_logging.cfg": File("_log: []\n"),
}
OPENRC: dict[str, Entry] = {
    "/usr/bin/cloud-init": File("#!/usr/bin/python3\n", 0o755),
    "/etc/runlevels/default/cloud-init": File("#!/sbin/openrc-run\n", 0o755),
}
NETPLAN = {"/etc/netplan/50-cloud-init.yaml": File("network:\n  version: 2\n", 0o600)}
NM = "/etc/NetworkManager"
HEADER = "# Created by cloud-init automatically, do not edit.\n#\n"
IFCFG, OWN = File(f"{HEADER}BOOTPROTO=dhcp\nDEVICE=eth0\n"), File("BOOTPROTO=dhcp\nDEVICE=eth1\n")
INSTALLERS = {
    "/etc/cloud/cloud.cfg.d/subiquity-disable-cloudinit-networking.cfg": File("network: {config: disabled}\n"),
    "/etc/cloud/cloud.cfg.d/90-installer-network.cfg": File("network:\n  version: 2\n"),
    "/etc/cloud/cloud.cfg.d/50-curtin-networking.cfg": File("network:\n  version: 1\n"),
}
DISABLED = {"/etc/cloud/cloud.cfg.d/99-own.cfg": File("network: {config: disabled}\n")}
GRUB = {"/etc/default/grub": File('GRUB_CMDLINE_LINUX="network-config=disabled"\n')}

# cloud-init is there or not, and told to leave the network alone or not, for the whole of a guest.
CASES = (
    Case("netplan", UBUNTU, {**UNIT, **NETPLAN}, {**UNIT, "/etc/netplan": Dir()}, alone=True),
    Case(
        "Debian",
        DEBIAN,
        {
            **UNIT,
            "/etc/network/interfaces.d/50-cloud-init": File("auto ens3\n"),
            "/etc/network/interfaces": File("source /etc/network/interfaces.d/*\n"),
            "/etc/systemd/network/10-cloud-init-ens3.network": File("[Match]\nMACAddress=52:54:00:12:34:56\n"),
            "/etc/systemd/network/50-cloud-init-ens3.link": File("[Link]\nName=ens3\n"),
            "/etc/systemd/network/10-ens4.network": File("[Match]\nName=ens4\n"),
        },
        {
            **UNIT,
            "/etc/network/interfaces.d": Dir(),
            "/etc/network/interfaces": File("source /etc/network/interfaces.d/*\n"),
            "/etc/systemd/network/10-ens4.network": File("[Match]\nName=ens4\n"),
        },
        alone=True,
    ),
    Case(
        "RHEL",
        REDHAT,
        {
            **UNIT,
            f"{NM}/conf.d/99-cloud-init.conf": File("[main]\ndns = none\n"),
            f"{NM}/conf.d/30-cloud-init-ip6-addr-gen-mode.conf": File("[connection]\n"),
            f"{NM}/conf.d/10-own.conf": File("[main]\n"),
            f"{NM}/system-connections/cloud-init-eth0.nmconnection": File("[connection]\n", 0o600),
            f"{NM}/system-connections/lan.nmconnection": File("[connection]\n", 0o600),
            "/etc/sysconfig/network-scripts/ifcfg-eth0": IFCFG,
            "/etc/sysconfig/network-scripts/ifcfg-eth1": OWN,
        },
        {
            **UNIT,
            f"{NM}/conf.d/10-own.conf": File("[main]\n"),
            f"{NM}/system-connections/lan.nmconnection": File("[connection]\n", 0o600),
            "/etc/sysconfig/network-scripts/ifcfg-eth1": OWN,
        },
        alone=True,
    ),
    Case(
        "SUSE",
        SUSE,
        {**UNIT, "/etc/sysconfig/network/ifcfg-eth0": IFCFG, "/etc/sysconfig/network/ifcfg-lo": IFCFG},
        {**UNIT, "/etc/sysconfig/network/ifcfg-lo": IFCFG},
        alone=True,
    ),
    Case(
        "Alpine",
        ALPINE,
        {
            **OPENRC,
            "/etc/network/interfaces.d/50-cloud-init.cfg": File("auto eth0\n"),
            "/etc/cloud/cloud.cfg.d/1.cfg": File("#\n"),
        },
        {**OPENRC, "/etc/network/interfaces.d": Dir(), "/etc/cloud/cloud.cfg.d/1.cfg": File("#\n")},
        alone=True,
    ),
    Case(
        "installers kept cloud-init from it",
        UBUNTU,
        {**UNIT, **NETPLAN, **INSTALLERS, "/etc/netplan/01-lan.yaml": File("network: {}\n", 0o600)},
        {**UNIT, "/etc/netplan/01-lan.yaml": File("network: {}\n", 0o600)},
        alone=True,
    ),
    Case("installers and somebody else did", UBUNTU, {**UNIT, **NETPLAN, **INSTALLERS, **DISABLED}, alone=True),
    Case("installers did, and it is not there", DEBIAN, {**NETPLAN, **INSTALLERS}, alone=True),
    Case("cloud-init is not there", UBUNTU, NETPLAN, alone=True),
    Case("cloud-init is disabled", UBUNTU, {**UNIT, **NETPLAN, "/etc/cloud/cloud-init.disabled": File()}, alone=True),
    Case("told to leave the network alone", UBUNTU, {**UNIT, **NETPLAN, **DISABLED}, alone=True),
    Case("told so by the kernel's command line", UBUNTU, {**UNIT, **NETPLAN, **GRUB}, alone=True),
)
