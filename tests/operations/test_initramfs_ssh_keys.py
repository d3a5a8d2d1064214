"""SSH host keys that the initramfs holds as well."""

from __future__ import annotations

from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

KEY = File("-----BEGIN OPENSSH PRIVATE KEY-----\n", 0o600)
DEBIAN_KEYS = ("/etc/dropbear/initramfs/dropbear_rsa_host_key", "/etc/dropbear-initramfs/dropbear_ecdsa_host_key")
LOGINS = ("/etc/dropbear/initramfs/authorized_keys", "/etc/dropbear-initramfs/authorized_keys")
DRACUT_KEYS = ("/etc/ssh/dracut_ssh_host_ed25519_key", "/etc/ssh/initrd_ssh_host_ed25519_key")

CASES = (
    Case(
        "dropbear-initramfs",
        DEBIAN,
        {**dict.fromkeys(DEBIAN_KEYS, KEY), "/etc/dropbear/initramfs/dropbear.conf": File("#DROPBEAR_OPTIONS=\n")},
        found=DEBIAN_KEYS,
    ),
    Case("dracut", REDHAT, dict.fromkeys(DRACUT_KEYS, KEY), found=DRACUT_KEYS),
    Case(
        "mkinitcpio",
        ARCH,
        {"/etc/dropbear/root_key": File("ssh-rsa AAAA\n"), "/etc/dropbear/initrd.authorized_keys": File("")},
        found=("/etc/dropbear/root_key",),
    ),
    Case("who may log in", DEBIAN, dict.fromkeys(LOGINS, File("ssh-rsa AAAA kim\n", 0o600)), found=LOGINS),
    Case("only public halves", SUSE, {"/etc/ssh/dracut_ssh_host_ed25519_key.pub": File("ssh-ed25519 AAAA\n")}),
    Case("no such keys", ALPINE, {"/etc/dropbear/README": File("x\n")}),
)
