"""Where the UUID of a filesystem has to stand: without it, a clone does not boot."""

from __future__ import annotations

import re

_NAMED = re.compile(
    r"""/etc/(?:fstab|crypttab|mtab|default/grub(?:\.d/.*)?|kernel/cmdline|kernel/install\.conf|lvm/.*
        |initramfs-tools/conf\.d/resume|dracut\.conf(?:\.d/.*)?|mdadm(?:/mdadm)?\.conf|systemd/system/.*\.(?:mount|swap)
        |grub\.d/.*|extlinux\.conf|zipl\.conf|uuid)
        | /(?:boot|efi)/.*
        | /var/lib/(?:os-prober|grub|lvm)/.*""",
    re.VERBOSE | re.DOTALL,
)


def may_name_filesystems(path: str) -> bool:
    """Whether a filesystem's UUID at ``path`` is a remnant, and not what boots the machine."""
    return _NAMED.fullmatch(path) is None
