"""Encrypted volumes and what opens them."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import File

TAB = "/etc/crypttab"
KEY = File(b"\x00key\x01", 0o400)
HEAD = "# <target> <device> <key file> <options>\n"

# There is one crypttab: each case that has it stands alone.
CASES = (
    Case(
        "asks for the passphrase", REDHAT, {TAB: File(f"{HEAD}luks-1 UUID=1 none discard\n")}, found=(TAB,), alone=True
    ),
    Case(
        "a key beside it",
        DEBIAN,
        {TAB: File("data UUID=1 /root/data.key luks\n"), "/root/data.key": KEY, "/root/other.key": KEY},
        found=(TAB, "/root/data.key"),
        alone=True,
    ),
    Case(
        "a key that is not in the guest", SUSE, {TAB: File("data UUID=1 /mnt/usb/key luks\n")}, found=(TAB,), alone=True
    ),
    Case("swap with a random key", DEBIAN, {TAB: File(f"{HEAD}swap /dev/vda3 /dev/urandom swap,plain\n")}, alone=True),
    Case(
        "keys by their place",
        ALPINE,
        {
            "/etc/cryptsetup-keys.d/data.key": KEY,
            "/etc/keys/x": KEY,
            "/etc/luks-keys/y": KEY,
            "/etc/cryptsetup-keys.d/README": File("x\n"),
        },
        found=("/etc/cryptsetup-keys.d/data.key", "/etc/keys/x", "/etc/luks-keys/y"),
    ),
)
