"""Report snapshots, in which everything that is removed stays

A snapshot keeps each file as it was, secrets included: sealing the system does nothing about
them. Looked for are snapper's and timeshift's, snapd's and a second deployment of ostree. Those that no
file shows (LVM, ZFS, other btrfs subvolumes, layers of an overlay) are told with the scrub.

Nothing is changed. Remedy: delete them (snapper delete, timeshift --delete-all, snap forget, ostree admin
undeploy), or build the template from the current state only.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.earlier_states import SNAPSHOTS
from guestseal.guest.facts import Guest
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation


def _found(guest: Guest) -> Iterator[Finding]:
    for keeper in SNAPSHOTS:
        for path in keeper.states(guest.tree):
            yield Finding(path, f"is one of the {keeper.what}, which keep what is removed", keeper.remedy)


OPERATION = Operation(kind=Kind.SECRET, findings=_found)
