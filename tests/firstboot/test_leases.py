"""Leases of every client, in its own words; and what must never be taken for one."""

from __future__ import annotations

import os
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from support.machine import FakeCommands, interface

from guestseal.firstboot.leases import Lease, find_leases

ADDRESS, SERVER, ROUTER = "10.1.1.5", "10.1.1.2", "10.1.1.1"
INTERFACES = (interface(ADDRESS, name="eth0", prefix=24),)

NETWORKD = f"""# This is private data. Do not parse.
ADDRESS={ADDRESS}
NETMASK=255.255.255.0
ROUTER={ROUTER}
SERVER_ADDRESS={SERVER}
T1=43200
DOMAINNAME=cs2.internal
HOSTNAME=web
"""
DHCLIENT = """lease {{
  interface "eth0";
  fixed-address {address};
  option subnet-mask 255.255.255.0;
  option routers {router};
  option dhcp-server-identifier {server};
  option host-name "web";
  option domain-name "cs2.internal";
  renew 4 2030/01/03 00:00:00;
}}
"""
WICKED = f"""<lease><family>ipv4</family><type>dhcp</type><ipv4:dhcp xmlns:ipv4="x"><address>{ADDRESS}/24</address>
<server-id>{SERVER}</server-id><gateway>{ROUTER}</gateway><hostname>web</hostname><domain>cs2.internal</domain>
</ipv4:dhcp></lease>"""
LEASEINFO = f"""INTERFACE='eth0'
IPADDR='{ADDRESS}/24'
GATEWAYS='{ROUTER}'
HOSTNAME='web'
DNSDOMAIN='cs2.internal'
SERVERID='{SERVER}'
"""
NMCLI = rf"""GENERAL.DEVICE:eth0
DHCP4.OPTION[1]:dhcp_server_identifier = {SERVER}
DHCP4.OPTION[2]:domain_name = cs2.internal
DHCP4.OPTION[3]:host_name = web
DHCP4.OPTION[4]:ip_address = {ADDRESS}
DHCP4.OPTION[5]:routers = {ROUTER}
DHCP4.OPTION[6]:dhcp_client_identifier = 01\:02\:fc

GENERAL.DEVICE:lo
"""


def dhclient(*, address: str = ADDRESS, server: str = SERVER, router: str = ROUTER) -> str:
    return DHCLIENT.format(address=address, server=server, router=router)


def packed(address: str) -> bytes:
    return bytes(map(int, address.split(".")))


def bootp(*options: tuple[int, bytes], address: str = ADDRESS) -> bytes:
    fields = b"".join(struct.pack("BB", code, len(value)) + value for code, value in options)
    head = b"\x02\x01\x06\x00" + bytes(12) + packed(address)
    return head.ljust(236, b"\0") + b"\x63\x82\x53\x63" + b"\0" + fields + b"\xff" + bytes(8)


DHCPCD = bootp((53, b"\x05"), (54, packed(SERVER)), (3, packed(ROUTER)), (12, b"web"), (15, b"cs2.internal"))
FULL = Lease("eth0", ADDRESS, SERVER, ROUTER, "web", "cs2.internal", "")

CLIENTS = {
    "/run/systemd/netif/leases/2": NETWORKD,
    "/run/wicked/leaseinfo.eth0.dhcp.ipv4": LEASEINFO,
    "/run/dhclient.eth0.leases": dhclient(),
    "/var/lib/dhcp/dhclient.leases": dhclient(),
    "/var/lib/dhcp/dhclient.eth0.leases": dhclient(),
    "/var/lib/dhclient/dhclient-eth0.lease": dhclient(),
    "/var/lib/NetworkManager/dhclient-7c1e8a-eth0.lease": dhclient(),
    "/var/lib/NetworkManager/internal-7c1e8a-eth0.lease": NETWORKD,
    "/var/lib/wicked/lease-eth0-dhcp-ipv4.xml": WICKED,
    "/var/lib/dhcpcd/eth0.lease": DHCPCD,
}


def put(root: Path, path: str, content: str | bytes) -> Path:
    place = root / path.lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return place


def find(root: Path, commands: FakeCommands | None = None, interfaces=INTERFACES) -> tuple[Lease, ...]:
    (root / "run").mkdir(exist_ok=True)
    return find_leases(interfaces, commands or FakeCommands(), root=str(root))


@pytest.mark.parametrize("path", CLIENTS)
def test_the_lease_of_every_client(tmp_path, path):
    put(tmp_path, path, CLIENTS[path])
    (lease,) = find(tmp_path)
    assert lease == replace(FULL, provenance=path)


def test_udhcpc_keeps_the_server_only(tmp_path):
    put(tmp_path, "/run/dhcp-server-ip.eth0", SERVER + "\n")
    put(tmp_path, "/run/dhcp-server-ip.eth7", SERVER + "\n")
    assert find(tmp_path) == (Lease("eth0", None, SERVER, None, None, None, "/run/dhcp-server-ip.eth0"),)


def test_networkmanager_is_asked_where_it_runs(tmp_path):
    commands = FakeCommands({"nmcli": NMCLI.encode()})
    assert find(tmp_path, commands) == ()
    assert commands.ran == []
    (tmp_path / "run/NetworkManager/devices").mkdir(parents=True)
    (lease,) = find(tmp_path, commands)
    assert lease == replace(FULL, provenance="nmcli device show")


