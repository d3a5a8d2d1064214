"""Where copies of deleted files survive, whatever is scrubbed: snapshots, layers, version control."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from guestseal.errors import CommandError, printable
from guestseal.guest.earlier_states import SNAPSHOTS, VERSIONS_OF_ETC
from guestseal.guest.tree import Tree
from guestseal.machine.clock import Deadline
from guestseal.machine.commands import Commands
from guestseal.scrub.devices import BlockDevice, Filesystem

_TIMEOUT = 30.0


def copies(tree: Tree, filesystems: Iterable[Filesystem], commands: Commands, deadline: Deadline) -> Iterator[str]:
    """What keeps copies of the guest's files, one sentence each, with the remedy."""
    for keeper in (*SNAPSHOTS, VERSIONS_OF_ETC):
        states = keeper.states(tree)
        if states:
            yield f"{keeper.what} keep what was deleted ({printable(states[0])}, {len(states)} in all); {keeper.remedy}"
    for filesystem in filesystems:
        yield from _of_filesystem(filesystem, commands, deadline)
        for device in filesystem.devices:
            yield from _of_device(filesystem, device)


def _of_filesystem(filesystem: Filesystem, commands: Commands, deadline: Deadline) -> Iterator[str]:
    if filesystem.kind == "overlay":
        yield f"{filesystem}: the lower layers of an overlay keep every file as it was; seal the lower layer itself"
    if filesystem.kind == "btrfs":
        place = os.readlink(f"/proc/self/fd/{filesystem.mount}")
        listing = ["btrfs", "subvolume", "list", "-s", place]
        yield from _listed(filesystem, listing, "btrfs subvolume delete", commands, deadline)
    if filesystem.kind == "zfs":
        listing = ["zfs", "list", "-H", "-t", "snapshot", "-o", "name"]
        yield from _listed(filesystem, listing, "zfs destroy", commands, deadline)


def _listed(
    filesystem: Filesystem, listing: list[str], remedy: str, commands: Commands, deadline: Deadline
) -> Iterator[str]:
    try:
        done = commands.run(listing, timeout=deadline.within(_TIMEOUT).remaining)
    except CommandError as error:
        yield f"{filesystem}: whether it has snapshots is not known: {error}"
        return
    names = [line for line in done.stdout.split(b"\n") if line.strip()]
    if names:
        first = printable(os.fsdecode(names[0]))
        yield f"{filesystem}: {len(names)} snapshots keep what was deleted ({first}); delete them with {remedy}"


def _of_device(filesystem: Filesystem, device: BlockDevice) -> Iterator[str]:
    """LVM's internal volumes tell it: lib/activate/dev_manager.c names them -real, -cow and -tpool."""
    uuids = [each.dm_uuid for each in device.stack]
    if any(uuid.startswith("LVM-") and uuid.endswith(("-real", "-cow")) for uuid in uuids):
        yield f"{filesystem}: an LVM snapshot keeps what was deleted; remove it with lvremove"
    if any(uuid.startswith("LVM-") and uuid.endswith("-tpool") for uuid in uuids):
        yield (
            f"{filesystem}: a thin pool keeps freed pieces and snapshots where no volume shows them; "
            "put the template on a plain volume, or trim and copy the volume's content, not the pool"
        )
