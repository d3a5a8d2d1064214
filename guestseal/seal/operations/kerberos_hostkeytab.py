"""Remove the host's Kerberos keys

/etc/krb5.keytab holds the keys of the host's principal: whoever has them is this host to
every Kerberos service, and clones would be all the same host. /etc/machine.keytab is
winbind's. A clone gets keys when it joins its domain.

Keytabs of services and of users' clients are reported: they were put there on purpose.
"""

from __future__ import annotations

from guestseal.guest.signs import Sign, signs
from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=("/etc/krb5.keytab", "/etc/machine.keytab"),
    findings=signs(
        Sign(
            (
                *("/etc/*/*.keytab", "/var/lib/ipa/*/*.keytab"),
                *("/var/kerberos/krb5/user/*/client.keytab", "/etc/krb5/user/*/client.keytab"),
            ),
            "holds Kerberos keys of a service or a user",
            "remove it, or have each clone given its own",
        )
    ),
)
