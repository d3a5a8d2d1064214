"""Encrypted disks."""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, DEBIAN, REDHAT, UBUNTU
from support.trees import File

CRYPTTAB = "/etc/crypttab"
HEAD = "# <target name> <source device> <key file> <options>\n"
GRUB = "/boot/grub2/grub.cfg"

CASES = (
    CheckCase("no crypttab", ALPINE, {}),
    CheckCase("nothing in it", UBUNTU, {CRYPTTAB: File(HEAD)}),
    CheckCase("swap with a random key", DEBIAN, {CRYPTTAB: File("swap PARTUUID=1 /dev/urandom swap\n")}),
    CheckCase("not at boot", DEBIAN, {CRYPTTAB: File("data UUID=1 none luks,noauto\nmore UUID=2 - nofail\n")}),
    CheckCase(
        "a passphrase",
        DEBIAN,
        {CRYPTTAB: File("vda5_crypt UUID=1 none luks,discard\n")},
        ("vda5_crypt",),
        mended={CRYPTTAB: File(HEAD)},
    ),
    CheckCase("two fields only", REDHAT, {CRYPTTAB: File("luks-1 UUID=1\n")}, ("luks-1",), mended={CRYPTTAB: None}),
    CheckCase(
        "a passphrase that may come from a server",
        REDHAT,
        {CRYPTTAB: File("luks-1 UUID=1 none _netdev\n")},
        ("luks-1",),
        fails=False,
        mended={CRYPTTAB: None},
    ),
    CheckCase(
        "this machine's TPM",
        REDHAT,
        {CRYPTTAB: File("root UUID=1 - tpm2-device=auto\n")},
        ("opened by a device of this machine",),
        mended={CRYPTTAB: None},
    ),
    CheckCase(
        "a key in the image",
        DEBIAN,
        {CRYPTTAB: File("data UUID=1 /etc/keys/data.key luks\n"), "/etc/keys/data.key": File("Geheim")},
        ("the key of the encrypted disk data is in every clone",),
        fails=False,
        mended={CRYPTTAB: None, "/etc/keys/data.key": None},
    ),
    CheckCase(
        "formatted by name",
        DEBIAN,
        {CRYPTTAB: File("swap /dev/sdb1 /dev/urandom swap,cipher=aes\n")},
        ("formatted anew at each boot, on /dev/sdb1, the name",),
        mended={CRYPTTAB: File("swap PARTLABEL=swap /dev/urandom swap,cipher=aes\n")},
    ),
    CheckCase(
        "on the command line",
        REDHAT,
        {GRUB: File("linux /vmlinuz root=/dev/mapper/luks-1 rd.luks.uuid=luks-1 ro\n" * 2)},
        ("on an encrypted disk",),
        mended={GRUB: File("linux /vmlinuz root=UUID=1 ro\n")},
    ),
)
