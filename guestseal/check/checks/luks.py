"""No clone waits for the passphrase of an encrypted disk

A disk that is opened by a passphrase stops each boot at the console, and one that this
machine's TPM opens is closed for every clone. A key file in the image opens all clones to
whoever has one, and all of them have the same volume key: encrypt each clone's disk on the
platform instead. Swap with a random key is formatted at each boot, so its disk has to be
named by what is on it.

Disks that clevis or a network server opens are not told from others: a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Problem, Subject
from guestseal.errors import printable
from guestseal.guest.boot import boot_entries, kernel_command_line
from guestseal.guest.boot.device_names import unsteady

CRYPTTAB = "/etc/crypttab"
PLATFORM = "let the platform encrypt each clone's disk, and install the template without"
PARAMETERS = ("rd.luks.uuid", "rd.luks.name", "luks.uuid", "luks.name", "cryptdevice", "cryptroot")
RANDOM = ("/dev/urandom", "/dev/random", "/dev/hwrng")
BOUND = ("tpm2-device", "fido2-device", "pkcs11-uri")


def _look(subject: Subject) -> Iterator[Problem]:
    lines = (subject.tree.read_text(CRYPTTAB) or "").split("\n")
    entries = [(number, line.split()) for number, line in enumerate(lines, 1)]
    entries = [(number, fields) for number, fields in entries if len(fields) > 1 and not fields[0].startswith("#")]
    for number, fields in entries:
        yield from _volume(subject, number, [*fields, "none", ""][:4] if len(fields) < 4 else fields[:4])
    if not entries:
        yield from _on_command_line(subject)


def _volume(subject: Subject, number: int, fields: list[str]) -> Iterator[Problem]:
    name, device, key, options = printable(fields[0]), fields[1], fields[2], fields[3].split(",")
    if key in RANDOM:
        if unsteady(device):
            what = f"{name} is formatted anew at each boot, on {printable(device)}, {unsteady(device)}"
            yield Problem(what, "name it by PARTUUID or PARTLABEL", CRYPTTAB, number)
    elif key.startswith("/") and subject.tree.is_file(key):
        what = f"the key of the encrypted disk {name} is in every clone"
        yield Problem(what, PLATFORM, key, fails=False)
    elif "noauto" in options or "nofail" in options:
        return
    elif any(option.partition("=")[0] in BOUND for option in options):
        what = f"the encrypted disk {name} is opened by a device of this machine, which no clone has"
        yield Problem(what, PLATFORM, CRYPTTAB, number)
    else:
        yield Problem(
            f"a boot asks for the passphrase of the encrypted disk {name}",
            PLATFORM,
            CRYPTTAB,
            number,
            fails="_netdev" not in options and not subject.tree.is_file("/usr/bin/clevis"),
        )


def _on_command_line(subject: Subject) -> Iterator[Problem]:
    for line in boot_entries.entries(subject.tree):
        if kernel_command_line.values(line.text, *PARAMETERS):
            what = "the root filesystem is on an encrypted disk that a boot has to be given the passphrase of"
            yield Problem(what, PLATFORM, line.path, line.line, fails=not subject.tree.is_file("/usr/bin/clevis"))
            return


CHECK = Check(
    _look, source="crypttab(5); dracut.cmdline(7), rd.luks.uuid; cryptsetup FAQ, 6.15: cloning an encrypted disk"
)
