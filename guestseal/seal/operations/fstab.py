"""Report lines of fstab that a clone cannot mount

A disk that is named by its id or its place (/dev/disk/by-id, by-path) is another one in a clone, and a
mount that fails ends the boot in emergency mode, unless the line says nofail or noauto. The lines that
cloud-init wrote for a disk of this machine stay where no cloud-init writes others.

Nothing is changed: a system without a line of its fstab may not boot.
Remedy: mount by UUID or LABEL, add nofail, or remove the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.services import cloud_init
from guestseal.guest.text_files import texts
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

_OWN_DISK = re.compile(r"^[ \t]*/dev/disk/by-(?:id|path)/(?![^\n]*\bno(?:fail|auto)\b)", re.MULTILINE)
# cloudinit/config/cc_mounts.py: MNT_COMMENT; it replaces such lines itself.
_BY_CLOUD_INIT = re.compile(r"^[ \t]*[^#\n]*\bcomment=cloudconfig\b", re.MULTILINE)


def _found(guest: Guest) -> Iterator[Finding]:
    for path, text in texts(guest.tree, "/etc/fstab"):
        if _OWN_DISK.search(text):
            yield Finding(path, "mounts a disk by an id that a clone's has not", "use UUID= or LABEL=, or nofail")
        if _BY_CLOUD_INIT.search(text) and not cloud_init.enabled(guest.tree):
            yield Finding(path, "mounts a disk that cloud-init set up for this machine", "remove the line")


OPERATION = Operation(kind=Kind.IDENTITY, findings=_found)
