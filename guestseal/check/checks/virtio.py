"""The kernel has the drivers of the platform's disks and network cards

On KVM these are virtio's; each profile names its own. A kernel without a driver for the disk
does not start, and one without a driver for the network card is not reached. Each kernel that
is installed is looked at: its modules (modules.dep) and what is built in (modules.builtin).
One driver for disks is enough, as one for cards is. A module that modprobe.d forbids is not there.

Whether the initramfs has them is the check initramfs-drivers'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.guest.boot import boot_entries, kernels
from guestseal.guest.tree import Tree

CONFIGS = ("/etc/modprobe.d/*.conf", "/usr/lib/modprobe.d/*.conf", "/lib/modprobe.d/*.conf")
_FORBIDDEN = re.compile(r"^\s*(?:blacklist\s+(\S+)|install\s+(\S+)\s+\S*/(?:true|false))\s*(?:#.*)?$", re.MULTILINE)


def _look(subject: Subject) -> Iterator[Problem]:
    found = kernels.kernels(subject.tree)
    if not found:
        raise Inapplicable("no kernel's modules are in it: something else boots it")
    forbidden = dict(_forbidden(subject.tree))
    for kernel in found:
        built_in = kernels.built_in(subject.tree, kernel)
        has = built_in | kernels.modules(subject.tree, kernel)
        for kind, wanted in (("disks", subject.profile.disks), ("network cards", subject.profile.network_cards)):
            names, here = ", ".join(wanted), has.intersection(wanted)
            if wanted and not here:
                what = f"the kernel has no driver for the platform's {kind} ({names})"
                remedy = "install a kernel that has it, and the package of its further modules where there is one"
                yield Problem(what, remedy, kernel.directory)
            elif wanted and here <= forbidden.keys() - built_in:
                path = next(forbidden[name] for name in wanted if name in here)
                what = f"forbids the driver of the platform's {kind} ({names})"
                yield Problem(what, "take its blacklist and install lines out, and make the initramfs anew", path)


def _forbidden(tree: Tree) -> Iterator[tuple[str, str]]:
    for path, text in boot_entries.texts(tree, CONFIGS):
        for found in _FORBIDDEN.finditer(text):
            yield (found[1] or found[2]).replace("-", "_"), path


CHECK = Check(_look, source="depmod(8), modules.dep and modules.builtin; modprobe.d(5)")
