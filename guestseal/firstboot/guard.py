"""Clones of machines that were not sealed: told by the hardware, on every boot.

The local stage remembers the system UUID (SMBIOS type 1) as a salted hash in
/var/lib/guestseal/hardware.json, and compares. Another UUID under the same files is
either a copy of the machine, which shares its host keys, passwords and machine-id, or
the machine itself on other hardware: a disk that was moved, a backup that was restored.
Nothing in the machine can tell which, so:

- A machine without a seal record is told to be an unsealed clone, on the console, in the
  journal and by ``guestseal status``, and stays as it is. With ``unsealed-clone =
  personalise`` it is treated as a clone of a sealed template, once for each new UUID:
  host keys, and what the platform says, at this boot and at all later ones. What only
  sealing the template takes away stays: machine-id, leases, logs, histories.
- A machine with a seal record, personalised under another UUID, is warned of and keeps
  its identity, whatever the setting is.

Whoever knows that it is the same machine removes hardware.json: the next boot remembers
the UUID it then finds. The template master itself, booted after its seal, is told apart
by its seal record.

There is no verdict without a UUID that can tell machines apart (none on some ARM boards,
a vendor's placeholder), and none in a container, which sees its host's. MAC addresses
are no substitute: a new interface has another one, and so early many have not come yet.
A UUID in the other byte order is the same one: SMBIOS 2.6 changed the order of its first
three fields, so another firmware or kernel may show it so.

A machine that is merely installed is left alone otherwise: one file, written once.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from guestseal.documents import parse_object
from guestseal.errors import GuestError
from guestseal.guest.root import Root
from guestseal.guest.seal_record import DIRECTORY, SEALED, SealRecord, hardware_hash, unfinished
from guestseal.machine.firmware import swapped
from guestseal.machine.host import Machine
from guestseal.machine.runtime import CLONE, STATUS, Runtime
from guestseal.report import Report
from guestseal.settings import Settings

HARDWARE = f"{DIRECTORY}/hardware.json"
SCHEMA = 1
PERSONALISE = "personalise"
UNSEALED_CLONE = "unsealed-clone"
"""The word of ``guestseal status``."""
CONTAINER = "/run/systemd/container"  # systemd writes it in a container: systemd.io/CONTAINER_INTERFACE

_SAME_MACHINE = f"if it is the same machine on other hardware, remove {HARDWARE}"
_WARNING = (
    "this machine runs on other hardware than before and was never sealed: if it is a clone, it shares SSH host keys, "
    "passwords and machine-id with its template"
)
_REMEDY = (
    "seal the template and clone it again, or set [firstboot] unsealed-clone = personalise and boot again; "
    + _SAME_MACHINE
)
_MOVED = f"this clone runs on other hardware than it was personalised on; its identity stays; {_SAME_MACHINE}"

log = logging.getLogger(__name__)


class Sight(Enum):
    """What the hardware tells."""

    NOTHING = "nothing"
    """It has no UUID to be known by."""
    FIRST = "first"
    """None is remembered."""
    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True)
class Hardware:
    """What hardware.json holds."""

    salt: str
    hardware: str | None = None
    """The system UUID, hashed as in the seal record."""
    seal: str | None = None
    """The id under which an unsealed clone was personalised."""
    schema: int = SCHEMA

    def on(self, uuid: str) -> Hardware:
        """The same on the machine with this system UUID."""
        return replace(self, hardware=hardware_hash(bytes.fromhex(self.salt), uuid))

    def is_on(self, uuid: str) -> bool:
        """Whether it was written on the machine with this system UUID."""
        return self.hardware in (self.on(uuid).hardware, self.on(swapped(uuid)).hardware)


class Guard:
    """The hardware that a guest is on, and was on.

    ``live``: the guest is the running machine itself; another tree's hardware is not this one's.
    ``container``: the file that tells of a container.
    """

    def __init__(
        self, root: Root, machine: Machine, runtime: Runtime, *, live: bool = True, container: str = CONTAINER
    ) -> None:
        self._root, self._machine, self._runtime, self._live = root, machine, runtime, live
        self._uuid = machine.firmware.uuid if live and not os.path.exists(container) else None
        self._known = _read(root)

    @property
    def sight(self) -> Sight:
        """How the hardware compares with what is remembered."""
        if self._uuid is None:
            return Sight.NOTHING
        if self._known is None:
            return Sight.FIRST
        return Sight.SAME if self._known.is_on(self._uuid) else Sight.OTHER

    def stand_in(self, settings: Settings) -> SealRecord | None:
        """What stands in for the seal record of an unsealed clone that is personalised, or was; None: it is none.

        Its id comes from the hardware: a stage that a power cut ended goes on where it was.
        """
        if self._uuid is None or self._known is None:
            return None
        seal = self._known.seal
        if self.sight is Sight.OTHER:
            seal = f"unsealed-{self._here().hardware}" if settings.unsealed_clone == PERSONALISE else None
        return None if seal is None else SealRecord(seal, "", "", {}, self._known.salt)

    def leaves_alone(self, settings: Settings) -> bool:
        """Whether this is the running machine, without a seal that is done or under way, and not to be personalised."""
        sealed = unfinished(self._root) or self._root.lstat(SEALED) is not None
        return self._live and not sealed and self.stand_in(settings) is None

    def watch(self) -> Report:
        """The local stage of a machine that is left alone: remember its hardware, or tell of another."""
        sight = self.sight
        if sight is Sight.FIRST:
            self._remember(None)
        if sight is not Sight.OTHER:
            return Report("firstboot", "", facts={"hardware": sight.value})
        log.warning(_WARNING)
        log.warning(_REMEDY)
        uptime = round(self._machine.clock.monotonic(), 3)
        document = {"schema": 1, "status": UNSEALED_CLONE, "stage": "local", "remedy": _REMEDY, "uptime": uptime}
        self._say(STATUS, document)
        return Report("firstboot", "an unsealed clone: left as it is", facts={"status": UNSEALED_CLONE})

    def settle(self, record: SealRecord, *, personalised: bool) -> None:
        """After the local stage of a clone: remember its hardware, or warn that it is another.

        ``personalised``: every step of the stage succeeded.
        """
        stands_in = not record.sealed_at
        if stands_in:
            self._say(CLONE, {"seal": record.id})  # guestseal-firstboot.service starts where this is
        if self.sight is Sight.FIRST:
            self._remember(None)
        elif self.sight is Sight.OTHER and not stands_in:
            log.warning(_MOVED)
        elif self.sight is Sight.OTHER:
            log.warning("a clone of a machine that was never sealed: personalised as if it had been")
            if personalised:
                self._remember(record.id)

    def facts(self, record: SealRecord) -> dict[str, Any]:
        """What status says of the hardware: that it is not what this clone was personalised on."""
        moved = {"hardware_changed": True, "remedy": _MOVED}
        return moved if record.sealed_at and self.sight is Sight.OTHER else {}

    def _say(self, name: str, document: dict[str, Any]) -> None:
        try:
            self._runtime.write(name, document)
        except OSError as error:
            log.warning("%s: not written: %s", name, error)

    def _here(self) -> Hardware:
        known = self._known or Hardware(os.urandom(16).hex())
        return known.on(str(self._uuid))

    def _remember(self, seal: str | None) -> None:
        known = replace(self._here(), seal=seal)
        try:
            for directory in self._root.missing_parents(HARDWARE):
                self._root.make_directory(directory, mode=0o700 if directory == DIRECTORY else 0o755)
            self._root.replace(HARDWARE, json.dumps(vars(known), indent=1).encode() + b"\n", mode=0o600)
        except GuestError as error:  # a read-only root: nothing else depends on it
            log.warning("the hardware is not remembered: %s", error)
            return
        self._known = known


def _read(root: Root) -> Hardware | None:
    """What is remembered; None: nothing, or nothing that can be read. Remembering it anew costs one verdict."""
    try:
        content = root.read(HARDWARE)
        return None if content is None else _parse(content)
    except (GuestError, ValueError, TypeError) as error:
        log.warning("%s: not read: %s", HARDWARE, error)
        return None


def _parse(content: bytes) -> Hardware:
    known = Hardware(**parse_object(content))
    texts = (known.salt, known.hardware, "" if known.seal is None else known.seal)
    if known.schema != SCHEMA or not all(isinstance(text, str) for text in texts):
        raise ValueError("not what this version writes")
    bytes.fromhex(known.salt)
    return known
