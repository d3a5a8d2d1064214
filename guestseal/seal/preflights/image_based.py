"""The system is not made of images

Where the system is an image (Fedora CoreOS and Silverblue, bootc, RHEL for Edge, SUSE's
transactional systems), the versions it can go back to keep their own copies of /etc, with
host keys, machine-id and password hashes, and a seal does not reach into them. Looked at
are ostree's marks and a read-only /usr in a root that is not.

Remedy: drop the other versions, then force it.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.services.runtime_files import runtime
from guestseal.machine.host import Machine
from guestseal.seal.preflight import Concern, Preflight, read_only


def _look(guest: Guest, _: Machine) -> Iterator[Concern]:
    if _is_ostree(guest):
        yield Concern(
            "this is an ostree system: its other deployments keep copies of /etc",
            "remove them (`rpm-ostree cleanup --rollback --pending`, `ostree admin undeploy`), then --force",
        )
    elif read_only(guest.tree, "/usr") and not read_only(guest.tree, "/"):
        yield Concern(
            "/usr is read-only: the system seems to be an image, and its other versions may keep copies of /etc",
            "remove them, then --force; if /usr should be writable, `mount -o remount,rw /usr`",
        )


def _is_ostree(guest: Guest) -> bool:
    if guest.tree.is_dir("/sysroot/ostree"):
        return True
    with runtime(guest) as run:
        return run is not None and run.exists("/ostree-booted")


PREFLIGHT = Preflight(_look)
