"""What gives all clones of a guest the same machine-id, however empty /etc/machine-id is.

machine-id(5) and systemd-machine-id-setup(1): a boot takes ``systemd.machine_id=`` of the kernel's
command line, and the credential system.machine_id, before it makes an id of its own; ``firmware``
stands for the UUID that the hypervisor gives. Credentials come from a store of the guest, from the
command line, and from beside the boot loader (systemd.system-credentials(7), systemd-stub(7)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.boot import boot_entries
from guestseal.guest.tree import Tree
from guestseal.report import Finding

_CREDENTIAL = "system.machine_id"
COMMAND_LINES = (
    *boot_entries.GRUB_CONFIGS,
    *boot_entries.SPECIFIED,
    *boot_entries.SYSLINUX_CONFIGS,
    *("/boot/grub/grubenv", "/boot/grub2/grubenv", "/boot/cmdline.txt"),
    *(boot_entries.GRUB_DEFAULTS, "/etc/default/grub.d/*", "/etc/sysconfig/bootloader"),
    *("/etc/kernel/cmdline", "/etc/kernel/cmdline.d/*", "/etc/cmdline.d/*"),
)
"""Where kernel command lines stand, and what further ones are made from."""
CREDENTIALS = (
    *(f"{place}/credstore/{_CREDENTIAL}*" for place in ("/etc", "/usr/local/lib", "/usr/lib")),
    *(f"{place}/credstore.encrypted/{_CREDENTIAL}*" for place in ("/etc", "/usr/local/lib", "/usr/lib")),
    *(f"{place}/loader/credentials/{_CREDENTIAL}*.cred" for place in ("/boot", "/boot/efi", "/efi")),
)
_GIVEN = re.compile(
    r"""^(?![ \t]*\#) [^\n]*? (?<![^\s"'=])
    (?: systemd\.machine_id=(?!firmware\b) | systemd\.set_credential(?:_binary)?=system\.machine_id: )""",
    re.MULTILINE | re.VERBOSE,
)


def findings(tree: Tree) -> Iterator[Finding]:
    """Each file that gives one, once, with the first line that does."""
    for path, text in boot_entries.texts(tree, COMMAND_LINES):
        found = _GIVEN.search(text)
        if found is not None:
            yield Finding(
                path,
                "the kernel's command line gives every clone the same machine-id",
                "take systemd.machine_id out, and make the boot entries anew",
                text.count("\n", 0, found.end()) + 1,
            )
    for pattern in CREDENTIALS:
        for path in tree.glob(pattern):
            yield Finding(path, "a credential gives every clone the same machine-id", "remove it")
