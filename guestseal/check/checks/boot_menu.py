"""The boot menu waits for nobody

A menu that waits for a key, or asks for a password before it starts the usual entry, stops a
clone where nobody sees it: GRUB with a timeout of -1 (after a failed boot as well: recordfail),
or with superusers and an entry that is not --unrestricted; syslinux with a prompt and no
timeout; systemd-boot with menu-force. A menu that waits for longer than a minute is a warning.

A password for editing entries is no problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.check.check import Check, Inapplicable, Problem, Subject
from guestseal.guest.boot import boot_entries

LONG = 60
"""Seconds. Fedora's menu that is to be shown once (12_menu_auto_hide) waits as long."""
LOADERS = ("/boot/loader/loader.conf", "/boot/efi/loader/loader.conf", "/efi/loader/loader.conf")
PASSWORDS = ("/boot/grub2/user.cfg", "/boot/grub/user.cfg", "/boot/efi/EFI/*/user.cfg")
MKCONFIG = "set GRUB_TIMEOUT and GRUB_RECORDFAIL_TIMEOUT in /etc/default/grub and run update-grub or grub2-mkconfig"

_TIMEOUT = re.compile(r"^\s*(?:set\s+)?timeout[ =]\"?(-?\d+|menu-force)\"?\s*$", re.MULTILINE | re.IGNORECASE)
_SUPERUSERS = re.compile(r"^\s*set\s+superusers=[\"']?\w", re.MULTILINE)
_ENTRY = re.compile(r"^\s*menuentry\s.*$", re.MULTILINE)
_PROMPT = re.compile(r"^\s*(?:prompt\s+[1-9]|(?:ui|default)\s+\S*menu\.c32)", re.MULTILINE | re.IGNORECASE)


def _look(subject: Subject) -> Iterator[Problem]:
    tree = subject.tree
    grub = list(boot_entries.texts(tree, boot_entries.GRUB_CONFIGS))
    syslinux = list(boot_entries.texts(tree, boot_entries.SYSLINUX_CONFIGS))
    systemd = list(boot_entries.texts(tree, LOADERS))
    if not (grub or syslinux or systemd):
        raise Inapplicable("no boot loader's configuration is in it: something else boots it, or /boot is not mounted")
    for path, text in grub:
        yield from _waits(path, text, MKCONFIG)
        if _asks(subject, text):
            what, remedy = "asks for a password before it boots", "add --unrestricted to the menu entries"
            yield Problem(what, remedy, path)
    for path, text in syslinux:
        times = _TIMEOUT.findall(text)
        if _PROMPT.search(text) and (not times or int(times[-1]) <= 0):
            yield Problem("waits for a key for ever", "set TIMEOUT to some tenths of a second", path)
    for path, text in systemd:
        yield from _waits(path, text, "set timeout to a few seconds")


def _waits(path: str, text: str, remedy: str) -> Iterator[Problem]:
    """The worst of the file's timeouts: which of them counts, a script decides at each boot."""
    found = [(match[1], text.count("\n", 0, match.start(1)) + 1) for match in _TIMEOUT.finditer(text)]
    endless = [line for value, line in found if value == "menu-force" or int(value) < 0]
    long = [(int(value), line) for value, line in found if value.isdecimal() and int(value) > LONG]
    if endless:
        yield Problem("waits for a key for ever", remedy, path, endless[0])
    elif long:
        seconds, line = max(long)
        yield Problem(f"waits for {seconds} seconds", remedy, path, line, fails=False)


def _asks(subject: Subject, text: str) -> bool:
    if not _SUPERUSERS.search(text):
        return False
    # Fedora's 01_users makes somebody a superuser only where grub2-setpassword has left a password.
    if "GRUB2_PASSWORD" in text and not any(True for _ in boot_entries.texts(subject.tree, PASSWORDS)):
        return False
    first = _ENTRY.search(text)
    if first is not None:
        return "--unrestricted" not in first[0]
    specified = list(boot_entries.texts(subject.tree, boot_entries.SPECIFIED))
    return any("--unrestricted" not in entry for _, entry in specified)


CHECK = Check(
    _look,
    source="GRUB manual, timeout and Security; grub-mkconfig's 00_header, recordfail; syslinux wiki; loader.conf(5)",
)
