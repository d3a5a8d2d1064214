"""Copies that a boot image holds: what was on the root filesystem when it was made.

Nothing takes them away but making the image again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guestseal.check.initramfs import members
from guestseal.check.residue.contents import Hit, search
from guestseal.check.residue.files import Tally
from guestseal.check.residue.needles import Needle
from guestseal.guest.tree import Tree
from guestseal.machine.commands import Commands

REMEDY = "remove what it is a copy of, and make the image again (update-initramfs, dracut -f, mkinitcpio -P)"
LARGEST = 32 << 20
"""Bytes of a member that is searched."""

_IMAGE = re.compile(
    r"/(?:boot|efi)/(?:.*/)?(?:init(?:rd|ramfs)[^/]*|[^/]*-initramfs[^/]*|EFI/Linux/[^/]*\.efi)", re.IGNORECASE
)


def is_image(path: str) -> bool:
    """Whether the file at ``path`` is named as an initramfs or a unified kernel image."""
    return _IMAGE.fullmatch(path) is not None and not path.endswith((".sha512hmac", ".hmac"))


def hits(
    tree: Tree, path: str, needles: Sequence[Needle], commands: Commands, tally: Tally
) -> Iterator[tuple[str, bytes, Hit]]:
    """What is found in the members of the image at ``path``: each one's name, how it begins, and the place.

    Raises GuestError where it cannot be read to its end.
    """
    unsearched = 0
    for member in members(tree, path, kept=LARGEST, commands=commands):
        inside = [needle for needle in needles if needle.applies(f"{path}: {member.name}")]
        unsearched += member.data is None
        for hit in search((member.data or b"",), inside):
            yield member.name, (member.data or b"")[:4], hit
    if unsearched:
        tally.skip(path, f"holds {unsearched} files of more than {LARGEST >> 20} MiB, which were not looked into")
