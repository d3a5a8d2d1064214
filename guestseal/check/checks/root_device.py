"""The kernel finds its root filesystem by what is written on the disk

``root=`` in the boot loader's entries, and in what they are made from: UUID=, LABEL=,
PARTUUID= and the names of logical volumes come with a clone's disk. /dev/sda1 is the name of
whichever disk is found first, and is another one on another controller (/dev/vda1, /dev/xvda1);
a disk's serial number is the template's own. A kernel without its root filesystem stops.

On a running machine a UUID or label has to be that of some filesystem, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.errors import printable
from guestseal.guest.boot import boot_entries, kernel_command_line
from guestseal.guest.boot.boot_entries import CommandLine
from guestseal.guest.boot.device_names import identifier, unsteady

REMEDY = "name it by UUID; for GRUB, without GRUB_DISABLE_LINUX_UUID in /etc/default/grub, run its mkconfig anew"


def _look(subject: Subject) -> Iterator[Problem]:
    entries = boot_entries.entries(subject.tree)
    if not entries:
        raise Inapplicable("no boot loader's configuration is in it: something else boots it, or /boot is not mounted")
    seen = set()
    for line in (*entries, *boot_entries.sources(subject.tree)):
        for name in kernel_command_line.values(line.text, "root"):
            if (line.path, name) not in seen:
                seen.add((line.path, name))
                yield from _judged(subject, line, name)


def _judged(subject: Subject, line: CommandLine, name: str) -> Iterator[Problem]:
    wrong = unsteady(name)
    if wrong:
        yield Problem(f"names the root disk {printable(name)}, {wrong}", REMEDY, line.path, line.line)
    elif subject.machine is not None and subject.storage.lacks(name, identifier(name)):
        yield Problem(
            f"names the root filesystem {printable(name)}, and no disk here has that", REMEDY, line.path, line.line
        )


CHECK = Check(_look, source="kernel documentation, kernel-parameters: root=; dracut.cmdline(7); initramfs-tools(7)")
