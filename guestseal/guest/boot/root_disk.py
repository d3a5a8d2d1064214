"""What a guest's root filesystem lies on, as far as its files tell: a disk of a storage network's is not removed."""

from __future__ import annotations

import re

from guestseal.guest.text_files import texts
from guestseal.guest.tree import Tree

_COMMAND_LINES = (
    *("/etc/default/grub", "/etc/default/grub.d/*.cfg", "/etc/kernel/cmdline", "/etc/cmdline.d/*.conf"),
    *("/boot/loader/entries/*.conf", "/boot/grub*/grub.cfg", "/boot/extlinux/extlinux.conf"),
)
# dracut.cmdline(7); the README of Debian's open-iscsi; nvme-cli's dracut module nvmf.
_ISCSI = re.compile(r"\b(?:netroot=iscsi|root=iscsi|rd\.iscsi\.|iscsi_(?:firmware|initiator|auto|target_name)|ip=ibft)")
_NVME = re.compile(r"\b(?:rd\.nvmf\.|nvmf\.(?:hostnqn|hostid|discovery)\b)")
_FSTAB_ISCSI = re.compile(r"^[ \t]*[^#\s]*-iscsi-", re.MULTILINE)


def on_iscsi(tree: Tree) -> bool:
    """Whether the guest boots from an iSCSI disk, or mounts one at boot."""
    if tree.exists("/etc/iscsi/iscsi.initramfs"):  # Debian: has the initramfs log in
        return True
    return _said(tree, _ISCSI) or any(_FSTAB_ISCSI.search(text) for _, text in texts(tree, "/etc/fstab"))


def on_nvme_fabrics(tree: Tree) -> bool:
    """Whether the guest boots from an NVMe disk over a network."""
    return _said(tree, _NVME)


def _said(tree: Tree, words: re.Pattern[str]) -> bool:
    """Whether the kernel's command line has them: in the boot loader's configuration."""
    return any(words.search(text) for _, text in texts(tree, *_COMMAND_LINES))
