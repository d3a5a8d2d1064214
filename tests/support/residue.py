"""Searches of a guest for what is left of a machine, as tests make them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Callable

from guestseal.check.residue.identifiers import Identifiers
from guestseal.check.residue.runner import SUMMARY, Extent, residue
from guestseal.guest.facts import Guest
from guestseal.guest.tree import Tree
from guestseal.machine.commands import Commands
from guestseal.report import Entry

WITHOUT_PROGRAMS = {"PATH": "/nonexistent"}

MACHINE_ID = "07d1a2b3c4e5f60718293a4b5c6d7e8f"
NAME = "zaphod42"
MAC = "52:54:00:ab:9d:ef"
ADDRESS = "192.0.2.77"
ADDRESS6 = "2001:db8::7:77"
HOST_KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIPoIpgNtpTR76NbbOKU4ebLShn0000000000000000000000000000000000"
IQN = "iqn.1993-08.org.debian:01:9e8d7c6b5a"
DUID = "000100012c9f0a715254 00ab9def".replace(" ", "")
SERIAL = "VMware-42 1a 2b 3c 4d 5e 6f 70-81 92 a3 b4 c5 d6 e7 f8"

IDENTITY = Identifiers.of(
    (
        ("machine-id", MACHINE_ID),
        ("host-name", f"{NAME}.example.org"),
        ("host-name", NAME),
        ("mac-address", MAC),
        ("ip-address", ADDRESS),
        ("ip-address", ADDRESS6),
        ("host-key", HOST_KEY),
        ("iscsi-initiator", IQN),
        ("dhcp-identity", DUID),
        ("firmware-identity", SERIAL),
    )
)
"""Of a machine that was made up: no other one has any of it."""


def nothing(_: str) -> bool:
    """No path is covered by an operation."""
    return False


def searched(
    root: Path,
    identifiers: Identifiers = IDENTITY,
    covered: Callable[[str], bool] = nothing,
    *,
    extent: Extent | None = None,
    environment: dict[str, str] | None = None,
) -> dict[str, Entry]:
    """The entries of one search, by name."""
    with Tree(str(root)) as tree:
        entries = residue(Guest(tree), identifiers, covered, extent, Commands(environment))
        return {entry.name: entry for entry in entries}


def found(entries: dict[str, Entry]) -> set[tuple[str, str]]:
    """Kind and path of every finding."""
    return {(name, finding.path) for name, entry in entries.items() if name != SUMMARY for finding in entry.findings}


def paths(entries: dict[str, Entry], names: Sequence[str]) -> set[str]:
    """The paths of the findings of some kinds."""
    return {path for name, path in found(entries) if name in names}
