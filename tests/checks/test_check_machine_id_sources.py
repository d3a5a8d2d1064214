"""Where a machine-id comes from beside /etc/machine-id."""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ARCH, DEBIAN, REDHAT
from support.trees import File

ID = "0123456789abcdef0123456789abcdef"
GRUB = "linux /vmlinuz root=UUID=1 {}\n"
CREDENTIAL = "/etc/credstore/system.machine_id"

CASES = (
    CheckCase("nothing", DEBIAN, {"/boot/grub/grub.cfg": File(GRUB.format("quiet"))}),
    CheckCase("the hypervisor's", ARCH, {"/etc/kernel/cmdline": File("systemd.machine_id=firmware root=UUID=1\n")}),
    CheckCase("another credential", DEBIAN, {"/etc/credstore/system.hostname": File("x")}),
    CheckCase(
        "in all entries and their source",
        DEBIAN,
        {
            "/boot/grub/grub.cfg": File(GRUB.format(f"systemd.machine_id={ID}") * 2),
            "/etc/default/grub": File(f'GRUB_CMDLINE_LINUX="systemd.machine_id={ID} quiet"\n'),
        },
        ("command line", "command line"),
        mended={
            "/boot/grub/grub.cfg": File(GRUB.format("quiet")),
            "/etc/default/grub": File('GRUB_CMDLINE_LINUX="quiet"\n'),
        },
    ),
    CheckCase(
        "as a credential on the command line",
        REDHAT,
        {"/boot/loader/entries/x.conf": File(f"options root=UUID=1 systemd.set_credential=system.machine_id:{ID}\n")},
        ("command line",),
        mended={"/boot/loader/entries/x.conf": File("options root=UUID=1\n")},
    ),
    CheckCase(
        "as credentials",
        ARCH,
        {CREDENTIAL: File(ID), "/efi/loader/credentials/system.machine_id.cred": File(b"\1")},
        ("a credential", "a credential"),
        mended={CREDENTIAL: None, "/efi/loader/credentials/system.machine_id.cred": None},
    ),
)
