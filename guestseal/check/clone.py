"""Whether a clone was reset: its identity against what the seal record has of its template's.

The record holds salted hashes, so the comparison tells that a value is the same one
without anybody knowing the template's.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.errors import Refused
from guestseal.guest.identity import read_identity
from guestseal.guest.seal_record import SEALED, SealRecord
from guestseal.guest.tree import Tree
from guestseal.report import Entry, Finding, Outcome
from guestseal.seal.operation import Kind

SECTION = "clone"
_WHERE = {"machine-id": "/etc/machine-id", "hostname": "/etc/hostname", "DHCP identity": "/var/lib"}


def entries(tree: Tree, record: SealRecord | None, system_uuid: str | None) -> Iterator[Entry]:
    """Each value of the identity: PASSED when it is not the template's, FAILED when it is, SKIPPED when there is none.

    Raises Refused where there is nothing to compare with, or where this is the template master itself.
    """
    if record is None:
        raise Refused(f"{SEALED} is missing: this is no clone of a sealed template, so nothing can be compared")
    if record.sealed_on(system_uuid):
        raise Refused("this is the template master itself: run the check on a clone of it")
    identity = read_identity(tree)
    own = identity.salted(bytes.fromhex(record.salt))
    for name, value in identity.items():
        yield _entry(name, has=value is not None, before=record.identity.get(name), own=own.get(name))


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
