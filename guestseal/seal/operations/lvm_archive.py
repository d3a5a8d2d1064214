"""Empty LVM's archive

LVM keeps what each volume group was before a change, with the names and ids of volumes that are
long gone. The cache of devices goes as well; LVM makes it anew.

Left on purpose: the directories, and /etc/lvm/backup, from which a volume group is restored.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.CLUTTER,
    remove=("/etc/lvm/cache/.cache",),
    empty=("/etc/lvm/archive",),
)
