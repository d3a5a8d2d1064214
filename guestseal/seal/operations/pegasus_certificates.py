"""Remove the certificates of the OpenPegasus CIM server

tog-pegasus makes an authority, keys and certificates for the machine's name when it first
starts, in /etc/Pegasus or /etc/pki/Pegasus. Every clone would have the same ones. They are
overwritten; the start script makes others, with genOpenPegasusSSLCerts (tog-pegasus.spec), and
only where that is in the guest they go.

Left on purpose: the server's own configuration, /etc/Pegasus/*.conf.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import holds_something
from guestseal.seal.operation import Guard, Kind, Operation

MAKER = "/usr/share/Pegasus/scripts/genOpenPegasusSSLCerts"
PATTERNS = tuple(
    f"{directory}/*.{end}"
    for directory in ("/etc/Pegasus", "/etc/pki/Pegasus")
    for end in ("cnf", "crt", "csr", "pem", "srl")
)


def _certificates(guest: Guest) -> Iterator[Action]:
    for pattern in PATTERNS:
        for path in guest.tree.glob(pattern):
            if holds_something(guest.tree, path):
                yield Remove(path, secret=True)


OPERATION = Operation(
    kind=Kind.SECRET,
    also=_certificates,
    needs=(
        Guard(
            lambda guest: guest.tree.is_file(MAKER),
            "nothing would make new ones: genOpenPegasusSSLCerts is missing",
        ),
    ),
)
