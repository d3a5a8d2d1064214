"""The seal record: the one fact on which a clone's identity hangs.

``sealed.json`` stands in the guest only when a seal has come to its end; its presence
is what lets the first-boot units make a clone of it (ConditionPathExists). From the
first change of a seal to its last, ``sealing.json`` stands in its place, so that an
interrupted seal is never taken for a finished one. Both hold salted hashes of the old
identity: a clone can prove that a value was reset without knowing what it was.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from guestseal import __version__
from guestseal.documents import parse_object
from guestseal.errors import GuestError
from guestseal.guest.root import Root
from guestseal.guest.tree import Tree

if TYPE_CHECKING:
    from guestseal.guest.identity import Identity

DIRECTORY = "/var/lib/guestseal"
SEALED = f"{DIRECTORY}/sealed.json"
SEALING = f"{DIRECTORY}/sealing.json"
SCHEMA = 1


class Stage(Enum):
    """How far a seal that has no record yet is."""

    BEGUN = "begun"
    """Operations are being done, or were interrupted."""
    PREPARED = "prepared"
    """The running machine is sealed but for the final sweep at its shutdown."""
    INCOMPLETE = "incomplete"
    """The final sweep failed or ran out of time."""


@dataclass(frozen=True)
class Preparation:
    """A seal under way: what the final sweep has to know, and what the record will say."""

    stage: Stage = Stage.BEGUN
    settings: Mapping[str, str] = field(default_factory=dict)
    """What files, --config and options have set (Settings.set_values): the sweep plans with the same."""
    scrub: str = "none"
    salt: str = field(default_factory=lambda: os.urandom(16).hex())
    identity: Mapping[str, str] = field(default_factory=dict)
    """What the identity was before the first change, as HMAC-SHA256 hex digests with ``salt``."""
    hardware: str | None = None
    """The system UUID of the template's hardware, hashed the same way; None: it has none."""
    why: str = ""
    """Why the sweep did not come to its end."""
    schema: int = SCHEMA

    def knowing(self, before: Identity, system_uuid: str | None = None) -> Preparation:
        """With the identity that is there now, as far as an earlier attempt has not noted an older one."""
        salt = bytes.fromhex(self.salt)
        hardware = self.hardware or hardware_hash(salt, system_uuid)
        return replace(self, identity={**before.salted(salt), **self.identity}, hardware=hardware)

    def to_json(self) -> bytes:
        """The preparation as it is stored."""
        return json.dumps({**vars(self), "stage": self.stage.value}, indent=1, sort_keys=True).encode() + b"\n"


@dataclass(frozen=True)
class SealRecord:
    """One finished seal of one template."""

    id: str
    """A random UUID: another seal is another id, and steps run again."""
    sealed_at: str
    """UTC, ISO 8601."""
    version: str
    """The guestseal that sealed."""
    operations: Mapping[str, str]
    """Operation → outcome."""
    salt: str
    identity: Mapping[str, str] = field(default_factory=dict)
    """What the identity was, as HMAC-SHA256 hex digests with ``salt``."""
    hardware: str | None = None
    swept: bool = False
    """Sealed by the final sweep of a shutdown, or offline: nothing ran afterwards."""
    scrub: Mapping[str, object] = field(default_factory=dict)
    """What was done against reading deleted content, and what was proven."""
    schema: int = SCHEMA

    def to_json(self) -> bytes:
        """The record as it is stored."""
        return json.dumps(vars(self), indent=1, sort_keys=True).encode() + b"\n"

    def sealed_on(self, system_uuid: str | None) -> bool:
        """Whether the machine with this system UUID is the template master itself; False when unknown."""
        found = hardware_hash(bytes.fromhex(self.salt), system_uuid)
        return found is not None and found == self.hardware


def hardware_hash(salt: bytes, system_uuid: str | None) -> str | None:
    """A system UUID as the record keeps it; None for None."""
    import hashlib
    import hmac

    return None if system_uuid is None else hmac.new(salt, system_uuid.encode(), hashlib.sha256).hexdigest()


def read_record(tree: Tree) -> SealRecord | None:
    """The record of a finished seal; None: the guest is not sealed. Raises GuestError when it is unreadable."""
    content = tree.read(SEALED)
    if content is None:
        return None
    try:
        values = parse_object(content)
        if values.get("schema") != SCHEMA:
            raise GuestError(SEALED, f"written by another version (schema {values.get('schema')}); seal again")
        return SealRecord(**values)
    except (ValueError, TypeError) as error:
        raise GuestError(SEALED, "not a seal record; seal again, or remove it if this is no template") from error


def read_preparation(tree: Tree) -> Preparation | None:
    """The seal under way; None: there is none. One that cannot be read counts as just begun."""
    content = tree.read(SEALING)
    if content is None:
        return None
    try:
        values = parse_object(content)
        return Preparation(**{**values, "stage": Stage(values["stage"])})
    except (ValueError, TypeError, KeyError):
        return Preparation()


def unfinished(tree: Tree) -> bool:
    """Whether a seal was begun and has not come to its end."""
    return tree.lstat(SEALING) is not None


def begin(root: Root, preparation: Preparation) -> None:
    """Put a seal under way on the disk: from here on the guest is not sealed, until ``finish``."""
    for directory in root.missing_parents(SEALING):
        root.make_directory(directory, mode=0o700 if directory == DIRECTORY else 0o755)
    root.replace(SEALING, preparation.to_json(), mode=0o600)
    root.remove(SEALED)
    root.sync(DIRECTORY)


def finish(
    root: Root,
    preparation: Preparation,
    operations: Mapping[str, str],
    *,
    swept: bool,
    scrub: Mapping[str, object] | None = None,
) -> None:
    """Say that the guest is sealed. The last thing a seal does."""
    import uuid
    from datetime import datetime, timezone

    root.sync()  # what was done on other filesystems must not reach the disk after the record
    record = SealRecord(
        id=str(uuid.uuid4()),
        sealed_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        version=__version__,
        operations=dict(operations),
        salt=preparation.salt,
        identity=preparation.identity,
        hardware=preparation.hardware,
        swept=swept,
        scrub=scrub or {},
    )
    root.replace(SEALED, record.to_json(), mode=0o600)
    root.remove(SEALING)
    root.sync(DIRECTORY)


def record_paths(tree: Tree) -> tuple[str, ...]:
    """The paths that recording a seal changes in this guest."""
    return (*tree.missing_parents(SEALED), SEALED)
