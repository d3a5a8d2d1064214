"""Remove the host key of systemd's encrypted credentials

/var/lib/systemd/credential.secret decrypts every credential that was encrypted for this host
(systemd-creds(1)); whoever has one clone could read those of all. It is made anew when it is
needed, and is overwritten first.

It is kept where something was encrypted with it: files in credstore.encrypted, and units with
SetCredentialEncrypted= or LoadCredentialEncrypted=, would be unreadable and their services
fail. Reported and left alone are those files, and the credentials in plain text in credstore
(systemd.exec(5)), which every clone gets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.report import Finding
from guestseal.seal.operation import Guard, Kind, Operation

KEY = "/var/lib/systemd/credential.secret"
_STORES = ("/etc", "/usr/local/lib", "/usr/lib", "/var/lib")
ENCRYPTED = tuple(f"{place}/credstore.encrypted/*" for place in _STORES)
PLAIN = tuple(f"{place}/credstore/*" for place in _STORES)
UNITS = ("/etc/systemd/system/*.service", "/etc/systemd/system/*.service.d/*.conf", "/usr/lib/systemd/system/*.service")
_USES = re.compile(rb"^[ \t]*(?:Set|Load)CredentialEncrypted[ \t]*=[ \t]*\S", re.MULTILINE)


def _nothing_encrypted(guest: Guest) -> bool:
    tree = guest.tree
    if tree.lstat(KEY) is None:
        return True
    if any(True for pattern in ENCRYPTED for _ in tree.glob(pattern)):
        return False
    units = (path for pattern in UNITS for path in tree.glob(pattern) if tree.is_file(path))
    return not any(_USES.search(tree.read(path) or b"") for path in units)


def _found(guest: Guest) -> Iterator[Finding]:
    for pattern in (*PLAIN, *ENCRYPTED):
        for path in guest.tree.glob(pattern):
            what = "is a credential that every clone would share"
            yield Finding(path, what, "remove it, or give each clone its own with systemd-creds encrypt")


OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(KEY,),
    findings=_found,
    needs=(
        Guard(
            _nothing_encrypted, "credentials were encrypted with it: encrypt them on each clone, or for its TPM alone"
        ),
    ),
)
