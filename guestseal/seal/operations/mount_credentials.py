"""Report passwords of network shares

Files that mount.cifs(8) reads a user name and a password from, and those that fstab and the maps of autofs
name or hold themselves; davfs2's secrets, and what autofs logs in to LDAP with, as well.

Nothing is changed: what is mounted with them may be needed to boot. Remedy: give each clone its own,
or remove the mount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.guest.signs import Sign, signs
from guestseal.guest.text_files import texts
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation

_WHAT, _REMEDY = "holds the password of a network share", "remove it, or give each clone its own"
_MAPS = ("/etc/fstab", "/etc/auto.*", "/etc/auto.master.d/*", "/etc/autofs/*")
_FILES = (
    *("{home}/.smbcredentials*", "{home}/.smbpasswd*", "{home}/.cifs*", "/etc/.smbcredentials*", "/etc/samba/*cred*"),
    *("/etc/samba/.*cred*", "/etc/cifs*", "/etc/cifs*/*", "/etc/smb*cred*"),
)
_NAMED = re.compile(r"^[^#\n]*\bcred(?:ential)?s=([^\s,\"']+)", re.MULTILINE)
_known = signs(
    Sign(_FILES, _WHAT, _REMEDY, rb"^[ \t]*pass(?:word|wd)?[ \t]*=[ \t]*\S"),
    Sign(_MAPS, _WHAT, _REMEDY, rb"^[^#\n]*[, \t]pass(?:word|wd)?=[^\s,]"),
    Sign(  # autofs_ldap_auth.conf(5)
        ("/etc/autofs_ldap_auth.conf",), "holds a password for LDAP", "give each clone its own", rb"\bsecret=\"[^\"]"
    ),
    Sign(("/etc/davfs2/secrets", "{home}/.davfs2/secrets"), _WHAT, _REMEDY, rb"^[ \t]*[^\s#]"),
)


def _found(guest: Guest) -> Iterator[Finding]:
    found = {finding.path: finding for finding in _known(guest)}
    named = [path for _, text in texts(guest.tree, *_MAPS) for path in _NAMED.findall(text)]
    for path in named:
        if path.startswith("/") and guest.tree.is_file(path):
            found.setdefault(path, Finding(path, _WHAT, _REMEDY))
    yield from found.values()


OPERATION = Operation(kind=Kind.SECRET, findings=_found)
