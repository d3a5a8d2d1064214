"""Report where else the machine-id would come from

An empty /etc/machine-id gets an id of its own at boot, unless something on the disk gives
the same one to every clone: ``systemd.machine_id=`` on the kernel's command line, in a boot
entry or in what boot entries are made from (kernel-command-line(7)), and the credential
system.machine_id beside the boot loader (systemd.system-credentials(7)).

Nothing is changed: a wrong edit of a boot entry costs the boot. D-Bus's copy of the id is
the operation machine-id's. The hypervisor's UUID of a machine, which systemd takes in
a virtual machine too, is not on the disk: every clone needs another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

COMMAND_LINES = (
    *("/etc/kernel/cmdline", "/etc/kernel/cmdline.d/*", "/etc/cmdline.d/*", "/etc/default/grub"),
    *("/etc/default/grub.d/*", "/etc/sysconfig/bootloader"),
    *("/boot/loader/entries/*.conf", "/efi/loader/entries/*.conf", "/boot/efi/loader/entries/*.conf"),
    *("/boot/grub*/grub.cfg", "/boot/grub*/grubenv", "/boot/extlinux*"),
    *("/boot/extlinux/extlinux.conf", "/boot/cmdline.txt"),
)
CREDENTIALS = tuple(f"{esp}/loader/credentials/system.machine_id*" for esp in ("/boot", "/efi", "/boot/efi"))
_GIVEN = re.compile(rb"^(?![ \t]*#)[^\n]*\bsystemd\.machine_id=", re.MULTILINE)


def _found(guest: Guest) -> Iterator[Finding]:
    tree = guest.tree
    for pattern in COMMAND_LINES:
        for path in tree.glob(pattern):
            if tree.is_file(path) and _GIVEN.search(tree.read(path, limit=1 << 22) or b""):
                yield Finding(path, "gives every clone the same machine-id", "take systemd.machine_id= out of it")
    for pattern in CREDENTIALS:
        for path in tree.glob(pattern):
            yield Finding(path, "gives every clone the same machine-id", "remove the credential")


OPERATION = Operation(kind=Kind.IDENTITY, findings=_found)
