"""The seal record: the one fact on which a clone's identity hangs.

``sealed.json`` stands in the guest only when a seal has come to its end; its presence
is what lets the first-boot units run (ConditionPathExists). While a seal is under way
``sealing.json`` stands in its place, so an interrupted seal is never taken for a
finished one. The record holds salted hashes of the old identity: a clone can prove
that a value was reset without knowing what it was.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone

from guestseal import __version__
from guestseal.documents import parse_object
from guestseal.errors import GuestError
from guestseal.guest.identity import Identity
from guestseal.guest.root import Root
from guestseal.guest.tree import Tree

DIRECTORY = "/var/lib/guestseal"
SEALED = f"{DIRECTORY}/sealed.json"
SEALING = f"{DIRECTORY}/sealing.json"
SCHEMA = 1


@dataclass(frozen=True)
class SealRecord:
    """One seal of one template."""

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
    schema: int = SCHEMA

    def to_json(self) -> bytes:
        """The record as it is stored."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode() + b"\n"


def new_record(identity: Identity, operations: Mapping[str, str]) -> SealRecord:
    """The record of a seal that is done now, of a guest that had this identity before."""
    salt = secrets.token_bytes(16)
    return SealRecord(
        id=str(uuid.uuid4()),
        sealed_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        version=__version__,
        operations=dict(operations),
        salt=salt.hex(),
        identity=identity.salted(salt),
    )


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


def unfinished(tree: Tree) -> bool:
    """Whether a seal was begun and did not come to its end."""
    return tree.lstat(SEALING) is not None


def begin(root: Root) -> None:
    """Mark the guest as being sealed: from here on it is not sealed, until ``finish``."""
    for directory in root.missing_parents(SEALING):
        root.make_directory(directory, mode=0o700 if directory == DIRECTORY else 0o755)
    root.replace(SEALING, b"{}\n", mode=0o600)
    root.remove(SEALED)
    root.sync(DIRECTORY)


def finish(root: Root, record: SealRecord) -> None:
    """Say that the guest is sealed. The last thing a seal does."""
    root.replace(SEALED, record.to_json(), mode=0o600)
    root.remove(SEALING)
    root.sync(DIRECTORY)


def record_paths(tree: Tree) -> tuple[str, ...]:
    """The paths that recording a seal changes in this guest."""
    return (*tree.missing_parents(SEALED), SEALED)
