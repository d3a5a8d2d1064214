"""What counts as a guest's identity towards DHCP servers."""

from __future__ import annotations

from pathlib import Path

from support.trees import Dir, Entry, File, build

from guestseal.guest.identity import read_identity
from guestseal.guest.tree import Tree


def dhcp_of(root: Path, tree: dict[str, Entry]) -> str | None:
    """The digest of a guest that has these files."""
    build(root, tree)
    with Tree(str(root)) as guest:
        return read_identity(guest).dhcp


def test_a_dhcp_clients_duid_counts(tmp_path: Path) -> None:
    duid = "/var/lib/dhcp/dhclient6.leases"
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = dhcp_of(tmp_path / "a", {duid: File('default-duid "\\000\\001";\n')})
    other = dhcp_of(tmp_path / "b", {duid: File('default-duid "\\000\\002";\n')})
    assert one is not None
    assert one != other


def test_a_dhcp_servers_leases_do_not(tmp_path: Path) -> None:
    assert dhcp_of(tmp_path, {"/var/lib/dhcp/dhcpd.leases": File("lease 192.0.2.10 {}\n")}) is None


def test_directories_beside_leases_are_passed_by(tmp_path: Path) -> None:
    tree: dict[str, Entry] = {"/var/lib/dhcp/db": Dir(), "/var/lib/dhclient/dhclient-hooks.d": Dir()}
    assert dhcp_of(tmp_path, tree) is None
