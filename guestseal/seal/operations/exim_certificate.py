"""Remove the certificate that Enterprise Linux makes for Exim

Exim's first start makes /etc/pki/tls/certs/exim.pem and private/exim.pem; every clone would
have the same private key. The key is overwritten first.

They go only where exim.service makes new ones before Exim starts: its ExecStartPre runs
exim-gen-cert, which does so when the certificate is missing.

Left on purpose: a certificate that an authority has issued. Debian's /etc/exim4/exim.key, which
an administrator makes with exim-gencert and nothing makes again: see service-tls-keys.
"""

from __future__ import annotations

from guestseal.guest.facts import Guest
from guestseal.guest.services import units
from guestseal.guest.services.certificates import self_made_pair
from guestseal.seal.operation import Guard, Kind, Operation

KEY = "/etc/pki/tls/private/exim.pem"
CERTIFICATE = "/etc/pki/tls/certs/exim.pem"
MAKER = "/usr/libexec/exim-gen-cert"


def _is_made_again(guest: Guest) -> bool:
    before = units.settings(guest.tree, "exim.service").get("ExecStartPre", ())
    return guest.tree.is_file(MAKER) and any(command.lstrip("-+!:@") == MAKER for command in before)


OPERATION = Operation(
    kind=Kind.IDENTITY,
    also=self_made_pair(KEY, CERTIFICATE),
    needs=(
        Guard(
            _is_made_again,
            "exim.service would not make a new one when it starts: it does not run exim-gen-cert",
        ),
    ),
)
