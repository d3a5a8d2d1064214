"""Report what puts this machine into the initramfs

The initramfs on /boot has copies of files of the machine it was made on, and sealing does not make
it anew. Reported is the configuration that puts key files into it, and the one that makes it fit
this machine's hardware alone: initramfs-tools' MODULES=dep, dracut's hostonly where it was asked for.

Nothing is changed: an initramfs that cannot be made leaves a system that does not boot.
Remedy: take the keys out, or allow all hardware, and make it anew (update-initramfs -u,
dracut --force --regenerate-all, mkinitcpio -P) before sealing.

What is in an initramfs is not read, only what is put in by configuration is told. Dropbear's keys:
dropbear-host-keys.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

_DRACUT = ("/etc/dracut.conf", "/etc/dracut.conf.d/*")
_KEYS, _TAKE_OUT = "puts key files into the initramfs", "take them out, and make it anew"
_HARDWARE, _ALLOW = "makes an initramfs for this machine's hardware alone", "allow all hardware, and make it anew"

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(("/etc/cryptsetup-initramfs/conf-hook",), _KEYS, _TAKE_OUT, rb"^[ \t]*KEYFILE_PATTERN=[\"']?[^\s\"']"),
        Sign(_DRACUT, _KEYS, _TAKE_OUT, rb"^[ \t]*install_(?:optional_)?items\+?=.*(?:key|luks|\.pem)"),
        Sign(
            ("/etc/mkinitcpio.conf", "/etc/mkinitcpio.conf.d/*"), _KEYS, _TAKE_OUT, rb"^[ \t]*FILES=\([^)]*(?:key|luks)"
        ),
        Sign(("/etc/mkinitfs/features.d/*.files",), _KEYS, _TAKE_OUT, rb"^[ \t]*/[^\n]*(?:key|luks|\.pem)"),
        Sign(
            ("/etc/initramfs-tools/initramfs.conf", "/etc/initramfs-tools/conf.d/*"),
            _HARDWARE,
            _ALLOW,
            rb"^[ \t]*MODULES=[\"']?dep\b",
        ),
        Sign(_DRACUT, _HARDWARE, _ALLOW, rb"^[ \t]*hostonly=[\"']?yes"),
    ),
)
