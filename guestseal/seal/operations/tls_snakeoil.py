"""Remove the self-signed TLS certificate that every Debian has

The package ssl-cert makes it when it is installed, and Apache, Postfix, PostgreSQL and others use it
until they are given a real one. On a template every clone has the same private key, so that
whoever owns one clone can read and change what the others send. Removed are
/etc/ssl/private/ssl-cert-snakeoil.key, which is overwritten first,
/etc/ssl/certs/ssl-cert-snakeoil.pem, and the links by its hash that lead to it.

They go only where a clone makes new ones before any daemon starts: guestseal's first boot
does, with make-ssl-cert(8), which has to be in the guest. Until then the services that name
them do not start again on the template master. Links in their place are somebody's own
certificate, and stay; a real certificate belongs under another name.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.services import units
from guestseal.guest.services.own_units import LOCAL_STAGE
from guestseal.guest.services.tls_snakeoil import CERTIFICATE, KEY, MAKER
from guestseal.seal.operation import Guard, Kind, Operation


def _files(guest: Guest) -> Iterator[Action]:
    tree = guest.tree
    found = {path: tree.lstat(path) for path in (KEY, CERTIFICATE)}
    if any(info is not None and not stat.S_ISREG(info.st_mode) for info in found.values()):
        return
    yield from (Remove(path, secret=path == KEY) for path, info in found.items() if info is not None)
    directory, _, name = CERTIFICATE.rpartition("/")
    for link in tree.names(directory):
        if tree.readlink(f"{directory}/{link}") in (name, CERTIFICATE):
            yield Remove(f"{directory}/{link}")


OPERATION = Operation(
    kind=Kind.IDENTITY,
    also=_files,
    needs=(
        Guard(
            lambda guest: guest.tree.is_file(MAKER) and units.enabled(guest.tree, LOCAL_STAGE),
            "nothing would make a new one: have make-ssl-cert in the guest, and guestseal-local.service enabled",
        ),
    ),
)
