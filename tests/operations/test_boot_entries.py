"""Boot entries that carry the template's machine-id in their names."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

ID = "0123456789abcdef0123456789abcdef"
ENTRY = File(f"title Linux\nlinux /boot/vmlinuz-6.1\noptions root=UUID={ID[:8]}\n")

CASES = (
    Case("RHEL", REDHAT, {f"/boot/loader/entries/{ID}-6.1.conf": ENTRY}, found=("/boot/loader/entries",)),
    Case("kernels on the ESP", SUSE, {f"/boot/efi/{ID}/6.1": Dir(), "/boot/efi/EFI": Dir()}, found=("/boot/efi",)),
    Case(
        "an empty token counts as none",
        DEBIAN,
        {f"/efi/loader/entries/{ID}-6.1.conf": ENTRY, "/etc/kernel/entry-token": File("\n")},
        found=("/efi/loader/entries",),
        alone=True,  # beside a guest that has a token nothing is found
    ),
    Case(
        "a token is set",
        DEBIAN,
        {f"/boot/loader/entries/{ID}-6.1.conf": ENTRY, "/etc/kernel/entry-token": File(f"{ID}\n")},
    ),
    Case("named after the distribution", SUSE, {"/boot/efi/loader/entries/opensuse-6.1.conf": ENTRY}),
    Case("no such entries", ALPINE, {"/boot/vmlinuz-lts": File("MZ"), "/boot/0123456789abcdef": Dir()}),
)
