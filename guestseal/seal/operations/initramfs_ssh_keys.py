"""Report SSH keys that are copied into the initramfs

Who unlocks disks remotely has an SSH server in the initramfs, with a host key of its own: all
clones have the same one, in /etc and, what is worse, in the initramfs on /boot. Nothing would
make a new one, and without it nobody could unlock a clone, so that it is reported only.

Looked at are Debian's dropbear-initramfs, the keys that mkinitcpio's dropbear hooks take, and
those of dracut's sshd modules. Reported as well is who may log in there: the same people for every clone.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import regular_files
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

KEYS = (
    "/etc/dropbear/initramfs/dropbear_*_host_key",  # Debian 12 and later
    "/etc/dropbear-initramfs/dropbear_*_host_key",  # Debian 11
    *("/etc/ssh/dracut_ssh_host_*_key", "/etc/ssh/initrd_ssh_host_*_key"),
)
# The hook packs Dropbear's ordinary keys where one of these says who may log in.
HOOKS = ("/etc/dropbear/root_key", "/etc/dropbear/initrd.authorized_keys")
# dropbear-initramfs: who may log in before the disks are unlocked.
LOGINS = ("/etc/dropbear/initramfs/authorized_keys", "/etc/dropbear-initramfs/authorized_keys")
_WHAT = "is in the initramfs as well, the same one for every clone"
_REMEDY = "make another one on each clone, and its initramfs anew"


def _found(guest: Guest) -> Iterator[Finding]:
    for pattern in KEYS:
        for path in guest.tree.glob(pattern):
            yield Finding(path, _WHAT, _REMEDY)
    for path in HOOKS:
        info = guest.tree.stat(path)
        if info is not None and info.st_size:
            yield Finding(path, "has Dropbear's host keys packed into the initramfs", _REMEDY)
    for path in regular_files(guest.tree, LOGINS):
        yield Finding(path, "opens the initramfs of every clone", "remove it, and make the initramfs anew")


OPERATION = Operation(kind=Kind.SECRET, findings=_found)
