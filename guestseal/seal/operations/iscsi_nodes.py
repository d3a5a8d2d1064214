"""Forget the iSCSI targets of this machine

iscsid logs in to the targets it has a record of, and so would every clone, to a disk that only one
machine may use. Records hold CHAP passwords as well: they are overwritten and removed, with
discovered targets and interface definitions, which may name a MAC address.

Nothing is removed where the guest boots from an iSCSI disk or mounts one. Reported is a CHAP password in
iscsid.conf.

Left on purpose: the directories, iface.example, iscsid.conf.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.boot import root_disk
from guestseal.guest.facts import Guest
from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Guard, Kind, Operation

# /var/lib/iscsi: RHEL, Fedora, Alpine, Debian 13; /etc/iscsi: SUSE, Debian 12 and older.
RECORDS = tuple(
    f"/{place}/iscsi/{kind}/*" for place in ("var/lib", "etc") for kind in ("nodes", "send_targets", "static", "isns")
)


def _interfaces(guest: Guest) -> Iterator[Action]:
    for pattern in ("/var/lib/iscsi/ifaces/*", "/etc/iscsi/ifaces/*"):
        for path in guest.tree.glob(pattern):
            if not path.endswith("/iface.example"):
                yield Remove(path, secret=True)


OPERATION = Operation(
    kind=Kind.SECRET,
    remove=RECORDS,
    also=_interfaces,
    needs=(Guard(lambda guest: not root_disk.on_iscsi(guest.tree), "this guest's own disks are among them"),),
    findings=signs(
        Sign(
            ("/etc/iscsi/iscsid.conf",),
            "holds a CHAP password",
            "remove it, or give each clone its own",
            rb"^[ \t]*(?:node\.session|discovery\.sendtargets)\.auth\.password(?:_in)?[ \t]*=[ \t]*\S",
        )
    ),
)
