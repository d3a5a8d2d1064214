"""Remove the database of a Kerberos key distribution center

It holds the keys of every principal of a realm, and the stash file the master key that they
are encrypted with. Removed are those of MIT Kerberos, in the places of Debian, the RHEL
family and SUSE, and of Heimdal; without them the realm is gone. So this is done only when
it is asked for.

Left on purpose: kdc.conf and kadm5.acl.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation

OPERATION = Operation(
    kind=Kind.SECRET,
    remove=(
        *("/var/kerberos/krb5kdc/principal*", "/var/kerberos/krb5kdc/.k5.*", "/var/kerberos/krb5kdc/*.keytab"),
        *("/var/lib/krb5kdc/principal*", "/etc/krb5kdc/stash", "/etc/krb5kdc/.k5.*", "/etc/krb5kdc/*.keytab"),
        *("/var/lib/kerberos/krb5kdc/principal*", "/var/lib/kerberos/krb5kdc/.k5.*"),
        *("/var/lib/heimdal-kdc/heimdal.*", "/var/lib/heimdal-kdc/m-key"),
    ),
    default=False,
)
