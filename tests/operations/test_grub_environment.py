"""What GRUB remembers of boots goes, what it needs to boot stays, and the block keeps its size."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File, Link


def block(*lines: str) -> File:
    """An environment block as grub-editenv writes it."""
    text = "".join(f"{line}\n" for line in ("# GRUB Environment Block", *lines))
    return File(text.ljust(1024, "#"))


SAVED = "saved_entry=0123456789abcdef0123456789abcdef-6.1"
OPTIONS = "kernelopts=root=UUID=1 ro quiet"

CASES = (
    Case(
        "Ubuntu's failed boot", DEBIAN, {"/boot/grub/grubenv": block("recordfail=1")}, {"/boot/grub/grubenv": block()}
    ),
    Case(
        "Fedora's counters, on the ESP",
        REDHAT,
        {
            "/boot/grub2/grubenv": Link("../efi/EFI/fedora/grubenv"),
            "/boot/efi/EFI/fedora/grubenv": block(
                SAVED, "boot_success=0", OPTIONS, "boot_indeterminate=2", "boot_counter=1", "menu_show_once=1"
            ),
        },
        {
            "/boot/grub2/grubenv": Link("../efi/EFI/fedora/grubenv"),
            "/boot/efi/EFI/fedora/grubenv": block(SAVED, OPTIONS),
        },
        alone=True,  # another case has the file where this one has the link
    ),
    Case(
        "SUSE, once",
        SUSE,
        {"/boot/grub2/grubenv": block("next_entry=1", SAVED)},
        {"/boot/grub2/grubenv": block(SAVED)},
    ),
    Case("nothing of the kind", ALPINE, {"/boot/grub/grubenv": block(SAVED, OPTIONS)}),
    Case("of another size", DEBIAN, {"/boot/grub/grubenv": File("# GRUB Environment Block\nrecordfail=1\n")}),
    Case(
        "larger than a block",
        SUSE,
        {"/boot/grub2/grubenv": File("# GRUB Environment Block\nrecordfail=1\n".ljust(2048, "#"))},
    ),
    Case("no block", REDHAT, {"/boot/grub2/grubenv": File("recordfail=1\n".ljust(1024, "#"))}),
)
