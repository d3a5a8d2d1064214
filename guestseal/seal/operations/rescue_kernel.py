"""Remove the rescue kernel of RHEL and Fedora

Its files are named by the machine-id of the installation (vmlinuz-0-rescue-…), so a clone's next kernel
makes a second one, and it has the kernel the template was installed with. Its initramfs and its entry
in the boot menu go with it; /usr/lib/kernel/install.d/51-dracut-rescue.install makes new ones with the
next kernel.

Not done by default: it may be the last one that boots. An entry in grub.cfg of RHEL 7 stays in the
menu until grub2-mkconfig is run.

Left on purpose: every other kernel, initramfs and entry.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.IDENTITY,
    remove=(
        "/boot/loader/entries/*-0-rescue.conf",
        "/boot/vmlinuz-0-rescue-*",
        "/boot/initramfs-0-rescue-*.img",
        f"/boot/{'[0-9a-f]' * 32}/0-rescue",
    ),
    default=False,
)
