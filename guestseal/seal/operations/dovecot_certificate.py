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

from collections.abc import Iterator

from guestseal.guest.actions import Action
from guestseal.guest.facts import Guest
from guestseal.guest.services import units
from guestseal.guest.services.certificates import self_made_pair
from guestseal.seal.operation import Guard, Kind, Operation

KEY = "/etc/pki/dovecot/private/dovecot.pem"
CERTIFICATE = "/etc/pki/dovecot/certs/dovecot.pem"
MAKER = "/usr/libexec/dovecot/mkcert.sh"
UNIT = "dovecot-init.service"


def _pair(guest: Guest) -> Iterator[Action]:
    return self_made_pair(guest.tree, KEY, CERTIFICATE)


def _is_made_again(guest: Guest) -> bool:
    tree = guest.tree
    wanted = units.fragment(tree, UNIT) is not None and UNIT in units.pulled_in(tree, "dovecot.service")
    return wanted and tree.is_file(MAKER)


OPERATION = Operation(
    kind=Kind.IDENTITY,
    also=_pair,
    needs=(
        Guard(
            lambda guest: not any(_pair(guest)) or _is_made_again(guest),
            "Dovecot would not make a new one when it starts: dovecot-init.service or mkcert.sh is missing",
        ),
    ),
)
