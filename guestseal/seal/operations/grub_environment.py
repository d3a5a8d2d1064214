"""Take what GRUB noted about boots out of its environment block

GRUB notes there that a boot failed (``recordfail``: Ubuntu's menu then waits 30 seconds, or for
ever), that one was good or cannot be told, how many tries are left, and what is to be booted
once (``next_entry``). None of it happened to a clone.

The block keeps its size of 1024 bytes: GRUB reads no other. Left on purpose: ``saved_entry``
and ``kernelopts``, which say what is booted, and how; a block that is none. Done only on
demand: a mistake there costs the boot.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Edit
from guestseal.guest.boot.grubenv import SIZE, without
from guestseal.guest.facts import Guest
from guestseal.seal.operation import Kind, Operation

BLOCKS = ("/boot/grub/grubenv", "/boot/grub2/grubenv", "/boot/efi/EFI/*/grubenv")
# recordfail: Debian's and Ubuntu's 00_header; the others: Fedora's 08_fallback_counting and 12_menu_auto_hide.
OF_A_BOOT = ("recordfail", "next_entry", "boot_success", "boot_indeterminate", "boot_counter", "menu_show_once")


def _edits(guest: Guest) -> Iterator[Action]:
    tree = guest.tree
    # RHEL's /boot/grub2/grubenv may be a link to the one on the EFI system partition.
    found = dict.fromkeys(tree.resolve(path) for pattern in BLOCKS for path in tree.glob(pattern))
    for path in found:
        info = None if path is None else tree.lstat(path)
        if path is None or info is None or info.st_size != SIZE or not tree.is_file(path):
            continue
        before = tree.read(path, limit=SIZE) or b""
        after = without(before, OF_A_BOOT)
        if after is not None and after != before:
            yield Edit(path, before, after, "without what GRUB remembers of the template's boots")


OPERATION = Operation(kind=Kind.CLUTTER, also=_edits, default=False)
