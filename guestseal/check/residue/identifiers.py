"""What identifies a machine, read from its files or from the machine itself.

A value that many machines share finds everything and proves nothing: such are left out, and
``left_out`` says which kinds and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from guestseal.check.residue import traces
from guestseal.check.residue.quality import judged
from guestseal.guest.facts import Guest

if TYPE_CHECKING:
    from guestseal.machine.host import Machine

MOST = 500
"""Identifiers of one machine: more are no machine's, and every one costs time."""


@dataclass(frozen=True)
class Identifier:
    """One value that must not be in a clone. Equal ones are one."""

    kind: str
    """As in guestseal.check.residue.spellings.KINDS."""
    value: str = field(repr=False)


@dataclass(frozen=True)
class Identifiers:
    """What to search for, without what everybody has."""

    values: tuple[Identifier, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Kind → why a value of it is not searched for."""

    @classmethod
    def of(cls, found: Iterable[tuple[str, str]], common: Iterable[str] = ()) -> Identifiers:
        """The usable ones of (kind, value) pairs, each once; ``common``: names that are no machine's own."""
        shared = frozenset(name.lower() for name in common)
        values: dict[Identifier, None] = {}
        left_out: dict[str, str] = {}
        for kind, value in found:
            try:
                normal, why = judged(kind, value.strip(), shared)
            except ValueError:
                continue  # no address, no UUID: it identifies nothing
            if why:
                left_out[kind] = why
            elif len(values) < MOST:
                values[Identifier(kind, normal)] = None
            else:
                left_out[kind] = f"there are more than {MOST} identifiers"
        return cls(tuple(values), left_out)

    def __or__(self, other: Identifiers) -> Identifiers:
        """Both."""
        values = tuple(dict.fromkeys((*self.values, *other.values)))
        return Identifiers(values[:MOST], {**self.left_out, **other.left_out})


def of_tree(guest: Guest, *, user: str = "", filesystems: bool = False) -> Identifiers:
    """What the guest's files say that it is. ``user``: an account whose name must not be left, too.

    ``filesystems``: also the UUIDs of its filesystems, which fstab(5) and boot loaders name
    rightly. Raises GuestError where a file that says it cannot be read.
    """
    found = [*traces.of(guest.tree), *((("user-name", user),) if user else ())]
    if filesystems:
        found += traces.filesystems(guest.tree)
    return Identifiers.of(found, _names_of_distribution(guest))


def of_machine(machine: Machine) -> Identifiers:
    """What the running machine says: its names, interfaces, addresses and firmware."""
    firmware = machine.firmware
    found = [("host-name", machine.hostname())]
    found += [("mac-address", mac) for mac in machine.network.cards().values() if mac]
    for interface in machine.network.interfaces():
        found += [("ip-address", str(address.ip)) for address in interface.addresses]
    found += [("firmware-identity", value) for value in (firmware.uuid, firmware.serial) if value]
    return Identifiers.of((*found, *_short_names(found)))


def _short_names(found: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for kind, value in found:
        if kind == "host-name" and "." in value:
            yield kind, value.partition(".")[0]


def _names_of_distribution(guest: Guest) -> Iterator[str]:
    """What an installer of it calls every machine."""
    for key in ("ID", "ID_LIKE", "VERSION_CODENAME", "NAME"):
        yield from guest.os_release.get(key, "").lower().split()
    yield guest.family.value
