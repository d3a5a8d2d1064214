"""Report second factors of logins

The seed of a one-time password, the handle of a security key or a model of a face is the same
in every clone: whoever reads one can answer for all. Looked at are pam_google_authenticator,
pam_oath, pam_u2f, pam_yubico and Howdy.

Nothing is changed: where PAM asks for a second factor, nobody logs in without it.
"""

from __future__ import annotations

from collections.abc import Iterator

from guestseal.guest.facts import Guest
from guestseal.report import Finding
from guestseal.seal.operation import Kind, Operation, in_homes

FACTORS = (
    "{home}/.google_authenticator",
    *("{home}/.config/Yubico/u2f_keys", "/etc/u2f_mappings", "/etc/u2f_keys"),  # pam_u2f(8)
    *("{home}/.yubico/challenge-*", "/var/yubico/*"),  # pam_yubico(8): chalresp_path
    *("/etc/users.oath", "/etc/security/users.oath", "/etc/liboath/users.oath"),  # pam_oath's usersfile
    *("/lib/security/howdy/models/*", "/usr/lib/security/howdy/models/*", "/etc/howdy/models/*"),
)


def _found(guest: Guest) -> Iterator[Finding]:
    for full in (full for pattern in FACTORS for full in in_homes(guest, pattern)):
        for path in guest.tree.glob(full):
            what = "is a second factor that every clone would share"
            yield Finding(path, what, "enrol it again on each clone, and remove this one")


OPERATION = Operation(kind=Kind.SECRET, findings=_found)
