"""Report snapshots, in which everything that is removed stays

A snapshot keeps each file as it was, secrets included: sealing the system does nothing about
them. Looked for are snapper's and timeshift's, snapd's and a second deployment of ostree. Those that no
file shows (LVM, ZFS, other btrfs subvolumes, layers of an overlay) are told with the scrub.

Nothing is changed. Remedy: delete them (snapper delete, timeshift --delete-all, snap forget, ostree admin
undeploy), or build the template from the current state only.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.signs import Sign, signs
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

_WHAT, _REMEDY = "keeps everything that is removed", "delete the snapshot"
_DEPLOYMENTS = "/ostree/deploy/*/deploy/*/etc"
_snapshots = signs(
    Sign(("/.snapshots/*/snapshot", "/*/.snapshots/*/snapshot"), _WHAT, _REMEDY),
    Sign(("/timeshift/snapshots/*", "/timeshift-btrfs/snapshots/*"), _WHAT, _REMEDY),
    Sign(("/var/lib/snapd/snapshots/*.zip",), _WHAT, _REMEDY),
)


def _found(guest: Guest) -> Iterator[Finding]:
    yield from _snapshots(guest)
    deployments = list(guest.tree.glob(_DEPLOYMENTS))
    for path in deployments if len(deployments) > 1 else ():  # one is the system itself
        yield Finding(path, "is one of several deployments, each with a configuration of its own", "keep one only")


OPERATION = Operation(kind=Kind.SECRET, findings=_found)
