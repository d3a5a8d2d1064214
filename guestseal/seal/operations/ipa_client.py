"""Remove the enrolment with FreeIPA

A clone cannot be enrolled while it says that it is: ipa-client-install goes by default.conf
and sysrestore.state. They go, with IPA's CA certificate and the client's own NSS database,
which holds a private key. The host's Kerberos key is removed by kerberos-hostkeytab, what
sssd has cached by sssd-db-log.

``ipa-client-install --uninstall``, run before sealing, does more: it takes IPA out of the
configuration of sssd, PAM and sshd, which stays here (see directory-membership). On an IPA
server everything is kept.
"""

from __future__ import annotations

from guestseal.guest.facts import Guest
from guestseal.seal.operation import Guard, Kind, Operation


def _no_server(guest: Guest) -> bool:
    return not any(any(guest.tree.glob(sign)) for sign in ("/var/lib/ipa/sysrestore/*", "/etc/dirsrv/slapd-*"))


OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *("/etc/ipa/default.conf", "/etc/ipa/ca.crt", "/etc/ipa/nssdb/*"),
        *("/var/lib/ipa-client/sysrestore/*", "/var/lib/ipa-client/pki/*"),
        *("/etc/pki/ca-trust/source/ipa.p11-kit", "/etc/pki/ca-trust/source/anchors/ipa-ca.crt"),
        "/usr/local/share/ca-certificates/ipa-ca.crt",
    ),
    needs=(Guard(_no_server, "this is an IPA server or its directory: a template should not be one"),),
)
