"""Boot menus that go on by themselves, and those that wait."""

from __future__ import annotations

from support.check_cases import CheckCase
from support.operation_cases import ALPINE, ARCH, DEBIAN, REDHAT, UBUNTU
from support.trees import File

DEBIAN_GRUB, REDHAT_GRUB = "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg"
HEADER = """if [ "${{recordfail}}" = 1 ] ; then
  set timeout={}
else
  if [ x$feature_timeout_style = xy ] ; then
    set timeout_style=menu
    set timeout={}
  fi
fi
menuentry 'Linux' --class gnu-linux {{
	linux /vmlinuz root=UUID=1
}}
"""
USERS = """if [ -f ${prefix}/user.cfg ]; then
  source ${prefix}/user.cfg
  if [ -n "${GRUB2_PASSWORD}" ]; then
    set superusers="root"
    password_pbkdf2 root ${GRUB2_PASSWORD}
  fi
fi
  set timeout=60
"""
PASSWORD = 'set superusers="root"\npassword_pbkdf2 root grub.pbkdf2.sha512.10000.00\n'
USER = "/boot/grub2/user.cfg"
ENTRY = "/boot/loader/entries/0123.conf"
SYSLINUX = "DEFAULT menu.c32\nPROMPT 0\n{}LABEL virt\n  APPEND root=UUID=1\n"


def header(recordfail: int, timeout: int) -> File:
    return File(HEADER.format(recordfail, timeout))


CASES = (
    CheckCase("some seconds", DEBIAN, {DEBIAN_GRUB: header(30, 5)}),
    CheckCase("none", UBUNTU, {DEBIAN_GRUB: header(0, 0)}),
    CheckCase("as installed", REDHAT, {REDHAT_GRUB: File(USERS), ENTRY: File("options root=UUID=1\n")}),
    CheckCase(
        "a password for editing",
        REDHAT,
        {REDHAT_GRUB: File(USERS), USER: File("GRUB2_PASSWORD=x\n"), ENTRY: File("grub_arg --unrestricted\n")},
    ),
    CheckCase(
        "a password, and entries for all",
        DEBIAN,
        {DEBIAN_GRUB: File(PASSWORD + "menuentry 'Linux' --unrestricted {\n}\n")},
    ),
    CheckCase("syslinux", ALPINE, {"/boot/extlinux.conf": File(SYSLINUX.format("TIMEOUT 10\n"))}),
    CheckCase("systemd-boot", ARCH, {"/efi/loader/loader.conf": File("timeout menu-hidden\nconsole-mode max\n")}),
    CheckCase("for ever", DEBIAN, {DEBIAN_GRUB: header(30, -1)}, ("for ever",), mended={DEBIAN_GRUB: header(30, 5)}),
    CheckCase(
        "for ever after a failure",
        UBUNTU,
        {DEBIAN_GRUB: header(-1, 0)},
        ("for ever",),
        mended={DEBIAN_GRUB: header(0, 0)},
    ),
    CheckCase(
        "long",
        DEBIAN,
        {DEBIAN_GRUB: header(30, 300)},
        ("300 seconds",),
        fails=False,
        mended={DEBIAN_GRUB: header(30, 5)},
    ),
    CheckCase(
        "a password for booting",
        DEBIAN,
        {DEBIAN_GRUB: File(PASSWORD + HEADER.format(30, 5))},
        ("asks for a password",),
        mended={DEBIAN_GRUB: header(30, 5)},
    ),
    CheckCase(
        "a password for booting, in entries of their own",
        REDHAT,
        {REDHAT_GRUB: File(USERS), USER: File("GRUB2_PASSWORD=x\n"), ENTRY: File("options root=UUID=1\n")},
        ("asks for a password",),
        mended={USER: None},
    ),
    CheckCase(
        "syslinux for ever",
        ALPINE,
        {"/boot/extlinux.conf": File(SYSLINUX.format(""))},
        ("for ever",),
        mended={"/boot/extlinux.conf": File(SYSLINUX.format("TIMEOUT 30\n"))},
    ),
    CheckCase(
        "systemd-boot for ever",
        ARCH,
        {"/efi/loader/loader.conf": File("timeout menu-force\n")},
        ("for ever",),
        mended={"/efi/loader/loader.conf": File("timeout 3\n")},
    ),
    CheckCase("no boot loader", DEBIAN, {}, skipped="no boot loader"),
)
