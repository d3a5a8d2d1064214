"""Let Ignition run again on the clones

Fedora CoreOS, RHEL CoreOS and Flatcar configure themselves on the first boot, and only then.
The result of the template's is removed, and the file from which GRUB sees a first boot is made
anew: /boot/ignition.firstboot, on Flatcar /boot/flatcar/first_boot (the image-builder project's
sysprep role does the same there).

Not done unless asked for: Ignition may partition and format disks, and a clone to which the
platform gives no configuration is left as it is, with the template's. On a machine without
Ignition's result nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Replace
from guestseal.guest.facts import Guest
from guestseal.seal.operation import Kind, Operation

_RESULT = "/etc/.ignition-result.json"


def _first_boot(guest: Guest) -> Iterator[Action]:
    flatcar = guest.os_release.get("ID") == "flatcar"
    stamp = "/boot/flatcar/first_boot" if flatcar else "/boot/ignition.firstboot"
    if guest.tree.lstat(_RESULT) is not None and guest.tree.lstat(stamp) is None:
        yield Replace(stamp, b"", "make it an unconfigured machine's")


OPERATION = Operation(kind=Kind.CLUTTER, remove=(_RESULT,), first=_first_boot, default=False)
