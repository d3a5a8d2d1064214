"""Remove the TPM's public key, and report what is bound to the TPM

A clone has another TPM. systemd-tpm2-setup.service(8) notes the public part of the TPM's
storage root key in /var/lib/systemd; it says so when it meets another one, and writes the
file again, so that without it nothing is lost.

Reported and left alone: systemd-pcrlock's policy, the keys of tpm2-tss, tpm2-pkcs11 and
TrouSerS, and software TPMs (swtpm) with their CA. What was sealed to the template's TPM
cannot be opened on a clone: it needs another way in, and to be bound again.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation, in_homes

BOUND = (
    "/var/lib/systemd/pcrlock.json",  # systemd-pcrlock(8): it names an NV index of one TPM
    "/var/lib/tpm/system.data",  # TrouSerS
    "/var/lib/tpm2-tss/system/keystore/*",  # fapi-config(5): system_dir
    "/etc/tpm2_pkcs11/*.sqlite3",
    "{home}/.tpm2_pkcs11/*.sqlite3",
    *("/var/lib/swtpm-localca/*", "/var/lib/libvirt/swtpm/*"),
)


def _found(guest: Guest) -> Iterator[Finding]:
    for full in (full for pattern in BOUND for full in in_homes(guest, pattern)):
        for path in guest.tree.glob(full):
            yield Finding(path, "is bound to the template's TPM", "bind it again on each clone, or remove it")


OPERATION = Operation(kind=Kind.IDENTITY, remove=("/var/lib/systemd/tpm2-srk-public-key.*",), findings=_found)
