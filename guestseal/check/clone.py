"""Whether a clone was reset: its identity against what the seal record has of its template's.

The record holds salted hashes, so the comparison tells that a value is the same one
without anybody knowing the template's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from guestseal.errors import Refused
from guestseal.guest.identity import read_identity
from guestseal.guest.network.hosts import is_local
from guestseal.guest.seal_record import SEALED, SealRecord
from guestseal.guest.tree import Tree
from guestseal.report import Entry, Finding, Outcome
from guestseal.seal.operation import Kind

SECTION = "clone"
_WHERE = {"machine-id": "/etc/machine-id", "hostname": "/etc/hostname", "DHCP identity": "/var/lib"}


def entries(tree: Tree, record: SealRecord | None, system_uuid: str | None) -> Iterator[Entry]:
    """Each value of the identity: PASSED when it is not the template's, FAILED when it is, SKIPPED when there is none.

    WARNED where a clone that has booted would have made itself one.
    Raises Refused where there is nothing to compare with, or where this is the template master itself.
    """
    if record is None:
        raise Refused(f"{SEALED} is missing: this is no clone of a sealed template, so nothing can be compared")
    if record.sealed_on(system_uuid):
        raise Refused("this is the template master itself: run the check on a clone of it")
    identity = read_identity(tree)
    if is_local(identity.hostname or "localhost"):
        identity = replace(identity, hostname=None)  # the name of a machine that was given none
    own = identity.salted(bytes.fromhex(record.salt))
    for name, value in identity.items():
        before = record.identity.get(name)
        if name == "machine-id" and value is None and before is not None:
            yield _missing(name, "/etc/machine-id")
        else:
            yield _entry(name, has=value is not None, before=before, own=own.get(name))
    if not identity.host_keys and any(name.startswith("host key ") for name in record.identity):
        yield _missing("host keys", "/etc/ssh")


def _missing(name: str, path: str) -> Entry:
    """What the template had and this clone has not: whatever makes it has not run, or failed."""
    what, remedy = f"this clone has no {name}, which its template had", "boot it, and see what `guestseal status` says"
    key, heading = name.replace(" ", "-"), f"The clone has its own {name}"
    return Entry(key, Outcome.WARNED, heading, findings=(Finding(path, what, remedy),), found=1, section=SECTION)


def _entry(name: str, *, has: bool, before: str | None, own: str | None) -> Entry:
    key = name.lower().replace(" ", "-")
    heading = f"The {name} is not the template's"
    if not has:
        return Entry(key, Outcome.SKIPPED, heading, detail=f"this clone has no {name}", section=SECTION)
    if before is None:
        return Entry(key, Outcome.PASSED, heading, detail="the template had none", section=SECTION)
    if before != own:
        return Entry(key, Outcome.PASSED, heading, section=SECTION)
    path = _WHERE.get(name, "/etc/ssh")
    found = Finding(path, f"the {name} is the template's", "seal the template again, and make this clone anew")
    return Entry(key, Outcome.FAILED, heading, Kind.IDENTITY.value, findings=(found,), found=1, section=SECTION)
