"""Configuration that puts this machine into its initramfs."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

HOOK, TOOLS = "/etc/cryptsetup-initramfs/conf-hook", "/etc/initramfs-tools"

CASES = (
    Case(
        "Debian with a key file",
        DEBIAN,
        {HOOK: File('KEYFILE_PATTERN="/etc/keys/*.key"\n'), f"{TOOLS}/conf.d/small": File("MODULES=dep\n")},
        found=(HOOK, f"{TOOLS}/conf.d/small"),
        alone=True,
    ),
    Case(
        "Debian as it is shipped",
        DEBIAN,
        {HOOK: File('#KEYFILE_PATTERN=\nKEYFILE_PATTERN=""\n'), f"{TOOLS}/initramfs.conf": File("MODULES=most\n")},
        alone=True,
    ),
    Case(
        "dracut",
        REDHAT,
        {
            "/etc/dracut.conf.d/luks.conf": File('install_items+=" /etc/cryptsetup-keys.d/root.key "\n'),
            "/etc/dracut.conf.d/small.conf": File('hostonly="yes"\n'),
            "/etc/dracut.conf": File("# PUT YOUR CONFIG HERE\n"),
        },
        found=("/etc/dracut.conf.d/luks.conf", "/etc/dracut.conf.d/small.conf"),
    ),
    Case("SUSE", SUSE, {"/etc/dracut.conf.d/10-x.conf": File('hostonly="no"\ninstall_items+=" /usr/bin/vi "\n')}),
    Case(
        "Arch",
        ARCH,
        {
            "/etc/mkinitcpio.conf": File("MODULES=()\nFILES=(/root/cryptlvm.key)\n"),
            "/etc/mkinitcpio.conf.d/x.conf": File("FILES=()\n"),
        },
        found=("/etc/mkinitcpio.conf",),
    ),
    Case(
        "Alpine",
        ALPINE,
        {
            "/etc/mkinitfs/features.d/cryptkey.files": File("/crypto_keyfile.bin\n"),
            "/etc/mkinitfs/features.d/base.files": File("/bin/busybox\n"),
        },
        found=("/etc/mkinitfs/features.d/cryptkey.files",),
    ),
)
