"""The rescue kernel, beside kernels that boot."""

from __future__ import annotations

from support.operation_cases import REDHAT, Case
from support.trees import Dir, File

ONLY = (REDHAT,)

ID = "4d7a7c0d9b0f4f6c8a2b1e3d5f708192"
KERNEL = File("MZ", 0o755)
OTHERS = {
    "/boot/vmlinuz-5.14.0-1.el9.x86_64": KERNEL,
    "/boot/initramfs-5.14.0-1.el9.x86_64.img": KERNEL,
    f"/boot/loader/entries/{ID}-5.14.0-1.el9.x86_64.conf": File("title Rocky\n"),
    f"/boot/{ID}/6.1/linux": KERNEL,
}

CASES = (
    Case(
        "RHEL 9",
        REDHAT,
        {
            f"/boot/vmlinuz-0-rescue-{ID}": KERNEL,
            f"/boot/initramfs-0-rescue-{ID}.img": KERNEL,
            f"/boot/loader/entries/{ID}-0-rescue.conf": File("title Rescue\n"),
            f"/boot/{ID}/0-rescue/linux": KERNEL,
            **OTHERS,
        },
        {**OTHERS, f"/boot/{ID}": Dir()},
    ),
    Case("none", REDHAT, OTHERS),
)