def test_a_machine_without_nmcli_has_the_other_leases(tmp_path):
    (tmp_path / "run/NetworkManager/devices").mkdir(parents=True)
    put(tmp_path, "/var/lib/dhcp/dhclient.leases", dhclient())
    assert [lease.server for lease in find(tmp_path)] == [SERVER]


def test_the_last_lease_of_dhclient_is_in_force(tmp_path):
    put(tmp_path, "/var/lib/dhcp/dhclient.leases", dhclient(server="10.1.1.99") + dhclient())
    assert [lease.server for lease in find(tmp_path)] == [SERVER]


def test_the_leftover_of_the_template_is_none(tmp_path):
    for path, content in CLIENTS.items():
        old = bootp((54, packed(SERVER)), address="172.16.0.9") if isinstance(content, bytes) else content
        put(tmp_path, path, old if isinstance(old, bytes) else old.replace(ADDRESS, "172.16.0.9"))
    assert find(tmp_path) == ()


def test_the_leases_of_dhclient6_are_others(tmp_path):
    put(tmp_path, "/var/lib/dhcp/dhclient6.leases", dhclient())
    put(tmp_path, "/var/lib/dhclient/dhclient6-eth0.lease", dhclient())
    assert find(tmp_path) == ()


def test_a_lease_belongs_to_the_interface_that_has_its_address(tmp_path):
    put(tmp_path, "/run/systemd/netif/leases/3", NETWORKD)
    put(tmp_path, "/run/systemd/netif/leases/2", NETWORKD.replace(ADDRESS, "10.2.2.5").replace(SERVER, "10.2.2.1"))
    two = (*INTERFACES, interface("10.2.2.5", name="eth1", prefix=24))
    assert [(each.interface, each.server) for each in find(tmp_path, interfaces=two)] == [
        ("eth1", "10.2.2.1"),
        ("eth0", SERVER),
    ]


def test_a_lease_without_a_server_counts_for_its_host_name(tmp_path):
    put(tmp_path, "/run/systemd/netif/leases/2", NETWORKD.replace(f"SERVER_ADDRESS={SERVER}\n", ""))
    put(tmp_path, "/run/systemd/netif/leases/3", f"ADDRESS={ADDRESS}\nROUTER={ROUTER}\n")
    (lease,) = find(tmp_path)
    assert (lease.server, lease.hostname, lease.domain) == (None, "web", "cs2.internal")


def test_the_client_that_keeps_no_host_name_does_not_hide_the_one_that_does(tmp_path):
    put(tmp_path, "/run/dhcp-server-ip.eth0", SERVER)
    put(tmp_path, "/var/lib/dhcp/dhclient.eth0.leases", dhclient())
    assert {lease.hostname for lease in find(tmp_path)} == {None, "web"}


def test_what_several_files_say_is_said_once(tmp_path):
    for path, content in CLIENTS.items():
        put(tmp_path, path, content)
    assert len(find(tmp_path)) == 1


@pytest.mark.parametrize(
    "server", ["", "nonsense", "0.0.0.0", "255.255.255.255", "224.0.0.1", "10.1.1", "::1", "$(reboot)", "10.1.1.2;x"]
)
def test_a_server_that_cannot_be_one(tmp_path, server):
    put(tmp_path, "/run/systemd/netif/leases/2", f"ADDRESS={ADDRESS}\nSERVER_ADDRESS={server}\n")
    assert find(tmp_path) == ()


def test_names_that_cannot_be_ones_are_left_out(tmp_path):
    put(tmp_path, "/run/systemd/netif/leases/2", NETWORKD.replace("=web", "=a;reboot").replace("cs2.", "\x1b[2J"))
    (lease,) = find(tmp_path)
    assert (lease.server, lease.hostname, lease.domain) == (SERVER, None, None)


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 4096, bytes(range(256)) * 16, b"lease {\n" * 1000, b"x" * (1 << 20), b"=\n" * 1000, DHCPCD[:245]],
    ids=["empty", "zeros", "binary", "open blocks", "huge", "no keys", "cut off"],
)
def test_what_is_no_lease_is_none(tmp_path, content):
    for path in (*CLIENTS, "/run/dhcp-server-ip.eth0"):
        put(tmp_path, path, content)
    assert find(tmp_path) == ()


@pytest.mark.parametrize("length", range(240, len(DHCPCD), 3))
def test_a_cut_off_message_is_read_to_its_end_and_not_further(tmp_path, length):
    put(tmp_path, "/var/lib/dhcpcd/eth0.lease", DHCPCD[:length])
    assert all(lease.server == SERVER for lease in find(tmp_path))


def test_what_is_no_file_of_its_own_is_never_opened(tmp_path):
    secret = put(tmp_path / "outside", "lease", NETWORKD)
    leases = tmp_path / "root/run/systemd/netif/leases"
    leases.mkdir(parents=True)
    (leases / "2").symlink_to(secret)
    os.mkfifo(leases / "3")
    (leases / "4").mkdir()
    assert find(tmp_path / "root") == ()


def test_ten_thousand_files_are_not_all_read(tmp_path):
    for number in range(300):
        put(tmp_path, f"/run/systemd/netif/leases/{number:04}", "ADDRESS=")
    put(tmp_path, "/run/systemd/netif/leases/9999", NETWORKD)
    assert find(tmp_path) == ()


def test_a_machine_without_any_of_these_places(tmp_path):
    assert find_leases(INTERFACES, FakeCommands(), root=str(tmp_path / "none")) == ()
    assert find(tmp_path) == ()
