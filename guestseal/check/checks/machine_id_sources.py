"""Nothing gives all clones the same machine-id

An empty /etc/machine-id gets an id of the clone's own, unless one is given from elsewhere: by
``systemd.machine_id=`` on the kernel's command line, or as the credential system.machine_id, in
a store of the guest or beside its boot loader. Both come before everything else.

``systemd.machine_id=firmware`` is the UUID that the hypervisor gives, another one for each clone.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.check.check import Check, Problem, Subject
from guestseal.guest.boot import boot_entries, kernel_command_line

CREDENTIAL = "system.machine_id"
STORES = ("/etc", "/usr/local/lib", "/usr/lib")
ESP = ("/boot", "/boot/efi", "/efi")
CREDENTIALS = (
    *(f"{place}/credstore{kind}/{CREDENTIAL}*" for place in STORES for kind in ("", ".encrypted")),
    *(f"{place}/loader/credentials/{CREDENTIAL}*.cred" for place in ESP),
)


def _look(subject: Subject) -> Iterator[Problem]:
    seen = set()
    for line in (*boot_entries.entries(subject.tree), *boot_entries.sources(subject.tree)):
        if line.path not in seen and _gives(line.text):
            seen.add(line.path)
            yield Problem(
                "the kernel's command line gives every clone the same machine-id",
                "take systemd.machine_id out, and make the boot entries anew",
                line.path,
                line.line,
            )
    for pattern in CREDENTIALS:
        for path in subject.tree.glob(pattern):
            yield Problem("a credential gives every clone the same machine-id", "remove it", path)


def _gives(text: str) -> bool:
    given = kernel_command_line.values(text, "systemd.machine_id")
    set_ = kernel_command_line.values(text, "systemd.set_credential", "systemd.set_credential_binary")
    return any(value != "firmware" for value in given) or any(value.startswith(f"{CREDENTIAL}:") for value in set_)


CHECK = Check(_look, source="machine-id(5); systemd.system-credentials(7); systemd-machine-id-setup(1)")
