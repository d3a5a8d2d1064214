"""Remove Samba's membership in a domain

secrets.tdb holds the SID of this machine and the password of its account in the domain:
clones with the same would be one machine to the domain, and each change of the password
would lock the others out. It goes where smb.conf says that this is a member, with what
winbind and Samba have cached, and a clone joins with ``net ads join``.

On any other server the same SID begins the number of every local account: secrets.tdb is
reported there and stays. Left on purpose everywhere: local accounts (passdb.tdb), the
numbers that domain accounts were given (winbindd_idmap.tdb), printers, shares, and all
databases of a domain controller.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.actions import Action, Remove
from guestseal.guest.facts import Guest
from guestseal.guest.regular_files import regular_files
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

SECRETS = ("/var/lib/samba/private/secrets.tdb", "/var/lib/samba/secrets.tdb")
CACHES = (
    *("/var/lib/samba/winbindd_cache.tdb", "/var/lib/samba/netsamlogon_cache.tdb", "/var/lib/samba/smb_krb5/*"),
    *("/var/lib/samba/private/netlogon_creds_cli.tdb", "/var/cache/samba/netsamlogon_cache.tdb"),
    *("/var/cache/samba/gencache*.tdb", "/var/lib/samba/lock/gencache*.tdb"),
)
_MEMBER = re.compile(rb"^\s*(security\s*=\s*(ads|domain)|server role\s*=\s*member( server)?)\s*$", re.I | re.M)


def _member(guest: Guest) -> bool:
    conf = "/etc/samba/smb.conf"
    return guest.tree.is_file(conf) and _MEMBER.search(guest.tree.read(conf) or b"") is not None


def _membership(guest: Guest) -> Iterator[Action]:
    if _member(guest):
        yield from (Remove(path, secret=True) for path in regular_files(guest.tree, (*SECRETS, *CACHES)))


def _standalone(guest: Guest) -> Iterator[Finding]:
    if not _member(guest):
        for path in regular_files(guest.tree, SECRETS):
            yield Finding(path, "holds the SID of this machine", "give each clone its own: net setlocalsid")


OPERATION = Operation(kind=Kind.SECRET, also=_membership, findings=_standalone)
