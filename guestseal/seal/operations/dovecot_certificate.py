"""Remove the certificate that Enterprise Linux makes for Dovecot

Dovecot's first start makes /etc/pki/dovecot/certs/dovecot.pem and private/dovecot.pem; every
clone would have the same private key. The key is overwritten first.

They go only where dovecot.service makes new ones when it starts: it requires
dovecot-init.service, which runs Dovecot's mkcert.sh when the certificate is missing. Debian's
Dovecot has links to the certificate of ssl-cert instead: see tls-snakeoil.

Left on purpose: a certificate that an authority has issued; /var/lib/dovecot, where
ssl-parameters.dat holds no secret and instances is written at each start.
"""

from __future__ import annotations

from guestseal.guest.facts import Guest
from guestseal.guest.services import units
from guestseal.guest.services.certificates import self_made_pair
from guestseal.seal.operation import Guard, Kind, Operation

KEY = "/etc/pki/dovecot/private/dovecot.pem"
CERTIFICATE = "/etc/pki/dovecot/certs/dovecot.pem"
MAKER = "/usr/libexec/dovecot/mkcert.sh"
UNIT = "dovecot-init.service"


def _is_made_again(guest: Guest) -> bool:
    return guest.tree.is_file(MAKER) and units.pulls_in(guest.tree, "dovecot.service", UNIT)


OPERATION = Operation(
    kind=Kind.IDENTITY,
    also=self_made_pair(KEY, CERTIFICATE),
    needs=(
        Guard(
            _is_made_again,
            "Dovecot would not make a new one when it starts: dovecot-init.service or mkcert.sh is missing",
        ),
    ),
)
