"""What identifies a machine is read from its files and from itself; what many have is left out."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from support.machine import FakeNetwork
from support.residue import ADDRESS, DUID, HOST_KEY, IQN, MAC, MACHINE_ID, NAME
from support.trees import Dir, File, Link, Tree, build

from guestseal.check.residue.identifiers import Identifiers, of_machine, of_tree
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree as GuestTree
from guestseal.machine.firmware import Firmware
from guestseal.machine.host import Machine
from guestseal.machine.network import Interface

DEBIAN = File("ID=debian\nVERSION_CODENAME=bookworm\n")
FILES: Tree = {
    "/etc/os-release": DEBIAN,
    "/etc/machine-id": File(MACHINE_ID + "\n"),
    "/etc/hostname": File(f"# comment\n{NAME}\n"),
    "/etc/hosts": File(f"127.0.0.1 localhost\n{ADDRESS} {NAME}.example.org {NAME}\n192.0.2.1 gateway\n"),
    "/etc/ssh/ssh_host_ed25519_key.pub": File(f"ssh-ed25519 {HOST_KEY} root@x\n"),
    "/etc/iscsi/initiatorname.iscsi": File(f"## no comment\nInitiatorName={IQN}\n"),
    "/var/lib/dhcp/dhclient6.leases": File('default-duid "\\000\\001\\000\\001,\\237\\012qRT\\000\\253\\235\\357";\n'),
}


def _of(root: Path, tree: Tree, **options: object) -> Identifiers:
    build(root, tree)
    with GuestTree(str(root)) as guest:
        return of_tree(Guest(guest), **options)  # type: ignore[arg-type]


def _pairs(identifiers: Identifiers) -> set[tuple[str, str]]:
    return {(each.kind, each.value) for each in identifiers.values}


def test_the_files_of_a_guest_say_what_it_is(tmp_path: Path) -> None:
    assert _pairs(_of(tmp_path, FILES)) == {
        ("machine-id", MACHINE_ID),
        ("host-name", NAME),
        ("host-name", f"{NAME}.example.org"),
        ("ip-address", ADDRESS),
        ("host-key", HOST_KEY),
        ("iscsi-initiator", IQN),
        ("dhcp-identity", DUID),
    }


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/etc/udev/rules.d/70-persistent-net.rules", f'ATTR{{address}}=="{MAC}", NAME="eth0"\n'),
        ("/etc/sysconfig/network-scripts/ifcfg-eth0", f"HWADDR={MAC.upper()}\nBOOTPROTO=dhcp\n"),
        ("/etc/NetworkManager/system-connections/eth0.nmconnection", f"[ethernet]\nmac-address={MAC.upper()}\n"),
        (
            "/etc/netplan/50-cloud-init.yaml",
            f'network:\n  ethernets:\n    eth0:\n      match: {{macaddress: "{MAC}"}}\n',
        ),
        ("/etc/systemd/network/10-eth0.link", f"[Match]\nMACAddress={MAC}\n"),
        ("/etc/sysconfig/network/ifcfg-eth0", f"LLADDR='{MAC}'\n"),
    ],
)
def test_every_file_that_names_the_card_says_its_address(tmp_path: Path, path: str, content: str) -> None:
    assert _pairs(_of(tmp_path, {"/etc/os-release": DEBIAN, path: File(content)})) == {("mac-address", MAC)}


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (
            "/var/lib/dhcp/dhclient.eth0.leases",
            f"lease {{\n fixed-address {ADDRESS};\n option routers 192.0.2.1;\n}}\n",
        ),
        ("/var/lib/NetworkManager/internal-1-eth0.lease", f"ADDRESS={ADDRESS}\nROUTER=192.0.2.1\n"),
        ("/etc/sysconfig/network-scripts/ifcfg-eth0", f'IPADDR="{ADDRESS}"\nGATEWAY=192.0.2.1\nDNS1=192.0.2.2\n'),
        ("/etc/NetworkManager/system-connections/eth0", f"[ipv4]\naddress1={ADDRESS}/24,192.0.2.1\ndns=192.0.2.2;\n"),
        ("/etc/network/interfaces", f"iface eth0 inet static\n\taddress {ADDRESS}/24\n\tgateway 192.0.2.1\n"),
        ("/etc/systemd/network/10-eth0.network", f"[Network]\nAddress={ADDRESS}/24\nGateway=192.0.2.1\n"),
        ("/etc/netplan/01.yaml", f"network:\n  ethernets:\n    eth0:\n      addresses: [{ADDRESS}/24]\n"),
        ("/etc/netplan/02.yaml", f'    addresses:\n    - "{ADDRESS}/24"\n    nameservers: {{addresses: [192.0.2.2]}}'),
    ],
)
def test_the_own_address_is_told_from_the_gateways(tmp_path: Path, path: str, content: str) -> None:
    assert _pairs(_of(tmp_path, {"/etc/os-release": DEBIAN, path: File(content)})) == {("ip-address", ADDRESS)}


def test_old_journals_say_former_machine_ids(tmp_path: Path) -> None:
    tree: Tree = {"/etc/os-release": DEBIAN, f"/var/log/journal/{MACHINE_ID}": Dir(), "/var/log/journal/remote": Dir()}
    assert _pairs(_of(tmp_path, tree)) == {("machine-id", MACHINE_ID)}


def test_what_many_machines_have_is_not_searched_for_and_that_is_said(tmp_path: Path) -> None:
    found = _of(
        tmp_path,
        {
            "/etc/os-release": File('ID="rocky"\nNAME="Rocky Linux"\n'),
            "/etc/hostname": File("rocky.localdomain\n"),
            "/etc/machine-id": File("uninitialized\n"),
            "/etc/sysconfig/network-scripts/ifcfg-eth0": File("HWADDR=00:00:00:00:00:00\nIPADDR=10.0.2.15\n"),
            "/etc/network/interfaces": File(
                "address 127.0.0.2\naddress 169.254.169.254\naddress fe80::1\naddress 0.0.0.0\n"
            ),
        },
    )
    assert found.values == ()
    assert set(found.left_out) == {"host-name", "mac-address", "ip-address"}


@pytest.mark.parametrize(
    "name", ["localhost", "debian", "Ubuntu", "bookworm", "web", "template", "ip6-localhost", "centos.example.org"]
)
def test_a_host_name_that_many_have_is_none(tmp_path: Path, name: str) -> None:
    assert _of(tmp_path, {"/etc/os-release": DEBIAN, "/etc/hostname": File(name)}).values == ()


@pytest.mark.parametrize("name", ["devuan", "daedalus.example.org"])
def test_the_name_of_the_distribution_is_no_host_name(tmp_path: Path, name: str) -> None:
    release = File("ID=devuan\nID_LIKE=debian\nVERSION_CODENAME=daedalus\n")
    assert _of(tmp_path, {"/etc/os-release": release, "/etc/hostname": File(name)}).values == ()


def test_the_running_machine_says_what_it_is() -> None:
    machine = Machine()
    addresses = tuple(
        ipaddress.ip_interface(text) for text in (f"{ADDRESS}/24", "127.0.0.1/8", "fe80::5054:ff:feab:9def/64")
    )
    machine.network = FakeNetwork([Interface("eth0", MAC, addresses)])  # type: ignore[assignment]
    machine.firmware = Firmware(serial="VMware-42 1a", uuid="9f0e7a52-77aa-4c0b-9a55-0c1d2e3f4a5b")
    machine.hostname = lambda: f"{NAME}.example.org"  # type: ignore[method-assign]
    assert _pairs(of_machine(machine)) == {
        ("host-name", f"{NAME}.example.org"),
        ("host-name", NAME),
        ("mac-address", MAC),
        ("ip-address", ADDRESS),
        ("ip-address", "fe80::5054:ff:feab:9def"),
        ("firmware-identity", "VMware-42 1a"),
        ("firmware-identity", "9f0e7a52-77aa-4c0b-9a55-0c1d2e3f4a5b"),
    }


def test_a_user_and_filesystems_are_named_on_request_only(tmp_path: Path) -> None:
    tree: Tree = {"/etc/os-release": DEBIAN, "/etc/fstab": File("UUID=3f2a9c1e-77aa-4c0b-9a55-0c1d2e3f4a5b / ext4\n")}
    build(tmp_path, tree)
    with GuestTree(str(tmp_path)) as guest:
        assert of_tree(Guest(guest)).values == ()
        asked = of_tree(Guest(guest), user="zaphod", filesystems=True)
    assert _pairs(asked) == {("user-name", "zaphod"), ("filesystem-uuid", "3f2a9c1e-77aa-4c0b-9a55-0c1d2e3f4a5b")}


def test_odd_files_are_no_error(tmp_path: Path) -> None:
    found = _of(
        tmp_path,
        {
            "/etc/os-release": DEBIAN,
            "/etc/hostname": Dir(),
            "/etc/hosts": Link("hosts"),
            "/etc/network/interfaces": File(b"address \xff\xfe\naddress 999.1.1.1\n" * 9),
            "/etc/ssh/x.pub": File("ssh-rsa AAAA" + "B" * 81 + "\n"),
            "/etc/systemd/network": Link("/proc/1"),
        },
    )
    assert found.values == ()


def test_both_of_two_identities_are_searched_for() -> None:
    first, second = Identifiers.of([("host-name", NAME)]), Identifiers.of([("host-name", "db"), ("mac-address", MAC)])
    assert _pairs(first | second) == {("host-name", NAME), ("mac-address", MAC)}
    assert set((first | second).left_out) == {"host-name"}
