"""No clone looks for a hibernated system that is not there

``resume=`` on the kernel's command line, or RESUME in initramfs-tools' configuration, makes
the initramfs wait for the swap area that holds the memory of a hibernated machine: half a
minute and more where no disk is called so. A clone has never been hibernated.

Where fstab has no swap at all, what it waits for is taken for gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.check.check import Check, Problem, Subject
from guestseal.errors import printable
from guestseal.guest.boot import boot_entries, fstab, kernel_command_line
from guestseal.guest.boot.device_names import identifier, is_device, unsteady

RESUME = "/etc/initramfs-tools/conf.d/resume"
REMEDY = "take it out, and make the boot entries or the initramfs anew (update-grub, grubby, update-initramfs -u)"


def _look(subject: Subject) -> Iterator[Problem]:
    mounts = fstab.read(subject.tree)
    no_swap = mounts is not None and not any(mount.kind == "swap" for mount in mounts)
    for path, line, name in dict.fromkeys(_names(subject)):
        wrong = _wrong(subject, name, no_swap=no_swap)
        if wrong:
            yield Problem(
                f"looks for a hibernated system on {printable(name)}, {wrong}", REMEDY, path, line, fails=False
            )


def _wrong(subject: Subject, name: str, *, no_swap: bool) -> str:
    if unsteady(name):
        return unsteady(name)
    if subject.machine is not None and subject.storage.lacks(name, identifier(name)):
        return "which no disk here is called"
    return "and fstab has no swap" if no_swap else ""


def _names(subject: Subject) -> Iterator[tuple[str, int, str]]:
    seen = set()
    for each in (*boot_entries.entries(subject.tree), *boot_entries.sources(subject.tree)):
        for name in kernel_command_line.values(each.text, "resume"):
            if is_device(name) and (each.path, name) not in seen:
                seen.add((each.path, name))
                yield each.path, each.line, name
    text = subject.tree.read_text(RESUME) or ""
    for number, line in enumerate(text.split("\n"), 1):
        found = re.fullmatch(r"\s*RESUME=[\"']?([^\"'\s]+)[\"']?\s*", line)
        if found and is_device(found[1]):
            yield RESUME, number, found[1]


CHECK = Check(
    _look, source="kernel documentation, kernel-parameters: resume=; initramfs-tools(7), RESUME; dracut.cmdline(7)"
)
