"""Report keys for signing kernel modules

Modules that are built on a machine are signed with its own key, which its owner enrolled
in the firmware: with DKMS (dkms(8)), with Debian's and Ubuntu's shim-signed, or with
Fedora's akmods. Whoever has the key of one clone can load modules on every machine that
trusts it. It is reported and stays: without it the next kernel gets no modules.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    findings=signs(
        Sign(
            (
                *("/var/lib/shim-signed/mok/MOK.priv", "/var/lib/dkms/mok.key", "/etc/pki/akmods/private/*"),
                "/usr/src/*/certs/signing_key.pem",
            ),
            "is a private key for signing kernel modules",
            "remove it before any machine enrolls it, and have each clone make its own",
        )
    ),
)
