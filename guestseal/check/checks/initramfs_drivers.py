"""The initramfs has the drivers of the platform's disks

What mounts the root filesystem has to find its disk. An initramfs that was made for one
machine only (dracut with hostonly, initramfs-tools with MODULES=dep, mkinitcpio's autodetect)
has the drivers of that machine's disks and no others: it stops on another hypervisor, or when
the same one attaches the disk in another way.

None of the profile's drivers: it fails. Some of them: a warning, for a platform that has
several kinds of disks. Drivers that are built into the kernel count. Rescue images and those
of kdump are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.check.decompression import NotLookedInto
from guestseal.check.initramfs import members
from guestseal.guest.boot import kernels
from guestseal.guest.boot.kernels import Kernel
from guestseal.guest.tree import Tree

REMEDIES = {
    "/etc/initramfs-tools": "set MODULES=most in /etc/initramfs-tools/initramfs.conf, run update-initramfs -u -k all",
    "/etc/mkinitfs": "add the feature virtio to /etc/mkinitfs/mkinitfs.conf and run mkinitfs",
    "/etc/mkinitcpio.conf": "name them in MODULES of /etc/mkinitcpio.conf and run mkinitcpio -P",
    "/usr/lib/dracut": 'put hostonly="no" into a file in /etc/dracut.conf.d and run dracut --force --regenerate-all',
}


def _look(subject: Subject) -> Iterator[Problem]:
    wanted = set(subject.profile.disks)
    every = [(kernel, kernels.initramfs(subject.tree, kernel)) for kernel in kernels.kernels(subject.tree)]
    images = [(kernel, path) for kernel, path in every if path is not None]
    if not images or not wanted:
        raise Inapplicable("no initramfs is in it, or the platform names no drivers")
    try:
        missing = [(path, wanted - _drivers(subject.tree, kernel, path)) for kernel, path in images]
    except NotLookedInto as why:
        raise Inapplicable(f"an initramfs was not looked into: {why}") from why
    for path, names in missing:
        if names:
            which = (
                "no driver for the platform's disks" if names == wanted else "not all drivers for the platform's disks"
            )
            what = f"has {which}: {', '.join(sorted(names))} missing"
            yield Problem(what, _remedy(subject.tree), path, fails=names == wanted)


def _drivers(tree: Tree, kernel: Kernel, path: str) -> set[str]:
    found = kernels.built_in(tree, kernel)
    found |= {kernels.module_name(member.name) for member in members(tree, path, kept=0)}
    return found


def _remedy(tree: Tree) -> str:
    known = (remedy for path, remedy in REMEDIES.items() if tree.exists(path))
    return next(known, "make it for any machine, and not for this one only")


CHECK = Check(_look, source="dracut.conf(5), hostonly; initramfs.conf(5), MODULES; mkinitcpio(8), autodetect")
